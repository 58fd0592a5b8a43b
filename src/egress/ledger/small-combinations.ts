import { addMod, MODULUS, mulMod, residueOf, subMod } from '../../kernel/modular.ts';
import { LANES } from './sketch.ts';

const COEFFICIENTS = [1, -1, 2, -2] as const;
const RESIDUES = COEFFICIENTS.map((value) => residueOf(value));
const NONE = 0xffffffff;
/** Share of the slots that may be in use. */
const FULLEST = 0.9;

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
 * whoever asks looks at the whole vectors. Entries that come and go are hashed among themselves only: one of them beside others is
 * a third. Source: ADR 0014, gate.md §7 (combinations).
 */
export class SmallCombinations {
  /** Per lane, the multiples of every entry one after the other. */
  readonly #multiples: readonly Int32Array[];
  readonly #stay: number;
  readonly #most: number;
  readonly #staying: PairTables;
  readonly #passing: PairTables;
  /** Multiples that may be thirds, for one lane and value. */
  readonly #thirds: Uint16Array;
  #entries = 0;

  /**
   * @param stay  how many entries come first and stay.
   * @param pass  how many more it can take until `forget`.
   */
  constructor(stay: number, pass: number) {
    this.#stay = stay;
    this.#most = stay + pass;
    this.#multiples = Array.from({ length: LANES }, () => new Int32Array(this.#most * RESIDUES.length));
    this.#thirds = new Uint16Array(this.#most * RESIDUES.length);
    this.#staying = new PairTables(this.#multiples, 0, stay);
    this.#passing = new PairTables(this.#multiples, stay, pass);
  }

