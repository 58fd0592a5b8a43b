import { NearIndex } from './near-index.ts';
import type { RegisteredFigure } from './settle.ts';
import type { Sketch } from './sketch.ts';
import type { LedgerFigure, LedgerRow } from './statement.ts';

/** Ids of figures that are not in the ledger yet: later than everything in it. */
const OWN_FROM = 2 ** 48;

/** The figures of a statement that are kept so far, to be compared with those that follow. Source: gate.md §7. */
export class OwnFigures {
  readonly #indexes = new Map<string, NearIndex>();
  readonly #figures = new Map<number, RegisteredFigure>();
  #next = OWN_FROM;

  /** Id of the figure added last. */
  get lastId(): number {
    return this.#next - 1;
  }

  add(figure: LedgerFigure, row: LedgerRow): void {
    for (const { unitType, sketch } of figure.sketches) {
      const name = JSON.stringify([unitType, figure.namespace]);
      const index = this.#indexes.get(name) ?? new NearIndex();
      this.#indexes.set(name, index);
      const id = this.#next++;
      index.add(id, sketch);
      const { total, value } = figure;
      this.#figures.set(id, { seq: id, state: 'own', sketch, total, value, answered: row.answered, labels: row.labels });
    }
  }

  near(unitType: string, namespace: string, sketch: Sketch, k: number): readonly RegisteredFigure[] {
    const found = this.#indexes.get(JSON.stringify([unitType, namespace]))?.near(sketch, k) ?? [];
    return found.flatMap((id) => this.#figures.get(id) ?? []);
  }
}
