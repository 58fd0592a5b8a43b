import { type ScoredColumn, sharedCodes } from './scored-table.ts';

export interface PairScore {
  readonly left: string;
  readonly right: string;
  readonly metric: 'correlation' | 'contingency';
  readonly score: number;
  /** Correlation of the real columns, or Cramér's V: how much there is to preserve. */
  readonly strength: number;
}

export interface PairOptions {
  /**
   * `shared`: numbers are cut at edges of the real column, for both tables. `compat`: each table at its own edges, as
   * SDMetrics 0.29's reports do, so that their published scores are reproduced; a column ten times too large then scores 1.
   */
  readonly bins: 'shared' | 'compat';
}

const BINS = 10;

/**
 * How alike two columns hang together in both tables, 0 to 1: one minus half the difference of Pearson correlations for
 * two numbers, one minus the total-variation distance of the contingency tables otherwise, where a missing value is a
 * level like any other. NaN where there is nothing to correlate.
 * Source: synthetic-and-masking.md §2 (CorrelationSimilarity, ContingencySimilarity), §2.3 (quirk 1).
 */
export function pairTrend(left: ScoredColumn, right: ScoredColumn, options: PairOptions): PairScore {
  const names = { left: left.name, right: right.name };
  if (left.kind === 'number' && right.kind === 'number') {
    const [real, synthetic] = [pearson(left.real, right.real), pearson(left.synthetic, right.synthetic)];
    return { ...names, metric: 'correlation', score: 1 - Math.abs(real - synthetic) / 2, strength: Math.abs(real) };
  }
  const [a, b] = [levelsOf(left, options), levelsOf(right, options)];
  const size = a.levels * b.levels;
  const real = contingency(a.real, b.real, b.levels, size);
  const synthetic = contingency(a.synthetic, b.synthetic, b.levels, size);
  let distance = 0;
  for (let at = 0; at < size; at += 1) distance += Math.abs((real[at] ?? 0) - (synthetic[at] ?? 0));
  return { ...names, metric: 'contingency', score: 1 - distance / 2, strength: cramersV(real, a.levels, b.levels, a.real.length) };
}

/** Pearson correlation of the rows where neither value is missing; NaN if one of the columns does not vary. Source: synthetic-and-masking.md §2. */
export function pearson(left: Float64Array, right: Float64Array): number {
  let [count, meanLeft, meanRight, spreadLeft, spreadRight, both] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < left.length; row += 1) {
    const [x, y] = [left[row] ?? Number.NaN, right[row] ?? Number.NaN];
    if (Number.isNaN(x) || Number.isNaN(y)) continue;
    count += 1;
    const [stepLeft, stepRight] = [x - meanLeft, y - meanRight];
    meanLeft += stepLeft / count;
    meanRight += stepRight / count;
    spreadLeft += stepLeft * (x - meanLeft);
    spreadRight += stepRight * (y - meanRight);
    both += stepLeft * (y - meanRight);
  }
  return both / Math.sqrt(spreadLeft * spreadRight);
}

/** Level numbers of a column in both tables: categories, or bins of a number; a missing value is a level. */
function levelsOf(
  column: ScoredColumn,
  options: PairOptions,
): { readonly real: Int32Array; readonly synthetic: Int32Array; readonly levels: number } {
  if (column.kind === 'category') {
    const codes = sharedCodes(column.real, column.synthetic);
    return { real: codes.real, synthetic: codes.synthetic, levels: codes.categories };
  }
  const edges = edgesOf(column.real);
  const compat = options.bins === 'compat';
  return {
    real: binned(column.real, edges, compat),
    synthetic: binned(column.synthetic, compat ? edgesOf(column.synthetic) : edges, compat),
    levels: BINS + 3,
  };
}

/** Ten bins of equal width between the smallest and the largest value. */
function edgesOf(values: Float64Array): readonly number[] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  return Array.from({ length: BINS + 1 }, (_, index) => low + (index * (high - low)) / BINS);
}

/**
 * Number of edges at or below the value. With shared edges the outer bins are open and a missing value is the last level; in
 * compat mode the largest value has a level of its own, which missing values share, as numpy's digitize gives it.
 */
function binned(values: Float64Array, edges: readonly number[], compat: boolean): Int32Array {
  return Int32Array.from(values, (value) => {
    if (Number.isNaN(value)) return compat ? BINS + 1 : BINS + 2;
    let level = 0;
    while (level < edges.length && value >= (edges[level] ?? 0)) level += 1;
    return compat ? level : Math.min(BINS, Math.max(1, level));
  });
}

function contingency(left: Int32Array, right: Int32Array, columns: number, size: number): Float64Array {
  const counts = new Float64Array(size);
  for (let row = 0; row < left.length; row += 1) {
    const at = (left[row] ?? 0) * columns + (right[row] ?? 0);
    counts[at] = (counts[at] ?? 0) + 1;
  }
  return counts.map((count) => count / Math.max(1, left.length));
}

/** Cramér's V of a table of shares; 0 where a side has one level only. */
function cramersV(shares: Float64Array, rows: number, columns: number, total: number): number {
  const [rowSums, columnSums] = [new Float64Array(rows), new Float64Array(columns)];
  for (const [at, share] of shares.entries()) {
    const [row, column] = [Math.floor(at / columns), at % columns];
    rowSums[row] = (rowSums[row] ?? 0) + share;
    columnSums[column] = (columnSums[column] ?? 0) + share;
  }
  let square = 0;
  for (const [at, share] of shares.entries()) {
    const expected = (rowSums[Math.floor(at / columns)] ?? 0) * (columnSums[at % columns] ?? 0);
    if (expected > 0) square += (share - expected) ** 2 / expected;
  }
  const levels = Math.min(rowSums.filter((sum) => sum > 0).length, columnSums.filter((sum) => sum > 0).length);
  return total === 0 || levels < 2 ? 0 : Math.sqrt(square / (levels - 1));
}
