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
  /** Number of the entry, who approved and when, where it verifies. */
  readonly entry: { readonly seq: number; readonly by: string; readonly at: string } | null;
}

/**
 * Checks the receipts of a package: each proves an entry of the log, and that entry is an approval of this very content.
 * Two receipts of one person are one approval; counting them is the reader's. Source: C2SP tlog-proof.
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
    const isApproval = operation === 'egress.vote' && facts['vote'] === 'approve' && facts['contentDigest'] === subject.contentDigest;
    if (!isApproval || object.id !== subject.egress) return { name, fault: 'other-subject', entry: null };
    return { name, fault: null, entry: { seq, by: actor.id, at } };
  });
}
