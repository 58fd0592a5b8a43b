import type { DisclosurePolicy } from '../../catalog/disclosure-policy.ts';
import { compareDecimals, type Decimal, integer, multiplyDecimals, subtractDecimals } from '../../kernel/decimal.ts';
import type { Spread } from '../evidence.ts';
import { isDominated } from '../evidence-rules.ts';
import { largestOf } from '../largest-units.ts';
import { coarsen, combineSketches, differingUnits, type Sketch, supportOf, type Totals } from './sketch.ts';

/** What a difference of figures would tell: nobody's figure, that of fewer than k units, or that of one or two of many. */
export type Verdict = 'far' | 'near' | 'dominated';

export interface Weight {
  readonly verdict: Verdict;
  /** At least how many units the difference rests on. */
  readonly units: number;
}

/** How a difference is to be weighed. */
export interface Weighing {
  /** Whether size matters (sums); false for counts, where only heads do. */
  readonly isMagnitude: boolean;
  /**
   * `one`: all unit totals of the difference have one sign, as in a total without its parts. `mixed`: unknown; then two
   * opposite units may hide one another in a bucket, and the thresholds are widened so that one of them and the rest of
   * its bucket cannot.
   */
  readonly signs: 'one' | 'mixed';
}

/**
 * Weighs a combination of figures that has been formed already.
 *
 * `near`: fewer than k units, none included. `dominated`: the two largest of the bucket totals, which bound unit totals
 * where all have one sign, hold (n, k) or p %. Exact arithmetic. Does not see two opposite totals in one bucket.
 * Source: gate.md §7 (differences have weight), ADR 0014.
 */
export function weigh(difference: Sketch, policy: DisclosurePolicy, weighing: Weighing): Weight {
  const units = supportOf(difference);
  if (units < policy.k) return { verdict: 'near', units };
  if (!weighing.isMagnitude) return { verdict: 'far', units };
  const isLoose = isDominated(spreadOf(difference.totals), weighing.signs === 'one' ? policy : widened(policy));
  return { verdict: isLoose ? 'dominated' : 'far', units };
}

/**
 * Weighs `a − b`, two figures that stand or would stand side by side. `dominated` only where the difference tells more
 * than one of the figures alone: where what hides its largest unit is at least nine tenths of what hides it there, and the
 * unit is hardly larger, the other figure has nothing to do with it (a count beside a sum). Where doubles tell safely that no unit dominates, exact totals are not formed: thousands of cells are
 * weighed against tens of entries. Source: gate.md §7, ADR 0014.
 */
export function weighPair(a: Sketch, b: Sketch, policy: DisclosurePolicy, weighing: Weighing): Weight {
  const units = differingUnits(a, b);
  if (units >= policy.k && (!weighing.isMagnitude || isClearlyLoose(a, b, policy, weighing))) return { verdict: 'far', units };
  const difference = combineSketches([
    { sketch: a, coefficient: 1 },
    { sketch: b, coefficient: -1 },
  ]);
  const weight = weigh(difference, policy, weighing);
  if (weight.verdict !== 'dominated') return weight;
  const isFine = difference.fine !== null;
  const isOld = [a, b].some((known) => tellsNoMore(spreadOf(difference.totals), spreadOf((isFine ? known : coarsen(known)).totals)));
  return isOld ? { ...weight, verdict: 'far' } : weight;
}

const [NINE, TEN, ELEVEN] = [integer(9), integer(10), integer(11)];

function tellsNoMore(difference: Spread, known: Spread): boolean {
  const rest = (spread: Spread): Decimal => subtractDecimals(subtractDecimals(spread.total, spread.first), spread.second);
  const isHidden = compareDecimals(multiplyDecimals(rest(difference), TEN), multiplyDecimals(rest(known), NINE)) >= 0;
  return isHidden && compareDecimals(multiplyDecimals(difference.first, TEN), multiplyDecimals(known.first, ELEVEN)) <= 0;
}

function spreadOf(totals: Totals): Spread {
  const sizes = totals.digits.map((value) => (value < 0n ? -value : value));
  let [total, first, second] = [0n, 0n, 0n];
  for (const size of sizes) {
    total += size;
    if (size > first) [first, second] = [size, first];
    else if (size > second) second = size;
  }
  const decimal = (digits: bigint): Decimal => ({ digits, scale: totals.scale });
  return total === 0n ? NOTHING : { total: decimal(total), first: decimal(first), second: decimal(second) };
}

