import { addMod, MODULUS, mulMod, residueOf, subMod } from '../../kernel/modular.ts';
import { LANES } from './sketch.ts';

const COEFFICIENTS = [1, -1, 2, -2] as const;
const RESIDUES = COEFFICIENTS.map((value) => residueOf(value));
const NONE = 0xffffffff;

/** One entry of a small combination: its place in the basis and its coefficient. */
export interface SmallPart {
  readonly entry: number;
  readonly coefficient: number;
}

/**
 * All combinations of one or two entries with coefficients ±1 and ±2, hashed by their value in a lane; together with a
 * third entry taken from the question, combinations of three. Fewer than k units spoil fewer than k lanes, so of k lanes
 * one is clean: complete for figures that use k lanes at least and have parts that use the clean one, as those of about 60
 * units and more do. Only proposes:
 * whoever asks looks at the whole vectors. Source: ADR 0014, gate.md §7 (combinations).
 */
export class SmallCombinations {
  /** Per lane, the multiples of every entry one after the other. */
  readonly #multiples: readonly number[][] = Array.from({ length: LANES }, () => []);
  /** Built when first asked, from as many entries as there are then. A sum and its opposite are filed as one. */
  readonly #tables: (LaneSums | undefined)[] = Array.from({ length: LANES }, () => undefined);
  readonly #most: number;
  /** Multiples that a code can name. */
  readonly #width: number;
  #entries = 0;

  /** @param most  how many entries it can take. */
  constructor(most: number) {
    this.#width = most * RESIDUES.length;
    this.#most = (most * (most - 1) * RESIDUES.length ** 2) / 4 + this.#width / 2;
  }

  /** Takes one more entry; throws where there is no room. A lane of 0 tells nothing and is left out. */
  add(vector: Uint32Array): void {
    const from = this.#entries * RESIDUES.length;
    if (from + RESIDUES.length > this.#width) throw new Error('The basis is full');
    this.#entries += 1;
    for (const [lane, multiples] of this.#multiples.entries()) {
      multiples.push(...RESIDUES.map((residue) => mulMod(residue, vector[lane] ?? 0)));
      const table = this.#tables[lane];
      if (table !== undefined) this.#file(table, multiples, from);
    }
  }

  /** Gives back all but the first entries. */
  keepFirst(entries: number): void {
    if (entries >= this.#entries) return;
    this.#entries = entries;
    this.#tables.fill(undefined);
    for (const multiples of this.#multiples) multiples.length = entries * RESIDUES.length;
  }

  /** Files the multiples of an entry, alone and with those of the entries before it, of which the positive ones do. */
  #file(table: LaneSums, multiples: readonly number[], from: number): void {
    for (let multiple = from; multiple < from + RESIDUES.length; multiple += 1) {
      const value = multiples[multiple] ?? 0;
      if (value === 0) continue;
      if (isPositive(multiple)) table.add(eitherSign(value), multiple);
      for (let at = 0; at < from; at += 2) {
        const other = multiples[at] ?? 0;
        if (other === 0) continue;
        const sum = addMod(value, other);
        // A code is `(second + 1) * width + first`, or `first` alone where there is no second.
        if (sum !== 0) table.add(eitherSign(sum), (multiple + 1) * this.#width + at);
      }
    }
  }

  #tableOf(lane: number): LaneSums {
    const known = this.#tables[lane];
    if (known !== undefined) return known;
    const table = new LaneSums(this.#most);
    const multiples = this.#multiples[lane] ?? [];
    for (let from = 0; from < multiples.length; from += RESIDUES.length) this.#file(table, multiples, from);
    this.#tables[lane] = table;
    return table;
  }

  /** Calls `visit` for every combination that has the value of the vector in one of k lanes. The same may come again. */
  propose(vector: Uint32Array, k: number, visit: (parts: readonly SmallPart[]) => void): void {
    let asked = 0;
    for (let lane = 0; lane < LANES && asked < k; lane += 1) {
      const value = vector[lane] ?? 0;
      if (value === 0) continue;
      asked += 1;
      const table = this.#tableOf(lane);
      const multiples = this.#multiples[lane] ?? [];
      for (const parts of this.#partsOf(table, multiples, value)) visit(parts);
      for (let third = 0; third < multiples.length; third += 1) {
        const part = multiples[third] ?? 0;
        const wanted = subMod(value, part);
        if (part === 0 || !table.mayHold(eitherSign(wanted))) continue;
        const own = partOf(third);
        for (const parts of this.#partsOf(table, multiples, wanted))
          if (parts.every((other) => other.entry < own.entry)) visit([...parts, own]);
      }
    }
  }

  /** The combinations of one or two with a value, which a filed one or its opposite has. */
  *#partsOf(table: LaneSums, multiples: readonly number[], value: number): Generator<readonly SmallPart[]> {
    for (const code of table.codes(eitherSign(value))) {
      const second = Math.floor(code / this.#width) - 1;
      const named = second < 0 ? [code % this.#width] : [code % this.#width, second];
      const sum = named.reduce((total, multiple) => addMod(total, multiples[multiple] ?? 0), 0);
      yield named.map((multiple) => partOf(sum === value ? multiple : opposite(multiple)));
    }
  }
}

/** Multiples stand in pairs of opposites, the positive one first. */
function isPositive(multiple: number): boolean {
  return multiple % 2 === 0;
}

function opposite(multiple: number): number {
  return multiple ^ 1;
}

/** The same for a residue and its opposite. */
function eitherSign(value: number): number {
  return Math.min(value, MODULUS - value);
}

/** Sums of one lane: open addressing from the sum to the code of the combination; equal sums stand in several slots. */
class LaneSums {
  readonly #keys: Uint32Array;
  readonly #codes: Uint32Array;
  /** One bit per hash, small enough to stay near the processor: most sums are not there. */
  readonly #filter: Uint32Array;

  constructor(most: number) {
    let slots = 16;
    while (slots < most * 1.5) slots *= 2;
    this.#keys = new Uint32Array(slots);
    this.#codes = new Uint32Array(slots).fill(NONE);
    this.#filter = new Uint32Array(Math.max(1, slots / 8));
  }

  add(key: number, code: number): void {
    const last = this.#keys.length - 1;
    const bit = spread(key) & (this.#filter.length * 32 - 1);
    this.#filter[bit >>> 5] = (this.#filter[bit >>> 5] ?? 0) | (1 << (bit & 31));
    let slot = spread(key) & last;
    while (this.#codes[slot] !== NONE) slot = (slot + 1) & last;
    this.#keys[slot] = key;
    this.#codes[slot] = code;
  }

  mayHold(key: number): boolean {
    const bit = spread(key) & (this.#filter.length * 32 - 1);
    return (((this.#filter[bit >>> 5] ?? 0) >>> (bit & 31)) & 1) === 1;
  }

  codes(key: number): readonly number[] {
    const last = this.#keys.length - 1;
    const found: number[] = [];
    for (let slot = spread(key) & last; this.#codes[slot] !== NONE; slot = (slot + 1) & last)
      if (this.#keys[slot] === key) found.push(this.#codes[slot] ?? 0);
    return found;
  }
}

function partOf(multiple: number): SmallPart {
  return { entry: Math.floor(multiple / RESIDUES.length), coefficient: COEFFICIENTS[multiple % RESIDUES.length] ?? 1 };
}

function spread(key: number): number {
  const mixed = Math.imul(key ^ (key >>> 15), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