  /** Takes one more entry; throws where there is no room. A lane of 0 tells nothing and is left out. */
  add(vector: Uint32Array): void {
    if (this.#entries === this.#most) throw new Error('The basis is full');
    const from = this.#entries * RESIDUES.length;
    for (const [lane, multiples] of this.#multiples.entries()) {
      const value = vector[lane] ?? 0;
      for (const [at, residue] of RESIDUES.entries()) multiples[from + at] = mulMod(residue, value);
    }
    (this.#entries < this.#stay ? this.#staying : this.#passing).add();
    this.#entries += 1;
  }

  /** Gives back all but the entries that stay. */
  forget(): void {
    if (this.#entries <= this.#stay) return;
    this.#entries = this.#stay;
    this.#passing.clear();
  }

  /** Calls `visit` for every combination that has the value of the vector in one of k lanes. The same may come again. */
  propose(vector: Uint32Array, k: number, visit: (parts: readonly SmallPart[]) => void): void {
    if (this.#entries === 0) return;
    const tables = this.#entries > this.#stay ? [this.#staying, this.#passing] : [this.#staying];
    let asked = 0;
    for (let lane = 0; lane < LANES && asked < k; lane += 1) {
      const value = vector[lane] ?? 0;
      if (value === 0) continue;
      asked += 1;
      for (const table of tables) this.#proposeOf(table, lane, value, visit);
    }
  }

  #proposeOf(tables: PairTables, lane: number, value: number, visit: (parts: readonly SmallPart[]) => void): void {
    const multiples = this.#multiples[lane] ?? new Int32Array(0);
    for (const parts of tables.partsOf(lane, value)) visit(parts);
    const count = tables.of(lane).thirds(multiples.subarray(0, this.#entries * RESIDUES.length), value, this.#thirds);
    for (const third of this.#thirds.subarray(0, count)) {
      const part = multiples[third] ?? 0;
      if (part === 0) continue;
      const own = partOf(third);
      for (const parts of tables.partsOf(lane, subMod(value, part))) if (tables.isThird(own, parts)) visit(inOrder([...parts, own]));
    }
  }
}

/** Sums of the multiples of one or two of some entries, a table per lane, made when it is first asked. */
class PairTables {
  readonly #multiples: readonly Int32Array[];
  /** The first entry, how many there may be, and how many there are. */
  readonly #first: number;
  readonly #most: number;
  #entries = 0;
  readonly #tables: (LaneSums | undefined)[] = Array.from({ length: LANES }, () => undefined);

  constructor(multiples: readonly Int32Array[], first: number, most: number) {
    this.#multiples = multiples;
    this.#first = first;
    this.#most = most;
  }

  /** One more entry, whose multiples are there. */
  add(): void {
    for (const [lane, table] of this.#tables.entries()) if (table !== undefined) this.#file(table, lane, this.#entries);
    this.#entries += 1;
  }

  clear(): void {
    this.#entries = 0;
    for (const table of this.#tables) table?.clear();
  }

  of(lane: number): LaneSums {
    const known = this.#tables[lane];
    if (known !== undefined) return known;
    const table = new LaneSums((this.#most * (this.#most - 1) * RESIDUES.length ** 2) / 4 + (this.#most * RESIDUES.length) / 2);
    for (let entry = 0; entry < this.#entries; entry += 1) this.#file(table, lane, entry);
    this.#tables[lane] = table;
    return table;
  }

  /** Whether an entry beside a combination makes one that is not found otherwise: as the last of its like, or beside two of others. */
  isThird(own: SmallPart, parts: readonly SmallPart[]): boolean {
    const isInside = own.entry >= this.#first && own.entry < this.#first + this.#most;
    if (isInside) return parts.every((other) => other.entry < own.entry);
    return own.entry > this.#first || parts.length > 1; // one that passes beside one that stays is found from the other side
  }

  /** The combinations of one or two with a value, which a filed one or its opposite has. */
  partsOf(lane: number, value: number): readonly (readonly SmallPart[])[] {
    const codes = this.of(lane).codes(eitherSign(value));
    if (codes.length === 0) return NO_PARTS;
    const multiples = this.#multiples[lane] ?? new Int32Array(0);
    return codes.map((code) => {
      const second = (code >>> SECOND_BITS) - 1;
      const first = code & (2 ** SECOND_BITS - 1);
      const named = second < 0 ? [first] : [first, second];
      const sum = named.reduce((total, multiple) => addMod(total, multiples[multiple] ?? 0), 0);
      return named.map((multiple) => partOf(sum === value ? multiple : opposite(multiple)));
    });
  }

  /** Files the multiples of an entry, alone and with those of the entries before it, of which the positive ones do. */
  #file(table: LaneSums, lane: number, entry: number): void {
    const multiples = this.#multiples[lane] ?? new Int32Array(0);
    const start = this.#first * RESIDUES.length;
    const from = start + entry * RESIDUES.length;
    for (let multiple = from; multiple < from + RESIDUES.length; multiple += 1) {
      const value = multiples[multiple] ?? 0;
      if (value === 0) continue;
      if (isPositive(multiple)) table.add(eitherSign(value), multiple);
      for (let at = start; at < from; at += 2) {
        const other = multiples[at] ?? 0;
        if (other === 0) continue;
        const sum = addMod(value, other);
        if (sum !== 0) table.add(eitherSign(sum), ((multiple + 1) << SECOND_BITS) + at);
      }
    }
  }
}

function inOrder(parts: readonly SmallPart[]): readonly SmallPart[] {
  return [...parts].sort((a, b) => a.entry - b.entry);
}

/** A code is the number of the second multiple and one, these bits further up, and that of the first; 0 where there is no second. */
const SECOND_BITS = 15;
const NO_PARTS: readonly (readonly SmallPart[])[] = [];
const NO_CODES: readonly number[] = [];

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
  /** Two bits of one word per hash, small enough to stay near the processor: most sums are not there. Source: Putze, Sanders and Singler 2007. */
  readonly #filter: Int32Array;

  constructor(most: number) {
    let slots = 16;
    while (slots * FULLEST < most) slots *= 2;
    this.#keys = new Uint32Array(slots);
    this.#codes = new Uint32Array(slots).fill(NONE);
    this.#filter = new Int32Array(slots / 2);
  }

  add(key: number, code: number): void {
    const hash = spread(key);
    const word = hash & (this.#filter.length - 1);
    this.#filter[word] = (this.#filter[word] ?? 0) | bitsOf(hash);
    const last = this.#keys.length - 1;
    let slot = hash & last;
    while (this.#codes[slot] !== NONE) slot = (slot + 1) & last;
    this.#keys[slot] = key;
    this.#codes[slot] = code;
  }

  clear(): void {
    this.#codes.fill(NONE);
    this.#filter.fill(0);
  }

  /** Puts the numbers of those multiples into `found` that may be what a value holds beside a sum; how many there are. */
  thirds(multiples: Int32Array, value: number, found: Uint16Array): number {
    const filter = this.#filter;
    const last = filter.length - 1;
    let count = 0;
    for (let third = 0; third < multiples.length; third += 1) {
      const rest = value - (multiples[third] ?? 0);
      const wanted = rest < 0 ? rest + MODULUS : rest;
      const hash = spread(eitherSign(wanted));
      const bits = bitsOf(hash);
      if (((filter[hash & last] ?? 0) & bits) !== bits) continue;
      found[count] = third;
      count += 1;
    }
    return count;
  }

  codes(key: number): readonly number[] {
    const last = this.#keys.length - 1;
    let slot = spread(key) & last;
    if (this.#codes[slot] === NONE) return NO_CODES;
    const found: number[] = [];
    for (; this.#codes[slot] !== NONE; slot = (slot + 1) & last) if (this.#keys[slot] === key) found.push(this.#codes[slot] ?? 0);
    return found;
  }
}

function partOf(multiple: number): SmallPart {
  return { entry: Math.floor(multiple / RESIDUES.length), coefficient: COEFFICIENTS[multiple % RESIDUES.length] ?? 1 };
}

function spread(key: number): number {
  const mixed = Math.imul(key ^ (key >>> 15), 0x85ebca6b);
  return mixed ^ (mixed >>> 13);
}

/** Two bits of a word, by those of a hash that no table is long enough to use. */
function bitsOf(hash: number): number {
  return (1 << (hash >>> 22)) | (1 << (hash >>> 27));
}
