import type { Mean, NewtonSums } from './aggregates.ts';
import { columnOf } from './encode-sql.ts';
import { type Ask, double, forgetTable, keepTable, numbersOf } from './kept-table.ts';
import { meanSql, residualSql, weightSql } from './link-sql.ts';

interface NewtonQuestion {
  readonly columns: readonly number[];
  /** Where the rows that train stand, and how many they are. */
  readonly rows: string;
  readonly units: number;
  /** Their linear predictor. */
  readonly linear: string;
  readonly mean: Mean;
  /** Bits behind the point of a residual. */
  readonly bits: number;
  readonly one: (column: number) => number;
}

/** Weights that are this small in the mean are asked for again, finely. */
const COARSE_MEAN = 256;
const FINE = 2 ** 24;

/** What stands for a weight of 1, such that the sum over all units of a weight with two columns of 15 bits stays below 2⁶³ where weights are at most ¼ (1 for counts and amounts). */
function weightUnit(mean: Mean, units: number): number {
  const bits = Math.max(11, Math.min(15, 63 - 30 - Math.ceil(Math.log2(Math.max(2, units)))));
  return mean === 'logistic' ? 4 * (2 ** bits - 1) : 2 ** bits;
}

/**
 * Gradient and curvature of one Newton step. Residuals and weights are whole numbers, kept beside the columns so that the engine knows how large
 * they are and sums them without checks; every sum is exact. A residual has `bits` bits behind its point; a weight has fewer, for a curvature needs no more than
 * what leads to the same end, unless weights are small. Source: models-and-audit.md §1.7 (Newton step).
 */
export async function newtonSums(ask: Ask, asked: NewtonQuestion): Promise<NewtonSums> {
  const { columns, rows, units, linear, mean, bits } = asked;
  const means = `SELECT *, ${meanSql(mean, linear)} AS p FROM ${rows}`;
  const residual = `CAST(${residualSql(mean)} * ${2 ** bits} AS INTEGER)`;
  const sumsWith = async (unit: number): Promise<readonly number[]> => {
    const kept = await keepTable(
      ask,
      `SELECT design, ${residual} AS r, CAST((${weightSql(mean)}) * ${unit} AS INTEGER) AS w FROM (${means})`,
    );
    const whole = columns.map((column, at) => `CAST(${columnOf(column)} AS BIGINT) AS c${at}`);
    const weighted = columns.map((_, at) => `w * c${at} AS w${at}`);
    const inner = `SELECT CAST(r AS BIGINT) AS r, CAST(w AS BIGINT) AS w, ${whole.join(', ')} FROM "${kept}"`;
    const sql = `SELECT ${sumsOf(columns.length).map(double).join(', ')} FROM (SELECT *, ${weighted.join(', ')} FROM (${inner}))`;
    const got = await numbersOf(ask, sql);
    await forgetTable(ask, kept);
    return got;
  };
  const coarse = weightUnit(mean, units);
  const first = await sumsWith(coarse);
  const isEnough = (first[columns.length + 1] ?? 0) >= COARSE_MEAN * units;
  return isEnough ? read(first, coarse, asked) : read(await sumsWith(FINE), FINE, asked);
}

/** Σ r and Σ r·x, then the upper triangle of Σ w·x·xᵀ, each with a leading 1. */
function sumsOf(width: number): readonly string[] {
  const at = Array.from({ length: width }, (_, column) => column);
  const gradient = ['sum(r)', ...at.map((column) => `sum(r * c${column})`)];
  const top = ['sum(w)', ...at.map((column) => `sum(w${column})`)];
  return [...gradient, ...top, ...at.flatMap((column) => at.slice(column).map((other) => `sum(w${column} * c${other})`))];
}

function read(got: readonly number[], unit: number, { columns, bits, one }: NewtonQuestion): NewtonSums {
  const sizes = [1, ...columns.map(one)];
  const width = sizes.length;
  const gradient = Float64Array.from(sizes, (size, at) => (got[at] ?? 0) / (size * 2 ** bits));
  const hessian = new Float64Array(width * width);
  let at = width;
  for (const [i, a] of sizes.entries())
    for (const [k, b] of sizes.slice(i).entries()) {
      const sum = (got[at++] ?? 0) / (unit * a * b);
      hessian[i * width + i + k] = sum;
      hessian[(i + k) * width + i] = sum;
    }
  return { gradient, hessian };
}
