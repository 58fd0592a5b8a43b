import { createHash, randomBytes } from 'node:crypto';
import { relative } from 'node:path';
import { expect } from 'vitest';
import type { Rng } from '../../src/kernel/rng.ts';

const SEED = process.env['FC_SEED'] ?? '20261123';
const drawn = new Map<string, number>();

/** The bytes a counter stands for: SHA-256 of seed, place and counter. */
function block(place: string, at: number): Buffer {
  return createHash('sha256').update(`${SEED}\0${place}\0${at}`).digest();
}

/**
 * Chance that is the same in every run of a test file, and never the same twice within one: splits, noise and pseudonyms that a verdict over
 * few people may hang on do not change from run to run. FC_SEED gives others, FC_SEED=random the system's own, as for property tests.
 */
export const SAME_RNG: Rng = {
  bytes: (length) => {
    if (SEED === 'random') return new Uint8Array(randomBytes(length));
    const place = relative(process.cwd(), expect.getState().testPath ?? '');
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
