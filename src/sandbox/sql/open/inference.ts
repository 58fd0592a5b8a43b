import { foldName } from '../../../catalog/identifier.ts';
import type { Call, Expression, FromItem, LiteralType, Query, Select, Star, Window } from '../ast.ts';
import { commonFamily, type Family, familyOfType, isDecimal, isNumeric, widest } from './family.ts';
import { openFunction, type ResultFamily } from './functions.ts';
import { aliasOf, innerScope, type OutputColumn, outputName, type Scope, type ScopeRelation } from './scope.ts';

/** The scope in which the select's expressions stand. Source: gate.md §9 (what stands above a gate). */
export function selectScope(select: Select, outer: Scope): Scope {
  return { ...outer, relations: select.from === null ? [] : relationsOf(select.from, outer) };
}

/** The scope of a query's body: with its common tables. */
export function withCommonTables(query: Query, outer: Scope): Scope {
  let scope = outer;
  for (const table of query.commonTables) {
    const columns = renamed(outputsOf(table.query, innerScope(scope)), table.columns);
    scope = { ...scope, commonTables: new Map([...scope.commonTables, [foldName(table.name), columns]]) };
  }
  return scope;
}

function relationsOf(from: FromItem, scope: Scope): readonly ScopeRelation[] {
  if (from.kind === 'join') {
    const left = relationsOf(from.left, scope);
    if (from.join === 'semi' || from.join === 'anti') return left;
    const using = new Set(from.using.map(foldName));
    return [...left, ...relationsOf(from.right, scope).map((relation) => ({ ...relation, merged: using }))];
  }
  return [{ alias: aliasOf(from), columns: renamed(columnsOf(from, scope), from.columns), merged: new Set() }];
}

function columnsOf(from: Exclude<FromItem, { kind: 'join' }>, scope: Scope): readonly OutputColumn[] | null {
  if (from.kind === 'subquery') return outputsOf(from.query, innerScope(scope));
  if (from.kind === 'values') {
    const [first] = from.rows;
    return (first ?? []).map((_, index) => ({
      name: `col${index}`,
      family: commonFamily(from.rows.map((row) => familyOf(row[index] ?? null, scope))),
    }));
  }
  const common = scope.commonTables.get(foldName(from.table));
  if (common !== undefined) return common;
  const table = scope.tables(from.table);
  if (table === undefined || typeof table === 'string') return null;
  return table.columns.map((column) => ({ name: column.name, family: familyOfType(column.type) }));
}

function renamed(columns: readonly OutputColumn[] | null, names: readonly string[]): readonly OutputColumn[] | null {
  if (columns === null) return names.length === 0 ? null : names.map((name) => ({ name, family: 'unknown' }));
  return columns.map((column, index) => ({ ...column, name: names[index] ?? column.name }));
}

/** The output columns of a query; null where a star stands for columns that are not known. */
export function outputsOf(query: Query, outer: Scope): readonly OutputColumn[] | null {
  const scope = withCommonTables(query, outer);
  const { body } = query;
  if (body.kind !== 'select') {
    const left = outputsOf(body.left, scope);
    const right = outputsOf(body.right, scope);
    if (left === null) return null;
    return left.map((column, index) => ({ ...column, family: commonFamily([column.family, right?.[index]?.family ?? 'unknown']) }));
  }
  const inside = selectScope(body, scope);
  const outputs: OutputColumn[] = [];
  for (const item of body.items) {
    if (item.expression.kind === 'star') {
      const columns = starColumns(item.expression, inside);
      if (columns === null) return null;
      outputs.push(...columns);
    } else outputs.push({ name: outputName(item.expression, item.alias), family: familyOf(item.expression, inside) });
  }
  return outputs;
}

function starColumns(star: Star, scope: Scope): readonly OutputColumn[] | null {
  const wanted = scope.relations.filter((relation) => star.table === '' || foldName(relation.alias) === foldName(star.table));
  const excluded = new Set(star.exclude.map(foldName));
  const columns: OutputColumn[] = [];
  for (const relation of wanted) {
    if (relation.columns === null) return null;
    for (const column of relation.columns) {
      const name = foldName(column.name);
      if (excluded.has(name) || (star.table === '' && relation.merged.has(name))) continue;
      const replaced = star.replace.some((item) => foldName(item.name) === name);
      columns.push(replaced ? { ...column, family: 'unknown' } : column);
    }
  }
  return columns;
}

