import { leafHash, type MerkleHash, sameHash } from './merkle-hash.ts';
import { treeBuilder } from './merkle-tree.ts';
import { openIntents, operationIn } from './open-intents.ts';

/**
 * - `changed`: an entry is not what its leaf hash says, names another place, or lost its text without a pruning entry
 * - `missing`, `inserted`: numbers are left out, or come twice or out of order; `time-backwards`: so do times
 * - `rewritten`: the entries agree among themselves, but not with the signed root
 * - `tail-cut`: the log ends before a size that was signed or witnessed
 * - `forked`: another root of the same size was signed or witnessed
 * - `checkpoint-missing`, `checkpoint-invalid`: nothing trustworthy to compare with; `witness-missing`: too few cosigned
 * - `tile-changed`: the segment files say something else than the entries
 * - `outcome-missing`: an intent over real data has no outcome though its time is up
 */
export const LOG_FAULTS = {
  changed: 10,
  'tile-changed': 10,
  rewritten: 11,
  'tail-cut': 12,
  forked: 13,
  'checkpoint-missing': 14,
  'checkpoint-invalid': 14,
  'witness-missing': 14,
  missing: 15,
  inserted: 15,
  'time-backwards': 15,
  'outcome-missing': 16,
} as const;

export type LogFaultKind = keyof typeof LOG_FAULTS;

export interface LogFault {
  /** Number of the entry at fault (from 1), the first missing one, or null where it is about no entry. */
  readonly seq: number | null;
  readonly kind: LogFaultKind;
}

/** One entry as its keeper has it. `body` null: pruned. `leaf` null: not sequenced yet, or the keeper has none. */
export interface LogRecord {
  readonly seq: number;
  readonly body: string | null;
  readonly leaf: Uint8Array | null;
}

/** A size and root that somebody outside the log vouches for. */
export interface Anchor {
  readonly size: number;
  readonly root: Uint8Array;
  /** A mismatch at the log's own checkpoint is a rewritten log, at a witness's a fork. */
  readonly by: 'log' | 'witness';
}

export interface LogVerification {
  readonly verified: boolean;
  readonly entries: number;
  /** Of all entries. Hex. */
  readonly root: string;
  /** At most 1000. */
  readonly faults: readonly LogFault[];
  /** The last anchor that agreed before the first fault: since then nothing vouches. `at`: time of its last entry. */
  readonly lastRight: { readonly size: number; readonly at: string | null } | null;
}

/** Takes entries one by one in the order of the log, in memory that does not grow with it. */
export interface LogVerifier {
  take(record: LogRecord): void;
  fault(fault: LogFault): void;
  finish(): LogVerification;
}

const MAX_FAULTS = 1000;
/** Which kind decides the exit status where several were found: the most telling first. */
const PRECEDENCE: readonly number[] = [10, 15, 12, 13, 14, 11, 16];
const TIME = '},"at":"';
const TIME_LENGTH = 24;
const PLACE = ',"seq":';

/** Exit status of a verification: 0 right, else the code of the most telling fault. Source: models-and-audit.md §2.4. */
export function exitCodeOf(faults: readonly LogFault[]): number {
  const codes = new Set(faults.map(({ kind }) => LOG_FAULTS[kind] as number));
  return PRECEDENCE.find((code) => codes.has(code)) ?? 0;
}

/**
 * A verifier against anchors (checkpoints of the log, remembered or witnessed ones), in any order. `now` and
 * `deadlineMs` say from when on a missing outcome is a fault. A log that goes on after its last anchor is right.
 * A log replaced together with all its anchors is not noticed: only a witness elsewhere does that.
 * Source: models-and-audit.md §2.3, §2.4 "CLI verifier and exit codes".
 */
