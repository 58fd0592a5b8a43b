import { addMod, inverseMod, mulMod, subMod } from './modular.ts';

/**
 * One way to read coefficients off a vector: independent entries of a basis, reduced so that each has a place (its
 * pivot) where it is 1 and all others are 0. If a vector is a combination of the entries except in some places, and none of
 * these is a pivot, then its values at the pivots are the coefficients. Entries that depend on earlier ones are left out.
 * Source: ADR 0014 (information-set decoding), gate.md §7 (combinations), gate-examples.md D10.
 */
export class InformationSet {
  readonly #places: number;
  readonly #most: number;
  readonly #seed: number;
  /** Reduced entries, and what each is made of by entry. */
  readonly #rows: Uint32Array[] = [];
  readonly #made: Uint32Array[] = [];
  readonly #pivots: number[] = [];
  readonly #isPivot: Uint8Array;
  #entries = 0;

  /**
   * @param most  how many entries it can take.
   * @param seed  breaks ties between places, so that sets differ where a basis leaves little choice.
   */
  constructor(places: number, most: number, seed: number) {
    this.#places = places;
    this.#most = most;
    this.#seed = seed;
    this.#isPivot = new Uint8Array(places);
  }

  /** Takes one more entry. Its pivot is the place least used so far by this and other sets: `uses` counts them. */
  add(vector: Uint32Array, uses: Uint32Array): void {
    const entry = this.#entries;
    if (entry === this.#most) throw new Error('The basis is full');
    this.#entries += 1;
    const row = vector.slice();
    const made = new Uint32Array(this.#most);
    made[entry] = 1;
    for (const [index, pivot] of this.#pivots.entries()) {
      const share = vector[pivot] ?? 0; // at its pivot a row is 1 and all others are 0
      subtract(row, this.#rows[index], share);
      subtract(made, this.#made[index], share);
    }
    const pivot = this.#leastUsed(row, uses);
    if (pivot === undefined) return;
    const inverse = inverseMod(row[pivot] ?? 1);
    for (const values of [row, made]) for (let at = 0; at < values.length; at += 1) values[at] = mulMod(values[at] ?? 0, inverse);
    for (const [index, older] of this.#rows.entries()) {
      const share = older[pivot] ?? 0;
      subtract(older, row, share);
      subtract(this.#made[index] ?? made, made, share);
    }
    this.#rows.push(row);
    this.#made.push(made);
    this.#pivots.push(pivot);
    this.#isPivot[pivot] = 1;
    uses[pivot] = (uses[pivot] ?? 0) + 1;
  }

  /** How much of every row stands in a vector, if none of its pivots is among the places that are off. */
  sharesOf(vector: Uint32Array): Uint32Array {
    return Uint32Array.from(this.#pivots, (pivot) => vector[pivot] ?? 0);
  }

  /**
   * At how many places a vector is off the combination with these shares; undefined once there are `reach` of them, or where
   * fewer than two places besides the pivots speak for the combination: any vector fits as many places as there are entries.
   */
  placesOff(vector: Uint32Array, shares: Uint32Array, reach: number): number | undefined {
    const used = [...shares.keys()].filter((index) => shares[index] !== 0);
    const rows = used.map((index) => this.#rows[index] ?? shares);
    const factors = used.map((index) => shares[index] ?? 0);
    let off = 0;
    let confirmed = 0;
    for (let place = 0; place < this.#places; place += 1) {
      if (this.#isPivot[place] === 1) continue;
      let rest = vector[place] ?? 0;
      let isTouched = rest !== 0;
      for (let at = 0; at < rows.length; at += 1) {
        const value = rows[at]?.[place] ?? 0;
        if (value === 0) continue;
        isTouched = true;
        rest = subMod(rest, mulMod(factors[at] ?? 0, value));
      }
      if (rest !== 0) off += 1;
      else if (isTouched) confirmed += 1;
      if (off >= reach) return undefined;
    }
    return confirmed < 2 ? undefined : off;
  }

  /** The coefficients of the entries, in the order they came, for shares of rows. */
  coefficients(shares: Uint32Array): Uint32Array {
    const found = new Uint32Array(this.#entries);
    for (const [row, share] of shares.entries()) {
      if (share === 0) continue;
      for (let entry = 0; entry < this.#entries; entry += 1)
        found[entry] = addMod(found[entry] ?? 0, mulMod(share, this.#made[row]?.[entry] ?? 0));
    }
    return found;
  }

  #leastUsed(row: Uint32Array, uses: Uint32Array): number | undefined {
    let best: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (let place = 0; place < row.length; place += 1) {
      if (row[place] === 0) continue;
      const rank = (uses[place] ?? 0) * 1024 + (Math.imul(place * 64 + this.#seed + 1, 0x9e3779b1) >>> 22);
      if (rank < least) [best, least] = [place, rank];
    }
    return best;
  }
}

function subtract(target: Uint32Array, source: Uint32Array | undefined, share: number): void {
  if (share === 0 || source === undefined) return;
  for (let at = 0; at < target.length; at += 1) {
    const value = source[at] ?? 0;
    if (value !== 0) target[at] = subMod(target[at] ?? 0, mulMod(share, value));
  }
}
