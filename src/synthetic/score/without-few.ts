import type { ScoredColumn, ScoredTable } from './scored-table.ts';

/**
 * The same table, its real side without what few rows alone say: numbers end at the k-th smallest and the k-th largest, categories of
 * fewer than `k` rows count as missing. A range, a coverage or a new value then tells of at least `k` rows.
 * Source: requirement U6 (the same k as for releases); synthetic-and-masking.md §2 (RangeCoverage, CategoryCoverage rest on single rows).
 */
export function withoutFew(table: ScoredTable, k: number): ScoredTable {
  return { ...table, columns: table.columns.map((column) => commonOf(column, k)) };
}

function commonOf(column: ScoredColumn, k: number): ScoredColumn {
  if (column.kind === 'category') {
    const counts = new Map<string, number>();
    for (const value of column.real) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
    return { ...column, real: column.real.map((value) => (value !== null && (counts.get(value) ?? 0) >= k ? value : null)) };
  }
  const sorted = column.real.filter((value) => !Number.isNaN(value)).sort();
  const [low, high] = [sorted[k - 1], sorted[sorted.length - k]];
  // Fewer than k values on either side: there is no range that k rows agree on.
  if (low === undefined || high === undefined || low > high) return { ...column, real: column.real.map(() => Number.NaN) };
  return { ...column, real: column.real.map((value) => Math.min(high, Math.max(low, value))) };
}
