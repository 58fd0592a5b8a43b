import type { Stage } from '../../../kernel/stage.ts';
import type { Query } from '../ast.ts';
import type { Condition, SqlTemplate } from './condition.ts';

/** What is known of the signs of a summand from the unit profile: it decides which evidence buckets can give. */
export type Signs = 'nonnegative' | 'nonpositive' | 'mixed';

/**
 * What evidence is taken of, constants stripped: `rows` 1 per row; `present` 1 where the expression is not NULL;
 * `value` the expression; `unit` 1 per unit (index into `units`). All of them over the rows of one piece, or all rows.
 * Source: gate.md §5 (arguments).
 */
export type Term =
  | { readonly kind: 'rows'; readonly piece: number | null }
  | { readonly kind: 'unit'; readonly piece: number | null; readonly unit: number }
  | { readonly kind: 'present'; readonly piece: number | null; readonly sql: string }
  | {
      readonly kind: 'value';
      readonly piece: number | null;
      readonly sql: string;
      /** Of a product: the terms of its factors, each a value class of its own. Empty for a plain measure. */
      readonly factors: readonly number[];
      /** Digits behind the point. */
      readonly scale: number;
      /** No value is larger, in units of its last digit, by the declared bounds of its columns; absent where they have none. */
      readonly largest?: number;
      readonly signs: Signs;
      /** Whether it can be NULL in a row of its piece. */
      readonly nullable: boolean;
      /** A column of role sensitive, or a feature of one: homogeneity counts. */
      readonly sensitive: boolean;
    };

export interface ProgramKey {
  readonly sql: string;
  /** Canonical text. */
  readonly name: string;
  /** The same for the same key of other gates over the same rows. */
  readonly id: string;
  /** Labels that everybody knows, where the key is a bare column with a public domain. */
  readonly publicLabels: readonly (string | number)[] | null;
  /** A sensitive grouping key is subject to class disclosure. */
  readonly sensitive: boolean;
}

/** One instance of a unit type among the rows. */
export interface ProgramUnit {
  readonly type: string;
  /** Number of the unit, its bucket and its key; NULL where a row has none. */
  readonly number: string;
  readonly bucket: string;
  /** Its keyed 31-bit hash, the same in every table and version. */
  readonly key: string;
  /** Units of the table, from the profile. */
  readonly size: number;
  /** No unit has two rows. */
  readonly oneRow: boolean;
  /**
   * Set where one row belongs to several units of the type (touching totals): joined to FROM, it repeats the row for
   * each of them. Totals are then taken from the rows without it.
   */
  readonly touching: SqlTemplate | null;
}

/** A multiple of one term. Constants never take part in evidence. */
export interface Part {
  readonly term: number;
  /** Decimal text. */
  readonly factor: string;
}

export type QuantileName = 'median' | 'quantile_cont' | 'quantile_disc' | 'min' | 'max';
export type MomentName = 'stddev_samp' | 'stddev_pop' | 'var_samp' | 'var_pop';
export type PairName =
  | 'corr'
  | 'covar_pop'
  | 'covar_samp'
  | 'regr_slope'
  | 'regr_intercept'
  | 'regr_r2'
  | 'regr_count'
  | 'regr_avgx'
  | 'regr_avgy'
  | 'regr_sxx'
  | 'regr_syy'
  | 'regr_sxy';

/** A column under an aggregate that is no sum: its SQL (numeric, or text for mode and distinct) and where it comes from. */
export interface SpecialColumn {
  readonly sql: string;
  /** As people are shown it. */
  readonly shown: string;
  /** `table.column` of every base column behind it. */
  readonly base: readonly string[];
  readonly sensitive: boolean;
  /** All values are public (a public table's column). */
  readonly open: boolean;
  /** Its values are truth values. */
  readonly truth?: boolean;
}

/**
 * A column that a key or condition reads: its sum and the rows of a piece, of `terms` and `impliedTerms`, by which the data
 * show whether all have the same of it. Source: ADR 0040.
 */
export interface Probe {
  readonly piece: number | null;
  readonly rows: number;
  readonly sum: number;
  readonly family: string;
  /** Of a date: its year or day, of which only averages are told. */
  readonly isDate: boolean;
}

/** Terms that a figure tells beside its own, for its labels or conditions say what a column of its rows is: of `terms` and `impliedTerms`. */
interface Implied {
  readonly implied?: readonly number[];
}

/**
 * How a column of the gate's result is made of the terms, or of evidence of its own. `terms` of the latter must pass like
 * those of a sum. Source: gate.md §5 (aggregates).
 */
