import { quoteName } from '../../../catalog/identifier.ts';
import type { Expression, Position } from '../ast.ts';
import type { BoundColumn, TableInstance } from '../model/bound.ts';
import { columnsOfScalar, type Scalar } from '../model/scalar.ts';
import { sameName } from './names.ts';
import { refuse } from './refusal.ts';

export interface SourceColumn {
  readonly name: string;
  readonly scalar: Scalar;
}

/** A table of FROM as the query may name it. Source: gate.md §3.3, §4. */
export interface Source {
  readonly name: string;
  readonly columns: readonly SourceColumn[];
}

/** What names mean at one place: the tables of FROM, then aliases of the select list, then the query around. */
export interface Scope {
  readonly sources: readonly Source[];
  /** Lower-case names that USING made one; they belong to the first source that has them. */
  readonly merged: ReadonlySet<string>;
  /** Select items by alias; a column of FROM comes first. */
  readonly aliases: ReadonlyMap<string, Expression>;
  readonly parent: Scope | null;
  /** Told of every column that a name was resolved to. */
  readonly seen: Set<string>;
}

/** The columns of a table instance under their own names, or under those of an alias list. */
export function sourceOf(instance: TableInstance, renamed: readonly string[]): Source {
  const columns = instance.table.columns.map((column, index) => {
    const shown = instance.optional ? { ...column, nullable: true } : column;
    const bound: BoundColumn = { instance, column: shown, at: instance.at };
    return { name: renamed[index] ?? column.name, scalar: { kind: 'column', column: bound, at: instance.at } as const };
  });
  return { name: instance.name, columns };
}

/**
 * The scalar a path of names stands for in the scope itself, not in the one around it; undefined where it names
 * nothing. Refuses a name that fits several tables.
 */
export function lookUp(path: readonly string[], scope: Scope, at: Position): Scalar | undefined {
  const name = path.at(-1) ?? '';
  const qualifier = path.length === 2 ? path[0] : undefined;
  if (path.length > 2) return undefined;
  const sources = qualifier === undefined ? scope.sources : scope.sources.filter((source) => sameName(source.name, qualifier));
  const found = sources.flatMap((source) => source.columns.filter((column) => sameName(column.name, name)));
  const [first] = found;
  if (first === undefined) return undefined;
  if (found.length > 1 && !(qualifier === undefined && scope.merged.has(name.toLowerCase())))
    refuse('sql.column_ambiguous', { name, ...at });
  for (const bound of columnsOfScalar(first.scalar)) scope.seen.add(`${bound.instance.table.name}.${bound.column.name}`);
  return placed(first.scalar, at);
}

/** The same scalar, reported at the place where it is used. */
function placed(scalar: Scalar, at: Position): Scalar {
  return scalar.kind === 'column' ? { ...scalar, column: { ...scalar.column, at }, at } : { ...scalar, at };
}

/** Columns in the statements that run. */
export function physicalColumn(bound: BoundColumn): string {
  return `t${bound.instance.index}.${quoteName(bound.column.name)}`;
}

/** The name by which the query calls a column. Source: gate.md §3 (a refusal names the construct). */
export function calledColumn(bound: BoundColumn): string {
  return bound.instance.called?.get(bound.column.name) ?? bound.column.name;
}

/** Columns as the merchant knows them. */
export function shownColumn(bound: BoundColumn): string {
  return `${quoteName(bound.instance.name)}.${quoteName(calledColumn(bound))}`;
}
