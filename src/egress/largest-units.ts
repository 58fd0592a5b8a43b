import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { addDecimals, compareDecimals, type Decimal, integer, multiplyDecimals } from '../kernel/decimal.ts';
import type { Spread } from './evidence.ts';

/**
 * What the n largest units of a cell hold at most, for (n, k) dominance: x1, x1 + x2, or from three on the bound
 * x1 + (n − 1) · x2, never more than the total. Only the two largest are known, so that three and more withhold rather too
 * much than too little. Source: egress-rules.md §3 and §4.2 (B1, B3, B18).
 */
export function largestUnits(spread: Spread, { dominance: { units } }: DisclosurePolicy): Decimal {
  if (units === 1) return spread.first;
  if (units === 2) return addDecimals(spread.first, spread.second);
  const bound = addDecimals(spread.first, multiplyDecimals(integer(units - 1), spread.second));
  return compareDecimals(bound, spread.total) > 0 ? spread.total : bound;
}

/** The same on numbers. */
export function largestOf(first: number, second: number, { dominance: { units } }: DisclosurePolicy): number {
  return first + (units - 1) * second;
}
