import type { Row } from '../real-data.ts';
import type { Recomputed, RecomputedCell } from './recomputed.ts';

/** A released row and the cell that explains it. */
export interface MatchedCell {
  readonly recomputed: Recomputed;
  readonly cell: RecomputedCell;
  /** The released figures, by position in the text. */
  readonly row: Row;
}
