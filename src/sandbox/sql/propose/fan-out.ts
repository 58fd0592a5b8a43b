import type { Table } from '../../../catalog/dataset.ts';
import { foldName } from '../../../catalog/identifier.ts';
import type { Call, Expression, FromItem, Query, Select, SelectItem } from '../ast.ts';
import { printInner } from './print-query.ts';
import { callOf, isAggregate, type Rule, replaced, type Site } from './site.ts';
import { expressionsIn, standsAt, swapNodes } from './tree.ts';

type ColumnExpression = Extract<Expression, { readonly kind: 'column' }>;
type TableItem = Extract<FromItem, { readonly kind: 'table' }>;

/** The two tables of a plain join: the one whose rows are repeated, and the one that repeats them. */
interface Sides {
  readonly many: TableItem;
  /** The column of `many` that joins it. */
  readonly key: string;
  readonly isMany: (column: ColumnExpression) => boolean;
}

/**
 * An aggregate that a join repeats: the many side is aggregated per unit in an inner query first. Only for two tables
 * joined on one column, with sums, averages and counts of the many side. Source: gate.md §4 (fan-out).
 */
export const perUnitFirst: Rule = (site) => {
  const sides = sidesOf(site);
  if (site.refusal.code !== 'sql.fan_out' || sides === undefined) return [];
  const { query, select } = site;
  const where = conjuncts(select.where);
  const moved = where.filter((test) => columnsOf(test).every(sides.isMany));
  const kept = where.filter((test) => !moved.includes(test));
  const clauses = [select.items, select.grouping, select.having, select.qualify, query.orderBy];
  const calls = expressionsIn(clauses).filter(isAggregate);
  const features = calls.map((call) => featureOf(call, sides));
  if (features.some((feature) => feature === 'impossible')) return [];
  const inAggregates = new Set(calls.flatMap((call) => expressionsIn(call)));
  const outside = [
    ...clauses.flatMap((part) => expressionsIn(part)).filter((part) => !inAggregates.has(part)),
    ...kept.flatMap((test) => expressionsIn(test)),
  ];
  if (outside.some((part) => part.kind === 'subquery' || (part.kind === 'column' && sides.isMany(part)))) return [];
  const found = features.flatMap((feature) => (typeof feature === 'object' ? [feature] : []));
  const inner = perUnit(
    sides,
    found.flatMap((feature) => feature.inner),
    moved,
    select,
  );
  const swaps = new Map<unknown, unknown>(
    calls.flatMap((call, index) => (typeof features[index] === 'object' ? [[call, features[index].outer]] : [])),
  );
  const alias = sides.many.alias === '' ? sides.many.table : sides.many.alias;
  swaps.set(sides.many, { kind: 'subquery', query: inner, alias, columns: [], at: sides.many.at } satisfies FromItem);
  const body: Select = { ...select, where: allOf(kept, select) };
  const changes = [
    `replaced: ${sides.many.table} → (${printInner(inner)})`,
    ...new Set(found.map((feature) => replaced(feature.call, feature.outer))),
  ];
  return [{ query: swapNodes({ ...query, body }, swaps), changes }];
};

function sidesOf({ select, refusal, tables }: Site): Sides | undefined {
  const { from } = select;
  if (from?.kind !== 'join' || from.join !== 'inner' || from.left.kind !== 'table' || from.right.kind !== 'table') return undefined;
  const repeated = expressionsIn(select).find((part) => part.kind === 'column' && standsAt(part, refusal.at));
  if (repeated?.kind !== 'column') return undefined;
  const [left, right] = [from.left, from.right];
  const many = owns(left, repeated, tables) ? right : left;
  const isMany = (column: ColumnExpression): boolean => owns(many, column, tables) && !isUsing(column);
  const isUsing = (column: ColumnExpression): boolean =>
    column.path.length === 1 && from.using.some((name) => foldName(name) === foldName(column.path[0] ?? ''));
  const { on } = from;
  const ends = on?.kind === 'compare' && on.operator === '=' ? [on.left, on.right].filter((end) => end.kind === 'column') : [];
  const key =
    from.using.length === 1 ? from.using[0] : ends.length === 2 ? ends.find((end) => owns(many, end, tables))?.path.at(-1) : undefined;
  return key === undefined || many.columns.length > 0 ? undefined : { many, key, isMany };
}

