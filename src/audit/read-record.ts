import type { LogFault, LogRecord } from './log-fault.ts';
import { leafHash, type MerkleHash, sameHash } from './merkle-hash.ts';
import { operationIn } from './open-intents.ts';

const TIME = '},"at":"';
const TIME_LENGTH = 24;
const PLACE = ',"seq":';

/** Who is told what a reader of records finds. */
export interface RecordReading {
  /** Time of the entry before, or null. */
  readonly time: string | null;
  readonly fault: (item: LogFault) => void;
  /** Told of every entry; most operations say nothing of intents. */
  readonly operation: (operation: string, body: string, seq: number, at: string) => void;
}

/**
 * The leaf to build the tree with: computed from the text where there is one, and compared with the kept one. Null where there is
 * neither. Source: models-and-audit.md §2.4.
 */
export function checkedLeaf(algorithm: MerkleHash, record: LogRecord, fault: (item: LogFault) => void): Uint8Array | null {
  const { seq, body, leaf } = record;
  if (body === null) {
    if (leaf === null) fault({ seq, kind: 'changed' });
    return leaf;
  }
  const computed = leafHash(algorithm, record.bytes ?? body);
  if (leaf !== null && !sameHash(leaf, computed)) fault({ seq, kind: 'changed' });
  else if (!namesPlace(body, seq)) fault({ seq, kind: 'changed' });
  return leaf ?? computed;
}

/**
 * Gives the time that the log has reached with this entry. Reads canonical bodies by their fixed fields: parsing all would halve the
 * rate of a verification.
 */
export function readRecord(body: string, seq: number, { time, fault, operation }: RecordReading): string | null {
  const start = body.indexOf(TIME) + TIME.length;
  const at = body.slice(start, start + TIME_LENGTH);
  const isBack = time !== null && at < time;
  if (isBack) fault({ seq, kind: 'time-backwards' });
  operation(operationIn(body), body, seq, at);
  return isBack ? time : at;
}

/** Numbers whose texts an `audit.prune` entry says were taken away. */
export function prunedRanges(body: string): readonly (readonly [number, number])[] {
  const ranges = (JSON.parse(body) as { readonly facts: { readonly ranges?: readonly string[] } }).facts.ranges ?? [];
  return ranges.flatMap((range) => {
    const [from, to] = range.split('-').map(Number);
    return from === undefined || to === undefined ? [] : [[from, to] as const];
  });
}

/** Whether a body names this number. In canonical form the last unescaped `,"seq":` is the entry's own. */
function namesPlace(body: string, seq: number): boolean {
  const at = body.lastIndexOf(PLACE);
  return at >= 0 && body.startsWith(`${seq},`, at + PLACE.length);
}
