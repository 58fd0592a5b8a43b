import type { Row } from '../real-data.ts';
import type { Shape } from './read-query.ts';

/** Who stands behind a cell: the units of one type, in one instance of a table. */
export interface UnitShares {
  readonly unitType: string;
  readonly units: readonly Share[];
  /** By component: the cell's own total, where a row counts for several units and their shares exceed it; else null. */
  readonly totals: readonly number[] | null;
}

/** What one unit adds to the components of one cell. */
export interface Share {
  readonly unit: string;
  /** By component: a number, or the list of its values. */
  readonly values: readonly (number | readonly (string | null)[])[];
}

/** One cell of an answered query, recomputed: its labels, its output row, and who stands behind it, by unit type and instance. */
export interface RecomputedCell {
  readonly labels: readonly (string | null)[];
  readonly outputs: Row;
  readonly shares: readonly UnitShares[];
}

export interface Recomputed {
  readonly shape: Shape;
  readonly cells: readonly RecomputedCell[];
}
