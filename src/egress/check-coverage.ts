import type { EgressFinding } from './finding.ts';
import { checksOf, type EgressCheck, type ProductKind } from './product-kinds.ts';

/**
 * Names of rules that were applied to a content, and the checks each of them answers for. A name that is not here answers for
 * nothing. `aggregates-only`: no cell but what a gate over at least k units gave. `discrete-noise`, `contribution-bounds` and
 * `privacy-budget` bound together what any release says of one unit, alone or beside all others (differential privacy). `coarse-scores`: shares over a thousand rows at
 * least, at two decimals, in which what fewer than k rows say counts for nothing; `few-reports`: so many of a version and no more. Source: requirements.md §10.2; gate.md §1.
 */
const ANSWERED_BY: Readonly<Partial<Record<EgressCheck, readonly string[]>>> = {
  P: ['grant-scope'],
  S: ['canonical-writers', 'result-format'],
  X: ['aggregates-only', 'coarse-scores', 'discrete-noise', 'raw-match', 'public-source', 'definition-only'],
  M: ['aggregates-only', 'coarse-scores', 'discrete-noise', 'masking-lineage', 'public-source', 'definition-only'],
  C: ['lawful-basis', 'consent'],
  K: ['units', 'coarse-scores', 'contribution-bounds', 'each-call-gated'],
  D: ['release-ledger', 'few-reports', 'privacy-budget', 'each-call-gated', 'enumeration-guard'],
  R: ['aggregates-only', 'coarse-scores', 'discrete-noise', 'reversibility', 'public-source', 'definition-only'],
  L: ['release-ledger', 'few-reports', 'privacy-budget', 'linkage', 'each-call-gated', 'enumeration-guard'],
};

/** Checks that the workflow itself carries out, after the content is sealed. Source: requirements.md §10.3 (order). */
const BY_WORKFLOW: readonly EgressCheck[] = ['A', 'H', 'F', 'W', 'O'];

/** The rules of a content that answer for a check. Source: requirements.md §10.2. */
export function rulesFor(check: EgressCheck, criteria: readonly string[]): readonly string[] {
  return (ANSWERED_BY[check] ?? []).filter((rule) => criteria.includes(rule));
}

/** Checks that a kind requires and that no rule of the content answers for: reason to stop. Source: requirements.md §10.3. */
export function uncoveredChecks(kind: ProductKind, criteria: readonly string[]): readonly EgressCheck[] {
  return checksOf(kind).flatMap(({ check, need }) =>
    need === 'required' && !BY_WORKFLOW.includes(check) && rulesFor(check, criteria).length === 0 ? [check] : [],
  );
}

/** A hard finding for each required check that was not carried out: what nobody checked does not leave. Source: requirements.md §10.3. */
export function coverageFindings(kind: ProductKind, criteria: readonly string[]): readonly EgressFinding[] {
  return uncoveredChecks(kind, criteria).map((check) => ({
    rule: 'check-not-run',
    severity: 'hard',
    check,
    version: '1',
    text: `Check ${check} is required for ${kind} and no rule of it was applied to this content.`,
    fix: 'Have the content made by a path that carries out the check.',
  }));
}
