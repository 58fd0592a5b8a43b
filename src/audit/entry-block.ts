/** Entries that one block of the index stands for. */
export const BLOCK_ENTRIES = 8192;

const BITMAP_BYTES = BLOCK_ENTRIES / 8;
const LIST = 'l';
const BITMAP = 'b';

/** Which entries of a block are meant: bit n of the 1024 bytes is entry `block` · 8192 + n. */
export type EntryBits = Uint8Array;

/** Number of the block that an entry stands in. */
export function blockOf(seq: number): number {
  return Math.floor(seq / BLOCK_ENTRIES);
}

/** The bits of these places (0…8191), beside those of `before`, which stays as it is. */
export function withPlaces(before: EntryBits | null, places: readonly number[]): EntryBits {
  const bits = before === null ? new Uint8Array(BITMAP_BYTES) : before.slice();
  for (const place of places) bits[place >> 3] = (bits[place >> 3] ?? 0) | (1 << (place & 7));
  return bits;
}

/** The bits without these places. */
export function withoutPlaces(before: EntryBits, places: readonly number[]): EntryBits {
  const bits = before.slice();
  for (const place of places) bits[place >> 3] = (bits[place >> 3] ?? 0) & ~(1 << (place & 7));
  return bits;
}

/** The bits that all of these have. Throws of none: nothing asked for is not everything. */
export function commonBits(sets: readonly EntryBits[]): EntryBits {
  const [first, ...others] = sets;
  if (first === undefined) throw new RangeError('No sets of entries');
  const bits = first.slice();
  for (const other of others) for (let at = 0; at < BITMAP_BYTES; at += 1) bits[at] = (bits[at] ?? 0) & (other[at] ?? 0);
  return bits;
}

/** The places of set bits, ascending. */
export function placesOf(bits: EntryBits): readonly number[] {
  const places: number[] = [];
  for (let at = 0; at < BITMAP_BYTES; at += 1) {
    const byte = bits[at] ?? 0;
    for (let bit = 0; byte >> bit > 0; bit += 1) if ((byte >> bit) & 1) places.push(at * 8 + bit);
  }
  return places;
}

/** Bits as text: a list of two bytes for each where that is shorter, else all of them. Null where no bit is set. */
export function printBits(bits: EntryBits): string | null {
  const places = placesOf(bits);
  if (places.length * 2 >= BITMAP_BYTES) return BITMAP + Buffer.from(bits.buffer, bits.byteOffset, bits.byteLength).toString('base64');
  return printPlaces(places);
}

/** Places as text, without the bits in between: for the many terms that one entry has. Null where there are none. */
export function printPlaces(places: readonly number[]): string | null {
  if (places.length === 0) return null;
  const bytes = Buffer.alloc(places.length * 2);
  for (const [at, place] of places.entries()) bytes.writeUInt16BE(place, at * 2);
  return LIST + bytes.toString('base64');
}

/**
 * The bits of such a text. Throws where it is none: an index that does not read is built anew, not guessed.
 * Source: own design, ADR 0028.
 */
export function readBits(text: string): EntryBits {
  const bytes = Buffer.from(text.slice(1), 'base64');
  if (text.startsWith(BITMAP) && bytes.length === BITMAP_BYTES) return new Uint8Array(bytes);
  if (!text.startsWith(LIST) || bytes.length % 2 !== 0) throw new RangeError('Not a block of the index');
  return withPlaces(
    null,
    Array.from({ length: bytes.length / 2 }, (_, at) => bytes.readUInt16BE(at * 2)),
  );
}
