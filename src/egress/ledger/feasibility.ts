import type { DisclosurePolicy } from '../../catalog/disclosure-policy.ts';
import { compareDecimals, type Decimal, decimalNumber } from '../../kernel/decimal.ts';
import type { Spread } from '../evidence.ts';
import { isDominated } from '../evidence-rules.ts';
import { largestOf } from '../largest-units.ts';

/** Unknowns between bounds, and equations `Σ coefficient × unknown = value` over them. */
export interface LinearProblem {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly equations: readonly { readonly terms: ReadonlyMap<number, number>; readonly value: number }[];
}

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Finds what values unknowns can take. Undefined where it fails or takes too long. */
export interface LinearSolver {
  ranges(problem: LinearProblem): readonly Interval[] | undefined;
}

/** A cell of a table of magnitudes or counts. */
export interface TableCell {
  /** Canonical label; ties go by it. */
  readonly label: string;
  readonly value: Decimal;
  readonly units: number;
  /** How its magnitude is spread; null for counts. */
  readonly spread: Spread | null;
  /** Bounds that everybody knows; 0 and infinity where nothing else is. */
  readonly bounds: Interval;
  readonly isWithheld: boolean;
}

/** `cells[total] = Σ cells[part]`. */
export interface TableEquation {
  readonly total: number;
  readonly parts: readonly number[];
}

/** Tables beyond are not solved but withheld as a whole. Source: own design, ADR 0014. */
export const MOST_CELLS = 20_000;

/** Of the size of the value: what a solver's answer may be off. */
const TOLERANCE = 1e-7;

/**
 * How far a withheld magnitude must be uncertain on either side: for p % `p · x1 − (X − x1 − x2)`, for (n, k)
 * `(x1 + … + xn) / share − X`, whichever is more, never under 0. A double that may be off by its last digits.
 * Source: egress-rules.md §3 (protection levels), Handbook table 4.4.
 */
export function protectionLevel(spread: Spread, policy: DisclosurePolicy): number {
  const [total, first, second] = [decimalNumber(spread.total), decimalNumber(spread.first), decimalNumber(spread.second)];
  return Math.max(0, policy.pShare * first - (total - first - second), largestOf(first, second, policy) / policy.dominance.share - total);
}

/**
 * Whether an interval leaves a value uncertain enough: by the level on both sides, and of some width where the level is 0.
 * Source: egress-rules.md §3 (secondary suppression).
 */
export function protects(interval: Interval, value: number, level: number): boolean {
  const slack = TOLERANCE * Math.max(1, Math.abs(value));
  if (interval.high - interval.low <= 2 * slack) return false;
  return interval.high - value >= level - slack && value - interval.low >= level - slack;
}

/** The intervals of the withheld cells, by number of the cell. Undefined where the solver has none. Source: egress-rules.md §4.5. */
export function feasibleIntervals(
  cells: readonly TableCell[],
  equations: readonly TableEquation[],
  solver: LinearSolver,
): ReadonlyMap<number, Interval> | undefined {
  const unknown = [...cells.keys()].filter((at) => cells[at]?.isWithheld === true);
  const column = new Map(unknown.map((at, index) => [at, index] as const));
  const rows = equations.flatMap(({ total, parts }) => {
    const terms = new Map<number, number>();
    let value = 0;
    for (const [at, sign] of [[total, 1] as const, ...parts.map((part) => [part, -1] as const)]) {
      const index = column.get(at);
      if (index === undefined) value -= sign * decimalNumber(cells[at]?.value ?? { digits: 0n, scale: 0 });
      else terms.set(index, (terms.get(index) ?? 0) + sign);
    }
    return terms.size === 0 ? [] : [{ terms, value }];
  });
  const bounds = unknown.map((at) => cells[at]?.bounds ?? { low: 0, high: Number.POSITIVE_INFINITY });
  const problem: LinearProblem = { lower: bounds.map((item) => item.low), upper: bounds.map((item) => item.high), equations: rows };
  const ranges = solver.ranges(problem);
  return ranges === undefined ? undefined : new Map(unknown.map((at, index) => [at, ranges[index] ?? { low: 0, high: 0 }]));
}

/**
 * Withholds further cells until no withheld one can be computed from its neighbours closely enough. In every equation the
 * withheld parts together hold k units or more, are not dominated, and are not just two cells of one contributor each,
 * who know each other's figure by their own; and every withheld cell has an interval as wide as its protection level.
 * Next goes the published part with the fewest units, ties by label, of the equation that fails; the total where there is
 * none. Where the solver fails or the table has more than 20,000 cells, all cells of all equations that are connected with a
 * withheld one go: the rule that needs no proof.
 *
 * Returns the numbers of the cells that go besides those withheld already, rising. Does not look at other tables, nor at
 * what three and more contributors could work out together. Source: egress-rules.md §4.5, gate.md §7, gate-examples.md D19.
 */
