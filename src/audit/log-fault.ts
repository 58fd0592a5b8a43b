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
  /** UTF-8 of `body`, where the keeper has bytes. */
  readonly bytes?: Uint8Array;
}

/** Which kind decides the exit status where several were found: the most telling first. */
const PRECEDENCE: readonly number[] = [10, 15, 12, 13, 14, 11, 16];

/** Exit status of a verification: 0 right, else the code of the most telling fault. Source: models-and-audit.md §2.4. */
export function exitCodeOf(faults: readonly LogFault[]): number {
  const codes = new Set(faults.map(({ kind }) => LOG_FAULTS[kind] as number));
  return PRECEDENCE.find((code) => codes.has(code)) ?? 0;
}
