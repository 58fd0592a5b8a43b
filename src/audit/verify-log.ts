import type { LogFault, LogRecord } from './log-fault.ts';
import { type MerkleHash, sameHash } from './merkle-hash.ts';
import { treeBuilder } from './merkle-tree.ts';
import { openIntents } from './open-intents.ts';
import { checkedLeaf, prunedRanges, readRecord } from './read-record.ts';

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
  const operation = (name: string, body: string, seq: number, at: string): void => {
    intents.take(name, body, seq, at);
    if (name === 'audit.prune') pruning.allowed.push(...prunedRanges(body));
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
      else time = readRecord(record.body, record.seq, { time, fault, operation });
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
