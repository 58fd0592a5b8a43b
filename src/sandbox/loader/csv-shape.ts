import { open } from 'node:fs/promises';

const CHUNK = 1 << 20;
const [QUOTE, LINE_FEED, CARRIAGE_RETURN] = [0x22, 0x0a, 0x0d];

/**
 * How many fields the longest record of a CSV file has; null where a quote stands where none may, so that it cannot be told. An engine that is asked to
 * pad short rows cuts the long ones, and what is cut is not looked at. UTF-8 or any encoding with the signs of ASCII in their own bytes.
 * Source: RFC 4180 §2.
 */
export async function mostFields(path: string, delimiter: ',' | '\t'): Promise<number | null> {
  const file = await open(path);
  try {
    const scan = new FieldScan(delimiter.charCodeAt(0));
    const buffer = Buffer.alloc(CHUNK);
    for (let position = 0; ; ) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, position);
      if (bytesRead === 0) return scan.most();
      for (const byte of buffer.subarray(0, bytesRead)) if (!scan.take(byte)) return null;
      position += bytesRead;
    }
  } finally {
    await file.close();
  }
}

type Place = 'start' | 'plain' | 'quoted' | 'closed';

class FieldScan {
  readonly #delimiter: number;
  #place: Place = 'start';
  #fields = 1;
  #most = 1;

  constructor(delimiter: number) {
    this.#delimiter = delimiter;
  }

  /** False where a quote, or what stands behind one, is none of CSV. */
  take(byte: number): boolean {
    if (this.#place === 'quoted') {
      if (byte === QUOTE) this.#place = 'closed';
      return true;
    }
    const ends = byte === this.#delimiter || byte === LINE_FEED || byte === CARRIAGE_RETURN;
    if (ends) {
      this.#fields = byte === this.#delimiter ? this.#fields + 1 : 1;
      this.#most = Math.max(this.#most, this.#fields);
      this.#place = 'start';
      return true;
    }
    if (byte !== QUOTE) {
      const isSound = this.#place !== 'closed';
      this.#place = 'plain';
      return isSound;
    }
    const isSound = this.#place !== 'plain';
    this.#place = 'quoted';
    return isSound;
  }

  most(): number | null {
    return this.#place === 'quoted' ? null : this.#most;
  }
}
