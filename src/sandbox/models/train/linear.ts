import { cholesky, solve } from '../numerics/cholesky.ts';
import { roundToBits } from '../significant-bits.ts';
import type { Layout } from '../spec/layout.ts';
import type { Aggregates, Mean } from './aggregates.ts';
import { type LinearModel, TrainingRefused } from './fitted.ts';

export interface LinearOptions {
  readonly k: number;
  readonly lambda: number;
  readonly bits: number;
  /** Steps at most; absent: until they are small. */
  readonly steps?: number;
}

const MOST_COLUMNS = 120;
const MOST_STEPS = 30;
const MOST_ROUNDS = 200;

/**
 * Design columns that enough units tell of: at least `k` are not at the most frequent value of it, and at least `k` are. A level of
 * fewer units is merged with the first one. Throws TrainingRefused where none is left. Source: models-and-audit.md M11.
 */
export function supportedColumns(sums: Aggregates, k: number): readonly number[] {
  const columns = sums.support.flatMap((units, column) => (units >= k ? [column] : []));
  if (columns.length === 0) throw new TrainingRefused('no_features');
  if (columns.length > MOST_COLUMNS) throw new TrainingRefused('too_wide');
  return columns;
}

/**
 * Least squares, with a penalty on all but the intercept where λ > 0. Columns that are combinations of those before them are left out.
 * Source: models-and-audit.md §1.7 (β = (XᵀX + λI)⁻¹Xᵀy).
 */
export async function leastSquares(sums: Aggregates, layout: Layout, { k, lambda, bits }: LinearOptions): Promise<LinearModel> {
  const all = supportedColumns(sums, k);
  const { xx, xy } = await sums.crossProducts(all);
  const kept = independent(xx, all.length + 1, lambda);
  const size = kept.length;
  const matrix = penalised(part(xx, all.length + 1, kept), size, lambda);
  const factor = cholesky(matrix, size);
  if (factor === null) throw new TrainingRefused('not_solvable');
  const solved = solve(
    factor,
    Float64Array.from(kept, (at) => xy[0]?.[at] ?? 0),
  );
  const { low, range } = rangeOf(layout);
  const coefficients = Array.from(solved, (value, at) => roundToBits(value * range + (at === 0 ? low : 0), bits));
  const columns = kept.slice(1).map((at) => all[at - 1] ?? 0);
  return { kind: 'linear', columns, coefficients: [coefficients], finish: 'none' };
}

/** Positions (0 is the intercept) such that the matrix of them can be inverted, the first ones kept. */
function independent(xx: Float64Array, width: number, lambda: number): readonly number[] {
  const whole = Array.from({ length: width }, (_, at) => at);
  if (cholesky(penalised(part(xx, width, whole), width, lambda), width) !== null) return whole;
  let kept: readonly number[] = [0];
  for (const at of whole.slice(1)) {
    const tried = [...kept, at];
    if (cholesky(penalised(part(xx, width, tried), tried.length, lambda), tried.length) !== null) kept = tried;
  }
  return kept;
}

function part(matrix: Float64Array, width: number, kept: readonly number[]): Float64Array {
  const out = new Float64Array(kept.length ** 2);
  for (const [i, a] of kept.entries()) for (const [k, b] of kept.entries()) out[i * kept.length + k] = matrix[a * width + b] ?? 0;
  return out;
}

function penalised(matrix: Float64Array, size: number, lambda: number): Float64Array {
  for (let at = 1; at < size; at += 1) matrix[at * size + at] = (matrix[at * size + at] ?? 0) + lambda;
  return matrix;
}

function rangeOf({ label }: Layout): { readonly low: number; readonly range: number } {
  return label.kind === 'number' ? { low: label.low, range: label.high - label.low } : { low: 0, range: 1 };
}

/**
 * Logistic, Poisson and gamma regression by Fisher scoring with a penalty on all but the intercept. Steps end when none is larger than 1e-6.
 * Source: models-and-audit.md §1.7 (β += H⁻¹g); McCullagh and Nelder 2.5.
 */
