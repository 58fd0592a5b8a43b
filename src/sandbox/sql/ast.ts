/** Where a construct stands in the merchant's text; both from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export type LiteralType = 'integer' | 'decimal' | 'double' | 'string' | 'boolean' | 'null' | 'date' | 'timestamp';
export type ComparisonOperator = '=' | '<>' | '<' | '<=' | '>' | '>=';

/** Expressions of the language as the merchant wrote them, names not yet resolved. Source: gate.md §3.2, §5. */
export type Expression =
  | { readonly kind: 'column'; readonly path: readonly string[]; readonly at: Position }
  | { readonly kind: 'literal'; readonly type: LiteralType; readonly text: string; readonly at: Position }
  | {
      readonly kind: 'compare';
      readonly operator: ComparisonOperator;
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
  | {
      readonly kind: 'call';
      readonly name: string;
      readonly arguments: readonly Expression[];
      readonly distinct: boolean;
      readonly at: Position;
    };

export interface SelectItem {
  readonly expression: Expression;
  /** Empty when the merchant gave none. */
  readonly alias: string;
}

export interface TableReference {
  readonly table: string;
  /** Empty when the merchant gave none. */
  readonly alias: string;
  readonly at: Position;
}

/** A join of everything to its left with one more table. `comma` has no condition of its own. */
export interface Join {
  readonly kind: 'inner' | 'comma';
  readonly table: TableReference;
  readonly on: Expression | null;
  readonly using: readonly string[];
  readonly at: Position;
}

export interface OrderItem {
  readonly expression: Expression;
  readonly descending: boolean;
}

/** One statement of the language. */
export interface SelectStatement {
  readonly items: readonly SelectItem[];
  readonly from: TableReference;
  readonly joins: readonly Join[];
  readonly where: Expression | null;
  /** `'all'` is GROUP BY ALL. */
  readonly groupBy: readonly Expression[] | 'all';
  readonly orderBy: readonly OrderItem[];
}
