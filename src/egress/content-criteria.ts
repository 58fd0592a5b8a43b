import type { DisclosureMode } from '../catalog/disclosure-mode.ts';

/** Rules that stand behind every decision of the first form; named on the release, never per cell. Source: gate.md §6. */
const GATE_CRITERIA: readonly string[] = [
  'grant-scope',
  'aggregates-only',
  'canonical-writers',
  'result-format',
  'identifier-scan',
  'units',
  'dominance',
  'p-percent',
  'neutral-conditions',
  'literal-grid',
  'release-ledger',
];

/** Behind noise no cell is judged: bounds on what a unit adds, and the budget. Source: gate.md §8. */
const PRIVATE_CRITERIA: readonly string[] = [
  'grant-scope',
  'canonical-writers',
  'result-format',
  'identifier-scan',
  'contribution-bounds',
  'discrete-noise',
  'privacy-budget',
  'literal-grid',
];

/** Rules behind a fitted model: exact noise for a budget that was taken off before. Source: synthetic-and-masking.md §4.0. */
const FIT_CRITERIA: readonly string[] = ['grant-scope', 'canonical-writers', 'contribution-bounds', 'discrete-noise', 'privacy-budget'];

/** Rules behind a comparison of simulated rows with real ones: shares of many rows, rounded, and few of them. Source: ADR 0027; requirement U6. */
const FIDELITY_CRITERIA: readonly string[] = [
  'grant-scope',
  'canonical-writers',
  'result-format',
  'identifier-scan',
  'coarse-scores',
  'few-reports',
];

/** The rules that stand behind a content: of a question in its mode of disclosure, a fitted model, or a comparison. Source: gate.md §6, §8. */
export function criteriaOf(made: DisclosureMode['kind'] | 'fit' | 'fidelity'): readonly string[] {
  if (made === 'fidelity') return FIDELITY_CRITERIA;
  if (made === 'fit') return FIT_CRITERIA;
  return made === 'dp' ? PRIVATE_CRITERIA : GATE_CRITERIA;
}
