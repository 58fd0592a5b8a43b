const BASE = 5;
const MIDPOINT_BASE = 6;

/**
 * A count rounded to the nearest multiple of 5; counts are whole, so that there are no ties. Not safe by itself: parts and
 * totals rounded each for itself can be unpicked, so totals are `totalOfRounded`. Throws where it is no count.
 * Source: gate.md §8 (`rounded`), egress-rules.md A13.
 */
export function roundedCount(count: number): number {
  return Math.round(asCount(count) / BASE) * BASE;
}

/**
 * A count as the midpoint of its class of six: 0, or ⌈count/6⌉·6 − 3. Nothing but 0 becomes 0. Throws where it is no count.
 * Source: gate.md §8 (`rounded`), egress-rules.md A10.
 */
export function midpointCount(count: number): number {
  return asCount(count) === 0 ? 0 : Math.ceil(count / MIDPOINT_BASE) * MIDPOINT_BASE - MIDPOINT_BASE / 2;
}

/** The total that stands beside rounded parts: their sum, which tells nothing that they do not. Source: gate.md §8. */
export function totalOfRounded(parts: readonly number[]): number {
  return parts.reduce((sum, part) => sum + asCount(part), 0);
}

function asCount(count: number): number {
  if (!Number.isSafeInteger(count) || count < 0) throw new RangeError('A count is a whole number from 0');
  return count;
}
