import type { Decimal } from '../kernel/decimal.ts';

/** How a magnitude is spread over those who contribute to it: its total and the two largest shares, absolute values. */
export interface Spread {
  readonly total: Decimal;
  readonly first: Decimal;
  readonly second: Decimal;
}

/** What is known of one term in one cell. Counts are of buckets (lower bounds of units) or of units, as the cell's basis says. */
export interface TermEvidence {
  /** Those whose contribution is not zero. */
  readonly contributors: number;
  readonly spreads: readonly Spread[];
  /** Those with a row of the piece where the expression is NULL; 0 is certain on either basis. */
  readonly nulls: number;
  /** Those with a row that is not the commonest value. Null: does not apply. */
  readonly rowsOff: number | null;
  /** Those whose total is not the commonest total. Null: does not apply, or buckets cannot tell. */
  readonly totalsOff: number | null;
  /** All contributing rows hold one value. */
  readonly oneValue: boolean;
}

/** Evidence of one cell's row for one unit instance. Source: gate.md §6. */
export interface CellEvidence {
  readonly basis: 'buckets' | 'units';
  readonly unitType: string;
  /** Units (or buckets) with at least one row. */
  readonly units: number;
  /** One entry per term of the gate. */
  readonly terms: readonly TermEvidence[];
}

/** What a column of a gate asks of a term. */
export interface Requirement {
  readonly term: number;
  readonly kind: 'rows' | 'present' | 'value' | 'unit';
  readonly sensitive: boolean;
  /** The statement also gives the number of units, and units can have several rows: totals per unit form a value class. */
  readonly unitsAreCounted: boolean;
}
