import { rhoOf } from '../../../synthetic/privacy/zcdp.ts';
import type { AlgorithmName } from './algorithms.ts';

/** Steps of a logistic regression under differential privacy: each has its part of the budget. Source: Böhning 1992 (a bound in the place of the curvature). */
export const PRIVATE_STEPS = 12;

/** Steps of k-means under differential privacy. Source: Su, Cao, Li, Bertino, Jin 2016 (few rounds, declared start). */
export const PRIVATE_ROUNDS = 5;
/** Stumps of a scorecard. */
export const SCORECARD_ROUNDS = 60;

/** What of a specification decides whether it has a private form. */
export interface PrivatelyAsked {
  readonly algorithm: AlgorithmName;
  readonly label?: { readonly type: string } | undefined;
  readonly params: { readonly max_depth?: number; readonly n_trees?: number };
  readonly privacy: { readonly mode: 'checked' } | { readonly mode: 'dp'; readonly epsilon: number; readonly delta: number };
}

/** How often the sums of an algorithm are asked. */
const QUESTIONS: Readonly<Partial<Record<AlgorithmName, (spec: PrivatelyAsked) => number>>> = {
  linear_regression: () => 1,
  ridge_regression: () => 1,
  logistic_regression: () => PRIVATE_STEPS + 1,
  naive_bayes: () => 1,
  decision_tree_classifier: ({ params }) => params.max_depth ?? 3,
  decision_tree_regressor: ({ params }) => params.max_depth ?? 3,
  // Counts of bins once, then each level of each tree.
  random_forest_classifier: ({ params }) => 1 + (params.n_trees ?? 20) * (params.max_depth ?? 4),
  random_forest_regressor: ({ params }) => 1 + (params.n_trees ?? 20) * (params.max_depth ?? 4),
  gbdt_classifier: ({ params }) => 1 + (params.n_trees ?? 50) * (params.max_depth ?? 3),
  gbdt_regressor: ({ params }) => 2 + (params.n_trees ?? 50) * (params.max_depth ?? 3),
  scorecard: () => 1 + SCORECARD_ROUNDS,
  kmeans: () => PRIVATE_ROUNDS + 1,
};

/** The algorithms that may be learnt under differential privacy. Source: issue "Models" (differentially private variants). */
export const PRIVATE_ALGORITHMS: readonly string[] = Object.keys(QUESTIONS).sort();

/** How often the sums of a specification are asked under differential privacy; null where it has no private form. Source: issue "Models". */
export function privateQuestions(spec: PrivatelyAsked): number | null {
  return QUESTIONS[spec.algorithm]?.(spec) ?? null;
}

/** ρ that a specification asks for; null where it asks for none. Source: Bun, Steinke 2016; models-and-audit.md §1.4. */
export function privateRho({ privacy }: Pick<PrivatelyAsked, 'privacy'>): number | null {
  return privacy.mode === 'dp' ? rhoOf(privacy.epsilon, privacy.delta) : null;
}
