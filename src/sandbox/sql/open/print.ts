import { quoteName } from '../../../catalog/identifier.ts';
import type { Query, Select, SelectItem, SetOperation } from '../ast.ts';
import { finite } from './guard.ts';
import { familyOf, selectScope, withCommonTables } from './inference.ts';
import { printOrder } from './order.ts';
import { printCondition, printExpression, type Surroundings } from './print-expression.ts';
import { printFrom } from './print-from.ts';
import { innerScope, type OpenTables, outputName, rootScope, type Scope } from './scope.ts';
import { tieBreaks } from './ties.ts';

/**
 * The DuckDB SQL of a query over released relations and public tables. What it gives is the same bytes at every run and
 * number of threads, and no value in the tables makes it fail: where DuckDB would, or would give an infinite number,
 * there is NULL. Rows come in the query's own order, then by all output columns, ascending, NULLs last.
 *
 * `tables` gives what stands for a name in FROM: a quoted name or a SELECT in parentheses, best with its columns.
 * Every output column of the query should have an alias: DuckDB names the others by the text that runs.
 * Expects a query that `checkOpen` found nothing against; throws for anything off the list and any other table.
 * It does not check types: a query may still fail to bind, which depends on the types alone and never on the rows.
 * Source: gate.md §3.5, §4 (what stands above a gate), §9.
 */
export function printOpenQuery(query: Query, tables: OpenTables): string {
  return printQuery(query, rootScope(tables), 'outermost');
}

/** `branch`: a side of the outermost set operation; what it selects is seen, its order is not. */
type Place = 'outermost' | 'branch' | 'inner';

function printQuery(query: Query, outer: Scope, place: Place): string {
  const scope = withCommonTables(query, outer);
  const parts: string[] = [];
  if (query.commonTables.length > 0) parts.push(`WITH ${printCommonTables(query, outer)}`);
  const order = printOrder(query, scope, place === 'outermost', (expression, inside, ties) =>
    printExpression(expression, surroundings(inside, ties)),
  );
  const body = query.body.kind === 'select' ? printSelect(query.body, scope, place) : printSet(query.body, scope, place);
  parts.push(order.wrap ? `SELECT * FROM (${body}) AS __o` : body);
  if (order.sql !== '') parts.push(order.sql);
  if (query.limit !== null) parts.push(`LIMIT ${wholeNumber(query.limit)}`);
  if (query.offset !== null) parts.push(`OFFSET ${wholeNumber(query.offset)}`);
  return parts.join(' ');
}

function surroundings(scope: Scope, ties: readonly string[]): Surroundings {
  return { scope, ties, query: (query, inside) => printQuery(query, inside, 'inner') };
}

function wholeNumber(value: number): string {
  if (!Number.isSafeInteger(value) || value < 0) throw new Error('A limit is not a whole number');
  return String(value);
}

/** Each common table sees those before it. */
function printCommonTables(query: Query, outer: Scope): string {
  const tables = query.commonTables.map((table, index) => {
    const before = withCommonTables({ ...query, commonTables: query.commonTables.slice(0, index) }, outer);
    const columns = table.columns.length === 0 ? '' : `(${table.columns.map(quoteName).join(', ')})`;
    return `${quoteName(table.name)}${columns} AS (${printQuery(table.query, innerScope(before), 'inner')})`;
  });
  return tables.join(', ');
}

const SETS: Readonly<Record<SetOperation['kind'], string>> = { union: 'UNION', except: 'EXCEPT', intersect: 'INTERSECT' };

function printSet(set: SetOperation, scope: Scope, place: Place): string {
  const side = (query: Query): string => `(${printQuery(query, scope, place === 'inner' ? 'inner' : 'branch')})`;
  return `${side(set.left)} ${SETS[set.kind]}${set.all ? ' ALL' : ''} ${side(set.right)}`;
}

function printSelect(select: Select, outer: Scope, place: Place): string {
  const scope = selectScope(select, outer);
  const untied = surroundings(scope, []);
  const around = surroundings(
    scope,
    tieBreaks(select, scope, (expression) => printExpression(expression, untied)),
  );
  const items = select.items.map((item) => printItem(item, select, around, place !== 'inner'));
  const parts = [`SELECT ${select.distinct ? 'DISTINCT ' : ''}${items.join(', ')}`];
  if (select.from !== null) parts.push(`FROM ${printFrom(select.from, around)}`);
  if (select.where !== null) parts.push(`WHERE ${printCondition(select.where, around)}`);
  if (select.grouping !== null) parts.push(`GROUP BY ${printGrouping(select, around)}`);
  if (select.having !== null) parts.push(`HAVING ${printCondition(select.having, around)}`);
  if (select.qualify !== null) parts.push(`QUALIFY ${printCondition(select.qualify, around)}`);
  return parts.join(' ');
}

function printItem(item: SelectItem, select: Select, around: Surroundings, isSeen: boolean): string {
  const sql = printExpression(item.expression, around);
  const name = outputName(item.expression, item.alias);
  const bare = isSeen && item.expression.kind === 'column' && select.grouping === null;
  const shown = bare && familyOf(item.expression, around.scope) === 'double' ? finite(sql) : sql;
  return name === '' || item.expression.kind === 'star' ? shown : `${shown} AS ${quoteName(name)}`;
}

function printGrouping(select: Select, around: Surroundings): string {
  const { grouping } = select;
  if (grouping === null || grouping === 'all') return 'ALL';
  const { expressions, sets } = grouping;
  const isPlain = sets.length === 1 && sets[0]?.length === expressions.length;
  const printed = expressions.map((expression) => {
    const isPosition = expression.kind === 'literal' && expression.type === 'integer' && !isPlain;
    const named = isPosition ? select.items[Number(expression.text) - 1]?.expression : undefined;
    return printExpression(named ?? expression, around);
  });
  if (isPlain) return printed.join(', ');
  return `GROUPING SETS (${sets.map((set) => `(${set.map((index) => printed[index] ?? '').join(', ')})`).join(', ')})`;
}
