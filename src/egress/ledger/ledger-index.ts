import { type KinFamilies, NO_KIN } from '../../catalog/kin-families.ts';
import { BasisShelf } from './basis-shelf.ts';
import { DecodedSketches } from './decoded-sketches.ts';
import { type EntryFacts, EntryTable, type TableImage } from './entry-table.ts';
import { type NearImage, NearIndex } from './near-index.ts';
import type { CoarseSketch, Sketch } from './sketch.ts';

/** An entry as the index takes it. */
export interface IndexedEntry extends EntryFacts {
  readonly coarse: CoarseSketch;
}

/** An index as plain data and numbers, to be kept in a file. */
export interface IndexImage {
  readonly entries: TableImage;
  readonly near: readonly (readonly [name: string, image: NearImage])[];
}

/** Entries of a family that are kept at hand for combinations, newest last. */
const MOST_OF_FAMILY = 512;

/**
 * The coarse part of every entry of one dataset's ledger that is released or reserved, in memory, without totals and
 * labels; beside it a shelf of prepared bases. Source: gate.md §7 (look-up), ADR 0014.
 */
export class LedgerIndex {
  readonly #near = new Map<string, NearIndex>();
  readonly #indexes = new Map<string, Map<string, NearIndex>>();
  #entries = new EntryTable();
  readonly #families = new Map<string, number[]>();
  /** Prepared bases of a few families, and what was read of entries last: figures of the ledger, whole. */
  readonly shelf = new BasisShelf();
  readonly decoded = new DecodedSketches();

  /** Takes entries that are new or changed, in order of registration. */
  apply(changes: readonly IndexedEntry[]): void {
    const fresh = new Map<NearIndex, { readonly id: number; readonly sketch: CoarseSketch }[]>();
    for (const entry of changes) {
      const isKnown = this.#entries.has(entry.seq);
      if (entry.state === 'dropped') {
        if (!isKnown) continue;
        this.#indexOf(entry).remove(entry.seq);
        this.#entries.set(entry);
        continue;
      }
      this.#entries.set(entry);
      if (isKnown) continue;
      const index = this.#indexOf(entry);
      const added = fresh.get(index) ?? [];
      added.push({ id: entry.seq, sketch: entry.coarse });
      fresh.set(index, added);
      this.#file(entry);
    }
    for (const [index, added] of fresh) index.addAll(added);
  }

  /** Entries of which fewer than k units may differ, rising. */
  near(unitType: string, namespace: string, sketch: Sketch, k: number): readonly number[] {
    return this.#near.get(nameOf(unitType, namespace))?.near(sketch, k) ?? [];
  }

  /** Counts and sums of the same columns or of their kin, newest first, at most as many as asked for. */
  family(unitType: string, family: string, most: number, kin: KinFamilies = NO_KIN): readonly number[] {
    const name = nameOf(unitType, kin(family));
    const names = kin === NO_KIN ? [name] : [...this.#families.keys()].filter((other) => kinName(other, kin) === name);
    const found = names.flatMap((own) => (this.#families.get(own) ?? []).filter((seq) => this.#entries.has(seq)));
    if (names.length > 1) found.sort((a, b) => a - b);
    return found.slice(-most).reverse();
  }

  /**
   * Counts and sums of all columns, at most as many as asked for: the newest of each family, then the one before of each, families with newer
   * figures first. What is released of one column over and over leaves room for the others.
   */
  mixed(unitType: string, most: number): readonly number[] {
    const families = [...this.#families].flatMap(([name, members]) => {
      const [type]: [string, string] = JSON.parse(name);
      const own: number[] = [];
      for (let at = members.length - 1; type === unitType && at >= 0 && own.length < most; at -= 1) {
        const seq = members[at] ?? 0;
        if (this.#entries.has(seq)) own.push(seq);
      }
      return own.length === 0 ? [] : [own];
    });
    families.sort(([a = 0], [b = 0]) => b - a);
    const found: number[] = [];
    for (let rank = 0; found.length < most && families.some((own) => rank < own.length); rank += 1)
      for (const own of families) found.push(...own.slice(rank, rank + 1));
    return found.slice(0, most);
  }

  get(seq: number): EntryFacts | undefined {
    return this.#entries.get(seq);
  }

  get size(): number {
    return this.#entries.size;
  }

  /** See `EntryTable`. */
  get last(): number {
    return this.#entries.last;
  }

  sums(except: ReadonlySet<number>): string {
    return this.#entries.sums(except);
  }

  /** A copy: what is applied later is not in it. */
  image(): IndexImage {
    return { entries: this.#entries.image(), near: [...this.#near].map(([name, index]) => [name, index.image()] as const) };
  }

  /** The index that an image was taken of; it takes the arrays over. Throws where they do not fit together. */
  static of({ entries, near }: IndexImage): LedgerIndex {
    const index = new LedgerIndex();
    index.#entries = EntryTable.of(entries);
    for (const [name, image] of near) index.#near.set(name, NearIndex.of(image));
    const indexed = [...index.#near.values()].reduce((sum, { size }) => sum + size, 0);
    if (indexed !== index.size) throw new Error('An image lists other entries than it finds');
    for (const entry of index.#entries.all()) index.#file(entry);
    return index;
  }

  #indexOf({ unitType, namespace }: EntryFacts): NearIndex {
    const ofType = this.#indexes.get(unitType) ?? new Map<string, NearIndex>();
    this.#indexes.set(unitType, ofType);
    const known = ofType.get(namespace);
    if (known !== undefined) return known;
    const name = nameOf(unitType, namespace);
    const index = this.#near.get(name) ?? new NearIndex();
    this.#near.set(name, index);
    ofType.set(namespace, index);
    return index;
  }

  #file({ seq, unitType, namespace, family }: EntryFacts): void {
    if (namespace !== 'linear') return;
    const name = nameOf(unitType, family);
    const members = this.#families.get(name) ?? [];
    members.push(seq);
    if (members.length > 2 * MOST_OF_FAMILY) members.splice(0, members.length - MOST_OF_FAMILY);
    this.#families.set(name, members);
  }
}

function kinName(name: string, kin: KinFamilies): string {
  const [unitType, family]: [string, string] = JSON.parse(name);
  return nameOf(unitType, kin(family));
}

function nameOf(unitType: string, name: string): string {
  return JSON.stringify([unitType, name]);
}
