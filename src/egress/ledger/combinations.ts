import { addMod, inverseMod, MODULUS } from '../../kernel/modular.ts';
import { InformationSet } from './information-set.ts';
import { addScaled, BUCKETS, LANES, type Sketch } from './sketch.ts';
import { type BasisFigure, type Combination, type CombinedPart, SmallReading } from './small-reading.ts';

/** Most earlier figures that a new one is compared with in combinations. Source: gate.md §7 (R bounds the basis). */
export const MOST_BASIS = 80;

/** Figures of the statement itself that join the basis: the first ones accepted, totals before parts. */
export const MOST_OWN = 40;

/** The newest entries get as many information sets as units may differ; all of them get fewer, for each takes more places. */
const NEWEST = 24;
/** Sets beyond the number of disjoint ones: small figures leave few places to choose from. */
const NEWEST_SETS = 24;
const WIDE_SETS = 6;
/** Of more places than these nearly always one is a pivot of each wide set. */
const WIDE_REACH = 16;
/** Places beside the pivots that a statement's own figures are reduced at: enough to see how far a vector is off. */
const CHECKED_PLACES = 48;
const MOST_COARSE = 12;
const COARSE_SETS = 4;

/** One basis: its figures, and information sets to read coefficients by. */
class Reading {
  readonly #ids: number[] = [];
  readonly #vectors: Uint32Array[] = [];
  readonly #sets: readonly InformationSet[];
  readonly #uses: Uint32Array;
  readonly #places: number;
  readonly #most: number;
  readonly #furthest: number;
  /** Entries that stay, and how often each place is a pivot of theirs. */
  #base: { readonly entries: number; readonly uses: Uint32Array } | null = null;

  /** @param furthest  places that may be off where it finds a combination, whatever reach is asked for. */
  constructor(most: number, sets: number, places: number, furthest = places) {
    this.#most = most;
    this.#places = places;
    this.#furthest = furthest;
    this.#uses = new Uint32Array(places);
    this.#sets = Array.from({ length: most === 0 ? 0 : sets }, (_, at) => new InformationSet(places, most, at));
  }

  /** From here on `forget` comes back to what there is now. */
  remember(): void {
    this.#base = { entries: this.#ids.length, uses: this.#uses.slice() };
  }

