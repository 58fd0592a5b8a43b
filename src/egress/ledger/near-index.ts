import { FEW_BUCKETS, FewBuckets, isWithin } from './few-buckets.ts';
import { LaneTable } from './lane-table.ts';
import { bitCount, type CoarseSketch, LANES, WORDS } from './sketch.ts';

/** An index as arrays, to be kept in a file. Rows are entries in order. */
export interface NearImage {
  readonly ids: Float64Array;
  readonly lanes: Uint32Array;
  readonly masks: Uint32Array;
  readonly isRemoved: Uint8Array;
  readonly table: readonly [heads: Uint32Array, chain: Uint32Array, used: Uint32Array];
}

/** Removed entries keep their place until a quarter of all places is theirs. */
const MOST_REMOVED = 0.25;

/**
 * Finds, among a million registered figures, all that fewer than k units separate from a new one, by the bound that
 * lanes and masks give (`coarseDistance`); exactly what a scan of all finds. Three ways, each complete where it is taken:
 *
 * - fewer than k differing units touch fewer than k lanes, so of k lanes that are not 0 one is equal: look-up by lane;
 * - a figure with fewer such lanes uses few buckets: the entries that use nearly as many, by their masks;
 * - otherwise all entries, those first dropped that use far more or fewer buckets.
 *
 * Holds no totals, no terms and no states; whoever asks decides on what was found. Source: ADR 0014, gate.md §7 (look-up).
 */
export class NearIndex {
  #lanes: Uint32Array;
  #masks: Uint32Array;
  #buckets: Uint16Array;
  #ids: Float64Array;
  #isRemoved: Uint8Array;
  #seen: Uint32Array;
  #round = 0;
  #length = 0;
  #removed = 0;
  #table: LaneTable;
  #few = new FewBuckets();

  /** @param expected  how many entries to make room for; it grows beyond. */
  constructor(expected = 1024) {
    const room = Math.max(16, expected);
    this.#lanes = new Uint32Array(room * LANES);
    this.#masks = new Uint32Array(room * WORDS);
    this.#buckets = new Uint16Array(room);
    this.#ids = new Float64Array(room);
    this.#isRemoved = new Uint8Array(room);
    this.#seen = new Uint32Array(room);
    this.#table = new LaneTable(room);
  }

  /** A copy: what is added later is not in it. */
  image(): NearImage {
    const entries = this.#length;
    return {
      ids: this.#ids.slice(0, entries),
      lanes: this.#lanes.slice(0, entries * LANES),
      masks: this.#masks.slice(0, entries * WORDS),
      isRemoved: this.#isRemoved.slice(0, entries),
      table: this.#table.image(entries),
    };
  }

