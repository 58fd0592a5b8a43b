import { z } from 'zod';

/** Numbers of a specification come from short lists or ranges of few values: they choose a model, they carry nothing. */
const whole = (least: number, most: number, usual: number) => z.int().min(least).max(most).default(usual);
const oneOf = (usual: number, ...values: readonly number[]) =>
  z
    .number()
    .refine((value) => values.includes(value))
    .default(usual);

const PENALTIES = [0, 0.0001, 0.001, 0.01, 0.1, 0.5, 1, 2, 5, 10, 20, 50, 100, 1000] as const;
const RATES = [0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5, 1] as const;

const trees = {
  max_depth: whole(1, 8, 3),
  /** At least the k of the policy, whatever is asked. */
  min_leaf: whole(1, 100_000, 10),
};
const boosting = z.strictObject({
  ...trees,
  n_trees: whole(1, 200, 50),
  learning_rate: oneOf(0.1, ...RATES),
  lambda: oneOf(1, ...PENALTIES),
});
const forest = z.strictObject({ ...trees, max_depth: whole(1, 8, 4), n_trees: whole(1, 100, 20), features: whole(0, 64, 0) });
const penalised = (usual: number) => z.strictObject({ lambda: oneOf(usual, ...PENALTIES) });
const nothing = z.strictObject({});

/** What an algorithm learns from: a label of which kind, or none. */
export type LabelKind = 'classes' | 'number' | 'count' | 'none';

/** By id: parameters, label, family. What is not here is refused (M01, M02). Source: models-and-audit.md §1.7, §1.9, M01. */
export const ALGORITHMS = {
  linear_regression: { params: nothing, label: 'number', family: 'linear' },
  ridge_regression: { params: penalised(1), label: 'number', family: 'linear' },
  logistic_regression: { params: penalised(1), label: 'classes', family: 'linear' },
  poisson_regression: { params: penalised(0.001), label: 'count', family: 'linear' },
  gamma_regression: { params: penalised(0.001), label: 'number', family: 'linear' },
  naive_bayes: { params: nothing, label: 'classes', family: 'additive' },
  scorecard: { params: penalised(1), label: 'classes', family: 'additive' },
  kmeans: { params: z.strictObject({ k: whole(2, 64, 3), iterations: whole(1, 100, 20) }), label: 'none', family: 'centres' },
  decision_tree_classifier: { params: z.strictObject(trees), label: 'classes', family: 'trees' },
  decision_tree_regressor: { params: z.strictObject(trees), label: 'number', family: 'trees' },
  random_forest_classifier: { params: forest, label: 'classes', family: 'trees' },
  random_forest_regressor: { params: forest, label: 'number', family: 'trees' },
  gbdt_classifier: { params: boosting, label: 'classes', family: 'trees' },
  gbdt_regressor: { params: boosting, label: 'number', family: 'trees' },
} as const satisfies Readonly<Record<string, { readonly params: z.ZodType; readonly label: LabelKind; readonly family: string }>>;

export type AlgorithmName = keyof typeof ALGORITHMS;
/** Parameters of any algorithm: those that it does not have are absent. */
export type Parameters = Readonly<
  Partial<Record<'max_depth' | 'min_leaf' | 'n_trees' | 'learning_rate' | 'lambda' | 'features' | 'k' | 'iterations', number>>
>;

/** Whether a text names an algorithm. Source: models-and-audit.md M01. */
export function isAlgorithm(text: string): text is AlgorithmName {
  return Object.hasOwn(ALGORITHMS, text);
}
