/**
 * SUDA2 scores, one per row: a row scores for each smallest set of at most `most` columns whose values it alone has, the more the smaller the set. 0: no such set. `columns`: codes, all of one length.
 * Exhaustive over sets of columns, so meant for up to about twelve. Source: Elliot, Manning and Ford 2002; Manning, Haglin and Keane 2008; synthetic-and-masking.md §7.2.
 */
export function sudaScores(columns: readonly Int32Array[], most: number = columns.length - 1): Float64Array {
  const rows = columns[0]?.length ?? 0;
  const scores = new Float64Array(rows);
  const minimal: number[][] = Array.from({ length: rows }, () => []);
  const top = Math.min(most, columns.length);
  for (let size = 1; size <= top; size += 1) {
    const worth = product(columns.length, size, top);
    for (const set of subsets(columns.length, size)) {
      const mask = set.reduce((bits, column) => bits | (1 << column), 0);
      for (const row of uniqueRows(columns, set)) {
        const known = minimal[row] ?? [];
        if (known.some((smaller) => (smaller & mask) === smaller)) continue;
        known.push(mask);
        scores[row] = (scores[row] ?? 0) + worth;
      }
    }
  }
  return scores;
}

function product(columns: number, size: number, most: number): number {
  let worth = 1;
  for (let i = size; i <= most; i += 1) worth *= columns - i;
  return worth;
}

function uniqueRows(columns: readonly Int32Array[], set: readonly number[]): Iterable<number> {
  const seen = new Map<string, number>();
  const length = columns[0]?.length ?? 0;
  for (let row = 0; row < length; row += 1) {
    const key = set.map((column) => columns[column]?.[row] ?? 0).join(' ');
    seen.set(key, seen.has(key) ? -1 : row);
  }
  return [...seen.values()].filter((row) => row >= 0);
}

function* subsets(columns: number, size: number, from = 0): Generator<readonly number[]> {
  if (size === 0) yield [];
  else
    for (let first = from; first <= columns - size; first += 1)
      for (const rest of subsets(columns, size - 1, first + 1)) yield [first, ...rest];
}
