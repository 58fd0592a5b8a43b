import { KEY_PRIME, mixedKey } from './encode-sql.ts';

/** Share of the units that a tree of a forest does not learn from: what a bootstrap leaves out on average, 1/e. */
const LEFT_OUT = 0.36787944;

/** Keys times a multiplier, modulo the prime, up to here are left out: units are drawn once or not, so that counts are of units. Source: Breiman 2001; models-and-audit.md M06. */
export const DRAW_LIMIT: number = Math.round(LEFT_OUT * KEY_PRIME);

/** Whether a tree learns from the unit with this key. Source: see `DRAW_LIMIT`. */
export function isDrawn(key: number, multiplier: number): boolean {
  return mixedKey(key, multiplier) > DRAW_LIMIT;
}

/**
 * Numbers below 2²² from a seed, the same every time: multipliers of keys, choices of features. No secret: what they choose among is hidden
 * behind keyed hashes. Source: mulberry32 (public domain), as a formula.
 */
export function seededNumbers(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 10) & 0x3fffff;
  };
}

/** A multiplier of keys: odd, at least 2¹⁸, below 2²². */
export function multiplierFrom(next: () => number): number {
  return Math.min(next() | 0x40001, 0x3fffff);
}
