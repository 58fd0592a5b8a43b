import type { Split } from './split-tree.ts';

/** A tree of a model: leaves say a value for each output, and how many units learnt it (never released). */
export type FittedTree =
  | { readonly values: readonly number[]; readonly units: number }
  | { readonly split: Split; readonly units: number; readonly left: FittedTree; readonly right: FittedTree };

/** Coefficients by output: the first of each is the intercept, the others stand at the design columns of `columns`. */
export interface LinearModel {
  readonly kind: 'linear';
  readonly columns: readonly number[];
  readonly coefficients: readonly (readonly number[])[];
  readonly finish: 'none' | 'logistic' | 'softmax' | 'exp';
}

/** Trees whose leaves are added up: trees, forests, boosting, and what is one small tree for each feature. */
export interface TreesModel {
  readonly kind: 'trees';
  readonly trees: readonly FittedTree[];
  readonly base: readonly number[];
  readonly finish: 'none' | 'logistic' | 'softmax' | 'average';
}

export interface CentresModel {
  readonly kind: 'centres';
  /** By cluster, one number for each design column. */
  readonly centres: readonly (readonly number[])[];
  readonly units: readonly number[];
}

/** What was learnt, rounded. Everything in it but counts of units may be released. */
export type FittedModel = LinearModel | TreesModel | CentresModel;

/** Why nothing was learnt; for operators and on simulation data. */
export type TrainingFault = 'few_units' | 'class_units' | 'no_features' | 'not_solvable' | 'cluster_units' | 'too_wide' | 'near_another';

/** Ends training. */
export class TrainingRefused extends Error {
  readonly fault: TrainingFault;
  constructor(fault: TrainingFault) {
    super(fault);
    this.fault = fault;
  }
}
