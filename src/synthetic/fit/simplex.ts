/**
 * The nearest point (L2) to `values` whose entries are not negative and sum to `total`. Gives a new array; all zeros
 * where `total` is not positive. Source: synthetic-and-masking.md §4.1 (projSimplex); Duchi et al. 2008.
 */
export function projectToSimplex(values: Float64Array, total: number): Float64Array {
  const result = new Float64Array(values.length);
  if (!(total > 0) || values.length === 0) return result;
  const sorted = Float64Array.from(values).sort();
  let sum = 0;
  let shift = 0;
  for (let count = 1; count <= sorted.length; count += 1) {
    const value = sorted[sorted.length - count] ?? 0;
    sum += value;
    const candidate = (sum - total) / count;
    if (value <= candidate) break;
    shift = candidate;
  }
  for (let index = 0; index < values.length; index += 1) result[index] = Math.max(0, (values[index] ?? 0) - shift);
  return result;
}

/** One noisy reading of the same cells; the larger the variance the less it counts. */
export interface Reading {
  readonly values: Float64Array;
  /** Per cell. */
  readonly variances: Float64Array;
}

/** Inverse-variance mean of several readings, cell by cell. Source: synthetic-and-masking.md §4.1, step 6. */
export function combineReadings(readings: readonly Reading[]): Float64Array {
  const length = readings[0]?.values.length ?? 0;
  const result = new Float64Array(length);
  for (let index = 0; index < length; index += 1) {
    let weight = 0;
    let sum = 0;
    for (const { values, variances } of readings) {
      const own = 1 / Math.max(variances[index] ?? 1, 1e-12);
      weight += own;
      sum += own * (values[index] ?? 0);
    }
    result[index] = sum / weight;
  }
  return result;
}

const RAKING_ROUNDS = 100;
const SETTLED = 1e-7;

/**
 * Iterative proportional fitting of a `rows` × `columns` table, in place, to its two margins, which have the same sum. Zero
 * margins empty their line. Source: Deming and Stephan 1940; synthetic-and-masking.md §4.1, step 6.
 */
export function rake(table: Float64Array, rowMargin: Float64Array, columnMargin: Float64Array): void {
  const rows = rowMargin.length;
  const columns = columnMargin.length;
  for (let round = 0; round < RAKING_ROUNDS; round += 1) {
    let moved = 0;
    const columnSums = new Float64Array(columns);
    for (let row = 0; row < rows; row += 1) {
      let sum = 0;
      for (let at = row * columns; at < (row + 1) * columns; at += 1) sum += table[at] ?? 0;
      const factor = sum > 0 ? (rowMargin[row] ?? 0) / sum : 0;
      for (let column = 0; column < columns; column += 1) {
        const value = (table[row * columns + column] ?? 0) * factor;
        table[row * columns + column] = value;
        columnSums[column] = (columnSums[column] ?? 0) + value;
      }
    }
    for (let column = 0; column < columns; column += 1) {
      const sum = columnSums[column] ?? 0;
      const factor = sum > 0 ? (columnMargin[column] ?? 0) / sum : 0;
      moved = Math.max(moved, Math.abs(sum - (columnMargin[column] ?? 0)));
      for (let row = 0; row < rows; row += 1) table[row * columns + column] = (table[row * columns + column] ?? 0) * factor;
    }
    if (moved <= SETTLED * (1 + (rowMargin[0] ?? 0))) return;
  }
}
