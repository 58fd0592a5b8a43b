import { ReducedForm } from './reduced-form.ts';
import { BUCKETS, type Sketch } from './sketch.ts';

/**
 * Where fewer buckets are empty, units share them so much that independent figures fill the space long before they tell of
 * anybody: some 900 units.
 */
const FEWEST_EMPTY = 8;
/** Units that leave about so many empty. More are not looked at together. Source: ADR 0047. */
export const MOST_UNITS_SPANNED = 900;
/** Other reduced forms that are looked at for a figure, and multiplications that all figures of a statement may cost. */
const MOST_TURNS = 200;
const MOST_WORK = 30_000_000;

/** Why a figure may not join. */
export interface Spanned {
  /** So many units at most it would tell of; null where it is what earlier figures add up to, or there is no room for any. */
  readonly units: number | null;
}

/**
 * All that a reader can make of the figures of one family by adding and subtracting, over few hundred units: there the
 * figures of years determine everybody, long after combinations have lost sight of the oldest. A figure is refused that
 *
 * - would make some combination, of any number of figures and with any coefficients, rest on fewer than k buckets: all that
 *   rest on one are found, and others with high probability;
 * - would be one independent figure for every second bucket, or leave so few buckets beside them that there is such a combination
 *   for certain (Singleton): from there on light ones are no longer found with high probability;
 * - is what figures of earlier statements add up to: off by nobody and off by 1 … k−1 units must look alike.
 *
 * Does nothing where hardly a bucket is empty, nor beside figures of which only lanes are known.
 * Source: ADR 0047; gate.md §7 (combinations), §6 (0 and 1 … k−1 give the same output).
 */
export class FamilySpan {
  readonly #k: number;
  readonly #work: number;
  readonly #keepsRoom: boolean;
  readonly #used = new Uint8Array(BUCKETS);
  readonly #earlier = new ReducedForm();
  #all: ReducedForm;

  /**
   * @param earlier  figures of other statements, released or reserved.
   * @param figures  how many the statement has, and whether they are the cells of one grouping, one term: then no room is kept as
   *   long as nothing else of the family was told. Rows stand in one cell each, so that nobody can choose sets that overlap.
   */
  constructor(earlier: readonly Sketch[], k: number, { figures, isOneTable }: { readonly figures: number; readonly isOneTable: boolean }) {
    this.#k = k;
    this.#keepsRoom = !isOneTable || earlier.length > 0;
    this.#work = MOST_WORK / Math.max(1, figures);
    for (const { fine } of earlier) if (fine !== null) this.#use(fine);
    if (this.#isFull(this.#used)) earlier = [];
    for (const { fine } of earlier) if (fine !== null) this.#earlier.take(fine);
    this.#all = this.#earlier.copy();
  }

  /** Takes a figure of the statement; says why not, or nothing where nothing stands against it. */
  take({ fine }: Sketch): Spanned | undefined {
    if (fine === null) return undefined;
    const used = this.#used.map((own, place) => (own === 1 || fine[place] !== 0 ? 1 : 0));
    if (this.#isFull(used)) return undefined;
    if (this.#earlier.rank > 0 && this.#earlier.holds(fine)) return { units: null };
    const form = this.#all.copy();
    if (!form.take(fine)) return undefined;
    const places = count(used);
    if (places - form.rank + 1 < this.#k || (this.#keepsRoom && 2 * form.rank > places)) return { units: null };
    const turns = Math.min(MOST_TURNS, this.#work / (form.rank * places));
    for (let turn = 0; turn <= turns; turn += 1) {
      const units = form.lightest(this.#k);
      if (units < this.#k) return { units };
      form.turn();
    }
    this.#use(fine);
    this.#all = form;
    return undefined;
  }

  #isFull(used: Uint8Array): boolean {
    return count(used) > BUCKETS - FEWEST_EMPTY;
  }

  #use(fine: Uint32Array): void {
    for (const [place, value] of fine.entries()) if (value !== 0) this.#used[place] = 1;
  }
}

function count(used: Uint8Array): number {
  return used.reduce((sum, value) => sum + value, 0);
}
