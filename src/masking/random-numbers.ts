import type { Rng } from '../kernel/rng.ts';

/** Uniform numbers from an Rng, drawn in blocks. */
export interface RandomNumbers {
  /** In (0, 1), 52 bits. */
  unit(): number;
  /** A whole number 0 … below−1; `below` at most 2³². */
  below(below: number): number;
}

const BLOCK = 8192;

/** Numbers for noise and swaps, as unpredictable as `rng`. Not for differential privacy: floating point (Mironov 2012). Source: kernel/rng.ts. */
export function randomNumbers(rng: Rng): RandomNumbers {
  let block = Buffer.alloc(0);
  let at = 0;
  const next = (): number => {
    if (at + 8 > block.length) {
      block = Buffer.from(rng.bytes(BLOCK));
      at = 0;
    }
    at += 8;
    return (block.readUInt32BE(at - 8) & 0xfffff) * 2 ** 32 + block.readUInt32BE(at - 4);
  };
  const unit = (): number => (next() + 0.5) / 2 ** 52;
  return { unit, below: (below) => Math.min(below - 1, Math.floor(unit() * below)) };
}
