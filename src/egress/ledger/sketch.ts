import { addMod, inverseMod, MODULUS, mulMod, residueOf } from '../../kernel/modular.ts';

export const BUCKETS = 256;
export const LANES = 16;
/** Words of 32 bits in a mask of the buckets. */
export const WORDS = 8;

/** What stands of a sketch in the index: the fold of its vector and the buckets in use. */
export interface CoarseSketch {
  /** Per lane (bucket mod 16) the sum of its buckets modulo 2^31 − 1. */
  readonly lanes: Uint32Array;
  /** Buckets that may hold a unit whose total is not zero: bit `b & 31` of word `b >> 5`. */
  readonly mask: Uint32Array;
  /** Buckets that certainly do. The same array as `mask` where the enclave counted; fewer in sums of coarse sketches. */
  readonly sure: Uint32Array;
}

/** Exact totals: `digits / 10^scale`, one per bucket where the sketch is fine, otherwise one per lane. */
export interface Totals {
  readonly scale: number;
  readonly digits: readonly bigint[];
}

/**
 * The unit totals of one figure as the ledger knows them: per bucket b `f_b = Σ total_u · h_u` modulo 2^31 − 1 over the
 * units u in b, h a keyed number of the unit. Linear in the unit totals, and of the *values*, not of their digits: 5 and
 * 5.00 are the same. Figures whose sketches differ in few buckets rest on nearly the same units with nearly the same
 * totals, whatever tables, columns or spellings they came from. Source: ADR 0014.
 */
export interface Sketch extends CoarseSketch {
  /** f per bucket, or null where only lanes were computed (results of many cells). */
  readonly fine: Uint32Array | null;
  readonly totals: Totals;
}

/**
 * A sketch of 256 buckets.
 *
 * @param vector  per bucket `Σ (digits of total_u) · h_u` modulo 2^31 − 1. Throws where a value is out of range.
 * @param totals  per bucket the exact total, at the same scale as the digits in the vector.
 * Source: ADR 0014.
 */
export function sketchOfBuckets(vector: Uint32Array, totals: Totals): Sketch {
  checkVector(vector, totals, BUCKETS);
  return fromFine(unscaled(vector, totals.scale), totals);
}

/**
 * A sketch of 16 lanes and the mask of the buckets that hold a unit whose total is not zero. Such a unit's rows must not
 * be counted where they cancel out: a bit too many makes figures look further apart than they are.
 *
 * @param vector  per lane, as in `sketchOfBuckets`. Throws where a value is out of range.
 * Source: ADR 0014.
 */
export function sketchOfLanes(vector: Uint32Array, mask: Uint32Array, totals: Totals): Sketch {
  checkVector(vector, totals, LANES);
  if (mask.length !== WORDS) throw new Error('A mask has 256 bits');
  return { lanes: unscaled(vector, totals.scale), mask, sure: mask, fine: null, totals };
}

function checkVector(vector: Uint32Array, totals: Totals, length: number): void {
  if (vector.length !== length || totals.digits.length !== length) throw new Error(`A sketch has ${length} places`);
  if (vector.some((value) => value >= MODULUS)) throw new Error('A residue is out of range');
  if (!Number.isInteger(totals.scale) || totals.scale < 0 || totals.scale > 38) throw new Error('A scale is out of range');
}

function unscaled(vector: Uint32Array, scale: number): Uint32Array {
  if (scale === 0) return vector;
  let factor = 1;
  for (let index = 0; index < scale; index += 1) factor = mulMod(factor, 10);
  const inverse = inverseMod(factor);
  return vector.map((value) => mulMod(value, inverse));
}

function fromFine(fine: Uint32Array, totals: Totals): Sketch {
  const lanes = new Uint32Array(LANES);
  const mask = new Uint32Array(WORDS);
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const value = fine[bucket] ?? 0;
    const lane = bucket & 15;
    lanes[lane] = addMod(lanes[lane] ?? 0, value);
    // A total of a multiple of the modulus leaves no trace in f; the exact total shows it.
    if (value !== 0 || totals.digits[bucket] !== 0n) mask[bucket >> 5] = (mask[bucket >> 5] ?? 0) | (1 << (bucket & 31));
  }
  return { lanes, mask, sure: mask, fine, totals };
}

/** Sketches are compared with tens of coarse ones each: they are folded once. */
const COARSENED = new WeakMap<Sketch, Sketch>();

/** The same figure with lanes instead of buckets. Source: ADR 0014. */
export function coarsen(sketch: Sketch): Sketch {
  if (sketch.fine === null) return sketch;
  const known = COARSENED.get(sketch);
  if (known !== undefined) return known;
  const digits = Array.from({ length: LANES }, () => 0n);
  for (const [bucket, value] of sketch.totals.digits.entries()) digits[bucket & 15] = (digits[bucket & 15] ?? 0n) + value;
  const coarse = { ...sketch, fine: null, totals: { scale: sketch.totals.scale, digits } };
  COARSENED.set(sketch, coarse);
  return coarse;
}

/** A figure, and how often it counts in a combination. */
export interface Share {
  readonly sketch: Sketch;
  /** A whole number, possibly negative. */
  readonly coefficient: number;
}

