import { distinctOf, type ProtectedColumn, type TestedCells, type TestedColumn } from './tested-table.ts';

/** Which original row each released row is; null where rows cannot be matched. */
export type Alignment = readonly (number | null)[];

const LEAST_MATCHED = 0.5;

/**
 * Matches released rows with original ones: by a column of the same name that is unique on both sides, else by position where there are as many
 * rows; null where neither holds. An attacker may know the order, so position counts. Own design: ADR 0017.
 */
export function alignRows(released: readonly TestedColumn[], original: readonly TestedColumn[]): Alignment | null {
  for (const column of released) {
    const other = original.find((item) => item.name === column.name);
    if (other === undefined) continue;
    const matched = byKey(column.cells, other.cells);
    if (matched !== null) return matched;
  }
  const rows = released[0]?.cells.length ?? 0;
  return rows > 0 && rows === (original[0]?.cells.length ?? 0) ? Array.from({ length: rows }, (_, row) => row) : null;
}

function byKey(released: TestedCells, original: TestedCells): Alignment | null {
  const keys = released.filter((cell) => cell !== null);
  if (keys.length < 2 || distinctOf(keys) !== keys.length) return null;
  const places = new Map<string, number>();
  for (const [row, cell] of original.entries()) {
    if (cell === null || places.has(cell)) return null;
    places.set(cell, row);
  }
  const matched = released.map((cell) => (cell === null ? null : (places.get(cell) ?? null)));
  return matched.filter((row) => row !== null).length >= LEAST_MATCHED * released.length ? matched : null;
}

/** Released and original values side by side, of at most `most` rows spread over all. */
export function pairCells(
  released: TestedColumn,
  original: ProtectedColumn,
  alignment: Alignment,
  most: number,
): readonly (readonly [string, string])[] {
  const step = Math.max(1, Math.ceil(alignment.length / most));
  const pairs: (readonly [string, string])[] = [];
  for (let row = 0; row < alignment.length; row += step) {
    const place = alignment[row];
    const [left, right] = [released.cells[row], place === null || place === undefined ? null : original.cells[place]];
    if (typeof left === 'string' && typeof right === 'string' && left !== '' && right !== '') pairs.push([left, right]);
  }
  return pairs;
}
