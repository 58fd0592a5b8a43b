import { open } from 'node:fs/promises';

const CHUNK = 1 << 20;
/** Rows of people are not nested deeper; parsers of engines take exponentially long over what is. */
const DEEPEST = 64;
const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [0x22, 0x5c, 0x5b, 0x5d, 0x7b, 0x7d];
const BLANK = new Set([0x20, 0x09, 0x0a, 0x0d]);
/** UTF-8's byte-order mark. */
const MARK = [0xef, 0xbb, 0xbf];

/**
 * Whether a file has the brackets of JSON: lists and objects only, each closed by its own kind, complete to the end, at most 64 deep, with nothing
 * between them. An engine may read a file that breaks off as far as it goes, and would tell less than what is there. Does not judge what stands
 * within the brackets. One pass over the bytes, a mebibyte in memory. Source: RFC 8259 §2; RFC 7464 §2.1 (records that break off).
 */
export async function hasJsonShape(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const scan = new BracketScan();
    const buffer = Buffer.alloc(CHUNK);
    for (let position = 0; ; ) {
      const { bytesRead } = await file.read(buffer, 0, CHUNK, position);
      if (bytesRead === 0) return scan.isComplete();
      if (!scan.take(buffer.subarray(0, bytesRead), position)) return false;
      position += bytesRead;
    }
  } finally {
    await file.close();
  }
}

class BracketScan {
  readonly #open: number[] = [];
  #isText = false;
  #isEscaped = false;

  /** False where the file is none. */
  take(bytes: Uint8Array, position: number): boolean {
    for (const [at, byte] of bytes.entries()) {
      if (this.#isText) this.#inText(byte);
      else if (byte === QUOTE && this.#open.length > 0) this.#isText = true;
      else if (byte === OPEN_LIST || byte === OPEN_OBJECT) {
        if (this.#open.push(byte) > DEEPEST) return false;
      } else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) {
        if (this.#open.pop() !== byte - 2) return false;
      } else if (this.#open.length === 0 && !BLANK.has(byte) && MARK[position + at] !== byte) return false;
    }
    return true;
  }

  isComplete(): boolean {
    return this.#open.length === 0 && !this.#isText;
  }

  #inText(byte: number): void {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (byte === BACKSLASH) this.#isEscaped = true;
    else if (byte === QUOTE) this.#isText = false;
  }
}