const LITERALS: Readonly<Record<LiteralType, Family>> = {
  integer: 'integer',
  decimal: 'decimal',
  double: 'double',
  string: 'text',
  boolean: 'boolean',
  null: 'null',
  date: 'date',
  timestamp: 'timestamp',
};

const BIGGEST = 9_223_372_036_854_775_807n;

/** The family of an expression's values. `unknown` is always a safe answer. */
export function familyOf(expression: Expression | null, scope: Scope): Family {
  if (expression === null) return 'null';
  switch (expression.kind) {
    case 'column':
      return columnFamily(expression.path, scope);
    case 'literal':
      return expression.type === 'integer' && !fitsBigint(expression.text) ? 'hugeint' : LITERALS[expression.type];
    case 'cast':
      return familyOfType(expression.type);
    case 'case':
      return commonFamily([...expression.branches.map((branch) => familyOf(branch.then, scope)), familyOf(expression.otherwise, scope)]);
    case 'call':
      return callFamily(expression, scope);
    case 'window':
      return windowFamily(expression, scope);
    case 'subquery':
      if (expression.form !== 'scalar') return 'boolean';
      return outputsOf(expression.query, innerScope(scope))?.[0]?.family ?? 'unknown';
    case 'star':
    case 'interval':
      return 'unknown';
    default:
      return 'boolean';
  }
}

function fitsBigint(text: string): boolean {
  return /^-?\d+$/.test(text) && BigInt(text) <= BIGGEST && BigInt(text) >= -BIGGEST;
}

function columnFamily(path: readonly string[], scope: Scope): Family {
  const name = foldName(path.at(-1) ?? '');
  if (path.length > 2) return 'unknown';
  const table = path.length === 2 ? foldName(path[0] ?? '') : null;
  for (let around: Scope | null = scope; around !== null; around = around.outer) {
    const relations = around.relations.filter((relation) => table === null || foldName(relation.alias) === table);
    if (relations.some((relation) => relation.columns === null)) return 'unknown';
    const found = relations.flatMap((relation) => (relation.columns ?? []).filter((column) => foldName(column.name) === name));
    if (found.length > 0) return commonFamily(found.map((column) => column.family));
  }
  return 'unknown';
}

function callFamily(call: Call, scope: Scope): Family {
  const known = openFunction(call.name);
  if (known === undefined) return 'unknown';
  const families = call.arguments.map((argument) => familyOf(argument, scope));
  if (call.name === 'nullif') return families[0] ?? 'unknown';
  if (call.name === 'if') return commonFamily(families.slice(1));
  if (call.name === '//') return families.some(isDecimal) ? 'double' : widest(families);
  return resultFamily(known.result, families);
}

function windowFamily(window: Window, scope: Scope): Family {
  const known = openFunction(window.name);
  const families = window.arguments.map((argument) => familyOf(argument, scope));
  return known === undefined ? 'unknown' : resultFamily(known.result, families);
}

function resultFamily(result: ResultFamily, families: readonly Family[]): Family {
  const [first = 'unknown'] = families;
  switch (result) {
    case 'first':
      return first;
    case 'common':
      return commonFamily(families);
    case 'widest':
      return widest(families);
    case 'rounded':
      return isDecimal(first) ? 'decimal' : isNumeric(first) ? first : 'unknown';
    case 'summed':
      return summed(first);
    case 'averaged':
      return isNumeric(first) ? 'double' : 'unknown';
    default:
      return result;
  }
}

/** Sums of a decimal keep its scale in the widest type. */
function summed(family: Family): Family {
  if (family === 'integer' || family === 'hugeint' || family === 'boolean') return 'hugeint';
  const scale = /^DECIMAL\(\d+,(\d+)\)$/.exec(family)?.[1];
  if (scale !== undefined) return `DECIMAL(38,${scale})`;
  return family === 'double' || family === 'decimal' ? family : 'unknown';
}
