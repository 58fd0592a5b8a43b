/**
 * Cuts a byte stream into lines. A line longer than `maxBytes` is never kept: the splitter then answers `oversized`
 * once and takes nothing more, so that a hostile sender cannot make the receiver hold more than `maxBytes` + one chunk.
 */
export class FrameSplitter {
  readonly #maxBytes: number;
  #parts: Uint8Array[] = [];
  #size = 0;
  #refused = false;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** Lines completed by `chunk`, without their newline; or `oversized`. */
  push(chunk: Uint8Array): readonly Uint8Array[] | 'oversized' {
    if (this.#refused) return 'oversized';
    const lines: Uint8Array[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10, start); end !== -1; end = chunk.indexOf(10, start)) {
      if (!this.#keep(chunk.subarray(start, end))) return 'oversized';
      lines.push(Buffer.concat(this.#parts));
      this.#parts = [];
      this.#size = 0;
      start = end + 1;
    }
    if (!this.#keep(chunk.subarray(start))) return 'oversized';
    return lines;
  }

  #keep(part: Uint8Array): boolean {
    this.#size += part.length;
    if (this.#size > this.#maxBytes) {
      this.#refused = true;
      this.#parts = [];
      return false;
    }
    if (part.length > 0) this.#parts.push(part);
    return true;
  }
}
