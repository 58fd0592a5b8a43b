import type { ScoredCells } from './scored-table.ts';

/** Larger tables tell of sampling noise only. Source: synthetic-and-masking.md §5.1 (pairs and triples of at most 10,000 cells). */
export const MOST_TABLE_CELLS = 10_000;

export interface VariationScore {
  /** Mean total-variation distance over the combinations; NaN without any. */
  readonly mean: number;
  readonly combinations: number;
}

/**
 * Mean total-variation distance of the joint distributions of all `ways`-tuples of columns whose declared cells number at
 * most `mostCells`. Source: synthetic-and-masking.md §1.2 (average error), §5.1.
 */
export function meanVariation(columns: readonly ScoredCells[], ways: number, mostCells = MOST_TABLE_CELLS): VariationScore {
  let sum = 0;
  let combinations = 0;
  for (const tuple of tuples(columns, ways)) {
    if (tuple.reduce((size, column) => size * column.declared, 1) > mostCells) continue;
    sum += variation(tuple);
    combinations += 1;
  }
  return { mean: sum / combinations, combinations };
}

/** Total-variation distance of the joint distribution of these columns, 0 to 1. Source: synthetic-and-masking.md §1.2. */
export function variation(columns: readonly ScoredCells[]): number {
  const sizes = columns.map((column) => column.declared + 2);
  const difference = new Float64Array(sizes.reduce((size, own) => size * own, 1));
  const add = (side: 'real' | 'synthetic', sign: number): void => {
    const rows = columns[0]?.[side].length ?? 0;
    const step = sign / Math.max(1, rows);
    for (let row = 0; row < rows; row += 1) {
      let at = 0;
      for (let index = 0; index < columns.length; index += 1) at = at * (sizes[index] ?? 1) + (columns[index]?.[side][row] ?? 0);
      difference[at] = (difference[at] ?? 0) + step;
    }
  };
  add('real', 1);
  add('synthetic', -1);
  let sum = 0;
  for (const value of difference) sum += Math.abs(value);
  return sum / 2;
}

function* tuples(columns: readonly ScoredCells[], ways: number, from = 0): Generator<readonly ScoredCells[]> {
  if (ways === 0) {
    yield [];
    return;
  }
  for (let index = from; index <= columns.length - ways; index += 1) {
    const column = columns[index];
    if (column === undefined) continue;
    for (const rest of tuples(columns, ways - 1, index + 1)) yield [column, ...rest];
  }
}
