import type { ColumnDisguise } from './column-disguises.ts';

const LEAST_CELLS = 12;
const LEAST_WORDS = 8;
/** Places of a resident id that take few values: of the century, the tens of the month and of the day. Source: GB 11643-1999 §4. */
const FEW = [
  [6, 2],
  [10, 2],
  [12, 4],
] as const;

/**
 * A column of which each cell has eleven or eighteen words, all from ten (or eleven) words: digits, whatever language or cipher the words are of. Mobile numbers have the
 * same first word and several second ones; resident ids have few values where centuries, months and days begin. Which word is which digit does not
 * matter. Own design: ADR 0017.
 */
export function wordDisguise(distinct: readonly string[]): ColumnDisguise | null {
  if (distinct.length < LEAST_CELLS) return null;
  const cells = distinct.map((cell) => cell.trim().split(/[\s,;|_/-]+/));
  const [first] = cells;
  const length = first?.length ?? 0;
  if ((length !== 11 && length !== 18) || cells.some((words) => words.length !== length)) return null;
  const words = new Set(cells.flat()).size;
  if (words < LEAST_WORDS || words > (length === 18 ? 11 : 10)) return null;
  const valuesAt = (place: number): number => new Set(cells.map((cell) => cell[place])).size;
  if (length === 11) return valuesAt(0) === 1 && valuesAt(1) >= 3 ? { kind: 'mobile', disguise: 'words' } : null;
  return FEW.every(([place, most]) => valuesAt(place) <= most) ? { kind: 'residentId', disguise: 'words' } : null;
}
