/** Lower triangle L with L·Lᵀ = the matrix, row-major, size × size. */
export interface Factor {
  readonly size: number;
  readonly lower: Float64Array;
}

/**
 * Cholesky factor of a symmetric matrix (row-major), or null where it is not positive definite to about 10 digits: then a
 * column is a combination of others, and whoever wants a solution must say which (a penalty, fewer columns).
 * Source: Golub and Van Loan, Matrix Computations, 4.2.
 */
export function cholesky(matrix: Float64Array, size: number): Factor | null {
  const lower = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column <= row; column += 1) {
      let sum = matrix[row * size + column] ?? Number.NaN;
      for (let k = 0; k < column; k += 1) sum -= (lower[row * size + k] ?? 0) * (lower[column * size + k] ?? 0);
      if (row !== column) {
        lower[row * size + column] = sum / (lower[column * size + column] ?? Number.NaN);
        continue;
      }
      if (!(sum > 1e-10 * Math.abs(matrix[row * size + row] ?? 0))) return null;
      lower[row * size + row] = Math.sqrt(sum);
    }
  }
  return { size, lower };
}

/** x with matrix · x = right. */
export function solve({ size, lower }: Factor, right: Float64Array): Float64Array {
  const x = Float64Array.from(right);
  for (let row = 0; row < size; row += 1) {
    let sum = x[row] ?? 0;
    for (let k = 0; k < row; k += 1) sum -= (lower[row * size + k] ?? 0) * (x[k] ?? 0);
    x[row] = sum / (lower[row * size + row] ?? Number.NaN);
  }
  for (let row = size - 1; row >= 0; row -= 1) {
    let sum = x[row] ?? 0;
    for (let k = row + 1; k < size; k += 1) sum -= (lower[k * size + row] ?? 0) * (x[k] ?? 0);
    x[row] = sum / (lower[row * size + row] ?? Number.NaN);
  }
  return x;
}