export async function generalised(
  sums: Aggregates,
  layout: Layout,
  mean: Mean,
  { k, lambda, bits, steps = MOST_STEPS }: LinearOptions,
): Promise<LinearModel> {
  if (mean === 'logistic' && sums.classUnits.some((units) => units < k)) throw new TrainingRefused('class_units');
  const columns = supportedColumns(sums, k);
  const size = columns.length + 1;
  const least = lambda > 0 ? lambda : 1e-6;
  const beta = new Float64Array(size);
  if (mean !== 'logistic') beta[0] = Math.log(Math.max(1e-4, await meanLabel(sums, columns)));
  for (let step = 0; step < steps; step += 1) {
    const { gradient, hessian } = await sums.newton(columns, beta, mean);
    for (let at = 1; at < size; at += 1) gradient[at] = (gradient[at] ?? 0) - least * (beta[at] ?? 0);
    const ridge = penalised(hessian, size, least);
    ridge[0] = (ridge[0] ?? 0) + 1e-9 * sums.units;
    const factor = cholesky(ridge, size);
    if (factor === null) throw new TrainingRefused('not_solvable');
    const move = solve(factor, gradient);
    const longest = move.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const shortened = longest > 4 ? 4 / longest : 1;
    for (let at = 0; at < size; at += 1) beta[at] = (beta[at] ?? 0) + shortened * (move[at] ?? 0);
    if (longest < 1e-6) break;
  }
  const offset = mean === 'logistic' ? 0 : Math.log(rangeOf(layout).range);
  const coefficients = Array.from(beta, (value, at) => roundToBits(value + (at === 0 ? offset : 0), bits));
  return { kind: 'linear', columns, coefficients: [coefficients], finish: mean === 'logistic' ? 'logistic' : 'exp' };
}

async function meanLabel(sums: Aggregates, columns: readonly number[]): Promise<number> {
  const { xy } = await sums.crossProducts(columns);
  return (xy[0]?.[0] ?? 0) / sums.units;
}

/**
 * Multinomial logistic regression: the curvature is bounded once by ½(I − 11ᵀ/C) ⊗ XᵀX, so that each round needs a gradient only; Nesterov's
 * momentum, begun anew where the gradient turns. Source: Böhning 1992; models-and-audit.md §1.7.
 */
export async function multinomial(sums: Aggregates, { k, lambda, bits, steps = MOST_ROUNDS }: LinearOptions): Promise<LinearModel> {
  if (sums.classUnits.some((units) => units < k)) throw new TrainingRefused('class_units');
  const columns = supportedColumns(sums, k);
  const size = columns.length + 1;
  const least = lambda > 0 ? lambda : 1e-6;
  const { xx } = await sums.crossProducts(columns);
  const factor = cholesky(
    penalised(
      xx.map((value, at) => value / 2 + (at === 0 ? 1e-9 * sums.units : 0)),
      size,
      least,
    ),
    size,
  );
  if (factor === null) throw new TrainingRefused('not_solvable');
  let now = sums.classUnits.map(() => new Float64Array(size));
  let ahead = now;
  let momentum = 1;
  for (let round = 0; round < steps; round += 1) {
    const gradient = await sums.softmaxGradient(columns, ahead);
    const next = ahead.map((beta, c) => {
      const slope = (gradient[c] ?? new Float64Array(size)).map((value, at) => value + (at === 0 ? 0 : least * (beta[at] ?? 0)));
      const move = solve(factor, slope);
      return beta.map((value, at) => value - (move[at] ?? 0));
    });
    const moved = next.map((beta, c) => beta.map((value, at) => value - (now[c]?.[at] ?? 0)));
    const turned =
      gradient.reduce((sum, slope, c) => sum + slope.reduce((part, value, at) => part + value * (moved[c]?.[at] ?? 0), 0), 0) > 0;
    const grown = turned ? 1 : (1 + Math.sqrt(1 + 4 * momentum ** 2)) / 2;
    const share = turned ? 0 : (momentum - 1) / grown;
    ahead = next.map((beta, c) => beta.map((value, at) => value + share * (moved[c]?.[at] ?? 0)));
    momentum = grown;
    now = next;
    if (moved.every((beta) => beta.every((value) => Math.abs(value) < 1e-4))) break;
  }
  // Only differences between classes count: the first one stands for zero.
  const [first = new Float64Array(size)] = now;
  const coefficients = now.map((beta) => Array.from(beta, (value, at) => roundToBits(value - (first[at] ?? 0), bits)));
  return { kind: 'linear', columns, coefficients, finish: 'softmax' };
}
