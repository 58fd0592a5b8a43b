import { ALGORITHMS } from '../spec/algorithms.ts';
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
export async function train(spec: TrainingSpec, layout: Layout, given: Aggregates, k: number): Promise<FittedModel> {
  if (given.units < leastCohort(k)) throw new TrainingRefused('few_units');
  const bits = spec.release.precision_bits;
  const isPrivate = spec.privacy.mode === 'dp';
  const { family } = ALGORITHMS[spec.algorithm];
  const sums = !isPrivate && (family === 'linear' || family === 'centres') ? await withRests(given, layout, k) : given;
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

/**
 * Whoever has no column of its own under a feature (first level, other levels, levels of few) stands for what the columns are compared with: an intercept
 * says it. Where fewer than k units do, nobody included, the last column of the feature goes and joins them. Source: models-and-audit.md M11; docs/adr/0051.
 */
async function withRests(sums: Aggregates, layout: Layout, k: number): Promise<Aggregates> {
  const binUnits = await sums.binUnits();
  const support = [...sums.support];
  for (const [at, feature] of layout.features.entries()) {
    if (feature.kind !== 'categorical') continue;
    const own = layout.design.flatMap((column, index) =>
      column.feature === at && (support[index] ?? 0) >= k ? [{ ...column, index }] : [],
    );
    const told = own.reduce((sum, { level }) => sum + binUnits.reduce((part, group) => part + (group[at]?.[level ?? 0] ?? 0), 0), 0);
    const last = own.at(-1);
    if (last !== undefined && sums.units - told < k) support[last.index] = 0;
  }
  return { ...sums, support };
}

function stumps(options: { readonly k: number; readonly bits: number; readonly lambda: number }): BoostOptions {
  return { ...options, depth: 1, rounds: SCORECARD_ROUNDS, rate: 0.3, leastUnits: options.k };
}
