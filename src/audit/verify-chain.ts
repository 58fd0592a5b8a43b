import { type ChainHead, EMPTY_CHAIN, entryHash, type StoredEntry } from './chain.ts';
import type { Checkpoint } from './checkpoint.ts';

/**
 * - `changed`: an entry does not have the hash that stands beside it, or its body names another place
 * - `unlinked`: an entry does not follow on the one before it
 * - `missing`: entries are left out before this number; `inserted`: an entry where none belongs, or out of order
 * - `rewritten`: the entries agree among themselves, but not with the checkpoint
 * - `tail-cut`: the log ends before the checkpoint
 * - `checkpoint-missing`, `checkpoint-invalid`: there is nothing trustworthy to compare with
 */
export type ChainFaultKind =
  | 'changed'
  | 'unlinked'
  | 'missing'
  | 'inserted'
  | 'rewritten'
  | 'tail-cut'
  | 'checkpoint-missing'
  | 'checkpoint-invalid';

export interface ChainFault {
  /** Number of the entry at fault, the first missing one, or null where it is about no entry. */
  readonly seq: number | null;
  readonly kind: ChainFaultKind;
}

export interface ChainVerification {
  readonly verified: boolean;
  readonly entries: number;
  readonly head: ChainHead;
  /** At most 1000, in order. */
  readonly faults: readonly ChainFault[];
}

/** Checks entries one by one, in the order of the log, in constant memory. */
export interface ChainVerifier {
  take(entry: StoredEntry): void;
  finish(): ChainVerification;
}

const MAX_FAULTS = 1000;

/**
 * A verifier against a checkpoint read with `readCheckpoint`, or the reason why there is none. A log that extends the
 * checkpoint is right (a crash can fall between the two); one that ends before it or disagrees at its place is not.
 * Does not notice a log that was replaced together with its checkpoint by who holds the key: witnesses do (issue 7).
 */
export function chainVerifier(checkpoint: Checkpoint | 'checkpoint-missing' | 'checkpoint-invalid'): ChainVerifier {
  const faults: ChainFault[] = [];
  const target = typeof checkpoint === 'string' ? null : checkpoint;
  let entries = 0;
  let head = EMPTY_CHAIN;
  const report = (seq: number | null, kind: ChainFaultKind): void => {
    if (faults.length < MAX_FAULTS) faults.push({ seq, kind });
  };
  if (typeof checkpoint === 'string') report(null, checkpoint);
  if (target?.size === 0 && target.hash !== EMPTY_CHAIN.hash) report(null, 'rewritten');

  return {
    take(entry) {
      entries += 1;
      const expected = head.size + 1;
      if (entry.seq < expected) {
        report(entry.seq, 'inserted');
        return;
      }
      if (entry.seq > expected) report(expected, 'missing');
      else if (entry.previousHash !== head.hash) report(entry.seq, 'unlinked');
      if (entryHash(entry.previousHash, entry.body) !== entry.hash || !namesPlace(entry.body, entry.seq)) report(entry.seq, 'changed');
      if (target?.size === entry.seq && target.hash !== entry.hash) report(entry.seq, 'rewritten');
      head = { size: entry.seq, hash: entry.hash };
    },
    finish() {
      if (target !== null && head.size < target.size) report(head.size + 1, 'tail-cut');
      return { verified: faults.length === 0, entries, head, faults };
    },
  };
}

/** `chainVerifier` over a list. */
export function verifyChain(
  entries: Iterable<StoredEntry>,
  checkpoint: Checkpoint | 'checkpoint-missing' | 'checkpoint-invalid',
): ChainVerification {
  const verifier = chainVerifier(checkpoint);
  for (const entry of entries) verifier.take(entry);
  return verifier.finish();
}

const PLACE = ',"seq":';

/**
 * Whether a body names this number. In canonical form the last unescaped `,"seq":` is the entry's own; parsing every
 * body would halve the rate of verification.
 */
function namesPlace(body: string, seq: number): boolean {
  const at = body.lastIndexOf(PLACE);
  return at >= 0 && body.startsWith(`${seq},`, at + PLACE.length);
}