  /** The index that an image was taken of; it takes the arrays over. Throws where they do not fit together. */
  static of({ ids, lanes, masks, isRemoved, table }: NearImage): NearIndex {
    const entries = ids.length;
    const lengths = [lanes.length / LANES, masks.length / WORDS, isRemoved.length, table[1].length / LANES];
    if (lengths.some((length) => length !== entries)) throw new Error('Arrays of an image differ');
    const index = new NearIndex(0);
    [index.#ids, index.#lanes, index.#masks, index.#isRemoved] = [ids, lanes, masks, isRemoved];
    index.#buckets = new Uint16Array(entries);
    index.#seen = new Uint32Array(entries);
    index.#table = LaneTable.of(table);
    index.#length = entries;
    for (let entry = 0; entry < entries; entry += 1) {
      index.#removed += isRemoved[entry] ?? 0;
      index.#shelve(entry, masks.subarray(entry * WORDS, (entry + 1) * WORDS));
    }
    return index;
  }

  get size(): number {
    return this.#length - this.#removed;
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    const arrays = [this.#lanes, this.#masks, this.#buckets, this.#ids, this.#isRemoved, this.#seen];
    return arrays.reduce((sum, array) => sum + array.byteLength, this.#table.bytes + this.#few.bytes);
  }

  /** Adds an entry. Ids are sequence numbers and must rise; throws where they do not, and on a coarse sum. */
  add(id: number, sketch: CoarseSketch): void {
    const entry = this.#keep(id, sketch);
    for (let lane = 0; lane < LANES; lane += 1) this.#file(entry, lane);
  }

  /** Adds many entries, as when the ledger is opened: several times faster than one by one. The rules are those of `add`. */
  addAll(entries: Iterable<{ readonly id: number; readonly sketch: CoarseSketch }>): void {
    const from = this.#length;
    for (const { id, sketch } of entries) this.#keep(id, sketch);
    this.#fileAll(from);
  }

  #keep(id: number, sketch: CoarseSketch): number {
    const entry = this.#length;
    if (entry > 0 && !(id > (this.#ids[entry - 1] ?? 0))) throw new Error('Ids of the index must rise');
    if (sketch.mask !== sketch.sure && sketch.mask.some((bits, word) => bits !== sketch.sure[word]))
      throw new Error('A coarse sum is no entry');
    if (entry === this.#ids.length) this.#grow(Math.ceil(entry * 1.5) + 16);
    this.#ids[entry] = id;
    this.#lanes.set(sketch.lanes, entry * LANES);
    this.#masks.set(sketch.mask, entry * WORDS);
    this.#length += 1;
    this.#shelve(entry, sketch.mask);
    return entry;
  }

  /** Whether there was an entry of that id. It is not found any more. */
  remove(id: number): boolean {
    const entry = this.#entryOf(id);
    if (entry === undefined || this.#isRemoved[entry] === 1) return false;
    this.#isRemoved[entry] = 1;
    this.#removed += 1;
    if (this.#removed > 1024 && this.#removed > this.#length * MOST_REMOVED) this.compact();
    return true;
  }

  /** Gives back the places of removed entries. Done by `remove` itself from time to time. */
  compact(): void {
    let kept = 0;
    this.#table = new LaneTable(this.#ids.length);
    this.#few = new FewBuckets();
    for (let entry = 0; entry < this.#length; entry += 1) {
      if (this.#isRemoved[entry] === 1) continue;
      this.#ids[kept] = this.#ids[entry] ?? 0;
      this.#lanes.copyWithin(kept * LANES, entry * LANES, (entry + 1) * LANES);
      this.#masks.copyWithin(kept * WORDS, entry * WORDS, (entry + 1) * WORDS);
      this.#shelve(kept, this.#masks.subarray(kept * WORDS, (kept + 1) * WORDS));
      kept += 1;
    }
    this.#isRemoved.fill(0);
    this.#seen.fill(0);
    this.#round = 0;
    this.#length = kept;
    this.#removed = 0;
    this.#fileAll(0);
  }

  /** Ids, rising, of all entries whose `coarseDistance` to the sketch is below k. */
  near(sketch: CoarseSketch, k: number): readonly number[] {
    const found: number[] = [];
    const visit = (entry: number): void => {
      if (this.#isRemoved[entry] !== 1 && this.#distance(entry, sketch, k) < k) found.push(entry);
    };
    const used = sketch.lanes.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
    const [least, most] = [count(sketch.sure) - k + 1, count(sketch.mask) + k - 1];
    if (used >= k) this.#byLanes(sketch, k, visit);
    else if (most <= FEW_BUCKETS) this.#few.scan(sketch.mask, sketch.sure, least, most, k, visit);
    else this.#byScan(sketch, least, most, k, visit);
    return found.sort((a, b) => a - b).map((entry) => this.#ids[entry] ?? 0);
  }

  #byLanes(sketch: CoarseSketch, k: number, visit: (entry: number) => void): void {
    this.#round += 1;
    if (this.#round === 0xffffffff) {
      this.#seen.fill(0);
      this.#round = 1;
    }
    let asked = 0;
    for (let lane = 0; lane < LANES && asked < k; lane += 1) {
      const value = sketch.lanes[lane] ?? 0;
      if (value === 0) continue;
      asked += 1;
      for (let posting = this.#table.first(this.#lanes, lane, value); posting >= 0; posting = this.#table.next(posting)) {
        const entry = posting >>> 4;
        if (this.#seen[entry] === this.#round) continue;
        this.#seen[entry] = this.#round;
        visit(entry);
      }
    }
  }

  #byScan(sketch: CoarseSketch, least: number, most: number, k: number, visit: (entry: number) => void): void {
    for (let entry = 0; entry < this.#length; entry += 1) {
      const buckets = this.#buckets[entry] ?? 0;
      if (buckets >= least && buckets <= most && isWithin(this.#masks, entry * WORDS, sketch.mask, sketch.sure, k)) visit(entry);
    }
  }

  /** `coarseDistance`, given up once it reaches k. */
  #distance(entry: number, sketch: CoarseSketch, k: number): number {
    let found = 0;
    let touched = 0;
    for (let word = 0; word < WORDS; word += 1) {
      const own = this.#masks[entry * WORDS + word] ?? 0;
      const bits = (own & ~(sketch.mask[word] ?? 0)) | ((sketch.sure[word] ?? 0) & ~own);
      if (bits === 0) continue;
      found += bitCount(bits);
      touched |= bits | (bits >>> 16);
    }
    for (let lane = 0; lane < LANES && found < k; lane += 1)
      if (this.#lanes[entry * LANES + lane] !== sketch.lanes[lane] && ((touched >>> lane) & 1) === 0) found += 1;
    return found;
  }

  #shelve(entry: number, mask: Uint32Array): void {
    const buckets = count(mask);
    this.#buckets[entry] = buckets;
    if (buckets <= FEW_BUCKETS) this.#few.add(entry, mask, buckets);
  }

  #fileAll(from: number): void {
    for (let lane = 0; lane < LANES; lane += 1) for (let entry = from; entry < this.#length; entry += 1) this.#file(entry, lane);
  }

  #file(entry: number, lane: number): void {
    if (this.#lanes[entry * LANES + lane] !== 0) this.#table.add(this.#lanes, entry, lane);
  }

  #entryOf(id: number): number | undefined {
    let [low, high] = [0, this.#length - 1];
    while (low <= high) {
      const middle = (low + high) >>> 1;
      const found = this.#ids[middle] ?? 0;
      if (found === id) return middle;
      if (found < id) low = middle + 1;
      else high = middle - 1;
    }
    return undefined;
  }

  #grow(room: number): void {
    this.#lanes = copied(new Uint32Array(room * LANES), this.#lanes);
    this.#masks = copied(new Uint32Array(room * WORDS), this.#masks);
    this.#buckets = copied(new Uint16Array(room), this.#buckets);
    this.#ids = copied(new Float64Array(room), this.#ids);
    this.#isRemoved = copied(new Uint8Array(room), this.#isRemoved);
    this.#seen = copied(new Uint32Array(room), this.#seen);
    this.#table.reserve(room);
  }
}

function count(mask: Uint32Array): number {
  let found = 0;
  for (const bits of mask) found += bitCount(bits);
  return found;
}

function copied<T extends Uint8Array | Uint16Array | Uint32Array | Float64Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
