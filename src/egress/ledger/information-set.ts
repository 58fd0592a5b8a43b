import { inverseMod, MODULUS, mulMod, subMod } from './modular.ts';

/**
 * One way to read coefficients off a vector: independent entries of a basis, reduced so that each has a place (its
 * pivot) where it is 1 and all others are 0. If a vector is a combination of the entries except in some places, and none of
 * these is a pivot, then its values at the pivots are the coefficients. Entries that depend on earlier ones are left out.
 * Source: ADR 0014 (information-set decoding), gate.md §7 (combinations), gate-examples.md D10.
 */
export class InformationSet {
  readonly #places: number;
  readonly #most: number;
  /** Reduced entries, place by place: value of row i at place p stands at `p * most + i`. */
  readonly #reduced: Uint32Array;
  /** What the reduced entries are made of: share of entry e in row i at `i * most + e`. */
  readonly #made: Uint32Array;
  readonly #pivots: number[] = [];
  readonly #isPivot: Uint8Array;
  #entries = 0;

  /** @param most  how many entries it can take. */
  constructor(places: number, most: number) {
    this.#places = places;
    this.#most = most;
    this.#reduced = new Uint32Array(places * most);
    this.#made = new Uint32Array(most * most);
    this.#isPivot = new Uint8Array(places);
  }

  get rank(): number {
    return this.#pivots.length;
  }

  /** Takes one more entry. Its pivot is the place least used so far by this and other sets: `uses` counts them. */
  add(vector: Uint32Array, uses: Uint32Array): void {
    const entry = this.#entries;
    if (entry === this.#most) throw new Error('The basis is full');
    this.#entries += 1;
    const row = this.rank;
    const shares = this.sharesOf(vector);
    const rest = Uint32Array.from({ length: this.#places }, (_, place) => this.#restAt(vector, shares, place));
    const pivot = leastUsed(rest, uses);
    if (pivot === undefined) return;
    const inverse = inverseMod(rest[pivot] ?? 1);
    for (let place = 0; place < this.#places; place += 1) {
      const value = mulMod(rest[place] ?? 0, inverse);
      this.#reduced[place * this.#most + row] = value;
    }
    const made = this.#coefficients(shares).map((value) => mulMod(subMod(0, value), inverse));
    made[entry] = inverse;
    this.#made.set(made, row * this.#most);
    this.#clear(pivot, row);
    this.#pivots.push(pivot);
    this.#isPivot[pivot] = 1;
    uses[pivot] = (uses[pivot] ?? 0) + 1;
  }

  /** Takes the new row out of the older ones, so that they are 0 at its pivot. */
  #clear(pivot: number, row: number): void {
    for (let older = 0; older < row; older += 1) {
      const share = this.#reduced[pivot * this.#most + older] ?? 0;
      if (share === 0) continue;
      for (let place = 0; place < this.#places; place += 1) this.#subtract(this.#reduced, place * this.#most, older, row, share);
      for (let entry = 0; entry < this.#entries; entry += 1) {
        const at = older * this.#most + entry;
        this.#made[at] = subMod(this.#made[at] ?? 0, mulMod(share, this.#made[row * this.#most + entry] ?? 0));
      }
    }
  }

  #subtract(values: Uint32Array, base: number, target: number, source: number, share: number): void {
    const value = values[base + source] ?? 0;
    if (value !== 0) values[base + target] = subMod(values[base + target] ?? 0, mulMod(share, value));
  }

  /** How much of every row stands in a vector, if none of its pivots is among the places that are off. */
  sharesOf(vector: Uint32Array): Uint32Array {
    return Uint32Array.from(this.#pivots, (pivot) => vector[pivot] ?? 0);
  }

  /**
   * The places at which a vector is off the combination with these shares, or undefined once there are `reach` of them,
   * or where fewer than two places besides the pivots speak for the combination: any vector fits as many places as there
   * are entries.
   */
  placesOff(vector: Uint32Array, shares: Uint32Array, reach: number): readonly number[] | undefined {
    const off: number[] = [];
    let confirmed = 0;
    for (let place = 0; place < this.#places; place += 1) {
      if (this.#isPivot[place] === 1) continue;
      if (this.#restAt(vector, shares, place) !== 0) off.push(place);
      else if (vector[place] !== 0 || this.#isTouched(shares, place)) confirmed += 1;
      if (off.length >= reach) return undefined;
    }
    return confirmed < 2 ? undefined : off;
  }

  /** The coefficients of the entries, in the order they came, for shares of rows. */
  coefficients(shares: Uint32Array): Uint32Array {
    return this.#coefficients(shares);
  }

  #coefficients(shares: Uint32Array): Uint32Array {
    const found = new Uint32Array(this.#entries);
    for (const [row, share] of shares.entries()) {
      if (share === 0) continue;
      for (let entry = 0; entry < this.#entries; entry += 1) {
        const sum = (found[entry] ?? 0) + mulMod(share, this.#made[row * this.#most + entry] ?? 0);
        found[entry] = sum >= MODULUS ? sum - MODULUS : sum;
      }
    }
    return found;
  }

  #restAt(vector: Uint32Array, shares: Uint32Array, place: number): number {
    let rest = vector[place] ?? 0;
    const base = place * this.#most;
    for (let row = 0; row < shares.length; row += 1) {
      const share = shares[row] ?? 0;
      if (share === 0) continue;
      const value = this.#reduced[base + row] ?? 0;
      if (value !== 0) rest = subMod(rest, mulMod(share, value));
    }
    return rest;
  }

  #isTouched(shares: Uint32Array, place: number): boolean {
    const base = place * this.#most;
    return shares.some((share, row) => share !== 0 && this.#reduced[base + row] !== 0);
  }
}

function leastUsed(rest: Uint32Array, uses: Uint32Array): number | undefined {
  let best: number | undefined;
  for (const [place, value] of rest.entries())
    if (value !== 0 && (best === undefined || (uses[place] ?? 0) < (uses[best] ?? 0))) best = place;
  return best;
}
