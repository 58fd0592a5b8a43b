import { bitCount, WORDS } from './sketch.ts';

/** Entries with more buckets are found by their lanes or by the scan of all. */
export const FEW_BUCKETS = 64;

interface Shelf {
  /** Per entry the words of its mask in one: bits that differ here differ there. */
  folds: Uint32Array;
  masks: Uint32Array;
  entries: Uint32Array;
  length: number;
}

/**
 * Entries that use at most 64 buckets, shelved by how many, each with a copy of its mask: figures near one another use
 * nearly as many buckets, and the masks of a shelf are read one after the other. Source: ADR 0014, gate.md §7 (look-up).
 */
export class FewBuckets {
  readonly #shelves: readonly Shelf[] = Array.from({ length: FEW_BUCKETS + 1 }, () => ({
    folds: new Uint32Array(0),
    masks: new Uint32Array(0),
    entries: new Uint32Array(0),
    length: 0,
  }));

  get bytes(): number {
    return this.#shelves.reduce((sum, shelf) => sum + shelf.folds.byteLength + shelf.masks.byteLength + shelf.entries.byteLength, 0);
  }

  add(entry: number, mask: Uint32Array, buckets: number): void {
    const shelf = this.#shelves[buckets];
    if (shelf === undefined) throw new Error('An entry uses too many buckets for this list');
    if (shelf.length === shelf.entries.length) widen(shelf);
    shelf.masks.set(mask, shelf.length * WORDS);
    shelf.folds[shelf.length] = folded(mask);
    shelf.entries[shelf.length] = entry;
    shelf.length += 1;
  }

  /** Calls `visit` for every entry of `from` to `to` buckets of which fewer than k differ from these masks for certain. */
  scan(mask: Uint32Array, sure: Uint32Array, from: number, to: number, k: number, visit: (entry: number) => void): void {
    const [any, all] = [folded(mask), folded(sure)];
    for (let buckets = Math.max(0, from); buckets <= Math.min(FEW_BUCKETS, to); buckets += 1) {
      const shelf = this.#shelves[buckets];
      if (shelf === undefined) continue;
      const { folds, length } = shelf;
      for (let at = 0; at < length; at += 1) {
        const fold = folds[at] ?? 0;
        if (bitCount((fold & ~any) | (all & ~fold)) >= k) continue;
        if (isWithin(shelf.masks, at * WORDS, mask, sure, k)) visit(shelf.entries[at] ?? 0);
      }
    }
  }
}

/** Whether fewer than k buckets certainly differ between a stored mask and a given one. Source: ADR 0014. */
export function isWithin(stored: Uint32Array, from: number, mask: Uint32Array, sure: Uint32Array, k: number): boolean {
  let found = 0;
  for (let word = 0; word < WORDS; word += 1) {
    const own = stored[from + word] ?? 0;
    found += bitCount((own & ~(mask[word] ?? 0)) | ((sure[word] ?? 0) & ~own));
    if (found >= k) return false;
  }
  return true;
}

function folded(mask: Uint32Array): number {
  let bits = 0;
  for (const word of mask) bits |= word;
  return bits;
}

function widen(shelf: Shelf): void {
  const length = Math.max(16, Math.ceil(shelf.length * 1.5));
  const [folds, masks, entries] = [new Uint32Array(length), new Uint32Array(length * WORDS), new Uint32Array(length)];
  folds.set(shelf.folds);
  masks.set(shelf.masks);
  entries.set(shelf.entries);
  shelf.folds = folds;
  shelf.masks = masks;
  shelf.entries = entries;
}
