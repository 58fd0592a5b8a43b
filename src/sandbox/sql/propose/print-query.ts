import type { FromItem, Grouping, JoinItem, Query, Select, SelectItem, SetOperation } from '../ast.ts';
import { printExpression, printOrder } from './print-expression.ts';
import { spellColumns, spellName } from './spelling.ts';

/**
 * A readable text of a query, one clause a line: the engine and our reader read it as the same query. It is a proposal
 * to a person, who sends it back to be admitted; nothing runs it. Source: gate.md §3 (a refusal says how to rewrite).
 */
export function printQuery(query: Query): string {
  return clausesOf(query).join('\n');
}

/** A query inside another: on one line. */
export function printInner(query: Query): string {
  return clausesOf(query).join(' ');
}

function clausesOf(query: Query): readonly string[] {
  const { commonTables, body, orderBy, limit, offset } = query;
  const tables = commonTables.map((item) => `${spellName(item.name)}${spellColumns(item.columns)} AS (${printInner(item.query)})`);
  return [
    ...(tables.length === 0 ? [] : [`WITH ${tables.join(',\n')}`]),
    ...(body.kind === 'select' ? selectClauses(body) : setClauses(body)),
    ...orderClause(orderBy),
    ...(limit === null ? [] : [`LIMIT ${limit}`]),
    ...(offset === null ? [] : [`OFFSET ${offset}`]),
  ];
}

function orderClause(orderBy: Query['orderBy']): readonly string[] {
  if ('all' in orderBy) return [`ORDER BY ALL${orderBy.all === 'descending' ? ' DESC' : ''}`];
  return orderBy.length === 0 ? [] : [`ORDER BY ${printOrder(orderBy, printInner)}`];
}

function setClauses({ kind, all, left, right }: SetOperation): readonly string[] {
  return [printSide(left), `${kind.toUpperCase()}${all ? ' ALL' : ''}`, printSide(right)];
}

function printSide(query: Query): string {
  const isPlain = query.body.kind === 'select' && query.commonTables.length === 0 && query.limit === null && query.offset === null;
  const isUnordered = !('all' in query.orderBy) && query.orderBy.length === 0;
  return isPlain && isUnordered ? printInner(query) : `(${printInner(query)})`;
}

function selectClauses(select: Select): readonly string[] {
  const clause = (word: string, item: Select['where']): readonly string[] =>
    item === null ? [] : [`${word} ${printExpression(item, printInner)}`];
  return [
    `SELECT ${select.distinct ? 'DISTINCT ' : ''}${select.items.map(printItem).join(', ')}`,
    ...(select.from === null ? [] : [`FROM ${printFrom(select.from)}`]),
    ...clause('WHERE', select.where),
    ...(select.grouping === null ? [] : [`GROUP BY ${printGrouping(select.grouping)}`]),
    ...clause('HAVING', select.having),
    ...clause('QUALIFY', select.qualify),
  ];
}

function printItem({ expression, alias }: SelectItem): string {
  return `${printExpression(expression, printInner)}${alias === '' ? '' : ` AS ${spellName(alias)}`}`;
}

function printFrom(from: FromItem): string {
  if (from.kind === 'join') return printJoin(from);
  const alias = from.alias === '' ? '' : ` AS ${spellName(from.alias)}${spellColumns(from.columns)}`;
  if (from.kind === 'table') return `${spellName(from.table)}${alias}`;
  if (from.kind === 'subquery') return `(${printInner(from.query)})${alias}`;
  const rows = from.rows.map((row) => `(${row.map((item) => printExpression(item, printInner)).join(', ')})`);
  return `(VALUES ${rows.join(', ')})${alias}`;
}

const JOINS = { inner: 'JOIN', left: 'LEFT JOIN', semi: 'SEMI JOIN', anti: 'ANTI JOIN', cross: 'CROSS JOIN' } as const;

function printJoin(item: JoinItem): string {
  const right = item.right.kind === 'join' ? `(${printFrom(item.right)})` : printFrom(item.right);
  const condition = item.on === null ? '' : ` ON ${printExpression(item.on, printInner)}`;
  const using = item.using.length === 0 ? '' : ` USING ${spellColumns(item.using)}`;
  return `${printFrom(item.left)} ${item.natural === true ? 'NATURAL ' : ''}${JOINS[item.join]} ${right}${condition}${using}`;
}

function printGrouping(grouping: Grouping): string {
  if (grouping === 'all') return 'ALL';
  const texts = grouping.expressions.map((item) => printExpression(item, printInner));
  const [first = [], ...more] = grouping.sets;
  const setText = (set: readonly number[]): string => `(${set.map((index) => texts[index] ?? '').join(', ')})`;
  const isRollup =
    first.length === 0 && more.length > 0 && more.length === texts.length && more.every((set, index) => set.length === index + 1);
  if (isRollup) return `ROLLUP (${texts.join(', ')})`;
  if (more.length > 0) return `GROUPING SETS (${grouping.sets.map(setText).join(', ')})`;
  return texts.length === 0 ? '()' : texts.join(', ');
}
