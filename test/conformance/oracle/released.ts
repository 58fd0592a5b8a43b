import type { RealData, Row } from '../real-data.ts';
import type { TypedTable } from './stages.ts';

/** A text whose figures a gate gave, with the labels of its rows. */
export interface AnsweredText {
  readonly sql: string;
  readonly rows: readonly Row[];
  /** The text of the columns that are told of more rows; of those of them named `divisors` only what an average is divided by. */
  readonly apart?: { readonly sql: string; readonly columns: readonly string[]; readonly divisors: readonly string[] };
}

/** What one gate really gave: the operator's view. */
export interface ReleasedGate {
  readonly name: string;
  /** How many of the columns are labels; they come first. */
  readonly keys: number;
  /** The texts whose figures it gave, with the labels of the rows of each. */
  readonly answered: readonly AnsweredText[];
  /** Figures that stand as something released before: their own text does not give them. */
  readonly replaced?: readonly { readonly labels: Row; readonly column: string }[];
  /** What of them left; null stands where a figure is withheld. */
  readonly table: TypedTable;
}

/** What one statement really gave: the operator's view. */
export interface Released {
  /** The merchant's text; null where it is not known. */
  readonly sql: string | null;
  /** What ran, after rounding: every stage, and what is computed above them. */
  readonly canonicalSql: string;
  readonly gates: readonly ReleasedGate[];
  /** The table that the merchant gets. */
  readonly rows: readonly Row[];
  /** The raw tables as they were when it was asked; absent: as they are. */
  readonly data?: RealData;
  /** Nothing was withheld, rounded, dropped or replaced. */
  readonly isWhole: boolean;
}
