import type { Column, Table } from '../../catalog/dataset.ts';
import type { Stage } from '../../kernel/stage.ts';
import type { ComparisonOperator, LiteralType, Position } from './ast.ts';

/** One occurrence of a table in FROM. `name` is how the query calls it; `index` its place, from 0. */
export interface TableInstance {
  readonly index: number;
  readonly name: string;
  readonly table: Table;
  readonly at: Position;
}

export interface BoundColumn {
  readonly instance: number;
  readonly column: Column;
  readonly at: Position;
}

export interface BoundLiteral {
  readonly type: LiteralType;
  readonly text: string;
  readonly at: Position;
}

/** What a condition is made of: one column against a literal, against another column, or against NULL. Source: gate.md §5 (predicates). */
export type BoundComparison =
  | { readonly kind: 'literal'; readonly column: BoundColumn; readonly operator: ComparisonOperator; readonly literal: BoundLiteral }
  | { readonly kind: 'columns'; readonly left: BoundColumn; readonly right: BoundColumn; readonly operator: ComparisonOperator }
  | { readonly kind: 'isNull'; readonly column: BoundColumn; readonly negated: boolean };

/** Conditions with every name resolved; BETWEEN and IN are already spelled out. */
export type BoundCondition =
  | BoundComparison
  | { readonly kind: 'and' | 'or'; readonly items: readonly BoundCondition[] }
  | { readonly kind: 'not'; readonly item: BoundCondition };

export interface JoinKey {
  readonly left: BoundColumn;
  readonly right: BoundColumn;
}

/** A grouping key: the bare column, or a coarser expression of it. */
export interface BoundKey {
  readonly column: BoundColumn;
  readonly coarser: 'none' | 'month' | 'quarter' | 'year' | 'yearNumber' | 'quarterNumber' | 'monthNumber';
}

export type BoundAggregate =
  | { readonly kind: 'countRows' }
  | { readonly kind: 'count' | 'countDistinct' | 'sum' | 'avg'; readonly column: BoundColumn };

export type BoundOutput =
  | { readonly kind: 'key'; readonly name: string; readonly key: number }
  | { readonly kind: 'aggregate'; readonly name: string; readonly aggregate: BoundAggregate };

export interface BoundQuery {
  readonly instances: readonly TableInstance[];
  readonly joinKeys: readonly JoinKey[];
  readonly where: BoundCondition | null;
  readonly keys: readonly BoundKey[];
  readonly outputs: readonly BoundOutput[];
  /** Indexes into `outputs`. */
  readonly order: readonly { readonly output: number; readonly descending: boolean }[];
}

export type Bound = Stage<'bound', BoundQuery>;
