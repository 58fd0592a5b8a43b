import { createHmac } from 'node:crypto';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { ReleaseCell, ReleaseTable } from './release-content.ts';

/** Which columns of a table a mark uses, by name. */
export interface MarkPlan {
  /** Number columns whose last digit may change by one unit. */
  readonly columns: readonly string[];
  /** Columns that stay as they are and say which row is which. */
  readonly anchors: readonly string[];
}

/** One row in so many carries a bit. */
const ROWS_PER_MARK = 2;
/** Chance, at most, that a table without the mark is taken for marked, for each release compared. */
const FALSE_ACCUSATION = 1e-9;

interface Slot {
  readonly column: number;
  /** Of the row, the same for every recipient. */
  readonly hash: string;
}

/**
 * A table with the mark of one recipient: in keyed rows the last digit of one number is made even or odd. At most one unit of the
 * last digit changes, in about half of the rows; which rows, columns and bits follows from the key and the row's own anchors, so that
 * order and cuts do no harm. Rows without anchor or number carry nothing. Rounding the numbers away takes the mark with it.
 * Throws where a column of the plan is missing or holds floating-point numbers, whose last digit does not survive a copy.
 * Source: Agrawal, Kiernan, "Watermarking Relational Databases", VLDB 2002; requirements.md GZ-27c.
 */
export function withMark(table: ReleaseTable, plan: MarkPlan, key: Uint8Array, recipient: string): ReleaseTable {
  assertMarkable(table, plan);
  const reader = slotReader(table, plan, key);
  const rows = table.rows.map((row) => {
    const slot = reader(row);
    if (slot === null) return row;
    const wanted = bitOf(key, recipient, slot);
    return row.map((cell, at) => (at === slot.column ? withParity(cell, wanted) : cell));
  });
  return { columns: table.columns, rows };
}

/** How far a table agrees with the mark of one recipient. */
export interface MarkMatch {
  readonly recipient: string;
  /** Rows that would carry a bit. */
  readonly marked: number;
  /** Of those, the ones whose bit is the recipient's. */
  readonly matched: number;
  /** Whether chance gives as many matches at most once in 10⁹. */
  readonly isMarked: boolean;
}

/**
 * Compares a table, cut, sorted or put together from parts, with the marks of candidates. Fewer than 42 marked rows convict
 * nobody, even if all match (Hoeffding's bound). Columns are found by name; without every anchor and at least one number column nothing matches.
 * Source: Agrawal, Kiernan 2002 (binomial test).
 */
export function matchMarks(table: ReleaseTable, plan: MarkPlan, key: Uint8Array, candidates: readonly string[]): readonly MarkMatch[] {
  const reader = slotReader(table, plan, key);
  const read = table.rows.flatMap((row) => {
    const slot = reader(row);
    return slot === null ? [] : [{ slot, parity: parityOf(row[slot.column] ?? null) ?? 0 }];
  });
  return candidates.map((recipient) => {
    const matched = read.filter(({ slot, parity }) => bitOf(key, recipient, slot) === parity).length;
    return { recipient, marked: read.length, matched, isMarked: chanceOf(matched, read.length) <= FALSE_ACCUSATION };
  });
}

const EXACT = /^(U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|DECIMAL)\b/;

function assertMarkable(table: ReleaseTable, { columns, anchors }: MarkPlan): void {
  const typeOf = (name: string): string | undefined => table.columns.find((column) => column.name === name)?.type.toUpperCase();
  if (anchors.length === 0 || anchors.some((name) => typeOf(name) === undefined || columns.includes(name)))
    throw new RangeError('A watermark needs anchor columns apart from those it changes');
  if (columns.length === 0 || columns.some((name) => !EXACT.test(typeOf(name) ?? '')))
    throw new RangeError('A watermark needs columns of exact numbers');
}

function digest(key: Uint8Array, text: string): Buffer {
  return createHmac('sha256', key).update(text, 'utf8').digest();
}

/** A bit of its own for every row and recipient: codes of a fixed length are alike by chance too often among many recipients. */
function bitOf(key: Uint8Array, recipient: string, slot: Slot): number {
  return (digest(key, canonicalJson(['bit', recipient, slot.hash]))[0] ?? 0) & 1;
}

/** Where a row carries a bit. Only columns that the table has are used, in the order of the plan. */
function slotReader(table: ReleaseTable, plan: MarkPlan, key: Uint8Array): (row: readonly ReleaseCell[]) => Slot | null {
  const at = (name: string): number => table.columns.findIndex((column) => column.name === name);
  const anchors = plan.anchors.map(at);
  const columns = plan.columns.map((name) => ({ name, index: at(name) }));
  const isUsable = anchors.length > 0 && anchors.every((index) => index >= 0) && columns.some((column) => column.index >= 0);
  return (row) => {
    if (!isUsable) return null;
    const hash = digest(key, canonicalJson(['row', ...anchors.map((index) => row[index] ?? null)]));
    if (hash.readUInt32BE(0) % ROWS_PER_MARK !== 0) return null;
    // The column follows from the plan, not from what is left of the table: a cut column only costs its own rows.
    const column = columns[hash.readUInt32BE(4) % columns.length];
    if (column === undefined || column.index < 0 || parityOf(row[column.index] ?? null) === null) return null;
    return { column: column.index, hash: hash.toString('hex') };
  };
}

const DECIMAL = /^-?\d+(\.\d+)?$/;

function lastDigit(cell: ReleaseCell): { readonly head: string; readonly digit: number } | null {
  const text = typeof cell === 'number' && Number.isSafeInteger(cell) ? String(cell) : cell;
  if (typeof text !== 'string' || !DECIMAL.test(text)) return null;
  return { head: text.slice(0, -1), digit: Number(text.at(-1)) };
}

function parityOf(cell: ReleaseCell): number | null {
  const last = lastDigit(cell);
  return last === null ? null : last.digit & 1;
}

/** The same number with its last digit made even (0) or odd (1): 4↔5, 8↔9, never a carry. */
function withParity(cell: ReleaseCell, parity: number): ReleaseCell {
  const last = lastDigit(cell);
  if (last === null) return cell;
  const text = `${last.head}${(last.digit & ~1) | parity}`;
  return typeof cell === 'number' ? Number(text) : text;
}

/** Upper bound of the chance of at least so many matches among fair coins: Hoeffding, 1 where there is no surplus. */
function chanceOf(matched: number, marked: number): number {
  const surplus = marked === 0 ? 0 : matched / marked - 0.5;
  return surplus <= 0 ? 1 : Math.exp(-2 * marked * surplus * surplus);
}
