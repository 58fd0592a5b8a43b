import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { addDecimals, compareDecimals, type Decimal, multiplyDecimals, parseDecimal, subtractDecimals } from '../kernel/decimal.ts';
import type { CellEvidence, MonomialEvidence, Requirement, Spread } from './evidence.ts';

export type RuleId =
  | 'threshold.k'
  | 'dominance.nk'
  | 'dominance.p'
  | 'complement.null'
  | 'value-class.rows'
  | 'value-class.totals'
  | 'homogeneity.sensitive';

export type Outcome = 'pass' | 'undecided' | 'fail';

export interface RuleOutcome {
  readonly rule: RuleId;
  readonly outcome: Outcome;
  /** For operators only: how many units (or buckets) the rule counted, where it counts. */
  readonly counted?: number;
}

/** Every rule an output must pass in one cell, for one unit instance. */
export function checkOutput(evidence: CellEvidence, requirement: Requirement, policy: DisclosurePolicy): readonly RuleOutcome[] {
  const monomial = evidence.monomials[requirement.monomial];
  if (monomial === undefined) return [{ rule: 'threshold.k', outcome: 'fail' }];
  const rules: RuleOutcome[] = [atLeastK('threshold.k', monomial.contributors, evidence, policy)];
  if (requirement.kind === 'unit') return rules;
  for (const spread of monomial.spreads) rules.push(...dominance(spread, evidence, policy));
  if (requirement.kind !== 'rows') rules.push(noneOrK('complement.null', monomial.nulls, evidence, policy));
  if (requirement.kind === 'value') rules.push(rowsClass(monomial, evidence, policy));
  if (requirement.unitsAreCounted) rules.push(totalsClass(monomial, evidence, policy));
  if (requirement.sensitive) rules.push(homogeneity(monomial, evidence));
  return rules;
}

/** Worst outcome first: one failure fails, one open question leaves it open. */
export function combine(outcomes: readonly RuleOutcome[]): Outcome {
  if (outcomes.some((item) => item.outcome === 'fail')) return 'fail';
  return outcomes.some((item) => item.outcome === 'undecided') ? 'undecided' : 'pass';
}

/** Too few buckets decide nothing: several units share one. Too few units decide. */
function shortfall(evidence: CellEvidence): Outcome {
  return evidence.basis === 'units' ? 'fail' : 'undecided';
}

function atLeastK(rule: RuleId, counted: number, evidence: CellEvidence, policy: DisclosurePolicy): RuleOutcome {
  return { rule, outcome: counted >= policy.k ? 'pass' : shortfall(evidence), counted };
}

function noneOrK(rule: RuleId, counted: number, evidence: CellEvidence, policy: DisclosurePolicy): RuleOutcome {
  return { rule, outcome: counted === 0 || counted >= policy.k ? 'pass' : shortfall(evidence), counted };
}

function rowsClass(monomial: MonomialEvidence, evidence: CellEvidence, policy: DisclosurePolicy): RuleOutcome {
  if (monomial.oneValue) return { rule: 'value-class.rows', outcome: 'pass', counted: 0 };
  if (monomial.rowsOff === null) return { rule: 'value-class.rows', outcome: shortfall(evidence) };
  const open = evidence.basis === 'buckets' && monomial.rowsOff === 0; // buckets of one value each may still differ
  return open ? { rule: 'value-class.rows', outcome: 'undecided' } : noneOrK('value-class.rows', monomial.rowsOff, evidence, policy);
}

/** A sensitive column of which all contributing rows hold one value tells everybody's value. */
function homogeneity(monomial: MonomialEvidence, evidence: CellEvidence): RuleOutcome {
  if (monomial.oneValue) return { rule: 'homogeneity.sensitive', outcome: 'fail' };
  const unseen = evidence.basis === 'buckets' && (monomial.rowsOff ?? 0) === 0;
  return { rule: 'homogeneity.sensitive', outcome: unseen ? 'undecided' : 'pass' };
}

function totalsClass(monomial: MonomialEvidence, evidence: CellEvidence, policy: DisclosurePolicy): RuleOutcome {
  if (monomial.totalsOff === null) return { rule: 'value-class.totals', outcome: shortfall(evidence) };
  return noneOrK('value-class.totals', monomial.totalsOff, evidence, policy);
}

/**
 * (2, 90 %) and p % on absolute totals: safe if x1 + x2 < share × X and X − x1 − x2 ≥ p × x1.
 * Bucket totals bound the unit totals in them, so that what passes on buckets passes on units.
 * Source: gate.md §6, egress-rules.md §3.
 */
function dominance(spread: Spread, evidence: CellEvidence, policy: DisclosurePolicy): readonly RuleOutcome[] {
  const largest = addDecimals(spread.first, spread.second);
  const rest = subtractDecimals(spread.total, largest);
  const isDominated = compareDecimals(largest, multiplyDecimals(fraction(policy.dominance.share), spread.total)) >= 0;
  const isNarrow = compareDecimals(rest, multiplyDecimals(fraction(policy.pShare), spread.first)) < 0;
  return [
    { rule: 'dominance.nk', outcome: isDominated ? shortfall(evidence) : 'pass' },
    { rule: 'dominance.p', outcome: isNarrow ? shortfall(evidence) : 'pass' },
  ];
}

function fraction(share: number): Decimal {
  const value = parseDecimal(String(share));
  if (value === undefined) throw new Error('A policy share is no decimal');
  return value;
}
