import { addMod, mulMod, residueOf, subMod } from './modular.ts';
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
 * one is clean: complete for figures that use all lanes asked, which those of about 60 units and more do. Only proposes:
 * whoever asks looks at the whole vectors. Source: ADR 0014, gate.md §7 (combinations).
 */
export class SmallCombinations {
  readonly #lanes: Uint32Array[] = [];
  readonly #tables: readonly (LaneSums | undefined)[];
  /** Multiples that a code can name. */
  readonly #width: number;

  /**
   * @param most   how many entries it can take.
   * @param asked  in how many lanes sums are kept.
   */
  constructor(most: number, asked: number) {
    this.#width = most * RESIDUES.length;
    const sums = (most * (most - 1) * RESIDUES.length ** 2) / 2 + this.#width;
    this.#tables = Array.from({ length: LANES }, (_, lane) => (lane < asked ? new LaneSums(sums) : undefined));
  }

  /** Takes one more entry; throws where there is no room. */
  add(vector: Uint32Array): void {
    const entry = this.#lanes.length;
    if ((entry + 1) * RESIDUES.length > this.#width) throw new Error('The basis is full');
    for (const [lane, table] of this.#tables.entries()) {
      const own = vector[lane] ?? 0;
      if (table === undefined || own === 0) continue; // a lane of 0 tells nothing
      for (const [index, residue] of RESIDUES.entries())
        this.#addMultiple(table, lane, mulMod(residue, own), entry * RESIDUES.length + index);
    }
    this.#lanes.push(vector);
  }

  /** A code is `(second + 1) * width + first`, or `first` alone where there is no second; both number multiples of entries. */
  #addMultiple(table: LaneSums, lane: number, value: number, second: number): void {
    table.add(value, second);
    for (const [entry, other] of this.#lanes.entries()) {
      const part = other[lane] ?? 0;
      if (part === 0) continue;
      for (const [index, residue] of RESIDUES.entries()) {
        const sum = addMod(value, mulMod(residue, part));
        if (sum !== 0) table.add(sum, (second + 1) * this.#width + entry * RESIDUES.length + index);
      }
    }
  }

  /** Calls `visit` for every combination that has the value of the vector in one of the lanes. The same may come again. */
  propose(vector: Uint32Array, visit: (parts: readonly SmallPart[]) => void): void {
    for (const [lane, table] of this.#tables.entries()) {
      const value = vector[lane] ?? 0;
      if (table === undefined || value === 0) continue;
      table.each(value, (code) => visit(partsOf(code, this.#width)));
      for (const [entry, own] of this.#lanes.entries()) {
        const part = own[lane] ?? 0;
        if (part === 0) continue;
        for (const [index, residue] of RESIDUES.entries()) {
          const coefficient = COEFFICIENTS[index] ?? 1;
          table.each(subMod(value, mulMod(residue, part)), (code) => {
            const parts = partsOf(code, this.#width);
            if (parts.every((other) => other.entry < entry)) visit([...parts, { entry, coefficient }]);
          });
        }
      }
    }
  }
}

/** Sums of one lane: open addressing from the sum to the code of the combination; equal sums stand in several slots. */
class LaneSums {
  readonly #keys: Uint32Array;
  readonly #codes: Uint32Array;

  constructor(most: number) {
    let slots = 16;
    while (slots < most * 2) slots *= 2;
    this.#keys = new Uint32Array(slots);
    this.#codes = new Uint32Array(slots).fill(NONE);
  }

  add(key: number, code: number): void {
    const last = this.#keys.length - 1;
    let slot = spread(key) & last;
    while (this.#codes[slot] !== NONE) slot = (slot + 1) & last;
    this.#keys[slot] = key;
    this.#codes[slot] = code;
  }

  each(key: number, visit: (code: number) => void): void {
    const last = this.#keys.length - 1;
    for (let slot = spread(key) & last; this.#codes[slot] !== NONE; slot = (slot + 1) & last)
      if (this.#keys[slot] === key) visit(this.#codes[slot] ?? 0);
  }
}

function partsOf(code: number, width: number): readonly SmallPart[] {
  const part = (at: number): SmallPart => ({
    entry: Math.floor(at / RESIDUES.length),
    coefficient: COEFFICIENTS[at % RESIDUES.length] ?? 1,
  });
  const second = Math.floor(code / width) - 1;
  return second < 0 ? [part(code % width)] : [part(code % width), part(second)];
}

function spread(key: number): number {
  const mixed = Math.imul(key ^ (key >>> 15), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}
