import { rhoOf } from '../../../synthetic/privacy/zcdp.ts';
import type { AlgorithmName } from './algorithms.ts';

/** Steps of a logistic regression under differential privacy: each has its part of the budget. Source: Böhning 1992 (a bound in the place of the curvature). */
export const PRIVATE_STEPS = 12;

/** What of a specification decides whether it has a private form. */
export interface PrivatelyAsked {
  readonly algorithm: AlgorithmName;
  readonly label?: { readonly type: string } | undefined;
  readonly params: { readonly max_depth?: number };
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
};

/** The algorithms that may be learnt under differential privacy. Source: issue "Models" (differentially private variants). */
export const PRIVATE_ALGORITHMS: readonly string[] = Object.keys(QUESTIONS).sort();

/** How often the sums of a specification are asked under differential privacy; null where it has no private form. Source: issue "Models". */
export function privateQuestions(spec: PrivatelyAsked): number | null {
  if (spec.algorithm === 'logistic_regression' && spec.label?.type !== 'binary') return null;
  return QUESTIONS[spec.algorithm]?.(spec) ?? null;
}

/** ρ that a specification asks for; null where it asks for none. Source: Bun, Steinke 2016; models-and-audit.md §1.4. */
export function privateRho({ privacy }: Pick<PrivatelyAsked, 'privacy'>): number | null {
  return privacy.mode === 'dp' ? rhoOf(privacy.epsilon, privacy.delta) : null;
}
