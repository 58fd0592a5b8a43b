import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { addDecimals, compareDecimals, integer, multiplyDecimals, parseDecimal, subtractDecimals } from '../kernel/decimal.ts';
import type { Spread } from './evidence.ts';
import type { Outcome, RuleId, RuleOutcome } from './evidence-rules.ts';
import { largestUnits } from './largest-units.ts';

/**
 * Rules over what was measured for aggregates that are no sums. They come on top of those for the terms of the
 * aggregate; where several units of a type are counted by buckets, `basis` says so and too few decide nothing.
 */
export type Basis = 'buckets' | 'units';

/** Units beyond the fitted parameters, whatever k is. Source: gate.md §5; egress-rules.md §3 (residual DoF), cases F1, F4. */
const RESIDUAL_DEGREES = 10;

/** A column with at most so many values in a cell is discrete. Source: gate.md §5 (discrete regressors). */
export const MOST_LEVELS = 20;

/** Too few units fail; too few buckets leave it open. */
function shortfall(basis: Basis): Outcome {
  return basis === 'units' ? 'fail' : 'undecided';
}

/** (2, 90 %) and p % on shares of Σ(x − x̄)² or Σ|(x − x̄)(y − ȳ)|. Source: gate.md §5; egress-rules.md §3. */
export function squaresRules(spread: Spread, basis: Basis, policy: DisclosurePolicy): readonly RuleOutcome[] {
  return spreadRules(['squares.nk', 'squares.p'], spread, basis, policy);
}

/** Safe if x1 + x2 < share × X and X − x1 − x2 ≥ p × x1. */
function spreadRules(names: readonly [RuleId, RuleId], spread: Spread, basis: Basis, policy: DisclosurePolicy): readonly RuleOutcome[] {
  const largest = largestUnits(spread, policy);
  const rest = subtractDecimals(spread.total, addDecimals(spread.first, spread.second));
  const isDominated = compareDecimals(largest, multiplyDecimals(fraction(policy.dominance.share), spread.total)) >= 0;
  const isNarrow = compareDecimals(rest, multiplyDecimals(fraction(policy.pShare), spread.first)) < 0;
  return [
    { rule: names[0], outcome: isDominated ? shortfall(basis) : 'pass' },
    { rule: names[1], outcome: isNarrow ? shortfall(basis) : 'pass' },
  ];
}

function fraction(share: number): Spread['total'] {
  const value = parseDecimal(String(share));
  if (value === undefined) throw new Error('A policy share is no decimal');
  return value;
}

/** Residual degrees of freedom: units less `parameters` (1 for a spread around a mean, 2 for a line). */
export function freedomRule(units: number, parameters: number, basis: Basis): RuleOutcome {
  return { rule: 'pair.freedom', outcome: units - parameters >= RESIDUAL_DEGREES ? 'pass' : shortfall(basis), counted: units };
}

/** Every level of a discrete column has k units. `rarest` is exact or too low. */
export function levelRule(values: number, rarest: number, basis: Basis, policy: DisclosurePolicy): RuleOutcome {
  const passes = values > MOST_LEVELS || rarest >= policy.k;
  return { rule: 'pair.level', outcome: passes ? 'pass' : shortfall(basis), counted: rarest };
}

/** All units on one line: whoever knows one figure of a unit knows the other. `share` is r or r². */
export function identityRule(share: number | null): RuleOutcome {
  return { rule: 'pair.identity', outcome: share !== null && Math.abs(share) >= 1 ? 'fail' : 'pass' };
}

/** A window of order statistics as one unit type sees it. All counts are of units, exact, or for `below` and `above` too low. */
export interface WindowEvidence {
  readonly units: number;
  /** Units with a row that has not the commonest value of the window. */
  readonly off: number;
  readonly below: number;
  readonly above: number;
  /** Rows per unit in the window; null where rows are shared by several units. */
  readonly rows: Spread | null;
}

/**
 * k units in the window and on each side of it that counts, 0 or k off the commonest value, and no unit that owns the
 * window by its number of rows: the mean of such a window would be that unit's value.
 * @param sides  which sides must hold k units. @param reveals  the column is sensitive and the window has one value.
 * Source: gate.md §5 (quantiles), sql-gate.md §7.3 rule 6.
 */
export function windowRules(
  window: WindowEvidence,
  sides: readonly ('below' | 'above')[],
  reveals: boolean,
  policy: DisclosurePolicy,
): readonly RuleOutcome[] {
  return [
    enough('window.k', window.units, policy),
    ...sides.map((side) => enough('window.k', window[side], policy)),
    { rule: 'window.class', outcome: window.off === 0 || window.off >= policy.k ? 'pass' : 'fail', counted: window.off },
    ...(window.rows === null ? [] : spreadRules(['dominance.nk', 'dominance.p'], window.rows, 'units', policy)),
    { rule: 'homogeneity.sensitive', outcome: reveals ? 'fail' : 'pass' },
  ];
}

/** A value that k units have and, unless all have it, k have not. Source: gate.md §5 (mode with support ≥ k). */
export function modeRules(holders: number, units: number, sensitive: boolean, policy: DisclosurePolicy): readonly RuleOutcome[] {
  const others = units - holders;
  return [
    enough('mode.support', holders, policy),
    { rule: 'mode.support', outcome: others === 0 || others >= policy.k ? 'pass' : 'fail', counted: others },
    { rule: 'homogeneity.sensitive', outcome: sensitive && others === 0 ? 'fail' : 'pass' },
  ];
}

/** So many units stand behind one published value. */
export function supportRule(units: number, basis: Basis, policy: DisclosurePolicy): RuleOutcome {
  return { rule: 'threshold.k', outcome: units >= policy.k ? 'pass' : shortfall(basis), counted: units };
}

/** For a cell of which nothing, or nothing that could be computed with, was found. */
export function nothingFound(): readonly RuleOutcome[] {
  return [{ rule: 'threshold.k', outcome: 'fail', counted: 0 }];
}

/** Rows per unit as a spread. */
export function rowSpread(total: number | bigint, first: number | bigint, second: number | bigint): Spread {
  return { total: integer(total), first: integer(first), second: integer(second) };
}

function enough(rule: RuleId, units: number, policy: DisclosurePolicy): RuleOutcome {
  return { rule, outcome: units >= policy.k ? 'pass' : 'fail', counted: units };
}
