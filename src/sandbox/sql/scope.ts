import { type Column, type Dataset, findTable, isSealedColumn, type Table } from '../../catalog/dataset.ts';
import type { Grant } from '../../catalog/grant.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { Expression, Position, SelectStatement, TableReference } from './ast.ts';
import type { BoundColumn, TableInstance } from './bound.ts';

/** The tables of FROM as the query may name them, and what the grant lets it see of them. */
export interface Scope {
  readonly instances: readonly TableInstance[];
  /** Lower-case names that USING made one; they belong to the first instance that has them. */
  readonly merged: ReadonlySet<string>;
}

/** The engine folds names; so do we, everywhere names are compared. */
export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** The table with the columns the grant names and the sealed file holds. Undefined: not in the dataset, or not granted. */
export function grantedTable(dataset: Dataset, grant: Grant, name: string): Table | undefined {
  const declared = dataset.tables.find((table) => sameName(table.name, name));
  if (declared === undefined) return undefined;
  const table = findTable(dataset, declared.name);
  const granted = Object.hasOwn(grant.tables, declared.name) ? grant.tables[declared.name] : undefined;
  if (table === undefined || granted === undefined) return undefined;
  const visible = (column: Column): boolean => isSealedColumn(column) && (granted === '*' || granted.includes(column.name));
  return { ...table, columns: table.columns.filter(visible) };
}

/**
 * The tables of FROM in their order. Pushes a problem for each that is not in the grant or is named twice.
 * Source: gate.md §1 (a job sees only what its grant names), §3.3.
 */
export function openScope(statement: SelectStatement, dataset: Dataset, grant: Grant, problems: Problem[]): Scope {
  const instances: TableInstance[] = [];
  const merged = new Set<string>();
  const references = [statement.from, ...statement.joins.map((join) => join.table)];
  for (const reference of references) addInstance(reference, dataset, grant, instances, problems);
  for (const join of statement.joins) for (const name of join.using) merged.add(name.toLowerCase());
  return { instances, merged };
}

function addInstance(reference: TableReference, dataset: Dataset, grant: Grant, instances: TableInstance[], problems: Problem[]): void {
  const table = grantedTable(dataset, grant, reference.table);
  if (table === undefined) {
    problems.push(problem('sql.table_unknown', { name: reference.table, ...reference.at }));
    return;
  }
  const name = reference.alias === '' ? table.name : reference.alias;
  if (instances.some((other) => sameName(other.name, name))) {
    problems.push(problem('sql.name_repeated', { name, ...reference.at }));
    return;
  }
  instances.push({ index: instances.length, name, table, at: reference.at });
}

/** Finds the column a path names. Pushes why not, and gives undefined. */
export function resolveColumn(
  expression: Extract<Expression, { kind: 'column' }>,
  scope: Scope,
  problems: Problem[],
): BoundColumn | undefined {
  const { path, at } = expression;
  const name = path.at(-1) ?? '';
  const found = path.length === 1 ? searchAll(name, scope, at) : path.length === 2 ? searchOne(path[0] ?? '', name, scope, at) : [];
  const first = found[0];
  if (first === undefined) {
    problems.push(problem('sql.column_unknown', { name: path.join('.'), ...at }));
    return undefined;
  }
  if (found.length > 1 && !scope.merged.has(name.toLowerCase())) {
    problems.push(problem('sql.column_ambiguous', { name: name, ...at }));
    return undefined;
  }
  return first;
}

function searchAll(name: string, scope: Scope, at: Position): readonly BoundColumn[] {
  return scope.instances.flatMap((instance) => searchInstance(instance, name, at));
}

function searchOne(qualifier: string, name: string, scope: Scope, at: Position): readonly BoundColumn[] {
  return scope.instances.filter((instance) => sameName(instance.name, qualifier)).flatMap((instance) => searchInstance(instance, name, at));
}

function searchInstance(instance: TableInstance, name: string, at: Position): readonly BoundColumn[] {
  const column = instance.table.columns.find((candidate) => sameName(candidate.name, name));
  return column === undefined ? [] : [{ instance: instance.index, column, at }];
}
