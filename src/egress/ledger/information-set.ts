import { inverseMod, MODULUS, mulMod, subMod } from '../../kernel/modular.ts';

const INVERSE = 1 / MODULUS;
/** Products of 31 bits and half of a split factor that a double can add up exactly. */
const EXACT_TERMS = 64;

/** How much of every row stands in a vector, each share split in two halves so that products can be added up in doubles. */
export class Shares {
  readonly values: Int32Array;
  readonly low: Float64Array;
  readonly high: Float64Array;

  constructor(most: number) {
    this.values = new Int32Array(most);
    this.low = new Float64Array(most);
    this.high = new Float64Array(most);
  }

  set(at: number, value: number): void {
    this.values[at] = value;
    this.low[at] = value & 0x7fff;
    this.high[at] = value >>> 15;
  }
}

/**
 * One way to read coefficients off a vector: independent entries of a basis, each less what stands of the earlier ones
 * in it, so that it is 1 at a place of its own (its pivot) and all later ones are 0 there. If a vector is a combination
 * of the entries except in some places, and none of these is a pivot, then its values at the pivots, solved in order, are
 * the coefficients. Entries that depend on earlier ones are left out.
 * Source: ADR 0014 (information-set decoding), gate.md §7 (combinations), gate-examples.md D10.
 */
export class InformationSet {
  readonly #places: number;
  readonly #most: number;
  readonly #seed: number;
  /** Reduced entries, place by place: what is summed up stands together. */
  readonly #rows: Int32Array;
  /** By row: the shares of earlier rows taken off it, the inverse of what was left at its pivot, the entry it came from. */
  readonly #taken: Int32Array[] = [];
  readonly #inverses: number[] = [];
  readonly #origins: number[] = [];
  readonly #pivots: number[] = [];
  readonly #isPivot: Uint8Array;
  readonly #shares: Shares;
  readonly #everywhere: Uint16Array;
  /** Places that are looked at: all, or after `narrow` some. */
  #live: Uint16Array;
  #entries = 0;

  /**
   * @param most  how many entries it can take.
   * @param seed  breaks ties between places, so that sets differ where a basis leaves little choice.
   */
  constructor(places: number, most: number, seed: number) {
    this.#places = places;
    this.#most = most;
    this.#seed = seed;
    this.#rows = new Int32Array(places * most);
    this.#isPivot = new Uint8Array(places);
    this.#shares = new Shares(most);
    this.#everywhere = Uint16Array.from({ length: places }, (_, place) => place);
    this.#live = this.#everywhere;
  }

