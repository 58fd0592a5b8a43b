import type { Contribution } from './contributions.ts';
import type { Monomial } from './shown-query.ts';

/** One comparison that decides: what was compared, and how it came out. */
export interface Check {
  readonly rule: string;
  readonly passes: boolean;
  /** Units counted; null where the rule weighs instead. */
  readonly units: number | null;
}

const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);
const total = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);

/** How many figures are not the commonest one. */
function off(figures: readonly (bigint | number)[]): number {
  const counts = new Map<bigint | number, number>();
  for (const figure of figures) counts.set(figure, (counts.get(figure) ?? 0) + 1);
  return figures.length - Math.max(0, ...counts.values());
}

/** (2, 90 %), withheld at equality; p % with 10 %. `most` bounds the total where rows are repeated for several units. */
function dominance(shares: readonly bigint[], most: bigint | null): readonly Check[] {
  const [first = 0n, second = 0n] = shares.toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0));
  const sum = total(shares);
  const all = most !== null && most < sum ? most : sum;
  return [
    { rule: 'dominance', passes: (first + second) * 10n < all * 9n, units: null },
    { rule: 'p', passes: (all - first - second) * 10n >= first, units: null },
  ];
}

export interface RuleInput {
  readonly monomial: Monomial;
  /** By unit of one instance. */
  readonly own: readonly Contribution[];
  /** Totals of the rows themselves, where units of this instance share rows; else null. */
  readonly plain: readonly Contribution[] | null;
  readonly k: number;
  readonly unitsAreCounted: boolean;
  readonly sensitive: boolean;
}

export const isContributing = (monomial: Monomial, item: Contribution): boolean =>
  monomial.kind === 'value' ? item.sum !== 0n : monomial.kind === 'present' ? item.present > 0 : item.rows > 0;

/** Every rule one monomial must pass in one cell for one unit instance. Source: gate.md §5, §6. */
export function checksOf({ monomial, own, plain, k, unitsAreCounted, sensitive }: RuleInput): readonly Check[] {
  const atLeast = (rule: string, units: number): Check => ({ rule, passes: units >= k, units });
  const noneOr = (rule: string, units: number): Check => ({ rule, passes: units === 0 || units >= k, units });
  const most = (of: (item: Contribution) => bigint): bigint | null => (plain === null ? null : total(plain.map(of)));
  const checks: Check[] = [atLeast('units', own.filter((item) => isContributing(monomial, item)).length)];
  if (monomial.kind === 'unit') return checks;
  const count = (item: Contribution): number => (monomial.kind === 'rows' ? item.rows : item.present);
  const owned = own.filter((item) => count(item) > 0);
  checks.push(
    ...dominance(
      owned.map((item) => BigInt(count(item))),
      most((item) => BigInt(count(item))),
    ),
  );
  if (unitsAreCounted) checks.push(noneOr('totals', off(owned.map((item) => (monomial.kind === 'value' ? item.sum : count(item))))));
  if (monomial.kind === 'rows') return checks;
  checks.push(noneOr('nulls', own.filter((item) => item.present < item.rows).length));
  if (monomial.kind === 'present') return checks;
  checks.push(
    ...dominance(
      owned.map((item) => magnitude(item.sum)),
      most((item) => magnitude(item.sum)),
    ),
  );
  checks.push(
    ...dominance(
      owned.map((item) => item.absolute),
      most((item) => item.absolute),
    ),
  );
  const alike = new Map<bigint | null, number>();
  for (const item of owned) if (item.low === item.high) alike.set(item.low, (alike.get(item.low) ?? 0) + 1);
  checks.push(noneOr('values', owned.length - Math.max(0, ...alike.values())));
  const values = new Set(owned.flatMap((item) => [item.low, item.high]));
  if (sensitive) checks.push({ rule: 'one value', passes: values.size !== 1, units: null });
  return checks;
}
