/** Why a module is refused: a closed list, never text of the file. */
export type WasmFault = 'malformed' | 'too_large' | 'import' | 'start' | 'memory' | 'instruction' | 'signature' | 'export';

/** Ends reading. */
export class WasmRefused extends Error {
  readonly fault: WasmFault;
  readonly place: string;
  constructor(fault: WasmFault, place: string) {
    super(fault);
    this.fault = fault;
    this.place = place;
  }
}

/** Reads a stretch of a module; beyond its end everything is malformed. Source: WebAssembly core specification 2.0, §5.2 (LEB128, vectors). */
export class WasmBytes {
  readonly #bytes: Uint8Array;
  #at: number;
  readonly #end: number;
  readonly #place: string;

  constructor(bytes: Uint8Array, from: number, end: number, place: string) {
    if (end > bytes.length || from > end) throw new WasmRefused('malformed', place);
    this.#bytes = bytes;
    this.#at = from;
    this.#end = end;
    this.#place = place;
  }

  get isDone(): boolean {
    return this.#at === this.#end;
  }

  /** Position in the module. */
  get at(): number {
    return this.#at;
  }

  byte(): number {
    if (this.#at >= this.#end) throw new WasmRefused('malformed', this.#place);
    return this.#bytes[this.#at++] ?? 0;
  }

  /** An unsigned number of 32 bits. */
  u32(): number {
    let value = 0;
    for (let shift = 0; shift < 35; shift += 7) {
      const next = this.byte();
      value += (next & 0x7f) * 2 ** shift;
      if ((next & 0x80) === 0) {
        if (value > 0xffff_ffff) break;
        return value;
      }
    }
    throw new WasmRefused('malformed', this.#place);
  }

  /** A number of entries of at least a byte each: malformed beyond the bytes that are there, too large beyond `most`. */
  count(most: number): number {
    const value = this.u32();
    if (value > this.#end - this.#at) throw new WasmRefused('malformed', this.#place);
    if (value > most) throw new WasmRefused('too_large', this.#place);
    return value;
  }

  /** Skips a signed number of at most `bits` bits. */
  skipSigned(bits: number): void {
    for (let read = 0; read < bits; read += 7) if ((this.byte() & 0x80) === 0) return;
    throw new WasmRefused('malformed', this.#place);
  }

  skip(count: number): void {
    if (this.#at + count > this.#end) throw new WasmRefused('malformed', this.#place);
    this.#at += count;
  }

  /** A part of its own, after which this one goes on. */
  part(length: number, place: string): WasmBytes {
    const from = this.#at;
    this.skip(length);
    return new WasmBytes(this.#bytes, from, from + length, place);
  }

  name(): string {
    const length = this.u32();
    const from = this.#at;
    this.skip(length);
    try {
      return new TextDecoder('utf-8', { fatal: true }).decode(this.#bytes.subarray(from, from + length));
    } catch {
      throw new WasmRefused('malformed', this.#place);
    }
  }
}
