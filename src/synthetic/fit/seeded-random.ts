import { createHash } from 'node:crypto';

/**
 * A reproducible stream of numbers for sampling: xoshiro128** from the SHA-256 of its name. The same name gives the same
 * stream everywhere. Never for privacy noise.
 * Source: Blackman and Vigna 2021 (xoshiro128**); synthetic-and-masking.md §4.0 (sampling is free and seedable).
 */
export class SeededRandom {
  readonly #state: Uint32Array;

  constructor(...name: readonly string[]) {
    const digest = createHash('sha256').update(JSON.stringify(name)).digest();
    this.#state = Uint32Array.from([0, 4, 8, 12], (at) => digest.readUInt32BE(at));
    this.#state[3] = ((this.#state[3] ?? 0) | 1) >>> 0;
  }

  /** 32 uniform bits. */
  word(): number {
    const state = this.#state;
    const [a = 0, b = 0, c = 0, d = 0] = state;
    const mixed = Math.imul(rotated(Math.imul(b, 5), 7), 9) >>> 0;
    const e = c ^ a;
    const f = d ^ b;
    state[1] = b ^ e;
    state[0] = a ^ f;
    state[2] = e ^ (b << 9);
    state[3] = rotated(f, 11);
    return mixed;
  }

  /** Uniform in [0, 1), 53 bits. */
  unit(): number {
    return ((this.word() >>> 5) * 2 ** 26 + (this.word() >>> 6)) / 2 ** 53;
  }

  /** Uniform whole number in [0, size). */
  below(size: number): number {
    return Math.floor(this.unit() * size);
  }

  /** Shuffles in place. */
  shuffle(values: Int32Array): void {
    for (let index = values.length - 1; index > 0; index -= 1) {
      const other = this.below(index + 1);
      const kept = values[index] ?? 0;
      values[index] = values[other] ?? 0;
      values[other] = kept;
    }
  }
}

function rotated(value: number, by: number): number {
  return ((value << by) | (value >>> (32 - by))) >>> 0;
}