export type Functional =
  | ({ readonly kind: 'count'; readonly parts: readonly Part[] } & Implied)
  | ({ readonly kind: 'sum'; readonly parts: readonly Part[] } & Implied)
  /** Sum of the parts divided by the count of `count`. */
  | ({ readonly kind: 'avg'; readonly parts: readonly Part[]; readonly count: number } & Implied)
  /** Whether all (any) rows satisfy the piece of a `rows` term, next to the term of all rows. */
  | { readonly kind: 'boolean'; readonly name: 'bool_and' | 'bool_or'; readonly term: number; readonly all: number }
  | ({
      readonly kind: 'moment';
      readonly terms: readonly number[];
      readonly name: MomentName;
      readonly piece: number | null;
      readonly value: SpecialColumn;
    } & Implied)
  | ({
      readonly kind: 'pair';
      readonly terms: readonly number[];
      readonly name: PairName;
      readonly piece: number | null;
      readonly y: SpecialColumn;
      readonly x: SpecialColumn;
    } & Implied)
  | {
      readonly kind: 'quantile';
      readonly terms: readonly number[];
      readonly name: QuantileName;
      readonly q: number;
      readonly piece: number | null;
      readonly value: SpecialColumn;
    }
  | { readonly kind: 'mode'; readonly terms: readonly number[]; readonly piece: number | null; readonly value: SpecialColumn }
  | { readonly kind: 'distinct'; readonly terms: readonly number[]; readonly piece: number | null; readonly value: SpecialColumn };

export interface GateOutput {
  /** `a0`, `a1`, … : what the layer above calls it. */
  readonly name: string;
  /** As people are shown it. */
  readonly shown: SqlTemplate;
  readonly functional: Functional;
  /** Engine type of the released figure. */
  readonly type: string;
  /** Families of columns it is computed from, and by which functional. Source: gate.md §5 (functionals). */
  readonly families: readonly { readonly family: string; readonly functional: string }[];
  /** Part of an expression with others: withheld where its piece had to be dropped (gate-examples.md D6). */
  readonly combined: boolean;
}

/**
 * One gate: rows that belong to units, grouped, with everything that evidence is taken of. `from` may hold conditions
 * (inside features, ON of left joins) that can be dropped like those of `where` and of the pieces.
 */
export interface GateProgram {
  readonly from: SqlTemplate;
  readonly shownFrom: SqlTemplate;
  readonly where: Condition | null;
  readonly pieces: readonly Condition[];
  readonly keys: readonly ProgramKey[];
  readonly terms: readonly Term[];
  /** Terms behind those that columns imply (`implied`): numbered after `terms`, for the ledger alone. Source: ADR 0040. */
  readonly impliedTerms?: readonly Term[];
  readonly probes?: readonly Probe[];
  readonly outputs: readonly GateOutput[];
  readonly units: readonly ProgramUnit[];
  /** The same for gates over the same rows, before labels of CASE choose among them. Totals and parts meet by it. */
  readonly rowsId: string;
  /** Gates of one SELECT are decided together. */
  readonly bundle: number;
  /** Columns without NULL whose values the loader proved unique, as `"table"."column"`. */
  readonly uniqueColumns?: readonly string[];
  /** By table, quoted: the types of the units that its rows belong to; of a public one none. */
  readonly unitsOf?: Readonly<Record<string, readonly string[]>>;
  /** Numbers of conditions of WHERE that public tables alone show to be the same for everybody in each cell: no operands. */
  readonly told?: ReadonlySet<number>;
  /** Set for classes of a sum: how many of the keys, the first ones, make a group that is seen whole or not at all. Source: ADR 0044. */
  readonly wholeBy?: number;
}

/** A part of the merchant's SQL that runs by itself: a gate over protected rows, or a query over released and public ones. */
export type ProgramStage =
  | { readonly kind: 'gate'; readonly name: string; readonly gate: GateProgram }
  | { readonly kind: 'open'; readonly name: string; readonly query: Query; readonly tables: Readonly<Record<string, PublicTable>> };

/** A public table as an open query sees it: the granted columns. */
export interface PublicTable {
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** An answer that only picks, names and sorts columns of one gate. */
export interface PlainAnswer {
  readonly gate: string;
  /** Columns of the gate, `__k0` or `__a0`, in the order of the answer. */
  readonly columns: readonly string[];
  readonly order: readonly { readonly column: number; readonly descending: boolean }[];
}

export interface Program {
  readonly canonicalSql: string;
  /** SHA-256 of the canonical text, hex. */
  readonly artefactHash: string;
  readonly stages: readonly ProgramStage[];
  /** The stage that is the answer. */
  readonly answer: string;
  readonly plain: PlainAnswer | null;
  /** Names of the answer's columns. */
  readonly columns: readonly string[];
}

export type Rewritten = Stage<'rewritten', Program>;
