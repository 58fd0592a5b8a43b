import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { addDecimals, compareDecimals, type Decimal, multiplyDecimals, parseDecimal, subtractDecimals } from '../kernel/decimal.ts';
import type { CellEvidence, Requirement, Spread, TermEvidence } from './evidence.ts';
import { largestOf, largestUnits } from './largest-units.ts';

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
  const rules: RuleOutcome[] = [];
  everyRule(evidence, requirement, policy, (rule, outcome, counted) => {
    rules.push(counted === undefined ? { rule, outcome } : { rule, outcome, counted });
    return true;
  });
  return rules;
}

/** Whether all of them pass. There are cells by the ten thousand, of which nearly all do. */
export function passesOutput(evidence: CellEvidence, requirement: Requirement, policy: DisclosurePolicy): boolean {
  return everyRule(evidence, requirement, policy, isPass);
}

/** Takes what one rule said; false where no other is asked for. */
type TakeRule = (rule: RuleId, outcome: Outcome, counted?: number) => boolean;

function isPass(_: RuleId, outcome: Outcome): boolean {
  return outcome === 'pass';
}

function everyRule(evidence: CellEvidence, requirement: Requirement, policy: DisclosurePolicy, take: TakeRule): boolean {
  const term = evidence.terms[requirement.term];
  if (term === undefined) return take('threshold.k', 'fail');
  if (!take('threshold.k', term.contributors >= policy.k ? 'pass' : shortfall(evidence), term.contributors)) return false;
  if (requirement.kind === 'unit') return true;
  for (const spread of term.spreads) if (!dominance(spread, evidence, policy, take)) return false;
  return (
    (requirement.kind === 'rows' || take('complement.null', noneOrK(term.nulls, evidence, policy), term.nulls)) &&
    (requirement.kind !== 'value' || rowsClass(term, evidence, policy, take)) &&
    (!requirement.unitsAreCounted || totalsClass(term, evidence, policy, take)) &&
    (!requirement.sensitive || take('homogeneity.sensitive', homogeneity(term, evidence)))
  );
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

function noneOrK(counted: number, evidence: CellEvidence, policy: DisclosurePolicy): Outcome {
  return counted === 0 || counted >= policy.k ? 'pass' : shortfall(evidence);
}

function rowsClass({ oneValue, rowsOff }: TermEvidence, evidence: CellEvidence, policy: DisclosurePolicy, take: TakeRule): boolean {
  if (oneValue) return take('value-class.rows', 'pass', 0);
  if (rowsOff === null) return take('value-class.rows', shortfall(evidence));
  // Buckets of one value each may still differ.
  if (evidence.basis === 'buckets' && rowsOff === 0) return take('value-class.rows', 'undecided');
  return take('value-class.rows', noneOrK(rowsOff, evidence, policy), rowsOff);
}

/** A sensitive column of which all contributing rows hold one value tells everybody's value. */
function homogeneity(term: TermEvidence, evidence: CellEvidence): Outcome {
  if (term.oneValue) return 'fail';
  return evidence.basis === 'buckets' && (term.rowsOff ?? 0) === 0 ? 'undecided' : 'pass';
}

function totalsClass({ totalsOff }: TermEvidence, evidence: CellEvidence, policy: DisclosurePolicy, take: TakeRule): boolean {
  if (totalsOff === null) return take('value-class.totals', shortfall(evidence));
  return take('value-class.totals', noneOrK(totalsOff, evidence, policy), totalsOff);
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
function dominance(spread: Spread, evidence: CellEvidence, policy: DisclosurePolicy, take: TakeRule): boolean {
  if (isClearlySpread(spread, policy)) return take('dominance.nk', 'pass') && take('dominance.p', 'pass');
  const largest = largestUnits(spread, policy);
  const rest = subtractDecimals(spread.total, addDecimals(spread.first, spread.second));
  const isDominated = compareDecimals(largest, multiplyDecimals(fraction(policy.dominance.share), spread.total)) >= 0;
  const isNarrow = compareDecimals(rest, multiplyDecimals(fraction(policy.pShare), spread.first)) < 0;
  return take('dominance.nk', isDominated ? shortfall(evidence) : 'pass') && take('dominance.p', isNarrow ? shortfall(evidence) : 'pass');
}

/** Rounding of doubles is ten million times smaller. */
const MARGIN = 1e-9;

/** Whether both rules pass by so much that rounding cannot matter; what is nearer to an edge is computed exactly. */
function isClearlySpread({ total, first, second }: Spread, policy: DisclosurePolicy): boolean {
  if (total.scale !== first.scale || total.scale !== second.scale) return false;
  const [all, one, two] = [Number(total.digits), Number(first.digits), Number(second.digits)];
  const edge = MARGIN * all;
  return largestOf(one, two, policy) + edge < policy.dominance.share * all && all - one - two > policy.pShare * one + edge;
}

/** Shares that were read, by their number: every cell asks for the same two. */
const FRACTIONS = new Map<number, Decimal>();

function fraction(share: number): Decimal {
  const value = FRACTIONS.get(share) ?? parseDecimal(String(share));
  if (value === undefined) throw new Error('A policy share is no decimal');
  FRACTIONS.set(share, value);
  return value;
}
