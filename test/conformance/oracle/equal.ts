import type { Row } from '../real-data.ts';

/** Whether two values are the same but for the last digits of a double. */
export function equal(a: Row[number] | undefined, b: Row[number] | undefined, tolerance = 1e-9): boolean {
  if (a === null || b === null || a === undefined || b === undefined) return (a ?? null) === (b ?? null);
  if (typeof a === 'boolean' || typeof b === 'boolean') return String(a) === String(b);
  const [x, y] = [toNumber(a), toNumber(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return String(a) === String(b);
  return Math.abs(x - y) <= tolerance * Math.max(1, Math.abs(x), Math.abs(y)) + 1e-9;
}

function toNumber(value: Row[number] | undefined): number {
  return value === '' || Array.isArray(value) ? Number.NaN : Number(value);
}

/** Whether two lists of rows are the same whatever their order. */
export function sameRows(a: readonly Row[], b: readonly Row[]): boolean {
  if (a.length !== b.length) return false;
  const left = new Set(b.keys());
  return a.every((row) => {
    for (const index of left) {
      const other = b[index] ?? [];
      if (row.length !== other.length || !row.every((value, at) => equal(value, other[at]))) continue;
      left.delete(index);
      return true;
    }
    return false;
  });
}
