import { createHash, randomBytes } from 'node:crypto';
import { relative } from 'node:path';
import type { Rng } from '../../src/kernel/rng.ts';

/** Of the whole run: what property tests draw, and what instances draw. FC_SEED gives another, FC_SEED=random chance. */
export const DRAWN_FROM = process.env['FC_SEED'] ?? '20261123';

let place: string | undefined;
const drawn = new Map<string, number>();

/** Draws what this test file draws, from here on. */
export function drawFor(testPath: string | undefined): void {
  place = testPath === undefined || DRAWN_FROM === 'random' ? undefined : relative(process.cwd(), testPath);
}

/** The bytes a counter stands for: SHA-256 of seed, place and counter. */
function block(of: string, at: number): Buffer {
  return createHash('sha256').update(`${DRAWN_FROM}\0${of}\0${at}`).digest();
}

/**
 * Chance that is the same in every run of a test file, and never the same twice within one: splits, noise and pseudonyms that a verdict over
 * few people may hang on do not change from run to run. In processes that tests start it is the system's own: two that drew the same
 * would give the same names.
 */
export const SAME_RNG: Rng = {
  bytes: (length) => {
    if (place === undefined) return new Uint8Array(randomBytes(length));
    const bytes = new Uint8Array(length);
    let counter = drawn.get(place) ?? 0;
    for (let at = 0; at < length; at += 32) {
      bytes.set(block(place, counter).subarray(0, Math.min(32, length - at)), at);
      counter += 1;
    }
    drawn.set(place, counter);
    return bytes;
  },
};
