import { MODULUS } from '../../kernel/modular.ts';
import { BUCKETS, type CoarseSketch, LANES, type Sketch, WORDS } from './sketch.ts';

/** Version and kind, scale, two zeros; then mask and lanes, so that the index is built from the first 100 bytes. */
const HEADER = 4;
const COARSE = HEADER + WORDS * 4 + LANES * 4;
const KIND_FINE = 0x11;
const KIND_LANES = 0x10;
const MOST_SCALE = 38;
/** Bytes of one exact total: 38 digits and the sign are 127 bits, sums of a thousand million of them 157. */
const MOST_DIGIT_BYTES = 24;

/**
 * A sketch as bytes for the store: header, mask, lanes, f of the buckets in the mask, totals as signed varints.
 * Throws where the sketch is a coarse sum (such sums are never registered) or a total has more than 24 × 7 bits.
 * Source: ADR 0014.
 */
export function encodeSketch(sketch: Sketch): Uint8Array {
  if (sketch.mask.some((bits, word) => bits !== sketch.sure[word])) throw new Error('A coarse sum is not stored');
  const places = placesOf(sketch.mask, sketch.fine !== null);
  const tail: number[] = [];
  for (const place of places) writeVarint(tail, sketch.totals.digits[place] ?? 0n);
  const bytes = new Uint8Array(COARSE + (sketch.fine === null ? 0 : places.length * 4) + tail.length);
  const view = new DataView(bytes.buffer);
  bytes[0] = sketch.fine === null ? KIND_LANES : KIND_FINE;
  bytes[1] = sketch.totals.scale;
  sketch.mask.forEach((bits, word) => {
    view.setUint32(HEADER + word * 4, bits, true);
  });
  sketch.lanes.forEach((value, lane) => {
    view.setUint32(HEADER + WORDS * 4 + lane * 4, value, true);
  });
  let offset = COARSE;
  if (sketch.fine !== null)
    for (const place of places) {
      view.setUint32(offset, sketch.fine[place] ?? 0, true);
      offset += 4;
    }
  bytes.set(tail, offset);
  return bytes;
}

/**
 * Reads what `encodeSketch` wrote. Undefined for anything else: another version, a residue out of range, lanes that are
 * not the fold of the buckets, a bucket in the mask that holds nothing, missing or further bytes. Source: ADR 0014.
 */
export function decodeSketch(bytes: Uint8Array): Sketch | undefined {
  const coarse = decodeCoarse(bytes);
  const scale = bytes[1] ?? 0;
  if (coarse === undefined || scale > MOST_SCALE) return undefined;
  const isFine = bytes[0] === KIND_FINE;
  const places = placesOf(coarse.mask, isFine);
  const end = COARSE + (isFine ? places.length * 4 : 0);
  const digits = readDigits(bytes, end, places, isFine ? BUCKETS : LANES);
  if (digits === undefined || bytes.length < end) return undefined;
  if (!isFine) return { ...coarse, fine: null, totals: { scale, digits } };
  const fine = new Uint32Array(BUCKETS);
  const folded = new Float64Array(LANES);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [index, place] of places.entries()) {
    const value = view.getUint32(COARSE + index * 4, true);
    if (value >= MODULUS || (value === 0 && digits[place] === 0n)) return undefined;
    fine[place] = value;
    folded[place & 15] = (folded[place & 15] ?? 0) + value;
  }
  if (folded.some((value, lane) => value % MODULUS !== coarse.lanes[lane])) return undefined;
  return { ...coarse, fine, totals: { scale, digits } };
}

/** Lanes and mask of stored bytes, all that the index needs. Undefined where even these are malformed. Source: ADR 0014. */
export function decodeCoarse(bytes: Uint8Array): CoarseSketch | undefined {
  if (bytes.length < COARSE || (bytes[0] !== KIND_FINE && bytes[0] !== KIND_LANES) || bytes[2] !== 0 || bytes[3] !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const mask = new Uint32Array(WORDS);
  const lanes = new Uint32Array(LANES);
  for (let word = 0; word < WORDS; word += 1) mask[word] = view.getUint32(HEADER + word * 4, true);
  for (let lane = 0; lane < LANES; lane += 1) {
    const value = view.getUint32(HEADER + WORDS * 4 + lane * 4, true);
    if (value >= MODULUS) return undefined;
    lanes[lane] = value;
  }
  return { lanes, mask, sure: mask };
}

/** The places whose figures are written: buckets in the mask, or all lanes. */
function placesOf(mask: Uint32Array, isFine: boolean): readonly number[] {
  const all = Array.from({ length: isFine ? BUCKETS : LANES }, (_, place) => place);
  return isFine ? all.filter((place) => (((mask[place >> 5] ?? 0) >>> (place & 31)) & 1) === 1) : all;
}

function writeVarint(target: number[], value: bigint): void {
  let rest = value < 0n ? -value * 2n - 1n : value * 2n;
  const start = target.length;
  do {
    const low = Number(rest & 127n);
    rest >>= 7n;
    target.push(rest === 0n ? low : low | 128);
  } while (rest !== 0n);
  if (target.length - start > MOST_DIGIT_BYTES) throw new Error('A total is too long for the ledger');
}

function readDigits(bytes: Uint8Array, from: number, places: readonly number[], length: number): readonly bigint[] | undefined {
  const digits = Array.from({ length }, () => 0n);
  let offset = from;
  for (const place of places) {
    const start = offset;
    while ((bytes[offset] ?? 0) >= 128 && offset - start < MOST_DIGIT_BYTES) offset += 1;
    if (offset >= bytes.length || offset - start >= MOST_DIGIT_BYTES) return undefined;
    if (offset > start && bytes[offset] === 0) return undefined; // a number has one spelling
    let value = 0n;
    for (let at = offset; at >= start; at -= 1) value = (value << 7n) | BigInt((bytes[at] ?? 0) & 127);
    digits[place] = (value & 1n) === 1n ? -(value + 1n) / 2n : value / 2n;
    offset += 1;
  }
  return offset === bytes.length ? digits : undefined;
}
