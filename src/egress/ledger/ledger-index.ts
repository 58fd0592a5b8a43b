import { NearIndex } from './near-index.ts';
import type { CoarseSketch, Sketch } from './sketch.ts';

/** What the index keeps of an entry. */
export interface IndexedEntry {
  readonly seq: number;
  readonly job: string;
  readonly unitType: string;
  readonly namespace: string;
  readonly family: string;
  readonly state: string;
  readonly coarse: CoarseSketch;
}

type Known = Omit<IndexedEntry, 'coarse'>;

/** Entries of a family that are kept at hand for combinations, newest last. */
const MOST_OF_FAMILY = 512;

/**
 * The coarse part of every entry of one dataset's ledger that is released or reserved, in memory. Holds no totals and no
 * labels. Source: gate.md §7 (look-up), ADR 0014.
 */
export class LedgerIndex {
  readonly #near = new Map<string, NearIndex>();
  readonly #entries = new Map<number, Known>();
  readonly #families = new Map<string, number[]>();

  /** Takes entries that are new or changed, in order of registration. */
  apply(changes: readonly IndexedEntry[]): void {
    const fresh = new Map<NearIndex, { readonly id: number; readonly sketch: CoarseSketch }[]>();
    for (const { coarse, ...entry } of changes) {
      const known = this.#entries.get(entry.seq);
      const index = this.#indexOf(entry.unitType, entry.namespace);
      if (entry.state === 'dropped') {
        if (known !== undefined) index.remove(entry.seq);
        this.#entries.delete(entry.seq);
        continue;
      }
      this.#entries.set(entry.seq, entry);
      if (known !== undefined) continue;
      const added = fresh.get(index) ?? [];
      added.push({ id: entry.seq, sketch: coarse });
      fresh.set(index, added);
      if (entry.namespace === 'linear') this.#file(entry);
    }
    for (const [index, added] of fresh) index.addAll(added);
  }

  /** Entries of which fewer than k units may differ, rising. */
  near(unitType: string, namespace: string, sketch: Sketch, k: number): readonly number[] {
    return this.#near.get(nameOf(unitType, namespace))?.near(sketch, k) ?? [];
  }

  /** Counts and sums of the same columns, newest first, at most as many as asked for. */
  family(unitType: string, family: string, most: number): readonly number[] {
    const found = (this.#families.get(nameOf(unitType, family)) ?? []).filter((seq) => this.#entries.has(seq));
    return found.slice(-most).reverse();
  }

  get(seq: number): Known | undefined {
    return this.#entries.get(seq);
  }

  get size(): number {
    return this.#entries.size;
  }

  #indexOf(unitType: string, namespace: string): NearIndex {
    const name = nameOf(unitType, namespace);
    const index = this.#near.get(name) ?? new NearIndex();
    this.#near.set(name, index);
    return index;
  }

  #file(entry: Known): void {
    const name = nameOf(entry.unitType, entry.family);
    const members = this.#families.get(name) ?? [];
    members.push(entry.seq);
    if (members.length > 2 * MOST_OF_FAMILY) members.splice(0, members.length - MOST_OF_FAMILY);
    this.#families.set(name, members);
  }
}

function nameOf(unitType: string, name: string): string {
  return JSON.stringify([unitType, name]);
}
