import type { SplitTree } from './split-tree.ts';

/** Sums that a histogram of a tree takes of each row: one for each class; the label; or gradient and curvature of a boosted score. */
export type Statistic = 'classes' | 'label' | 'gradients';

/** What falls into one bin of one feature in one leaf of the tree so far. */
export interface HistogramCell {
  readonly leaf: number;
  readonly feature: number;
  readonly bin: number;
  /** Distinct units. */
  readonly units: number;
  readonly sums: readonly number[];
}

export interface HistogramRequest {
  readonly tree: SplitTree;
  readonly statistic: Statistic;
  /** Chooses the units that a tree of a forest learns from; absent: all. */
  readonly bootstrap?: number;
}

/** Which mean a generalised linear model has: what its inverse link is. */
export type Mean = 'logistic' | 'poisson' | 'gamma';

export interface NewtonSums {
  /** Σ r·x over the design with a leading 1. */
  readonly gradient: Float64Array;
  /** Σ w·x·xᵀ, row-major. */
  readonly hessian: Float64Array;
}

/**
 * Everything a learner may know of the units it learns from: sums over them, never a row. One unit is one row. Design columns are as they stand in
 * the encoded rows divided by their `one`; the label of a number is a share of its bounds. All of it is exact or rounded the same way every time.
 * Source: models-and-audit.md §1.7 (every training step is an aggregate query); issue "Models" (trained over SQL aggregates).
 */
export interface Aggregates {
  /** Units that train. */
  readonly units: number;
  /** By design column: units that are not at its most frequent value. */
  readonly support: readonly number[];
  /** By class: units. Empty without classes. */
  readonly classUnits: readonly number[];
  /** Units by class (one row without classes), feature and bin. */
  binUnits(): Promise<readonly (readonly (readonly number[])[])[]>;
  /** Σ x·xᵀ and Σ x·y over the chosen design columns with a leading 1; for classes one Σ x·[y = c] for each. */
  crossProducts(
    columns: readonly number[],
  ): Promise<{ readonly xx: Float64Array; readonly xy: readonly Float64Array[]; readonly yy: number }>;
  newton(columns: readonly number[], coefficients: Float64Array, mean: Mean): Promise<NewtonSums>;
  /** Σ (p_c − [y = c])·x for each class. */
  softmaxGradient(columns: readonly number[], coefficients: readonly Float64Array[]): Promise<readonly Float64Array[]>;
  /** By nearest centre: units and sums of the design columns; and the sum of squared distances. */
  assign(
    centres: readonly Float64Array[],
  ): Promise<{ readonly units: readonly number[]; readonly sums: readonly Float64Array[]; readonly inertia: number }>;
  histograms(request: HistogramRequest): Promise<readonly HistogramCell[]>;
  /** Begins boosted scores at `base`; `addScores` adds a tree whose leaves are settled. */
  startScores(base: number, mean: 'logistic' | 'identity'): Promise<void>;
  addScores(tree: SplitTree, leaves: readonly number[]): Promise<void>;
}
