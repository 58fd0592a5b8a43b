import type { Attribute, Grouping } from './count-source.ts';

/** How ρ is shared out. Source: synthetic-and-masking.md §5.1 (the best of six splits). */
export const BUDGET_SHARES = { oneWay: 0.3, selection: 0.1, pairs: 0.6 } as const;

/** One edge of the tree: counts of (slice, parent group, child group), the last the fastest. */
export interface ModelEdge {
  readonly parent: number;
  readonly child: number;
  readonly table: Float64Array;
}

/** How far a released marginal may be off: the predicted total-variation distance of its noise. */
export interface MarginalError {
  readonly attributes: readonly string[];
  /** Standard deviation of the noise in each cell, in rows. */
  readonly noise: number;
  /** Expected total-variation distance that noise of this size makes, before consistency improves it; at most 1. */
  readonly expectedTvd: number;
}

/**
 * What a fit releases: a tree of two-way marginals, or one-way marginals alone (`edges` empty). With a target, every marginal
 * stands once per value of it (a slice); without, there is one slice. Consistent: margins of neighbouring edges agree.
 */
export interface FittedModel {
  readonly mode: 'tree' | 'target' | 'independent';
  readonly attributes: readonly Attribute[];
  /** Index of the target attribute; null: none. It has no marginals of its own but `slices`. */
  readonly target: number | null;
  /** Rows (weighted) per slice. Their sum is the estimated size of the table. */
  readonly slices: Float64Array;
  readonly groupings: readonly Grouping[];
  /** Per attribute: (slice, fine cell) → rows. Empty for the target. */
  readonly fine: readonly Float64Array[];
  /** Parents before children; the root is the parent of the first edge. */
  readonly edges: readonly ModelEdge[];
  /** ρ spent, by step. */
  readonly ledger: readonly { readonly step: 'oneWay' | 'selection' | 'pairs'; readonly rho: number; readonly marginals: number }[];
  readonly errors: readonly MarginalError[];
}
