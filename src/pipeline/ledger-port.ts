import type { KinFamilies } from '../catalog/kin-families.ts';
import type { KeyValue } from '../egress/executed.ts';
import type { BasisShelf } from '../egress/ledger/basis-shelf.ts';
import type { LedgerRule } from '../egress/ledger/ledger-statement.ts';
import type { Sketch } from '../egress/ledger/sketch.ts';
import type { Decimal } from '../kernel/decimal.ts';

/** Counts and sums are compared with one another whatever they came from; every other functional with its like. */
export const LINEAR = 'linear';

/** One count, sum or other figure of one row that a statement is about to release. Stays inside the domain. */
export interface RowFigure {
  /** The same for the same figure of other gates over the same rows. Figures of a row with one term are one, seen from several unit types. */
  readonly term: string;
  /** `LINEAR`, or the functional. */
  readonly namespace: string;
  /** Columns it is computed from, or the tables whose rows are counted: where combinations are looked for. */
  readonly family: string;
  /** Of a count or sum. */
  readonly total: Decimal | null;
  /** Of another functional. */
  readonly value: KeyValue;
  /** Weighed by size; counts of units are not. */
  readonly isMagnitude: boolean;
  /** Nobody asked for it: a reader can make it of the others of its row. Source: ADR 0040. */
  readonly isImplied?: boolean;
  /** A column that is made of several other figures of the row, as the reader sees it. Implied, too. */
  readonly isComposed?: boolean;
  /** No unit's share is negative while another's is positive. */
  readonly isOneSigned: boolean;
  /** Exact or least number of units behind it. */
  readonly units: number;
  /** Columns of the row that tell it. */
  readonly outputs: readonly number[];
  /** One for each unit instance of the rows that it is compared in. */
  readonly sketches: readonly { readonly unitType: string; readonly sketch: Sketch }[];
  /** Of medians and their like, the rows they are computed from: how many of each unit, one for each unit instance. */
  readonly rowSets?: readonly { readonly unitType: string; readonly sketch: Sketch }[];
}

/** A figure with the columns of the gate that tell it, and the term or column whose answer it is. */
export interface FigurePlace {
  readonly figure: RowFigure;
  readonly outputs: readonly number[];
  readonly term: number | null;
}

/** One row of a gate whose figures are about to be released. */
export interface LedgerRow {
  readonly gate: string;
  /** The same for gates over the same rows. */
  readonly rowsId: string;
  /** No unit has two rows. */
  readonly oneRow: boolean;
  /** Ids of the grouping keys, and the labels under them. */
  readonly keys: readonly string[];
  readonly labels: readonly KeyValue[];
  /** The query that gives its figures, as people are shown it. */
  readonly answered: string;
  readonly figures: readonly RowFigure[];
  /** Columns of which sums are told but not shown, as of a variance: answered otherwise, these leave the column as it was. */
  readonly made?: readonly number[];
}

/** A count or sum, and how often it counts in what is answered. */
export interface TotalPart {
  readonly total: Decimal;
  readonly sketch: Sketch;
  readonly coefficient: number;
}

/** What becomes of one figure. Reasons are for operators only: merchants see one status for all. Source: gate.md §7, §9. */
export type LedgerVerdict =
  /** `looked`: in words for operators, the neighbours and combinations that it was compared with, where there were some. */
  | { readonly kind: 'keep'; readonly looked?: string }
  /** Answered as it was before: the figure of an earlier release, or what released figures add up to. */
  | {
      readonly kind: 'replace';
      readonly total: Decimal | null;
      /** What the total is made of; none where it is no total. */
      readonly parts: readonly TotalPart[];
      readonly value: KeyValue;
      readonly answered: string;
      readonly labels: readonly KeyValue[];
      readonly reason: LedgerReason;
    }
  | { readonly kind: 'withhold'; readonly reason: LedgerReason };

export interface LedgerReason {
  readonly rule: LedgerRule | 'functionals.cap';
  /** In words for operators: neighbours, combinations, least numbers of units that differ. */
  readonly text: string;
  readonly counted: number | null;
  /** Entries that it was held against, none of which it equals. For the log's signals. */
  readonly beside?: readonly number[];
}

/** A figure that is in the ledger. */
export interface RegisteredFigure {
  /** Order of registration: the earliest is the one that others are answered by. */
  readonly seq: number;
  /** As in `RowFigure`. */
  readonly family: string;
  readonly state: 'reserved' | 'released';
  /** Row of the statement it came from. */
  readonly row: string;
  readonly isMagnitude: boolean;
  readonly sketch: Sketch;
  readonly total: Decimal | null;
  readonly value: KeyValue;
  readonly answered: string;
  readonly labels: readonly KeyValue[];
}

/** What a statement may ask of the ledger. Earlier figures of the same job count as released. */
export interface LedgerView {
  /** Figures of a namespace that may be near, earliest first: none is left out of which fewer than k units differ. */
  near(unitType: string, namespace: string, sketch: Sketch, k: number): readonly RegisteredFigure[];
  /** Which families are combined with one another; absent: each with itself. */
  readonly kin?: KinFamilies;
  /** Counts and sums of one family and its kin, newest first. */
  family(unitType: string, family: string): readonly RegisteredFigure[];
  /** Counts and sums of all families, of each the newest. */
  mixed(unitType: string): readonly RegisteredFigure[];
  /** Prepared bases of this ledger, kept from one job to the next. */
  readonly shelf?: BasisShelf;
  /** The same, as many as are at hand, where the units are so few that all of them together may tell somebody; otherwise none. */
  span(unitType: string, family: string): readonly RegisteredFigure[];
}

/** A figure that a statement adds to the ledger. */
export interface NewEntry {
  /** Row of the statement, or null for what a reader can add up himself. */
  readonly row: number | null;
  readonly figure: RowFigure;
  readonly gate: string;
  readonly labels: readonly KeyValue[];
  readonly answered: string;
}

/** The release ledger of one dataset, as one job sees it. */
export interface LedgerPort {
  /**
   * Decides on figures that would be released together and reserves what is kept, in one step: two jobs of a dataset
   * are never in it at the same time. Gives a verdict for every figure of every row.
   */
  settle(rows: readonly LedgerRow[]): Promise<readonly (readonly LedgerVerdict[])[]>;
}