export function logVerifier(
  algorithm: MerkleHash,
  anchors: readonly Anchor[],
  outcomes: { readonly now: Date; readonly deadlineMs: number },
): LogVerifier {
  const faults: LogFault[] = [];
  const bySize = Map.groupBy(anchors, (anchor) => anchor.size);
  const builder = treeBuilder(algorithm);
  const intents = openIntents();
  const pruning: { readonly emptied: number[]; readonly allowed: (readonly [number, number])[] } = { emptied: [], allowed: [] };
  let lastRight: LogVerification['lastRight'] = null;
  let expected = 1;
  let entries = 0;
  let time: string | null = null;
  const fault = (item: LogFault): void => {
    if (faults.length < MAX_FAULTS) faults.push(item);
  };
  const compare = (size: number): void => {
    const here = bySize.get(size) ?? [];
    if (here.length === 0) return;
    const root = builder.root();
    const wrong = here.filter((anchor) => !sameHash(anchor.root, root));
    for (const { by } of wrong.slice(0, 1)) fault({ seq: size === 0 ? null : size, kind: by === 'log' ? 'rewritten' : 'forked' });
    if (wrong.length === 0 && faults.length === 0) lastRight = { size, at: time };
  };
  compare(0);

  return {
    fault,
    take(record) {
      entries += 1;
      if (record.seq < expected) return fault({ seq: record.seq, kind: 'inserted' });
      if (record.seq > expected) fault({ seq: expected, kind: 'missing' });
      expected = record.seq + 1;
      const leaf = checkedLeaf(algorithm, record, fault);
      if (leaf === null) return;
      if (record.body === null) pruning.emptied.push(record.seq);
      else time = readEntry(record.body, record.seq, { time, fault, intents, allowed: pruning.allowed });
      builder.append(leaf);
      compare(record.seq);
    },
    finish() {
      const known = expected - 1;
      const cut = anchors.some(({ size }) => size > known);
      if (cut) fault({ seq: known + 1, kind: 'tail-cut' });
      for (const seq of pruning.emptied)
        if (!pruning.allowed.some(([from, to]) => seq >= from && seq <= to)) fault({ seq, kind: 'changed' });
      for (const seq of intents.overdue(outcomes.now, outcomes.deadlineMs)) fault({ seq, kind: 'outcome-missing' });
      const root = Buffer.from(builder.root()).toString('hex');
      return { verified: faults.length === 0, entries, root, faults, lastRight };
    },
  };
}

/** The leaf to build the tree with: computed from the text where there is one, and compared with the kept one. */
function checkedLeaf(algorithm: MerkleHash, { seq, body, leaf }: LogRecord, fault: (item: LogFault) => void): Uint8Array | null {
  if (body === null) {
    if (leaf === null) fault({ seq, kind: 'changed' });
    return leaf;
  }
  const computed = leafHash(algorithm, body);
  if (leaf !== null && !sameHash(leaf, computed)) fault({ seq, kind: 'changed' });
  else if (!namesPlace(body, seq)) fault({ seq, kind: 'changed' });
  return leaf ?? computed;
}

interface Reading {
  readonly time: string | null;
  readonly fault: (item: LogFault) => void;
  readonly intents: ReturnType<typeof openIntents>;
  readonly allowed: (readonly [number, number])[];
}

/** Gives the time of the entry. Only the few operations that matter here are parsed: parsing all would halve the rate. */
function readEntry(body: string, seq: number, { time, fault, intents, allowed }: Reading): string | null {
  const start = body.indexOf(TIME) + TIME.length;
  const at = body.slice(start, start + TIME_LENGTH);
  if (time !== null && at < time) fault({ seq, kind: 'time-backwards' });
  const operation = operationIn(body);
  intents.take(operation, body, seq, at);
  if (operation === 'audit.prune') {
    const ranges = (JSON.parse(body) as { readonly facts: { readonly ranges?: readonly string[] } }).facts.ranges ?? [];
    for (const range of ranges) {
      const [from, to] = range.split('-').map(Number);
      if (from !== undefined && to !== undefined) allowed.push([from, to]);
    }
  }
  return time !== null && at < time ? time : at;
}

/** Whether a body names this number. In canonical form the last unescaped `,"seq":` is the entry's own. */
function namesPlace(body: string, seq: number): boolean {
  const at = body.lastIndexOf(PLACE);
  return at >= 0 && body.startsWith(`${seq},`, at + PLACE.length);
}
