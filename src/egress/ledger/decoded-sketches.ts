import type { Sketch } from './sketch.ts';
import { decodeSketch } from './sketch-bytes.ts';

/** Sketches that are kept, of about 10 KiB each where they are fine. */
const MOST_KEPT = 4096;

/**
 * Sketches of entries as they were read last: the newest of a family are asked for by every statement about it. The same as
 * `decodeSketch` of the bytes: others under the same number are read anew. Source: ADR 0014.
 */
export class DecodedSketches {
  readonly #kept = new Map<number, { readonly bytes: Uint8Array; readonly sketch: Sketch }>();

  /** Undefined where the bytes are malformed. */
  of(seq: number, bytes: Uint8Array): Sketch | undefined {
    const known = this.#kept.get(seq);
    if (known !== undefined && isSame(known.bytes, bytes)) return known.sketch;
    const sketch = decodeSketch(bytes);
    if (sketch === undefined) return undefined;
    this.#kept.delete(seq);
    this.#kept.set(seq, { bytes, sketch });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    return sketch;
  }
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}
