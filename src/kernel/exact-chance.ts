import type { Rng } from './rng.ts';

const POOL_BYTES = 16_384;
const WHOLE = 2 ** 53;
/** A sound source gets there once in 50! tries. */
const MOST_ROUNDS = 50;

/** A fraction of whole numbers, the lower part positive. */
export interface Fraction {
  readonly over: bigint;
  readonly under: bigint;
}

/**
 * Exact events from unpredictable bytes: whole numbers and the probabilities exp(−fraction), without one floating-point
 * rounding, so that no bit of a draw tells of the data (Mironov 2012). Plain numbers below 2⁵³, big ones above.
 * Source: Canonne, Kamath, Steinke 2020, Algorithm 1; synthetic-and-masking.md §4.0.
 */
export class ExactChance {
  readonly #rng: Rng;
  #pool: DataView = new DataView(new ArrayBuffer(0));
  #at = 0;

  constructor(rng: Rng) {
    this.#rng = rng;
  }

  /** Uniform in [0, size), size ≤ 2⁵³. */
  below(size: number): number {
    const limit = WHOLE - (WHOLE % size);
    for (;;) {
      const value = (this.#word() & 0x1fffff) * 2 ** 32 + this.#word();
      if (value < limit) return value % size;
    }
  }

  /** Uniform in [0, size) for sizes of any length. */
  belowBig(size: bigint): bigint {
    const words = Math.ceil(size.toString(2).length / 32) + 1;
    const space = 1n << BigInt(32 * words);
    const limit = space - (space % size);
    for (;;) {
      let value = 0n;
      for (let index = 0; index < words; index += 1) value = (value << 32n) | BigInt(this.#word());
      if (value < limit) return value % size;
    }
  }

  /** True with probability exp(−over/under); over ≥ 0. */
  decays(over: number, under: number): boolean {
    let rest = over;
    while (rest > under) {
      if (!this.#decaysWithinOne(1, 1)) return false;
      rest -= under;
    }
    return this.#decaysWithinOne(rest, under);
  }

  /** `decays` for numbers of any length. */
  decaysBig({ over, under }: Fraction): boolean {
    let rest = over;
    while (rest > under) {
      if (!this.#decaysWithinOne(1, 1)) return false;
      rest -= under;
    }
    let round = 1n;
    while (this.belowBig(under * round) < rest) {
      round += 1n;
      if (round > MOST_ROUNDS) throw new Error('The source of randomness is stuck');
    }
    return round % 2n === 1n;
  }

  /** Von Neumann's series: the first round that fails is odd with probability exp(−over/under), over ≤ under. */
  #decaysWithinOne(over: number, under: number): boolean {
    let round = 1;
    while (this.below(under * round) < over) {
      round += 1;
      if (round > MOST_ROUNDS) throw new Error('The source of randomness is stuck');
    }
    return round % 2 === 1;
  }

  #word(): number {
    if (this.#at >= this.#pool.byteLength) {
      const bytes = this.#rng.bytes(POOL_BYTES);
      this.#pool = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength - (bytes.byteLength % 4));
      this.#at = 0;
    }
    const word = this.#pool.getUint32(this.#at);
    this.#at += 4;
    return word;
  }
}
