import type { AuditEntry } from './entry.ts';
import type { LogTrust } from './log-trust.ts';
import { type ReceiptFault, verifyReceipt } from './tlog-proof.ts';

/** What a receipt in a release package must be about. */
export interface ReceiptSubject {
  readonly egress: string;
  readonly contentDigest: string;
}

export interface ReceiptVerification {
  readonly name: string;
  readonly fault: ReceiptFault | 'other-subject' | null;
  /** Number of the entry, who approved which step and when, where it verifies. `step` null: the assessment on record. */
  readonly entry: { readonly seq: number; readonly by: string; readonly at: string; readonly step: string | null } | null;
}

/** One step of the chain as the package's `criteria.json` names it. */
export interface NamedStep {
  readonly step: string;
  readonly people: readonly string[];
}

/** Two different people at least vote on everything, whatever the profile. Source: requirements.md §5.6 (four eyes). */
const LEAST_PEOPLE = 2;
/** The step that an entry `egress.assess` stands for. Source: QY-44b. */
const ASSESSMENT = 'risk_assessment';

/**
 * Checks the receipts of a package: each proves an entry of the log, and that entry is an approval of this very content,
 * or the assessment of this request. Whether they are enough: `areApproved`. Source: C2SP tlog-proof.
 */
export function verifyPackageReceipts(
  receipts: ReadonlyMap<string, Uint8Array>,
  subject: ReceiptSubject,
  trust: LogTrust,
): readonly ReceiptVerification[] {
  return [...receipts].map(([name, bytes]) => {
    const read = verifyReceipt(Buffer.from(bytes).toString('utf8'), trust);
    if (!read.ok) return { name, fault: read.error, entry: null };
    const entry = JSON.parse(Buffer.from(read.value.proof.entry).toString('utf8')) as AuditEntry;
    const { operation, object, facts, seq, at, actor } = entry;
    const isVote = operation === 'egress.vote' && facts['vote'] === 'approve' && facts['contentDigest'] === subject.contentDigest;
    if (object.id !== subject.egress || !(isVote || operation === 'egress.assess')) return { name, fault: 'other-subject', entry: null };
    return { name, fault: null, entry: { seq, by: actor.id, at, step: isVote ? String(facts['step'] ?? '') : null } };
  });
}

/**
 * Whether the receipts that verified prove everyone whom the signed chain names, each at that step, and votes of two
 * people at least. `chain` null (a package that names none): false. Source: requirements.md §5.6; models-and-audit.md §2.4 "Receipts".
 */
export function areApproved(checked: readonly ReceiptVerification[], chain: readonly NamedStep[] | null): boolean {
  if (chain === null) return false;
  const proven = checked.flatMap(({ entry }) => entry ?? []);
  const isProven = (step: string, person: string): boolean =>
    proven.some((entry) => entry.by === person && (entry.step === null ? step === ASSESSMENT : entry.step === step));
  const voters = new Set(proven.filter((entry) => entry.step !== null).map(({ by }) => by));
  return voters.size >= LEAST_PEOPLE && chain.every(({ step, people }) => people.every((person) => isProven(step, person)));
}

/** The chain that a `criteria.json` names, or null where its bytes do not say one. */
export function namedChain(criteria: Uint8Array | undefined): readonly NamedStep[] | null {
  let read: unknown;
  try {
    read = JSON.parse(Buffer.from(criteria ?? '').toString('utf8'));
  } catch {
    return null;
  }
  const chain: unknown = typeof read === 'object' && read !== null && 'chain' in read ? read.chain : null;
  return Array.isArray(chain) && chain.every(isNamedStep) ? chain : null;
}

function isNamedStep(item: unknown): item is NamedStep {
  if (typeof item !== 'object' || item === null || !('step' in item) || !('people' in item)) return false;
  return typeof item.step === 'string' && Array.isArray(item.people) && item.people.every((person) => typeof person === 'string');
}
