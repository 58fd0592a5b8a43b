import type { Call, FromItem } from '../ast.ts';
import type { Scalar } from '../model/scalar.ts';
import { type ClassSum, classSumOf, type Share, withClassSums } from './class-sums.ts';
import type { AskedAggregate } from './gate.ts';
import type { Grouped, UnitSelect } from './unit-select.ts';

/** The sums of one SELECT that are asked by the classes of public columns. Source: ADR 0044. Throws Refused. */
export class ByClass {
  readonly #unit: UnitSelect;
  readonly #calls: number;
  readonly #sums: ReadonlyMap<number, ClassSum>;
  readonly #places = new Map<number, { readonly rest: number | null; readonly count: number | null }>();

  /** Several grouping sets are left as they are: their NULLs are no labels. */
  constructor(calls: readonly Call[], unit: UnitSelect, grouping: Grouped) {
    this.#unit = unit;
    this.#calls = calls.length;
    const found = calls.map((call) => (grouping.sets.length > 1 ? undefined : classSumOf(call, unit)));
    this.#sums = new Map(found.flatMap((sum, index) => (sum === undefined ? [] : [[index, sum] as const])));
  }

  /** Whether a column of the released rows is such a sum. */
  makes(name: string): boolean {
    return this.#sums.has(Number(/^__a(\d+)$/.exec(name)?.[1] ?? -1));
  }

  /** The aggregates of the gate of the whole: what is asked, with the parts of each such sum in its place and behind. */
  whole(asked: readonly AskedAggregate[]): readonly AskedAggregate[] {
    const all = [...asked];
    for (const [index, sum] of this.#sums) {
      const add = (share: Share, place?: number): number => {
        const aggregate: AskedAggregate = { call: share.call, combined: true, taken: share.taken };
        if (place === undefined) return all.push(aggregate) - 1;
        all[place] = aggregate;
        return place;
      };
      // Something stands in its place: what is no product, or the number of its rows.
      const rest = sum.rest === null ? null : add(sum.rest, index);
      const count = sum.isAverage || rest === null ? add(sum.count, rest === null ? index : undefined) : null;
      this.#places.set(index, { rest, count: sum.isAverage ? count : null });
    }
    return all;
  }

  /** The released rows with the sums put together; `released` makes the gates of classes and gives their rows. */
  above(whole: FromItem, keys: number, released: (wanted: readonly AskedAggregate[], classes: readonly Scalar[]) => FromItem): FromItem {
    if (this.#sums.size === 0) return whole;
    const placed = [...this.#sums].map(([place, sum]) => {
      const own = this.#places.get(place);
      if (own === undefined) throw new Error('A sum without its parts');
      const wanted = sum.products.map(({ share }): AskedAggregate => ({ call: share.call, combined: true, taken: share.taken }));
      return { sum, place, ...own, released: released(wanted, sum.columns) };
    });
    return withClassSums(whole, keys, this.#calls, placed, this.#unit.select);
  }
}
