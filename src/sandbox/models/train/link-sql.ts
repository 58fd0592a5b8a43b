import type { Mean } from './aggregates.ts';
import { LABEL } from './encode-sql.ts';

/** Linear predictors are cut here: no weight grows beyond what sums hold. */
const MOST_SCORE = 30;
/** Means of counts and amounts, as shares of the label's bound, are cut here. */
const MOST_LOG = 4;
const LEAST_LOG = -14;
const LABEL_STEPS = 32_767;

/** Bits behind the point of residuals and weights such that sums over this many units of products with 15 bits stay below 2⁵³. */
export function roundingBits(units: number): number {
  return Math.max(8, Math.min(18, 53 - 15 - Math.ceil(Math.log2(Math.max(2, units)))));
}

/**
 * A linear predictor as a sum of whole numbers, told once as a fraction: exact to 2⁻⁴⁰ and better, the same in whatever order rows come, and
 * twice as fast as a sum of fractions. Columns are whole, from 0 to `one`. Source: Own design: ADR 0046.
 */
export function linearSql(
  intercept: number,
  terms: readonly { readonly sql: string; readonly one: number; readonly coefficient: number }[],
): string {
  const most = terms.reduce((sum, { coefficient }) => sum + Math.abs(coefficient), Math.abs(intercept));
  const scale = 2 ** (60 - Math.max(0, Math.ceil(Math.log2(Math.max(1, most)))));
  const whole = (value: number): string => String(BigInt(Math.round(value * scale)));
  const parts = terms.map(({ sql, one, coefficient }) => `CAST(${sql} AS BIGINT) * CAST(${whole(coefficient / one)} AS BIGINT)`);
  return `CAST(${[`CAST(${whole(intercept)} AS BIGINT)`, ...parts].join(' + ')} AS DOUBLE) * CAST(${1 / scale} AS DOUBLE)`;
}

/** The mean of a linear predictor. Source: McCullagh and Nelder, Generalized Linear Models, 2.5. */
export function meanSql(mean: Mean, linear: string): string {
  // Beyond what exp holds the mean is 0 or 1.
  if (mean === 'logistic') return `1 / (1 + exp(-(${linear})))`;
  return `exp(least(greatest(${linear}, ${LEAST_LOG}), ${MOST_LOG}))`;
}

/** Score residual by mean `p` and label. */
export function residualSql(mean: Mean): string {
  if (mean === 'logistic') return `(${LABEL} - p)`;
  if (mean === 'poisson') return `(${LABEL} / ${LABEL_STEPS} - p)`;
  // A share of nothing has no gamma distribution: half a step stands for it.
  return `least(greatest(${LABEL}, 0.5) / ${LABEL_STEPS} / p - 1, 64)`;
}

/** Weight in Fisher's information. */
export function weightSql(mean: Mean): string {
  if (mean === 'logistic') return 'p * (1 - p)';
  return mean === 'poisson' ? 'least(p, 4)' : '1';
}

/** The same in numbers: mean, residual, weight. `label` a class or a share of the bounds. */
export function linkOf(mean: Mean, linear: number, label: number): { readonly residual: number; readonly weight: number } {
  if (mean === 'logistic') {
    const p = 1 / (1 + Math.exp(-Math.min(Math.max(linear, -MOST_SCORE), MOST_SCORE)));
    return { residual: label - p, weight: p * (1 - p) };
  }
  const p = Math.exp(Math.min(Math.max(linear, LEAST_LOG), MOST_LOG));
  if (mean === 'poisson') return { residual: label - p, weight: Math.min(p, 4) };
  return { residual: Math.min(Math.max(label, 0.5 / LABEL_STEPS) / p - 1, 64), weight: 1 };
}