/**
 * The sketch of a combination of figures with whole coefficients: exactly the combination of their sketches. It has
 * lanes only where one of them has. Of a coarse sum a bucket is sure where exactly one of the parts uses it.
 * Throws on coefficients that are no safe integers. Source: ADR 0014.
 */
export function combineSketches(shares: readonly Share[]): Sketch {
  const isFine = shares.every((share) => share.sketch.fine !== null);
  const parts = isFine ? shares : shares.map((share) => ({ ...share, sketch: coarsen(share.sketch) }));
  const totals = combineTotals(parts, isFine ? BUCKETS : LANES);
  const vector = new Uint32Array(isFine ? BUCKETS : LANES);
  for (const { sketch, coefficient } of parts) addScaled(vector, sketch.fine ?? sketch.lanes, residueOf(coefficient));
  if (isFine) return fromFine(vector, totals);
  const mask = new Uint32Array(WORDS);
  const twice = new Uint32Array(WORDS);
  for (const { sketch } of parts)
    for (let word = 0; word < WORDS; word += 1) {
      const own = sketch.mask[word] ?? 0;
      twice[word] = (twice[word] ?? 0) | ((mask[word] ?? 0) & own) | (own & ~(sketch.sure[word] ?? 0));
      mask[word] = (mask[word] ?? 0) | own;
    }
  return { lanes: vector, mask, sure: mask.map((bits, word) => bits & ~(twice[word] ?? 0)), fine: null, totals };
}

/** Adds `factor` (a residue) times `vector` to `target`, in place. Source: ADR 0014. */
export function addScaled(target: Uint32Array, vector: Uint32Array, factor: number): void {
  if (factor === 0) return;
  for (let index = 0; index < target.length; index += 1) {
    const value = vector[index] ?? 0;
    if (value !== 0) target[index] = addMod(target[index] ?? 0, factor === 1 ? value : mulMod(value, factor));
  }
}

function combineTotals(parts: readonly Share[], length: number): Totals {
  const scale = Math.max(0, ...parts.map((part) => part.sketch.totals.scale));
  const digits = Array.from({ length }, () => 0n);
  for (const { sketch, coefficient } of parts) {
    const factor = BigInt(coefficient) * 10n ** BigInt(scale - sketch.totals.scale);
    for (let index = 0; index < length; index += 1) {
      const value = sketch.totals.digits[index] ?? 0n;
      if (value !== 0n) digits[index] = (digits[index] ?? 0n) + factor * value;
    }
  }
  return { scale, digits };
}

/**
 * At least how many units have different totals in the two figures: buckets that differ; in coarse sketches, lane by
 * lane, at least one where the lane differs and at least as many as buckets are certainly used by one of them only.
 * 0 says that no unit is known to differ, not that none does. Source: ADR 0014, performance.md §4.
 */
export function differingUnits(a: Sketch, b: Sketch): number {
  if (a.fine === null || b.fine === null) return coarseDistance(a, b);
  let found = 0;
  for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
    const isOne = (((a.mask[bucket >> 5] ?? 0) ^ (b.mask[bucket >> 5] ?? 0)) >>> (bucket & 31)) & 1;
    if (isOne === 1 || a.fine[bucket] !== b.fine[bucket]) found += 1;
  }
  return found;
}

/** At how many places (buckets, in coarse sketches lanes) two figures have the same total that is not zero. Source: ADR 0014. */
export function agreeingPlaces(a: Sketch, b: Sketch): number {
  const isFine = a.fine !== null && b.fine !== null;
  const own = isFine ? a.fine : a.lanes;
  const other = isFine ? b.fine : b.lanes;
  return own?.reduce((found, value, place) => (value !== 0 && value === other?.[place] ? found + 1 : found), 0) ?? 0;
}

/** The bound of `differingUnits` from lanes and masks alone, as the index uses it. Source: ADR 0014. */
export function coarseDistance(a: CoarseSketch, b: CoarseSketch): number {
  let found = 0;
  let touched = 0;
  for (let word = 0; word < WORDS; word += 1) {
    const bits = ((a.sure[word] ?? 0) & ~(b.mask[word] ?? 0)) | ((b.sure[word] ?? 0) & ~(a.mask[word] ?? 0));
    found += bitCount(bits);
    touched |= bits | (bits >>> 16);
  }
  for (let lane = 0; lane < LANES; lane += 1) if (a.lanes[lane] !== b.lanes[lane] && ((touched >>> lane) & 1) === 0) found += 1;
  return found;
}

/** At least how many units have a total other than zero. Source: ADR 0014. */
export function supportOf(sketch: Sketch): number {
  let found = 0;
  let touched = 0;
  for (const bits of sketch.sure) {
    found += bitCount(bits);
    touched |= bits | (bits >>> 16);
  }
  for (let lane = 0; lane < LANES; lane += 1) if (sketch.lanes[lane] !== 0 && ((touched >>> lane) & 1) === 0) found += 1;
  return found;
}

/** The number of ones among 32 bits. Source: ADR 0014. */
export function bitCount(bits: number): number {
  let rest = bits - ((bits >>> 1) & 0x55555555);
  rest = (rest & 0x33333333) + ((rest >>> 2) & 0x33333333);
  return Math.imul((rest + (rest >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
