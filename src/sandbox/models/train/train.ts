import type { Layout } from '../spec/layout.ts';
import { PRIVATE_STEPS, SCORECARD_ROUNDS } from '../spec/private-form.ts';
import type { TrainingSpec } from '../spec/training-spec.ts';
import { asScorecard, naiveBayes } from './additive.ts';
import type { Aggregates } from './aggregates.ts';
import { type FittedModel, TrainingRefused } from './fitted.ts';
import { kmeans, privateKmeans } from './kmeans.ts';
import { generalised, leastSquares, multinomial } from './linear.ts';
import { type BoostOptions, boosting, forest, singleTree } from './trees.ts';

/** Units below which nothing is learnt, by k. Source: models-and-audit.md M04. */
export function leastCohort(k: number): number {
  return Math.max(100, 10 * k);
}

/**
 * Learns the model of a specification from sums over units. `k` holds at every node, level, bin and cluster while it learns. The same sums
 * give the same model. Throws TrainingRefused where too few units stand behind it. Source: issue "Models" (declarative training); models-and-audit.md §1.7.
 */
export async function train(spec: TrainingSpec, layout: Layout, sums: Aggregates, k: number): Promise<FittedModel> {
  if (sums.units < leastCohort(k)) throw new TrainingRefused('few_units');
  const bits = spec.release.precision_bits;
  const isPrivate = spec.privacy.mode === 'dp';
  const lambda = spec.params.lambda ?? 0;
  const options = { k, bits, lambda, ...(isPrivate ? { steps: PRIVATE_STEPS, isPrivate } : {}) };
  switch (spec.algorithm) {
    case 'linear_regression':
    case 'ridge_regression':
      return leastSquares(sums, layout, options);
    case 'logistic_regression':
      return sums.classUnits.length > 2 ? multinomial(sums, options) : generalised(sums, layout, 'logistic', options);
    case 'poisson_regression':
      return generalised(sums, layout, 'poisson', options);
    case 'gamma_regression':
      return generalised(sums, layout, 'gamma', options);
    case 'naive_bayes':
      return naiveBayes(layout, sums.classUnits, await sums.binUnits(), options);
    case 'scorecard':
      return asScorecard(await boosting(sums, layout, stumps(options)), sums, layout, options);
    case 'kmeans':
      return isPrivate ? privateKmeans(sums, layout, spec, options) : kmeans(sums, layout, spec, options);
    case 'decision_tree_classifier':
    case 'decision_tree_regressor':
      return singleTree(sums, layout, spec, options);
    case 'random_forest_classifier':
    case 'random_forest_regressor':
      return forest(sums, layout, spec, options);
    case 'gbdt_classifier':
    case 'gbdt_regressor': {
      const { max_depth: depth = 3, n_trees: rounds = 50, learning_rate: rate = 0.1, min_leaf: leaf = k } = spec.params;
      return boosting(sums, layout, { ...options, depth, rounds, rate, leastUnits: Math.max(k, leaf) });
    }
  }
}

function stumps(options: { readonly k: number; readonly bits: number; readonly lambda: number }): BoostOptions {
  return { ...options, depth: 1, rounds: SCORECARD_ROUNDS, rate: 0.3, leastUnits: options.k };
}
