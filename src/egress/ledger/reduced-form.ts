import { inverseMod, mulMod, subMod } from '../../kernel/modular.ts';
import { BUCKETS } from './sketch.ts';

/** Behind the buckets: how often the newest figure counts in a row. */
const NEWEST = BUCKETS;
const WIDTH = BUCKETS + 1;

/**
 * A basis of what some figures span, reduced: each row is 1 at a place of its own (its pivot), where all others are 0. Another
 * choice of pivots is another reduced form of the same span and has other rows: light ones among them are combinations that
 * rest on few buckets. Holds state for one decision. Source: ADR 0047 (information-set decoding, one pivot at a time).
 */
export class ReducedForm {
  readonly #rows: Uint32Array[];
  readonly #pivots: number[];
  #turn = 0;

  constructor(rows: readonly Uint32Array[] = [], pivots: readonly number[] = []) {
    this.#rows = rows.map((row) => row.slice());
    this.#pivots = [...pivots];
  }

  get rank(): number {
    return this.#rows.length;
  }

  copy(): ReducedForm {
    return new ReducedForm(this.#rows, this.#pivots);
  }

  /** Whether the rows give all of a vector. */
  holds(vector: Uint32Array): boolean {
    return this.#reduced(vector).every((value, place) => value === 0 || place === NEWEST);
  }

  /** Takes a vector as the newest; false where the rows give all of it already. */
  take(vector: Uint32Array): boolean {
    for (const row of this.#rows) row[NEWEST] = 0;
    const row = this.#reduced(vector);
    const pivot = row.findIndex((value) => value !== 0);
    if (pivot === NEWEST) return false;
    this.#rows.push(row);
    this.#pivots.push(pivot);
    this.#clear(this.#rows.length - 1, pivot);
    return true;
  }

  /** Fewest buckets of a row that the newest figure counts in, as far as there are fewer than `most`. */
  lightest(most: number): number {
    let least = most;
    for (const row of this.#rows) {
      if (row[NEWEST] === 0) continue;
      let weight = 0;
      for (let place = 0; place < BUCKETS && weight < least; place += 1) if (row[place] !== 0) weight += 1;
      least = Math.min(least, weight);
    }
    return least;
  }

  /** Gives a row another pivot, row after row. Always the same for the same input. */
  turn(): void {
    const at = this.#turn % this.#rows.length;
    const row = this.#rows[at];
    this.#turn += 1;
    if (row === undefined) return;
    const start = Math.imul(this.#turn, 0x9e3779b1) >>> 24;
    for (let step = 0; step < BUCKETS; step += 1) {
      const place = (start + step) % BUCKETS;
      if (row[place] === 0 || place === this.#pivots[at]) continue;
      this.#pivots[at] = place;
      this.#clear(at, place);
      return;
    }
  }

  #reduced(vector: Uint32Array): Uint32Array {
    const row = new Uint32Array(WIDTH);
    row.set(vector);
    row[NEWEST] = 1;
    for (const [at, own] of this.#rows.entries()) subtract(row, own, row[this.#pivots[at] ?? 0] ?? 0);
    return row;
  }

  /** Makes a row 1 at its pivot, and all others 0 there. */
  #clear(at: number, pivot: number): void {
    const row = this.#rows[at];
    if (row === undefined) return;
    const inverse = inverseMod(row[pivot] ?? 1);
    for (let place = 0; place < WIDTH; place += 1) if (row[place] !== 0) row[place] = mulMod(row[place] ?? 0, inverse);
    for (const [other, own] of this.#rows.entries()) if (other !== at) subtract(own, row, own[pivot] ?? 0);
  }
}

function subtract(from: Uint32Array, row: Uint32Array, share: number): void {
  if (share === 0) return;
  for (let place = 0; place < WIDTH; place += 1) {
    const value = row[place] ?? 0;
    if (value !== 0) from[place] = subMod(from[place] ?? 0, mulMod(share, value));
  }
}