function owns(item: TableItem, { path }: ColumnExpression, tables: readonly Table[]): boolean {
  const [first = '', second] = path.map(foldName);
  if (second !== undefined) return first === foldName(item.alias === '' ? item.table : item.alias);
  return tables.some(
    (table) => foldName(table.name) === foldName(item.table) && table.columns.some((column) => foldName(column.name) === first),
  );
}

function columnsOf(part: Expression): readonly ColumnExpression[] {
  return expressionsIn(part).filter((item) => item.kind === 'column');
}

interface Feature {
  readonly call: Call;
  /** Columns of the inner query. */
  readonly inner: readonly SelectItem[];
  /** What stands in the outer one instead. */
  readonly outer: Expression;
}

/** An aggregate of the many side as one of figures per unit. `same`: it does not concern that side. */
function featureOf(call: Call, sides: Sides): Feature | 'same' | 'impossible' {
  const { at } = call;
  const alias = sides.many.alias === '' ? sides.many.table : sides.many.alias;
  const sumOf = (name: string): Expression => callOf('sum', [{ kind: 'column', path: [alias, name], at }], at);
  if (call.filter !== null || call.orderBy.length > 0) return 'impossible';
  if (call.name === 'count_star') return { call, inner: [{ expression: call, alias: 'n' }], outer: sumOf('n') };
  const columns = columnsOf(call);
  // Counted as rows of the join, which are fewer when the many side is one row per unit.
  if (!columns.some(sides.isMany)) return call.name === 'count' && !call.distinct ? 'impossible' : 'same';
  const [argument] = call.arguments;
  const isKey = argument?.kind === 'column' && foldName(argument.path.at(-1) ?? '') === foldName(sides.key);
  if (call.distinct) return isKey ? 'same' : 'impossible';
  if (argument?.kind !== 'column' || call.arguments.length !== 1 || !['sum', 'avg', 'mean', 'count'].includes(call.name))
    return 'impossible';
  const name = argument.path.at(-1) ?? '';
  const sum: SelectItem = { expression: callOf('sum', [argument], at), alias: `sum_${name}` };
  const count: SelectItem = { expression: callOf('count', [argument], at), alias: `count_${name}` };
  if (call.name === 'sum') return { call, inner: [sum], outer: sumOf(sum.alias) };
  if (call.name === 'count') return { call, inner: [count], outer: sumOf(count.alias) };
  return { call, inner: [sum, count], outer: callOf('/', [sumOf(sum.alias), sumOf(count.alias)], at, { operator: true }) };
}

function perUnit({ many, key }: Sides, features: readonly SelectItem[], tests: readonly Expression[], { at }: Select): Query {
  const column: Expression = { kind: 'column', path: [key], at };
  const unique = features.filter((item, index) => features.findIndex((other) => other.alias === item.alias) === index);
  const body: Select = {
    kind: 'select',
    distinct: false,
    items: [{ expression: column, alias: '' }, ...unique],
    from: many,
    where: tests.length === 0 ? null : allOf(tests, { at }),
    grouping: { expressions: [column], sets: [[0]] },
    having: null,
    qualify: null,
    at,
  };
  return { commonTables: [], body, orderBy: [], limit: null, offset: null };
}

function conjuncts(where: Expression | null): readonly Expression[] {
  if (where === null) return [];
  return where.kind === 'and' ? where.items : [where];
}

function allOf(tests: readonly Expression[], { at }: Pick<Select, 'at'>): Expression | null {
  return tests.length > 1 ? { kind: 'and', items: tests, at } : (tests[0] ?? null);
}
