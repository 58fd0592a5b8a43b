import { BUCKETS, LANES, type Sketch, sketchOfBuckets, sketchOfLanes, WORDS } from '../../src/egress/ledger/sketch.ts';
import { MODULUS } from '../../src/kernel/modular.ts';

/** A unit as the ledger sees it. */
export interface KeyedUnit {
  readonly key: number;
  readonly bucket: number;
}

/** Deterministic numbers in [0, 1), for tests. */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export function keyedUnits(count: number, random: () => number): readonly KeyedUnit[] {
  return Array.from({ length: count }, () => ({
    key: 1 + Math.floor(random() * (MODULUS - 1)),
    bucket: Math.floor(random() * BUCKETS),
  }));
}

/** The sketch of exact unit totals, computed without the code under test: with BigInt, unit by unit. */
export function sketchOfUnits(units: readonly KeyedUnit[], total: (unit: number) => bigint, kind: 'fine' | 'lanes', scale = 0): Sketch {
  const places = kind === 'fine' ? BUCKETS : LANES;
  const vector = Array.from({ length: places }, () => 0n);
  const digits = Array.from({ length: places }, () => 0n);
  const mask = new Uint32Array(WORDS);
  for (const [index, unit] of units.entries()) {
    const value = total(index);
    const place = unit.bucket % places;
    vector[place] = (vector[place] ?? 0n) + value * BigInt(unit.key);
    digits[place] = (digits[place] ?? 0n) + value;
    if (value !== 0n) mask[unit.bucket >> 5] = (mask[unit.bucket >> 5] ?? 0) | (1 << (unit.bucket & 31));
  }
  const modulus = BigInt(MODULUS);
  const residues = Uint32Array.from(vector, (value) => Number(((value % modulus) + modulus) % modulus));
  return kind === 'fine' ? sketchOfBuckets(residues, { scale, digits }) : sketchOfLanes(residues, mask, { scale, digits });
}