  forget(): void {
    const { entries, uses } = this.#base ?? { entries: 0, uses: new Uint32Array(this.#places) };
    this.#ids.length = entries;
    this.#vectors.length = entries;
    this.#uses.set(uses);
    for (const set of this.#sets) set.keepFirst(entries);
  }

  add({ id, sketch }: BasisFigure): void {
    const vector = this.#vectorOf(sketch);
    if (vector === null || this.#ids.length === this.#most) return;
    const room = this.#most - this.#ids.length;
    if (this.#ids.length === this.#base?.entries) for (const set of this.#sets) set.narrow(room + CHECKED_PLACES, this.#uses);
    for (const set of this.#sets) set.add(vector, this.#uses);
    this.#ids.push(id);
    this.#vectors.push(vector);
  }

  *solve(sketch: Sketch, reach: number): Generator<Combination> {
    const vector = this.#vectorOf(sketch);
    if (vector === null || this.#ids.length === 0) return;
    for (const set of this.#sets) {
      const shares = set.sharesOf(vector);
      const most = Math.min(reach, this.#furthest);
      const seen = set.placesOff(vector, shares, most);
      if (seen === undefined) continue;
      const coefficients = set.coefficients(shares);
      const off = set.isNarrow ? this.#placesOff(vector, coefficients) : seen;
      if (off >= most) continue;
      const parts = [...coefficients].flatMap((value, entry): readonly CombinedPart[] =>
        value === 0 ? [] : [{ id: this.#ids[entry] ?? -1, coefficient: fractionOf(value) }],
      );
      yield { parts: parts.sort((a, b) => a.id - b.id), units: off };
    }
  }

  /** At how many of all places a vector is off the combination with these coefficients. */
  #placesOff(vector: Uint32Array, coefficients: Uint32Array): number {
    const sum = new Uint32Array(this.#places);
    for (const [entry, coefficient] of coefficients.entries()) addScaled(sum, this.#vectors[entry] ?? sum, coefficient);
    return sum.reduce((off, value, place) => (value === vector[place] ? off : off + 1), 0);
  }

  #vectorOf(sketch: Sketch): Uint32Array | null {
    return this.#places === BUCKETS ? sketch.fine : sketch.lanes;
  }
}

/**
 * Combinations of up to 80 earlier figures, prepared once and asked for every cell of a statement.
 *
 * Complete for what is off in d places if there are more than d information sets without common places (ten, for the 24
 * newest figures, where none is small; 24 sets are made); small combinations (`SmallCombinations`) and further sets find most of the
 * rest. Does not see other entries, nor combinations of coarse figures beyond 12 and beyond three with ±1, ±2.
 * Source: ADR 0014, gate.md §7 (combinations), gate-examples.md D10.
 */
export class Combinations {
  /** Added since something was looked for: nobody asks beside the last ones of most statements. */
  readonly #waiting: BasisFigure[] = [];
  readonly #readings: readonly Reading[];
  readonly #small: SmallReading;
  readonly #most: number;

  /**
   * @param figures  at most 80, newest first; throws on more.
   * @param k        how many units may never make the difference.
   * @param room     how many further figures `add` will bring.
   */
  constructor(figures: readonly BasisFigure[], k: number, room = 0) {
    if (figures.length > MOST_BASIS) throw new Error('The basis is too large');
    this.#most = figures.length + room;
    const fine = figures.filter((figure) => figure.sketch.fine !== null);
    const newest = new Reading(Math.min(fine.length, NEWEST) + room, NEWEST_SETS, BUCKETS);
    const coarse = new Reading(Math.min(this.#most, MOST_COARSE), COARSE_SETS, LANES);
    const wide = fine.length > NEWEST ? [new Reading(fine.length + room, WIDE_SETS, BUCKETS, Math.max(k, WIDE_REACH))] : [];
    for (const figure of fine.slice(0, NEWEST)) newest.add(figure);
    for (const figure of figures.slice(0, MOST_COARSE)) coarse.add(figure);
    for (const reading of wide) for (const figure of fine) reading.add(figure);
    this.#readings = [newest, ...wide, coarse];
    this.#small = new SmallReading(figures, k, room);
    for (const reading of this.#readings) reading.remember();
  }

  /** Gives back the figures that were added. */
  forget(): void {
    this.#waiting.length = 0;
    this.#small.forget();
    for (const reading of this.#readings) reading.forget();
  }

  /** Takes a figure of the same statement; one without room is left out, which `isFull` tells before. */
  add(figure: BasisFigure): void {
    if (!this.isFull) this.#waiting.push(figure);
  }

  /** Takes one for small combinations alone: three with ±1 and ±2, which costs a tenth. */
  addForSmall(figure: BasisFigure): void {
    this.#takeIn();
    if (!this.isFull) this.#small.add(figure);
  }

  get isFull(): boolean {
    return this.#small.size + this.#waiting.length === this.#most;
  }

  #takeIn(): void {
    for (const figure of this.#waiting.splice(0)) {
      for (const reading of this.#readings) reading.add(figure);
      this.#small.add(figure);
    }
  }

  /**
   * Combinations that are off in fewer than `reach` places, nearest first. A reach above k finds differences of more units
   * that have to be weighed.
   */
  find(sketch: Sketch, reach: number): readonly Combination[] {
    this.#takeIn();
    const found = new Map<string, Combination>();
    const note = (combination: Combination): void => {
      if (combination.parts.length > 0) found.set(nameOf(combination), combination);
    };
    for (const reading of this.#readings) for (const combination of reading.solve(sketch, reach)) note(combination);
    for (const combination of this.#small.find(sketch, reach)) note(combination);
    return [...found.values()].sort((a, b) => a.units - b.units || a.parts.length - b.parts.length || (nameOf(a) < nameOf(b) ? -1 : 1));
  }
}

const MOST_DENOMINATOR = 60;
const MOST_NUMERATOR = 10_000;
/** Numerators over denominators up to the largest numerator: a hundredth is as simple as a hundred. */
const MOST_TURNED = 10;

/**
 * The fraction with the smallest denominator that a residue stands for, or a small number of ten-thousandths and larger parts; undefined where it
 * is no simple one. Source: ADR 0014.
 */
export function fractionOf(residue: number): { readonly numerator: number; readonly denominator: number } | undefined {
  return (
    simpleFraction(residue, MOST_DENOMINATOR) ?? (residue === 0 ? undefined : turned(simpleFraction(inverseMod(residue), MOST_TURNED)))
  );
}

function turned(fraction: ReturnType<typeof fractionOf>): ReturnType<typeof fractionOf> {
  if (fraction === undefined) return undefined;
  const { numerator, denominator } = fraction;
  return { numerator: numerator < 0 ? -denominator : denominator, denominator: Math.abs(numerator) };
}

function simpleFraction(residue: number, most: number): ReturnType<typeof fractionOf> {
  let value = 0;
  for (let denominator = 1; denominator <= most; denominator += 1) {
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
