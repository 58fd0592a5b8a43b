import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { addDecimals, compareDecimals, type Decimal, multiplyDecimals, parseDecimal, subtractDecimals } from '../kernel/decimal.ts';
import type { CellEvidence, Requirement, Spread, TermEvidence } from './evidence.ts';
import { largestUnits } from './largest-units.ts';

export type RuleId =
  | 'threshold.k'
  | 'dominance.nk'
  | 'dominance.p'
  | 'complement.null'
  | 'complement.pair'
  | 'value-class.rows'
  | 'value-class.totals'
  | 'homogeneity.sensitive'
  | 'piece.empty'
  | 'rate.filter'
  | 'operand.few'
  | 'functionals.cap'
  | SpecialRuleId;

/** Rules of aggregates that are no sums. */
export type SpecialRuleId =
  | 'squares.nk'
  | 'squares.p'
  | 'pair.freedom'
  | 'pair.level'
  | 'pair.identity'
  | 'window.k'
  | 'window.class'
  | 'mode.support';

export type Outcome = 'pass' | 'undecided' | 'fail';

export interface RuleOutcome {
  readonly rule: RuleId;
  readonly outcome: Outcome;
  /** For operators only: how many units (or buckets) the rule counted, where it counts. */
  readonly counted?: number;
}

/** Every rule an output must pass in one cell, for one unit instance. */
export function checkOutput(evidence: CellEvidence, requirement: Requirement, policy: DisclosurePolicy): readonly RuleOutcome[] {
  const term = evidence.terms[requirement.term];
  if (term === undefined) return [{ rule: 'threshold.k', outcome: 'fail' }];
  const rules: RuleOutcome[] = [atLeastK('threshold.k', term.contributors, evidence, policy)];
  if (requirement.kind === 'unit') return rules;
  for (const spread of term.spreads) rules.push(...dominance(spread, evidence, policy));
  if (requirement.kind !== 'rows') rules.push(noneOrK('complement.null', term.nulls, evidence, policy));
  if (requirement.kind === 'value') rules.push(rowsClass(term, evidence, policy));
  if (requirement.unitsAreCounted) rules.push(totalsClass(term, evidence, policy));
  if (requirement.sensitive) rules.push(homogeneity(term, evidence));
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

function rowsClass(term: TermEvidence, evidence: CellEvidence, policy: DisclosurePolicy): RuleOutcome {
  if (term.oneValue) return { rule: 'value-class.rows', outcome: 'pass', counted: 0 };
  if (term.rowsOff === null) return { rule: 'value-class.rows', outcome: shortfall(evidence) };
  const open = evidence.basis === 'buckets' && term.rowsOff === 0; // buckets of one value each may still differ
  return open ? { rule: 'value-class.rows', outcome: 'undecided' } : noneOrK('value-class.rows', term.rowsOff, evidence, policy);
}

/** A sensitive column of which all contributing rows hold one value tells everybody's value. */
function homogeneity(term: TermEvidence, evidence: CellEvidence): RuleOutcome {
  if (term.oneValue) return { rule: 'homogeneity.sensitive', outcome: 'fail' };
  const unseen = evidence.basis === 'buckets' && (term.rowsOff ?? 0) === 0;
  return { rule: 'homogeneity.sensitive', outcome: unseen ? 'undecided' : 'pass' };
}

function totalsClass(term: TermEvidence, evidence: CellEvidence, policy: DisclosurePolicy): RuleOutcome {
  if (term.totalsOff === null) return { rule: 'value-class.totals', outcome: shortfall(evidence) };
  return noneOrK('value-class.totals', term.totalsOff, evidence, policy);
}

/** Whether one or two contributors carry a magnitude, by (n, k) dominance or p %. Source: gate.md §6. */
export function isDominated(spread: Spread, policy: DisclosurePolicy): boolean {
  const largest = largestUnits(spread, policy);
  const rest = subtractDecimals(spread.total, addDecimals(spread.first, spread.second));
  return (
    compareDecimals(largest, multiplyDecimals(fraction(policy.dominance.share), spread.total)) >= 0 ||
    compareDecimals(rest, multiplyDecimals(fraction(policy.pShare), spread.first)) < 0
  );
}

/**
 * (2, 90 %) and p % on absolute totals: safe if x1 + x2 < share × X and X − x1 − x2 ≥ p × x1.
 * Bucket totals bound the unit totals in them, so that what passes on buckets passes on units.
 * Source: gate.md §6, egress-rules.md §3.
 */
function dominance(spread: Spread, evidence: CellEvidence, policy: DisclosurePolicy): readonly RuleOutcome[] {
  const largest = largestUnits(spread, policy);
  const rest = subtractDecimals(spread.total, addDecimals(spread.first, spread.second));
  const isDominated = compareDecimals(largest, multiplyDecimals(fraction(policy.dominance.share), spread.total)) >= 0;
  const isNarrow = compareDecimals(rest, multiplyDecimals(fraction(policy.pShare), spread.first)) < 0;
  return [
    { rule: 'dominance.nk', outcome: isDominated ? shortfall(evidence) : 'pass' },
    { rule: 'dominance.p', outcome: isNarrow ? shortfall(evidence) : 'pass' },
  ];
}

/** Shares that were read, by their number: every cell asks for the same two. */
const FRACTIONS = new Map<number, Decimal>();

function fraction(share: number): Decimal {
  const value = FRACTIONS.get(share) ?? parseDecimal(String(share));
  if (value === undefined) throw new Error('A policy share is no decimal');
  FRACTIONS.set(share, value);
  return value;
}
