import type { Column, Table } from '../../../catalog/dataset.ts';
import type { Expression, Position } from '../ast.ts';
import type { SqlTemplate } from './condition.ts';

/**
 * One occurrence of a table in the rows behind a gate: a table of the dataset, or rows derived from some (per-unit
 * features, UNION ALL branches, released rows), described as a table of its own with units, keys and columns.
 */
export interface TableInstance {
  /** Unique within one statement; the instance is called `t{index}` in what runs. */
  readonly index: number;
  /** How the query calls it. */
  readonly name: string;
  /** How the query calls its columns, where not by their own names; no two alike. */
  readonly called?: ReadonlyMap<string, string>;
  readonly table: Table;
  /** What stands in FROM. */
  readonly source: SqlTemplate;
  /** The same as it is shown to the merchant. */
  readonly shown: SqlTemplate;
  /** Base tables behind it, as often as they occur. */
  readonly baseTables: readonly string[];
  /** Rows of a LEFT JOIN's right side may be missing. */
  readonly optional: boolean;
  /** Of a table of literals: by column, the values that the merchant wrote. */
  readonly literals?: ReadonlyMap<string, readonly Expression[]>;
  /** Of features: columns computed from values that are never negative, by a function that keeps them so. */
  readonly nonnegative?: ReadonlySet<string>;
  /** Unit types of which one row of it may belong to several units, and the rows that say which. */
  readonly touched: readonly TouchedUnits[];
  readonly at: Position;
}

export interface BoundColumn {
  readonly instance: TableInstance;
  readonly column: Column;
  readonly at: Position;
}

export interface JoinKey {
  readonly left: BoundColumn;
  readonly right: BoundColumn;
}

/** Whether everybody may know the values: a public table's, a constant's, or released ones. */
export function isOpenColumn(bound: BoundColumn): boolean {
  return bound.instance.table.visibility === 'public';
}

/** `source` gives `__u`, `__b` and `__h` of every unit for each combination of the key columns. Source: gate.md §4 (touching totals). */
export interface TouchedUnits {
  readonly type: string;
  readonly source: SqlTemplate;
  readonly keys: readonly string[];
}
