import type { ScoredTable } from './scored-table.ts';

/** How much of the real range the synthetic numbers reach, 0 to 1. Source: synthetic-and-masking.md §2 (RangeCoverage). */
export function rangeCoverage(real: Float64Array, synthetic: Float64Array): number {
  const [low, high] = rangeOf(real);
  const [least, most] = rangeOf(synthetic);
  const width = high - low;
  if (!(width > 0)) return Number.NaN;
  return Math.max(0, 1 - Math.max((least - low) / width, 0) - Math.max((high - most) / width, 0));
}

/** Share of the real categories that the synthetic side has too. Source: synthetic-and-masking.md §2 (CategoryCoverage). */
export function categoryCoverage(real: readonly (string | null)[], synthetic: readonly (string | null)[]): number {
  const wanted = new Set(real.filter((value) => value !== null));
  const found = new Set(synthetic);
  return wanted.size === 0 ? Number.NaN : [...wanted].filter((value) => found.has(value)).length / wanted.size;
}

/** One minus the difference of the means (medians, standard deviations) as a share of the real range. Source: synthetic-and-masking.md §2 (StatisticSimilarity). */
export function statisticSimilarity(real: Float64Array, synthetic: Float64Array, statistic: 'mean' | 'median' | 'std'): number {
  const [low, high] = rangeOf(real);
  if (!(high > low)) return Number.NaN;
  return Math.max(0, 1 - Math.abs(STATISTICS[statistic](real) - STATISTICS[statistic](synthetic)) / (high - low));
}

const STATISTICS: Readonly<Record<'mean' | 'median' | 'std', (values: Float64Array) => number>> = {
  mean: meanOf,
  median(values) {
    const sorted = present(values).sort();
    const middle = sorted.length >> 1;
    return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
  },
  std(values) {
    const mean = meanOf(values);
    const kept = present(values);
    return Math.sqrt(kept.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, kept.length - 1));
  },
};

/** Rows that are compared for new rows and distances: every row with every other is too much beyond. */
const COMPARED_ROWS = 2000;

/**
 * Share of the synthetic rows that match no real row; numbers match within 1 % of the synthetic one, missing matches missing. Looks
 * at evenly spaced rows of both sides, at most 2,000. Source: synthetic-and-masking.md §2 (NewRowSynthesis).
 */
export function newRows(table: ScoredTable): number {
  const real = spaced(table.realRows);
  const synthetic = spaced(table.syntheticRows);
  if (synthetic.length === 0) return Number.NaN;
  let fresh = 0;
  for (const row of synthetic) {
    const known = real.some((other) =>
      table.columns.every((column) => {
        if (column.kind === 'category') return column.real[other] === column.synthetic[row];
        const [r, s] = [column.real[other] ?? Number.NaN, column.synthetic[row] ?? Number.NaN];
        return Number.isNaN(s) ? Number.isNaN(r) : Math.abs(r - s) <= 0.01 * Math.abs(s);
      }),
    );
    if (!known) fresh += 1;
  }
  return fresh / synthetic.length;
}

/**
 * Distance of each of `rows` synthetic rows to the closest real row: mean over columns of |r − s| as a share of the real range (at
 * most 1), or of being different; missing differs from present. A smoke test only: rows can be far from all real ones and
 * still betray them ("The DCR Delusion", arXiv:2505.01524). Source: synthetic-and-masking.md §2.2.
 */
export function closestDistances(table: ScoredTable, rows: readonly number[] = spaced(table.syntheticRows)): Float64Array {
  const reference = spaced(table.realRows);
  const ranges = table.columns.map((column) => {
    if (column.kind !== 'number') return 0;
    const [low, high] = rangeOf(column.real);
    return high - low;
  });
  return Float64Array.from(rows, (row) => {
    let closest = Number.POSITIVE_INFINITY;
    for (const other of reference) {
      let sum = 0;
      for (const [index, column] of table.columns.entries()) {
        sum +=
          column.kind === 'number'
            ? numberDistance(column.real[other] ?? Number.NaN, column.synthetic[row] ?? Number.NaN, ranges[index] ?? 0)
            : column.real[other] === column.synthetic[row]
              ? 0
              : 1;
      }
      closest = Math.min(closest, sum);
    }
    return closest / Math.max(1, table.columns.length);
  });
}

function numberDistance(real: number, synthetic: number, range: number): number {
  if (Number.isNaN(real) || Number.isNaN(synthetic)) return Number.isNaN(real) && Number.isNaN(synthetic) ? 0 : 1;
  if (range === 0) return real === synthetic ? 0 : 1;
  return Math.min(Math.abs(real - synthetic) / range, 1);
}

function spaced(rows: number): readonly number[] {
  const count = Math.min(rows, COMPARED_ROWS);
  return Array.from({ length: count }, (_, index) => Math.floor((index * rows) / count));
}

function present(values: Float64Array): Float64Array {
  return values.filter((value) => !Number.isNaN(value));
}

function meanOf(values: Float64Array): number {
  const kept = present(values);
  return kept.reduce((sum, value) => sum + value, 0) / kept.length;
}

function rangeOf(values: Float64Array): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return [low, high];
}
