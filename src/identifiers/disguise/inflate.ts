/** Extra bits and bases of lengths and distances. Source: RFC 1951, 3.2.5. */
const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const LENGTH_EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385,
  24577,
];
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** Thrown on bytes that are no stream, and at the cap; never leaves this file. */
class NoStream extends Error {}
/** One for all: most bytes are no stream, and making an error costs more than reading them. */
const NO_STREAM = new NoStream();

interface Codes {
  readonly counts: Uint16Array;
  readonly symbols: Uint16Array;
}

/**
 * The bytes behind gzip, zlib or raw deflate, at most `most` of them; null where they are none of these, broken or longer.
 * Checks no checksum: what was cut short still counts. A pure folder may not use the runtime's own. Source: RFC 1950, 1951, 1952.
 */
export function inflate(bytes: Uint8Array, most: number): Uint8Array | null {
  const start = streamStart(bytes);
  if (start === null) return null;
  try {
    return new Inflater(bytes, start, most).run();
  } catch (fault) {
    if (fault instanceof NoStream) return null;
    throw fault;
  }
}

function streamStart(bytes: Uint8Array): number | null {
  const [first = 0, second = 0, , flags = 0] = bytes;
  if (bytes.length < 3) return null;
  if (first === 0x1f && second === 0x8b) {
    let at = 10;
    if ((flags & 4) !== 0) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
    for (const flag of [8, 16]) {
      if ((flags & flag) === 0) continue;
      while (at < bytes.length && bytes[at] !== 0) at += 1;
      at += 1;
    }
    return (flags & 2) === 0 ? at : at + 2;
  }
  if ((first & 15) === 8 && (256 * first + second) % 31 === 0) return 2;
  // A short raw stream is one block and says so in its first bit.
  return (first & 1) === 1 && (first & 6) !== 6 ? 0 : null;
}

class Inflater {
  readonly #bytes: Uint8Array;
  readonly #out: Uint8Array;
  #at: number;
  #bit = 0;
  #length = 0;

  constructor(bytes: Uint8Array, start: number, most: number) {
    this.#bytes = bytes;
    this.#at = start;
    this.#out = new Uint8Array(most);
  }

  run(): Uint8Array {
    for (;;) {
      const isLast = this.#bits(1) === 1;
      const kind = this.#bits(2);
      if (kind === 0) this.#stored();
      else if (kind === 1) this.#block(FIXED_LENGTHS, FIXED_DISTANCES);
      else if (kind === 2) this.#dynamic();
      else throw NO_STREAM;
      if (isLast) return this.#out.slice(0, this.#length);
    }
  }

  #bits(count: number): number {
    let value = 0;
    for (let index = 0; index < count; index += 1) {
      const byte = this.#bytes[this.#at];
      if (byte === undefined) throw NO_STREAM;
      value |= ((byte >> this.#bit) & 1) << index;
      this.#bit += 1;
      if (this.#bit === 8) {
        this.#bit = 0;
        this.#at += 1;
      }
    }
    return value;
  }

  #put(byte: number): void {
    if (this.#length === this.#out.length) throw NO_STREAM;
    this.#out[this.#length] = byte;
    this.#length += 1;
  }

  #stored(): void {
    if (this.#bit > 0) {
      this.#bit = 0;
      this.#at += 1;
    }
    const length = this.#bits(16);
    if ((this.#bits(16) ^ 0xffff) !== length) throw NO_STREAM;
    for (let index = 0; index < length; index += 1) this.#put(this.#bits(8));
  }

  #dynamic(): void {
    const lengths = this.#bits(5) + 257;
    const distances = this.#bits(5) + 1;
    const used = this.#bits(4) + 4;
    const sizes = new Uint8Array(19);
    for (const place of CODE_ORDER.slice(0, used)) sizes[place] = this.#bits(3);
    const codes = makeCodes(sizes);
    const all = new Uint8Array(lengths + distances);
    let at = 0;
    while (at < all.length) {
      const symbol = this.#symbol(codes);
      if (symbol < 16) {
        all[at] = symbol;
        at += 1;
        continue;
      }
      const value = symbol === 16 ? (all[at - 1] ?? 0) : 0;
      const repeat = symbol === 16 ? 3 + this.#bits(2) : symbol === 17 ? 3 + this.#bits(3) : 11 + this.#bits(7);
      if (at + repeat > all.length) throw NO_STREAM;
      all.fill(value, at, at + repeat);
      at += repeat;
    }
    this.#block(makeCodes(all.subarray(0, lengths)), makeCodes(all.subarray(lengths)));
  }

  #block(lengths: Codes, distances: Codes): void {
    for (;;) {
      const symbol = this.#symbol(lengths);
      if (symbol < 256) this.#put(symbol);
      else if (symbol === 256) return;
      else this.#copy(symbol - 257, distances);
    }
  }

  #copy(symbol: number, distances: Codes): void {
    const length = (LENGTH_BASE[symbol] ?? 0) + this.#bits(LENGTH_EXTRA[symbol] ?? 0);
    const place = this.#symbol(distances);
    const distance = (DISTANCE_BASE[place] ?? 0) + this.#bits(place < 4 ? 0 : (place >> 1) - 1);
    if (length < 3 || distance < 1 || distance > this.#length) throw NO_STREAM;
    for (let index = 0; index < length; index += 1) this.#put(this.#out[this.#length - distance] ?? 0);
  }

  /** Canonical decoding, one bit at a time: short and slow, for short texts. */
  #symbol({ counts, symbols }: Codes): number {
    let code = 0;
    let first = 0;
    let index = 0;
    for (let size = 1; size <= 15; size += 1) {
      code |= this.#bits(1);
      const count = counts[size] ?? 0;
      if (code - count < first) return symbols[index + code - first] ?? 0;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw NO_STREAM;
  }
}

function makeCodes(sizes: Uint8Array): Codes {
  const counts = new Uint16Array(16);
  for (const size of sizes) counts[size] = (counts[size] ?? 0) + 1;
  counts[0] = 0;
  const offsets = new Uint16Array(16);
  for (let size = 1; size < 15; size += 1) offsets[size + 1] = (offsets[size] ?? 0) + (counts[size] ?? 0);
  const symbols = new Uint16Array(sizes.length);
  for (const [symbol, size] of sizes.entries()) {
    if (size === 0) continue;
    const place = offsets[size] ?? 0;
    symbols[place] = symbol;
    offsets[size] = place + 1;
  }
  return { counts, symbols };
}

const FIXED_LENGTHS = makeCodes(Uint8Array.from({ length: 288 }, (_, at) => (at < 144 ? 8 : at < 256 ? 9 : at < 280 ? 7 : 8)));
const FIXED_DISTANCES = makeCodes(new Uint8Array(30).fill(5));
