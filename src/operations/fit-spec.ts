/** What a fit under differential privacy was asked to do. Source: synthetic-and-masking.md §4.0, §4.1. */
export interface FitSpec {
  /** Above 0, at most 20. */
  readonly epsilon: number;
  /** Above 0, at most 1e-5. */
  readonly delta: number;
  /** Label column that every marginal is conditioned on. */
  readonly target?: string | undefined;
  /** Whose privacy is kept; default: the first unit type declared. */
  readonly unit?: string | undefined;
  /** One-way marginals only. */
  readonly independent?: boolean | undefined;
}

/** Budget of a dataset for fits, in ρ of zero-concentrated differential privacy. */
export interface FitBudgetView {
  readonly dataset: string;
  readonly limit: number;
  readonly spent: number;
}

/** A fit as a line of text: what stands where queries have their SQL. */
export function fitText({ epsilon, delta, target, unit, independent }: FitSpec, dataset: string): string {
  const parts = [`epsilon ${epsilon}`, `delta ${delta}`];
  if (target !== undefined) parts.push(`target ${target}`);
  if (unit !== undefined) parts.push(`unit ${unit}`);
  if (independent === true) parts.push('independent');
  return `FIT MODEL OF ${dataset} (${parts.join(', ')})`;
}
