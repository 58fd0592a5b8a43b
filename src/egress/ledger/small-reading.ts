import { addMod, mulMod, residueOf } from '../../kernel/modular.ts';
import { BUCKETS, LANES, type Sketch } from './sketch.ts';
import { SmallCombinations, type SmallPart } from './small-combinations.ts';

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

/**
 * Combinations of up to three figures with coefficients ±1 and ±2, each looked at in all places. Finds what `SmallCombinations` proposes.
 * Source: ADR 0014, gate.md §7 (combinations).
 */
export class SmallReading {
  readonly #figures: BasisFigure[];
  readonly #small: SmallCombinations;
  readonly #base: number;
  readonly #k: number;

  /**
   * @param figures  those that stay.
   * @param k        how many units may never make the difference.
   * @param room     how many further figures `add` will bring until `forget`.
   */
  constructor(figures: readonly BasisFigure[], k: number, room: number) {
    this.#figures = [...figures];
    this.#base = figures.length;
    this.#k = k;
    this.#small = new SmallCombinations(figures.length, room);
    for (const { sketch } of figures) this.#small.add(sketch.lanes);
  }

  get size(): number {
    return this.#figures.length;
  }

  /** One more; throws where there is no room. */
  add(figure: BasisFigure): void {
    this.#figures.push(figure);
    this.#small.add(figure.sketch.lanes);
  }

  /** Gives back the figures that were added. */
  forget(): void {
    this.#figures.length = this.#base;
    this.#small.forget();
  }

  /** Combinations that are off in fewer than `reach` places, each once, in no order. */
  find(sketch: Sketch, reach: number): readonly Combination[] {
    const found: Combination[] = [];
    const seen = new Set<string>();
    this.#small.propose(sketch.lanes, this.#k, (parts) => {
      const name = parts.map((part) => `${part.entry}*${part.coefficient}`).join();
      if (seen.has(name)) return;
      seen.add(name);
      const units = this.#unitsOff(sketch, parts, reach);
      if (units === undefined) return;
      const own = parts.map((part) => ({
        id: this.#figures[part.entry]?.id ?? -1,
        coefficient: { numerator: part.coefficient, denominator: 1 },
      }));
      found.push({ parts: own.sort((a, b) => a.id - b.id), units });
    });
    return found;
  }

  #unitsOff(sketch: Sketch, parts: readonly SmallPart[], reach: number): number | undefined {
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
