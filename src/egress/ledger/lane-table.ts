import { LANES } from './sketch.ts';

/** Odd numbers that spread the bits of lane and value over a hash. */
const MIX = [0x9e3779b1, 0x85ebca6b, 0xc2b2ae35] as const;
const EMPTY = 0xffffffff;

/**
 * Open addressing from (lane number, value of the lane) to the entries that have it. A slot holds the newest posting
 * (`entry × 16 + lane`); older ones of the same key hang on it as a chain, so that a value shared by many entries
 * takes one slot. Keys are not stored: they are read from the lanes of the entry. Every lane has a part of the slots of
 * its own, so that filing many entries lane by lane stays within a part. Source: ADR 0014, performance.md §5.
 */
export class LaneTable {
  #heads: Uint32Array;
  #chain: Uint32Array;
  readonly #used = new Uint32Array(LANES);

  constructor(entries: number) {
    this.#heads = new Uint32Array(slotsFor(entries)).fill(EMPTY);
    this.#chain = new Uint32Array(entries * LANES);
  }

  get bytes(): number {
    return this.#heads.byteLength + this.#chain.byteLength;
  }

  /** Copies of slots and chains, and how many slots each lane uses. */
  image(entries: number): readonly [heads: Uint32Array, chain: Uint32Array, used: Uint32Array] {
    return [this.#heads.slice(), this.#chain.slice(0, entries * LANES), this.#used.slice()];
  }

  /** The table that an image was taken of; it takes the arrays over. Throws where they do not fit a table. */
  static of([heads, chain, used]: readonly [Uint32Array, Uint32Array, Uint32Array]): LaneTable {
    const part = heads.length / LANES;
    if (part < 16 || (part & (part - 1)) !== 0 || used.length !== LANES || used.some((slots) => slots * 10 > part * 7 + 10))
      throw new Error('An image of lanes is none');
    const table = new LaneTable(0);
    table.#heads = heads;
    table.#chain = chain;
    table.#used.set(used);
    return table;
  }

  /** Files one lane of an entry. `lanes` holds 16 values per entry, those of this entry included. */
  add(lanes: Uint32Array, entry: number, lane: number): void {
    if ((this.#used[lane] ?? 0) * LANES * 10 >= this.#heads.length * 7) this.#widen(lanes);
    const posting = entry * LANES + lane;
    const slot = this.#slotOf(lanes, lane, lanes[posting] ?? 0);
    const head = this.#heads[slot] ?? EMPTY;
    if (head === EMPTY) this.#used[lane] = (this.#used[lane] ?? 0) + 1;
    this.#chain[posting] = head;
    this.#heads[slot] = posting;
  }

  /** The newest posting of a key, or -1. */
  first(lanes: Uint32Array, lane: number, value: number): number {
    const head = this.#heads[this.#slotOf(lanes, lane, value)] ?? EMPTY;
    return head === EMPTY ? -1 : head;
  }

  /** The next older posting of the same key, or -1. */
  next(posting: number): number {
    const older = this.#chain[posting] ?? EMPTY;
    return older === EMPTY ? -1 : older;
  }

  /** Room for more entries. */
  reserve(entries: number): void {
    const chain = new Uint32Array(entries * LANES);
    chain.set(this.#chain);
    this.#chain = chain;
  }

  #slotOf(lanes: Uint32Array, lane: number, value: number): number {
    const last = this.#heads.length / LANES - 1;
    const base = lane * (last + 1);
    for (let place = hash(lane, value) & last; ; place = (place + 1) & last) {
      const head = this.#heads[base + place] ?? EMPTY;
      if (head === EMPTY || lanes[head] === value) return base + place;
    }
  }

  #widen(lanes: Uint32Array): void {
    const old = this.#heads;
    this.#heads = new Uint32Array(old.length * 2).fill(EMPTY);
    for (const head of old) if (head !== EMPTY) this.#heads[this.#slotOf(lanes, head & 15, lanes[head] ?? 0)] = head;
  }
}

function hash(lane: number, value: number): number {
  let mixed = Math.imul(value ^ Math.imul(lane + 1, MIX[0]), MIX[1]);
  mixed = Math.imul(mixed ^ (mixed >>> 15), MIX[2]);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

function slotsFor(entries: number): number {
  let slots = LANES * 16;
  while (slots * 7 < entries * LANES * 10) slots *= 2;
  return slots;
}
