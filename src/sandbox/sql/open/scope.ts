import type { Expression, FromItem } from '../ast.ts';
import type { Family } from './family.ts';

/** A relation the open layer may read: what stands for it in FROM, and its columns. Source: gate.md §9 (what stands above a gate). */
export interface OpenTable {
  /** A quoted name, or a SELECT in parentheses. */
  readonly sql: string;
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/**
 * Finds a relation by the name the query calls it; undefined is refused. A bare text says nothing of the columns: all
 * comparisons with them are then guarded, which makes joins slow.
 */
export type OpenTables = (name: string) => OpenTable | string | undefined;

export interface OutputColumn {
  readonly name: string;
  readonly family: Family;
}

/** A relation in FROM; its columns are null where they are not known. */
export interface ScopeRelation {
  readonly alias: string;
  readonly columns: readonly OutputColumn[] | null;
  /** Columns a star shows once only, because USING joined them to the left. */
  readonly merged: ReadonlySet<string>;
}

/** Names an expression may use, for the little that printing must know of types. Names are bound by DuckDB itself. */
export interface Scope {
  readonly tables: OpenTables;
  readonly commonTables: ReadonlyMap<string, readonly OutputColumn[] | null>;
  readonly relations: readonly ScopeRelation[];
  readonly outer: Scope | null;
}

/** The scope of an outermost query. */
export function rootScope(tables: OpenTables): Scope {
  return { tables, commonTables: new Map(), relations: [], outer: null };
}

/** The scope inside a subquery: its own relations first, then those around it. */
export function innerScope(outer: Scope): Scope {
  return { ...outer, relations: [], outer };
}

/** The alias of a subquery that has none. Two of them in one FROM have no columns in common worth qualifying. */
export const UNNAMED = '__f';

/** The name a relation in FROM goes by. */
export function aliasOf(from: Exclude<FromItem, { kind: 'join' }>): string {
  if (from.alias !== '') return from.alias;
  return from.kind === 'table' ? from.table : UNNAMED;
}

/** The name an item goes by outside: its alias, or the column's own. Empty where DuckDB makes one up. */
export function outputName(expression: Expression, alias: string): string {
  return alias !== '' || expression.kind !== 'column' ? alias : (expression.path.at(-1) ?? '');
}
