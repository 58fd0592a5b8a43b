import type { IdentifierKind } from '../identifier-kind.ts';
import { isMobile } from '../mobile.ts';
import { isPlausibleResidentId, isResidentId } from '../resident-id.ts';

/** Columns that together hold one number per row, in the order in which they are read. */
export interface SplitFind {
  readonly kind: IdentifierKind;
  /** Places of the columns, from 0. */
  readonly columns: readonly number[];
}

type Cells = readonly (string | null)[];

const MOST_COLUMNS = 24;
const MOST_PARTS = 18;
const LEAST_ROWS = 5;
const MOST_ROWS = 500;
/** Parts in any order are tried up to this many columns of digits. */
const ANY_ORDER = 8;

/**
 * Numbers split over columns: neighbours of two to eighteen columns, in the given and the turned order, and any two or three columns where
 * there are few. Only columns of digits take part, each padded to its own width. A resident id counts by its check digits in
 * every row; a mobile number needs parts whose first digits vary, as years and ages beside each other do not. Own design: ADR 0017.
 */
export function splitNumbers(columns: readonly Cells[]): readonly SplitFind[] {
  const digital = columns.slice(0, MOST_COLUMNS).flatMap((cells, place) => {
    const padded = paddedDigits(cells);
    return padded === null ? [] : [{ place, cells: padded }];
  });
  const finds: SplitFind[] = [];
  for (const parts of arrangements(digital)) {
    const width = parts.reduce((sum, part) => sum + part.cells.width, 0);
    if (width !== 11 && width !== 17 && width !== 18) continue;
    const kind = judgeSplit(
      parts.map((part) => part.cells),
      width,
    );
    if (kind !== null) finds.push({ kind, columns: parts.map((part) => part.place) });
    if (finds.length >= 8) break;
  }
  return finds;
}

interface Digits {
  readonly texts: readonly string[];
  readonly width: number;
  /** Whether every cell had its whole width: then it is no number that lost its zeros. */
  readonly isWhole: boolean;
}

interface Part {
  readonly place: number;
  readonly cells: Digits;
}

function paddedDigits(cells: Cells): Digits | null {
  const few = cells.slice(0, MOST_ROWS).map((cell) => (cell ?? '').trim().replace(/^'/, ''));
  if (few.length < LEAST_ROWS || !few.every((cell) => /^\d{1,17}[Xx]?$/.test(cell) || /^[Xx]$/.test(cell))) return null;
  const width = Math.max(...few.map((cell) => cell.length));
  return { texts: few.map((cell) => cell.padStart(width, '0')), width, isWhole: few.every((cell) => cell.length === width) };
}

function* arrangements(parts: readonly Part[]): Generator<readonly Part[]> {
  for (let from = 0; from < parts.length; from += 1) {
    for (let to = from + 2; to <= Math.min(parts.length, from + MOST_PARTS); to += 1) {
      const run = parts.slice(from, to);
      yield run;
      yield run.toReversed();
    }
  }
  if (parts.length > ANY_ORDER) return;
  for (const first of parts) {
    for (const second of parts) {
      if (second === first) continue;
      yield [first, second];
      for (const third of parts) if (third !== first && third !== second) yield [first, second, third];
    }
  }
}

function judgeSplit(parts: readonly Digits[], width: number): IdentifierKind | null {
  const rows = parts[0]?.texts.length ?? 0;
  const joined = Array.from({ length: rows }, (_, row) => parts.map((part) => part.texts[row] ?? '').join(''));
  if (width === 18) return joined.every((text) => isPlausibleResidentId(text) && isResidentId(text)) ? 'residentId' : null;
  if (width === 17)
    return joined.every((text) => isPlausibleResidentId(`${text}X`)) && new Set(joined).size > rows / 2 ? 'residentId' : null;
  if (!joined.every(isMobile) || new Set(joined).size < rows * 0.8) return null;
  const starts = (part: Digits): number => new Set(part.texts.map((text) => text.charAt(0))).size;
  const [first, ...rest] = parts;
  const isVaried = rest.every(
    (part) => starts(part) >= Math.min(4, rows - 1) && part.texts.some((text) => text.startsWith('0') || part.width === 1 || rows < 20),
  );
  return isVaried && first !== undefined && (first.width < 2 || new Set(first.texts.map((text) => text.slice(0, 2))).size >= 2)
    ? 'mobile'
    : null;
}