const NOTHING: Spread = { total: integer(0), first: integer(0), second: integer(0) };

/**
 * Thresholds for bucket totals of both signs: where the two largest units hold at least s of all absolute totals, the
 * rest of their buckets takes at most 1 − s from them; where the rest is under p of the largest unit, the largest bucket
 * keeps at least 1 − p of it.
 */
function widened(policy: DisclosurePolicy): DisclosurePolicy {
  const known = WIDENED.get(policy);
  if (known !== undefined) return known;
  const share = Math.max(0, 2 * policy.dominance.share - 1);
  const wide = { ...policy, dominance: { ...policy.dominance, share }, pShare: policy.pShare / (1 - policy.pShare) };
  WIDENED.set(policy, wide);
  return wide;
}

const WIDENED = new WeakMap<DisclosurePolicy, DisclosurePolicy>();

/** The relative error of a few operations on doubles, with room. */
const SLACK = 2 ** -40;

/**
 * Whether what separates a figure from another is that of one or two units (`weighPair` says `dominated`), asked of many others: what doubles
 * rule out costs a few dozen operations each. Never for counts on both sides, whose size tells nothing. Source: gate.md §7.
 */
export function dominanceBeside(figure: Sketch, policy: DisclosurePolicy): (other: Sketch, isMagnitude: boolean) => boolean {
  const own = scaledOf(figure);
  const weighing: Weighing = { isMagnitude: true, signs: 'mixed' };
  return (other, isMagnitude) =>
    isMagnitude &&
    !isLooseFor(own, keptScaled(other), policy, weighing) &&
    weighPair(figure, other, policy, weighing).verdict === 'dominated';
}

function isClearlyLoose(a: Sketch, b: Sketch, policy: DisclosurePolicy, weighing: Weighing): boolean {
  return isLooseFor(keptScaled(a), keptScaled(b), policy, weighing);
}

function isLooseFor(a: Scaled, b: Scaled, policy: DisclosurePolicy, weighing: Weighing): boolean {
  const isFine = a.fine !== null && b.fine !== null;
  const x = isFine ? a.fine : a.lanes();
  const y = isFine ? b.fine : b.lanes();
  let total = 0;
  let first = 0;
  let second = 0;
  let size = 0;
  for (let index = 0; index < x.length; index += 1) {
    const p = x[index] ?? 0;
    const q = y[index] ?? 0;
    const part = Math.abs(p - q);
    size += Math.abs(p) + Math.abs(q);
    total += part;
    if (part > first) {
      second = first;
      first = part;
    } else if (part > second) second = part;
  }
  const error = size * SLACK;
  const { dominance, pShare } = weighing.signs === 'one' ? policy : widened(policy);
  const largest = largestOf(first, second, policy);
  return largest + error < dominance.share * (total - error) && total - first - second - error > pShare * (first + error);
}

/** Totals of a figure as doubles, by bucket where they are known and by lane. */
interface Scaled {
  readonly fine: Float64Array | null;
  readonly lanes: () => Float64Array;
}

const SCALED = new WeakMap<Sketch, Scaled>();

/** Once per sketch, for those that many are compared with. */
function keptScaled(sketch: Sketch): Scaled {
  const known = SCALED.get(sketch);
  if (known !== undefined) return known;
  const scaled = scaledOf(sketch);
  SCALED.set(sketch, scaled);
  return scaled;
}

function scaledOf(sketch: Sketch): Scaled {
  const own = approximate(sketch.totals);
  if (sketch.fine === null) return { fine: null, lanes: () => own };
  let lanes: Float64Array | undefined;
  return { fine: own, lanes: () => (lanes ??= approximate(coarsen(sketch).totals)) };
}

function approximate({ digits, scale }: Totals): Float64Array {
  const unit = 10 ** scale;
  const values = new Float64Array(digits.length);
  for (let at = 0; at < digits.length; at += 1) values[at] = Number(digits[at]) / unit;
  return values;
}