  /**
   * From here on only the pivots and so many more places count, the least used ones: entries that stay for one statement are
   * reduced there alone. Until `keepFirst`.
   */
  narrow(more: number, uses: Uint32Array): void {
    const others = this.#everywhere.filter((place) => this.#isPivot[place] !== 1);
    if (others.length <= more) return;
    const ranked = Float64Array.from(others, (place) => this.#rankOf(place, uses) * this.#places + place).sort();
    this.#live = new Uint16Array(this.#pivots.length + more);
    this.#live.set(this.#pivots);
    for (let at = 0; at < more; at += 1) this.#live[this.#pivots.length + at] = (ranked[at] ?? 0) % this.#places;
  }

  get isNarrow(): boolean {
    return this.#live.length < this.#places;
  }

  /** Takes one more entry. Its pivot is the place least used so far by this and other sets: `uses` counts them. */
  add(vector: Uint32Array, uses: Uint32Array): void {
    const entry = this.#entries;
    if (entry === this.#most) throw new Error('The basis is full');
    this.#entries += 1;
    const rank = this.#pivots.length;
    const shares = this.sharesOf(vector);
    const row = new Uint32Array(this.#places);
    for (const place of this.#live)
      if (this.#isPivot[place] !== 1) row[place] = subMod(vector[place] ?? 0, this.#combined(place, shares, rank));
    const pivot = this.#leastUsed(row, uses);
    if (pivot === undefined) return;
    const inverse = inverseMod(row[pivot] ?? 1);
    for (const place of this.#live) this.#rows[place * this.#most + rank] = mulMod(row[place] ?? 0, inverse);
    this.#taken.push(shares.values.slice(0, rank));
    this.#inverses.push(inverse);
    this.#origins.push(entry);
    this.#pivots.push(pivot);
    this.#isPivot[pivot] = 1;
    uses[pivot] = (uses[pivot] ?? 0) + 1;
  }

  /** Gives back all but the first entries. */
  keepFirst(entries: number): void {
    this.#live = this.#everywhere;
    if (entries >= this.#entries) return;
    this.#entries = entries;
    while ((this.#origins.at(-1) ?? -1) >= entries) {
      this.#isPivot[this.#pivots.pop() ?? 0] = 0;
      for (const list of [this.#origins, this.#inverses, this.#taken]) list.pop();
    }
  }

  /** How much of every row stands in a vector, if none of its pivots is among the places that are off. Good until the next call. */
  sharesOf(vector: Uint32Array): Shares {
    const shares = this.#shares;
    const pivots = this.#pivots;
    for (let row = 0; row < pivots.length; row += 1) {
      const pivot = pivots[row] ?? 0;
      shares.set(row, subMod(vector[pivot] ?? 0, this.#combined(pivot, shares, row)));
    }
    return shares;
  }

  /**
   * At how many of the places that count a vector is off the combination with these shares; undefined once there are `reach` of them, or where
   * fewer than two places besides the pivots speak for the combination: any vector fits as many places as there are entries.
   */
  placesOff(vector: Uint32Array, shares: Shares, reach: number): number | undefined {
    const rank = this.#pivots.length;
    let off = 0;
    let confirmed = 0;
    for (const place of this.#live) {
      if (this.#isPivot[place] === 1) continue;
      const value = vector[place] ?? 0;
      if (value !== this.#combined(place, shares, rank)) {
        off += 1;
        if (off >= reach) return undefined;
      } else if (value !== 0 || this.#isTouched(place, shares)) confirmed += 1;
    }
    return confirmed < 2 ? undefined : off;
  }

  /** The coefficients of the entries, in the order they came, for shares of rows. */
  coefficients(shares: Shares): Uint32Array {
    const found = new Uint32Array(this.#entries);
    const rest = Uint32Array.from(shares.values.subarray(0, this.#pivots.length));
    for (let row = rest.length - 1; row >= 0; row -= 1) {
      const own = mulMod(rest[row] ?? 0, this.#inverses[row] ?? 0);
      found[this.#origins[row] ?? 0] = own;
      if (own === 0) continue;
      for (const [older, share] of (this.#taken[row] ?? []).entries()) rest[older] = subMod(rest[older] ?? 0, mulMod(own, share));
    }
    return found;
  }

  /** The first `count` rows at a place, each times its share. */
  #combined(place: number, shares: Shares, count: number): number {
    const start = place * this.#most;
    if (count <= EXACT_TERMS) return combined(this.#rows, start, shares, 0, count);
    let total = 0;
    for (let from = 0; from < count; from += EXACT_TERMS) {
      total += combined(this.#rows, start, shares, from, Math.min(count, from + EXACT_TERMS));
      if (total >= MODULUS) total -= MODULUS;
    }
    return total;
  }

  #isTouched(place: number, shares: Shares): boolean {
    const start = place * this.#most;
    for (let row = 0; row < this.#pivots.length; row += 1) if (shares.values[row] !== 0 && this.#rows[start + row] !== 0) return true;
    return false;
  }

  #rankOf(place: number, uses: Uint32Array): number {
    return (uses[place] ?? 0) * 1024 + (Math.imul(place * 64 + this.#seed + 1, 0x9e3779b1) >>> 22);
  }

  #leastUsed(row: Uint32Array, uses: Uint32Array): number | undefined {
    let best: number | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (let place = 0; place < row.length; place += 1) {
      if (row[place] === 0) continue;
      const rank = this.#rankOf(place, uses);
      if (rank < least) [best, least] = [place, rank];
    }
    return best;
  }
}

/** Values of a row from `from` up to `to` times their shares: at most `EXACT_TERMS` of them. */
function combined(rows: Int32Array, start: number, { low, high }: Shares, from: number, to: number): number {
  // Two sums of each kind: one addition need not wait for the other.
  let lows = 0;
  let highs = 0;
  let moreLows = 0;
  let moreHighs = 0;
  let at = from;
  for (; at + 1 < to; at += 2) {
    const value = rows[start + at] as number;
    const next = rows[start + at + 1] as number;
    lows += value * (low[at] as number);
    highs += value * (high[at] as number);
    moreLows += next * (low[at + 1] as number);
    moreHighs += next * (high[at + 1] as number);
  }
  if (at < to) {
    const value = rows[start + at] as number;
    lows += value * (low[at] as number);
    highs += value * (high[at] as number);
  }
  return reduced(reduced(highs + moreHighs) * 0x8000 + (lows + moreLows));
}

/** The residue of a whole number below 2^53: the estimated quotient is off by one at most, all else is exact. */
function reduced(sum: number): number {
  const rest = sum - Math.floor(sum * INVERSE) * MODULUS;
  if (rest < 0) return rest + MODULUS;
  return rest >= MODULUS ? rest - MODULUS : rest;
}
