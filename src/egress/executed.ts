import type { Decimal } from '../kernel/decimal.ts';
import type { Stage } from '../kernel/stage.ts';
import type { Spread } from './evidence.ts';
import type { RuleOutcome } from './evidence-rules.ts';

export type KeyValue = string | number | boolean | null;

/** What the rules said of one column of one row, over all its terms and unit instances. */
export interface OutputOutcome {
  /** The figure, should it be released. Numbers too long for a double are decimal text. */
  readonly value: KeyValue;
  readonly rules: readonly (RuleOutcome & { readonly unitType: string })[];
}

/** The query that gives the numbers which are told without further operands. Source: docs/adr/0035. */
export interface AnsweredApart {
  readonly sql: string;
  /** The columns that it gives, after the labels, in its order. */
  readonly columns: readonly string[];
  /** Those of them of which only what an average is divided by is told: the sum is of the other query. */
  readonly divisors: readonly string[];
}

/** One row of a gate with everything the decision needs. Stays inside the domain. Source: gate.md §6, D4. */
export interface ExecutedCell {
  readonly key: readonly KeyValue[];
  /** Whether any row stands behind it. */
  readonly isEmpty: boolean;
  /** Exact or least number of units behind it, over all unit instances. */
  readonly units: number;
  /** By name of a term: how its magnitude is spread over those who contribute, for each unit instance. Bounds from above. */
  readonly magnitudes: ReadonlyMap<string, readonly Spread[]>;
  /** By name of a term, its exact total. Absent where nobody asks. */
  readonly totals?: ReadonlyMap<string, Decimal>;
  /** Printed operands that were neutral here. */
  readonly dropped: readonly string[];
  /** By name of a term that is told without further operands: which. Source: docs/adr/0035. */
  readonly apart?: ReadonlyMap<string, readonly string[]>;
  readonly answeredApart?: AnsweredApart;
  /** The query that gives its figures, as people are shown it. */
  readonly answered: string;
  /** One per column, in their order. */
  readonly outputs: readonly OutputOutcome[];
}

/** How the columns of a gate are made. */
export interface GateShape {
  readonly name: string;
  /** The same for gates over the same rows. */
  readonly rowsId: string;
  readonly bundle: number;
  /** No unit has two rows: cells of one grouping hold different units. */
  readonly oneRow: boolean;
  readonly keys: readonly {
    readonly name: string;
    /** The same for the same key of other gates over the same rows. */
    readonly id: string;
    readonly type: string;
    readonly sensitive: boolean;
    readonly publicLabels: readonly (string | number)[] | null;
  }[];
  readonly outputs: readonly {
    readonly name: string;
    readonly shown: string;
    readonly type: string;
    /** Terms that the figure tells, by texts that are the same in all gates over the same rows. */
    readonly terms: readonly string[];
    readonly families: readonly { readonly family: string; readonly functional: string }[];
  }[];
}

export type Executed = Stage<'executed', { readonly shape: GateShape; readonly cells: readonly ExecutedCell[] }>;
