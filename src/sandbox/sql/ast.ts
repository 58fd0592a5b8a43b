/** Where a construct stands in the merchant's text; both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type LiteralType = 'integer' | 'decimal' | 'double' | 'string' | 'boolean' | 'null' | 'date' | 'timestamp';
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type NullAwareOperator = 'is distinct from' | 'is not distinct from';
export type IntervalUnit = 'year' | 'month' | 'week' | 'day' | 'hour' | 'minute' | 'second';

/** A column, or a table taken apart by `*`. */
export type Expression =
  | { readonly kind: 'column'; readonly path: readonly string[]; readonly at: Position }
  | { readonly kind: 'literal'; readonly type: LiteralType; readonly text: string; readonly at: Position }
  /** INTERVAL '3' MONTH and its relatives: a whole number of one unit. */
  | { readonly kind: 'interval'; readonly amount: number; readonly unit: IntervalUnit; readonly at: Position }
  | {
      readonly kind: 'compare';
      readonly operator: ComparisonOperator | NullAwareOperator;
      readonly left: Expression;
      readonly right: Expression;
      readonly at: Position;
    }
  | { readonly kind: 'between'; readonly input: Expression; readonly lower: Expression; readonly upper: Expression; readonly at: Position }
  | {
      readonly kind: 'in';
      readonly input: Expression;
      readonly items: readonly Expression[];
      readonly negated: boolean;
      readonly at: Position;
    }
  | { readonly kind: 'isNull'; readonly input: Expression; readonly negated: boolean; readonly at: Position }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Expression[]; readonly at: Position }
  | { readonly kind: 'not'; readonly item: Expression; readonly at: Position }
  /** The engine spells `CASE x WHEN 1` as `CASE WHEN x = 1`, and COALESCE is a call. */
  | { readonly kind: 'case'; readonly branches: readonly CaseBranch[]; readonly otherwise: Expression | null; readonly at: Position }
  /** `type` is the engine's own name of it, upper case: `DECIMAL(12,2)`, `VARCHAR`, … */
  | { readonly kind: 'cast'; readonly input: Expression; readonly type: string; readonly at: Position }
  | Call
  | Star
  | Subquery
  | Window;

export interface CaseBranch {
  readonly when: Expression;
  readonly then: Expression;
}

/**
 * Functions, aggregates and operators (`+ - * / // % **`, `||`, `~~` for LIKE, …), names lower case. `count(*)` is
 * `count_star` without arguments. FILTER and ORDER BY stand with aggregates only.
 */
export interface Call {
  readonly kind: 'call';
  readonly name: string;
  readonly operator: boolean;
  readonly arguments: readonly Expression[];
  readonly distinct: boolean;
  readonly filter: Expression | null;
  readonly orderBy: readonly OrderItem[];
  readonly at: Position;
}

/** `*` or `t.*`, with EXCLUDE and REPLACE. */
export interface Star {
  readonly kind: 'star';
  /** Empty: every table. */
  readonly table: string;
  readonly exclude: readonly string[];
  readonly replace: readonly { readonly name: string; readonly expression: Expression }[];
  readonly at: Position;
}

/**
 * `scalar`: one value. `exists`: whether there is a row. `any`: `input operator ANY (query)`; IN is `=`.
 * NOT stands around it as `not`.
 */
export interface Subquery {
  readonly kind: 'subquery';
  readonly form: 'scalar' | 'exists' | 'any';
  readonly query: Query;
  readonly input: Expression | null;
  readonly operator: ComparisonOperator;
  readonly at: Position;
}

export type FrameBound =
  | { readonly kind: 'unboundedPreceding' | 'currentRow' | 'unboundedFollowing' }
  | { readonly kind: 'preceding' | 'following'; readonly offset: Expression };

export interface Window {
  readonly kind: 'window';
  /** Lower case; aggregates and `row_number`, `rank`, `dense_rank`, `percent_rank`, `cume_dist`, `ntile`, `lag`, `lead`, `first_value`, `last_value`, `nth_value`. */
  readonly name: string;
  readonly arguments: readonly Expression[];
  readonly partitionBy: readonly Expression[];
  readonly orderBy: readonly OrderItem[];
  readonly filter: Expression | null;
  readonly frame: { readonly mode: 'rows' | 'range'; readonly start: FrameBound; readonly end: FrameBound };
  readonly at: Position;
}

export interface SelectItem {
  readonly expression: Expression;
  /** Empty when the merchant gave none. */
  readonly alias: string;
}

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
  readonly nulls: 'default' | 'first' | 'last';
}

export type FromItem =
  | { readonly kind: 'table'; readonly table: string; readonly alias: string; readonly columns: readonly string[]; readonly at: Position }
  | { readonly kind: 'subquery'; readonly query: Query; readonly alias: string; readonly columns: readonly string[]; readonly at: Position }
  | {
      readonly kind: 'values';
      readonly rows: readonly (readonly Expression[])[];
      readonly alias: string;
      readonly columns: readonly string[];
      readonly at: Position;
    }
  | JoinItem;

/** RIGHT joins are turned round by the reader; FULL, ASOF and POSITIONAL ones are refused. A comma is a `cross`. */
export interface JoinItem {
  readonly kind: 'join';
  readonly join: 'inner' | 'left' | 'semi' | 'anti' | 'cross';
  readonly left: FromItem;
  readonly right: FromItem;
  readonly on: Expression | null;
  readonly using: readonly string[];
  /** NATURAL: joined on the columns that both sides have, which only names can tell. */
  readonly natural?: boolean;
  readonly at: Position;
}

/** GROUP BY: the expressions and the sets of their indexes. Plain grouping is one set of all; ROLLUP and CUBE are spelled out. */
export type Grouping = 'all' | { readonly expressions: readonly Expression[]; readonly sets: readonly (readonly number[])[] };

export interface Select {
  readonly kind: 'select';
  readonly distinct: boolean;
  readonly items: readonly SelectItem[];
  /** Null: SELECT without FROM. */
  readonly from: FromItem | null;
  readonly where: Expression | null;
  /** Null: no GROUP BY. */
  readonly grouping: Grouping | null;
  readonly having: Expression | null;
  readonly qualify: Expression | null;
  readonly at: Position;
}

export interface SetOperation {
  readonly kind: 'union' | 'except' | 'intersect';
  readonly all: boolean;
  readonly left: Query;
  readonly right: Query;
  readonly at: Position;
}

export interface CommonTable {
  readonly name: string;
  /** Empty when the merchant gave none. */
  readonly columns: readonly string[];
  readonly query: Query;
  readonly at: Position;
}

/** One query of the language. Source: gate.md §3.2. */
export interface Query {
  readonly commonTables: readonly CommonTable[];
  readonly body: Select | SetOperation;
  readonly orderBy: readonly OrderItem[] | { readonly all: 'ascending' | 'descending' };
  readonly limit: number | null;
  readonly offset: number | null;
}