export function secondarySuppression(
  cells: readonly TableCell[],
  equations: readonly TableEquation[],
  policy: DisclosurePolicy,
  solver: LinearSolver,
): readonly number[] {
  const primary = new Set([...cells.keys()].filter((at) => cells[at]?.isWithheld === true));
  const withheld = new Set(primary);
  for (let next = firstGap(cells, equations, withheld, policy); next !== undefined; next = firstGap(cells, equations, withheld, policy))
    withheld.add(next);
  while (withheld.size > 0) {
    const state = cells.map((cell, at) => ({ ...cell, isWithheld: withheld.has(at) }));
    const intervals = cells.length > MOST_CELLS ? undefined : feasibleIntervals(state, equations, solver);
    if (intervals === undefined) {
      for (const at of connected(equations, withheld)) withheld.add(at);
      break;
    }
    const next = firstNarrow(state, equations, intervals, primary, policy) ?? firstGap(cells, equations, withheld, policy);
    if (next === undefined) break;
    withheld.add(next);
  }
  return [...withheld].filter((at) => !primary.has(at)).sort((a, b) => a - b);
}

/** The cell that has to go because the withheld parts of an equation are too few, dominated, or singletons among themselves. */
function firstGap(
  cells: readonly TableCell[],
  equations: readonly TableEquation[],
  withheld: ReadonlySet<number>,
  policy: DisclosurePolicy,
): number | undefined {
  for (const equation of equations) {
    const parts = equation.parts.filter((at) => withheld.has(at)).flatMap((at) => cells[at] ?? []);
    if (parts.length === 0 || withheld.has(equation.total)) continue;
    const units = parts.reduce((sum, cell) => sum + cell.units, 0);
    const isPair = parts.length <= 2 && parts.every((cell) => cell.units === 1);
    const spreads = parts.flatMap((cell) => cell.spread ?? []);
    const isLoose = spreads.length === parts.length && isDominated(unionOf(spreads), policy);
    if (units >= policy.k && !isPair && !isLoose) continue;
    const next = nextCell(cells, equation, withheld);
    if (next !== undefined) return next;
  }
  return undefined;
}

/** A cell beside one whose interval is too narrow. Secondary cells need some width, primary ones their level. */
function firstNarrow(
  cells: readonly TableCell[],
  equations: readonly TableEquation[],
  intervals: ReadonlyMap<number, Interval>,
  primary: ReadonlySet<number>,
  policy: DisclosurePolicy,
): number | undefined {
  const withheld = new Set(intervals.keys());
  const narrow = [...intervals].filter(([at, interval]) => {
    const cell = cells[at];
    if (cell === undefined) return false;
    const level = primary.has(at) && cell.spread !== null ? protectionLevel(cell.spread, policy) : 0;
    return !protects(interval, decimalNumber(cell.value), level);
  });
  const near = narrow.flatMap(([at]) => equations.filter((item) => item.total === at || item.parts.includes(at)));
  for (const equation of near) {
    const part = nextPart(cells, equation, withheld);
    if (part !== undefined) return part;
  }
  return near.find((equation) => !withheld.has(equation.total))?.total;
}

function nextCell(cells: readonly TableCell[], equation: TableEquation, withheld: ReadonlySet<number>): number | undefined {
  return nextPart(cells, equation, withheld) ?? (withheld.has(equation.total) ? undefined : equation.total);
}

function nextPart(cells: readonly TableCell[], equation: TableEquation, withheld: ReadonlySet<number>): number | undefined {
  const open = equation.parts.filter((at) => !withheld.has(at) && (cells[at]?.units ?? 0) > 0);
  const order = (a: number, b: number): number =>
    (cells[a]?.units ?? 0) - (cells[b]?.units ?? 0) || ((cells[a]?.label ?? '') < (cells[b]?.label ?? '') ? -1 : 1);
  return [...open].sort(order)[0];
}

/** Cells of different units together: the largest two of all. */
function unionOf(spreads: readonly Spread[]): Spread {
  const [first, second] = spreads.flatMap((item) => [item.first, item.second]).sort((a, b) => compareDecimals(b, a));
  const scale = Math.max(...spreads.map((item) => item.total.scale));
  const digits = spreads.reduce((sum, { total }) => sum + total.digits * 10n ** BigInt(scale - total.scale), 0n);
  const nothing: Decimal = { digits: 0n, scale: 0 };
  return { total: { digits, scale }, first: first ?? nothing, second: second ?? nothing };
}

function connected(equations: readonly TableEquation[], from: ReadonlySet<number>): ReadonlySet<number> {
  const found = new Set(from);
  for (let size = -1; size !== found.size; ) {
    size = found.size;
    for (const { total, parts } of equations) {
      const cells = [total, ...parts];
      if (cells.some((at) => found.has(at))) for (const at of cells) found.add(at);
    }
  }
  return found;
}
