import type { CommonTable, Query } from '../ast.ts';
import type { Compilation } from './context.ts';
import type { InnerQueries } from './resolve.ts';
import type { OpenRelation, Relation } from './rows.ts';
import type { Scope } from './scope.ts';

/** A table of WITH and what was visible where it stands. Source: gate.md §3.3, §4. */
export interface CommonEntry {
  readonly table: CommonTable;
  readonly frame: Frame;
  /** Filled at first use where the query is one over released rows: it is then one and the same wherever it is named. */
  readonly known: { open: OpenRelation | null };
}

/** Where a query stands: the tables of WITH it can name, and the query around it. */
export interface Frame {
  readonly compilation: Compilation;
  readonly commonTables: ReadonlyMap<string, CommonEntry>;
  /** Names of the query around, for correlated subqueries. */
  readonly parent: Scope | null;
  readonly inner: (frame: Frame) => InnerQueries;
  readonly compile: (query: Query, frame: Frame) => Relation;
  readonly depth: number;
  /** The name that the query goes by, empty where it has none. */
  readonly called: string;
}
