import { InformationSet } from './information-set.ts';
import { addMod, MODULUS, mulMod, residueOf } from './modular.ts';
import { BUCKETS, LANES, type Sketch } from './sketch.ts';
import { SmallCombinations } from './small-combinations.ts';

/** Most earlier figures that a new one is compared with in combinations. Source: gate.md §7 (R bounds the basis). */
export const MOST_BASIS = 80;

/** The newest entries get as many information sets as units may differ; all of them get fewer, for each takes more places. */
const NEWEST = 24;
const MOST_SETS = 16;
const WIDE_SETS = 6;
const MOST_COARSE = 12;
const COARSE_SETS = 4;

export interface BasisFigure {
  readonly id: number;
  readonly sketch: Sketch;
}

/** `coefficient` is undefined where it is no simple fraction. */
export interface CombinedPart {
  readonly id: number;
  readonly coefficient: { readonly numerator: number; readonly denominator: number } | undefined;
}

/** A combination of earlier figures that comes close to a new one. */
export interface Combination {
  readonly parts: readonly CombinedPart[];
  /** At least how many units it is off: places of the vectors that differ. */
  readonly units: number;
}

interface Reading {
  readonly ids: readonly number[];
  readonly sets: readonly InformationSet[];
  readonly vectorOf: (sketch: Sketch) => Uint32Array | null;
}

/**
 * Combinations of up to 80 earlier figures, prepared once and asked for every cell of a statement.
 *
 * Complete for what is off in d places if there are more than d information sets without common places (10 sets of the 24
 * newest figures, where no figure is small); small combinations (`SmallCombinations`) and further sets find most of the
 * rest. Does not see other entries, nor combinations of coarse figures beyond 12 and beyond three with ±1, ±2.
 * Source: ADR 0014, gate.md §7 (combinations), gate-examples.md D10.
 */
export class Combinations {
  readonly #figures: readonly BasisFigure[];
  readonly #readings: readonly Reading[];
  readonly #small: SmallCombinations;

  /**
   * @param figures  at most 80, newest first; throws on more.
   * @param k        how many units may never make the difference.
   */
  constructor(figures: readonly BasisFigure[], k: number) {
    if (figures.length > MOST_BASIS) throw new Error('The basis is too large');
    this.#figures = figures;
    const fine = figures.filter((figure) => figure.sketch.fine !== null);
    const readings: Reading[] = [reading(fine.slice(0, NEWEST), Math.min(k, MOST_SETS), BUCKETS)];
    if (fine.length > NEWEST) readings.push(reading(fine, WIDE_SETS, BUCKETS));
    readings.push(reading(figures.slice(0, MOST_COARSE), COARSE_SETS, LANES));
    this.#readings = readings;
    this.#small = new SmallCombinations(
      figures.map((figure) => figure.sketch.lanes),
      Math.min(k, LANES),
    );
  }

  /**
   * Combinations that are off in fewer than `reach` places, nearest first. A reach above k finds differences of more units
   * that have to be weighed.
   */
  find(sketch: Sketch, reach: number): readonly Combination[] {
    const found = new Map<string, Combination>();
    const note = (combination: Combination | undefined): void => {
      if (combination !== undefined && combination.parts.length > 0) found.set(nameOf(combination), combination);
    };
    for (const { ids, sets, vectorOf } of this.#readings) {
      const vector = vectorOf(sketch);
      if (vector !== null) for (const set of sets) note(solve(vector, ids, set, reach));
    }
    const seen = new Set<string>();
    this.#small.propose(sketch.lanes, (parts) => {
      const name = parts.map((part) => `${part.entry}*${part.coefficient}`).join();
      if (seen.has(name)) return;
      seen.add(name);
      const units = this.#unitsOff(sketch, parts, reach);
      const own = parts.map((part) => ({
        id: this.#figures[part.entry]?.id ?? -1,
        coefficient: { numerator: part.coefficient, denominator: 1 },
      }));
      if (units !== undefined) note({ parts: own.sort((a, b) => a.id - b.id), units });
    });
    return [...found.values()].sort((a, b) => a.units - b.units || a.parts.length - b.parts.length || (nameOf(a) < nameOf(b) ? -1 : 1));
  }

  #unitsOff(sketch: Sketch, parts: readonly { readonly entry: number; readonly coefficient: number }[], reach: number): number | undefined {
    const sources = parts.flatMap(({ entry, coefficient }) => {
      const known = this.#figures[entry]?.sketch;
      return known === undefined ? [] : [{ known, factor: residueOf(coefficient) }];
    });
    const isFine = sketch.fine !== null && sources.every(({ known }) => known.fine !== null);
    const places = isFine ? BUCKETS : LANES;
    const target = isFine ? sketch.fine : sketch.lanes;
    let off = 0;
    let clean = 0;
    for (let place = 0; place < places; place += 1) {
      let sum = 0;
      for (const { known, factor } of sources) sum = addMod(sum, mulMod(factor, (isFine ? known.fine : known.lanes)?.[place] ?? 0));
      if (sum !== target[place]) off += 1;
      else if (sum !== 0) clean += 1;
      if (off >= reach) return undefined;
    }
    return clean < 2 ? undefined : off; // one lane of 31 bits may agree by chance
  }
}

function reading(figures: readonly BasisFigure[], count: number, places: number): Reading {
  const vectorOf = (sketch: Sketch): Uint32Array | null => (places === BUCKETS ? sketch.fine : sketch.lanes);
  const uses = new Uint32Array(places);
  const sets = Array.from({ length: figures.length === 0 ? 0 : count }, () => {
    const set = new InformationSet(places, figures.length);
    for (const { sketch } of figures) set.add(vectorOf(sketch) ?? new Uint32Array(places), uses);
    return set;
  });
  return { ids: figures.map((figure) => figure.id), sets, vectorOf };
}

function solve(vector: Uint32Array, ids: readonly number[], set: InformationSet, reach: number): Combination | undefined {
  const shares = set.sharesOf(vector);
  const off = set.placesOff(vector, shares, reach);
  if (off === undefined) return undefined;
  const parts = [...set.coefficients(shares)].flatMap((value, entry): readonly CombinedPart[] =>
    value === 0 ? [] : [{ id: ids[entry] ?? -1, coefficient: fractionOf(value) }],
  );
  return { parts: parts.sort((a, b) => a.id - b.id), units: off.length };
}

const MOST_DENOMINATOR = 60;
const MOST_NUMERATOR = 10_000;

/** The fraction with the smallest denominator that a residue stands for; undefined where it is no simple one. Source: ADR 0014. */
export function fractionOf(residue: number): { readonly numerator: number; readonly denominator: number } | undefined {
  let value = 0;
  for (let denominator = 1; denominator <= MOST_DENOMINATOR; denominator += 1) {
    value = addMod(value, residue);
    if (value <= MOST_NUMERATOR) return { numerator: value, denominator };
    if (value >= MODULUS - MOST_NUMERATOR) return { numerator: value - MODULUS, denominator };
  }
  return undefined;
}

function nameOf(combination: Combination): string {
  return combination.parts
    .map(({ id, coefficient }) => `${id}:${coefficient?.numerator ?? '?'}/${coefficient?.denominator ?? '?'}`)
    .join(' ');
}
