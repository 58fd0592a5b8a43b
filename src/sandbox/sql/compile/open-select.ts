import type { Expression, FromItem, OrderItem, Query, Select, SelectItem } from '../ast.ts';
import { refuseVolatile } from './calls.ts';
import { callsIn, holdsAggregate, itemName, replaceParts, withOwnNames } from './expressions.ts';
import type { Frame } from './frame.ts';
import { commonColumns, type Leaf, type Leaves } from './from.ts';
import { refuse, refuseConstruct } from './refusal.ts';
import type { OpenColumn, OpenRelation } from './rows.ts';

/** The columns that a table of an open FROM gives. */
interface OpenSource {
  readonly name: string;
  readonly columns: readonly OpenColumn[];
}

/** A SELECT over released and public rows: the same query, its inner queries compiled, its stars spelled out. Throws Refused. Source: gate.md §3.3, §4. */
export function openSelect(select: Select, query: Query, leaves: Leaves, frame: Frame): OpenRelation {
  const inside = (expression: Expression): Expression => {
    refuseClocks(expression, [...sources.flatMap((source) => source.columns), ...select.items.map((item) => ({ name: item.alias }))]);
    return openExpression(expression, frame);
  };
  const maybe = (expression: Expression | null): Expression | null => (expression === null ? null : inside(expression));
  const merged = new Set<string>();
  const sources: OpenSource[] = [];
  const from = select.from === null ? null : openFrom(select.from, leaves, frame, sources, merged);
  const items = withOwnNames(
    select.items.flatMap((item) => (item.expression.kind === 'star' ? starItems(item.expression, sources, merged) : [item])),
  ).map((item, index): SelectItem => ({ expression: inside(item.expression), alias: itemName(item, index) }));
  const grouping =
    select.grouping === null || select.grouping === 'all'
      ? select.grouping
      : { ...select.grouping, expressions: select.grouping.expressions.map(inside) };
  const body: Select = {
    ...select,
    items,
    from,
    where: maybe(select.where),
    grouping,
    having: maybe(select.having),
    qualify: maybe(select.qualify),
  };
  const orderBy = Array.isArray(query.orderBy)
    ? (query.orderBy as readonly OrderItem[]).map((item) => ({ ...item, expression: inside(item.expression) }))
    : query.orderBy;
  const columns = items.map((item): OpenColumn => ({ name: item.alias, ...passedOn(item.expression, sources) }));
  const isGlobal = grouping === null && items.some((item) => callsIn(item.expression).length > 0) && select.having === null;
  const [leaf, ...more] = leaves.values();
  const isPassed =
    leaf?.kind === 'relation' &&
    leaf.relation.kind === 'open' &&
    leaf.relation.oneRow &&
    more.length === 0 &&
    select.where === null &&
    grouping === null &&
    !items.some((item) => holdsAggregate(item.expression));
  const written =
    leaf?.kind === 'relation' && leaf.relation.kind === 'open' && more.length === 0 && isWhole(select) ? leaf.relation.literals : undefined;
  return {
    ...(written === undefined ? {} : { literals: written }),
    kind: 'open',
    query: { commonTables: [], body, orderBy, limit: query.limit, offset: query.offset },
    columns,
    oneRow: (isGlobal || isPassed || select.from === null) && query.limit === null && query.offset === null && select.qualify === null,
    gated: [...leaves.values()].some((item) => item.kind === 'relation' && item.relation.kind === 'open' && item.relation.gated),
  };
}

/** Names without a table that no column here has may be the engine's clocks. */
function refuseClocks(expression: Expression, columns: readonly { readonly name: string }[]): void {
  replaceParts(expression, (part) => {
    if (part.kind === 'call') refuseVolatile(part.name, part.at, '()');
    const [name, ...more] = part.kind === 'column' ? part.path : [];
    const isOwn = name === undefined || more.length > 0 || columns.some((column) => column.name.toLowerCase() === name.toLowerCase());
    if (!isOwn) refuseVolatile(name, part.at);
    return undefined;
  });
}

/** `SELECT * FROM` something, and nothing else. */
function isWhole(select: Select): boolean {
  const [item, ...more] = select.items;
  return (
    item?.expression.kind === 'star' && more.length === 0 && select.where === null && select.grouping === null && select.qualify === null
  );
}

/** A bare column of a source keeps its type, and stays a released value. */
function passedOn(expression: Expression, sources: readonly OpenSource[]): Omit<OpenColumn, 'name'> {
  if (expression.kind !== 'column') return { type: null, bare: false };
  const name = (expression.path.at(-1) ?? '').toLowerCase();
  const within =
    expression.path.length === 2
      ? sources.filter((source) => source.name.toLowerCase() === (expression.path[0] ?? '').toLowerCase())
      : sources;
  const found = within.flatMap((source) => source.columns.filter((column) => column.name.toLowerCase() === name));
  return { type: found[0]?.type ?? null, bare: found[0]?.bare ?? false };
}

function starItems(
  star: Extract<Expression, { kind: 'star' }>,
  sources: readonly OpenSource[],
  merged: ReadonlySet<string>,
): readonly SelectItem[] {
  const seen = new Set<string>();
  const chosen = star.table === '' ? sources : sources.filter((source) => source.name.toLowerCase() === star.table.toLowerCase());
  if (chosen.length === 0) return refuse('sql.table_unknown', { name: star.table, ...star.at });
  return chosen.flatMap((source) =>
    source.columns.flatMap((column) => {
      const folded = column.name.toLowerCase();
      if (star.exclude.some((name) => name.toLowerCase() === folded) || (merged.has(folded) && seen.has(folded))) return [];
      seen.add(folded);
      const replaced = star.replace.find((other) => other.name.toLowerCase() === folded);
      const path = source.name === '' || merged.has(folded) ? [column.name] : [source.name, column.name];
      return [{ expression: replaced?.expression ?? { kind: 'column' as const, path, at: star.at }, alias: column.name }];
    }),
  );
}

function openFrom(item: FromItem, leaves: Leaves, frame: Frame, sources: OpenSource[], merged: Set<string>): FromItem {
  if (item.kind === 'join') {
    const sides: [OpenSource[], OpenSource[]] = [[], []];
    const left = openFrom(item.left, leaves, frame, sides[0], merged);
    const right = openFrom(item.right, leaves, frame, sides[1], merged);
    const using = item.natural === true ? commonColumns(...sides, item.at) : item.using;
    sources.push(...sides[0], ...(item.join === 'semi' || item.join === 'anti' ? [] : sides[1]));
    for (const name of using) merged.add(name.toLowerCase());
    return { ...item, natural: false, using, left, right, on: item.on === null ? null : openExpression(item.on, frame) };
  }
  const leaf = leaves.get(item);
  if (leaf === undefined) throw new Error('A table of FROM was not compiled');
  return openLeaf(item, leaf, frame, sources);
}

function openLeaf(item: Exclude<FromItem, { kind: 'join' }>, leaf: Leaf, frame: Frame, sources: OpenSource[]): FromItem {
  const rename = (columns: readonly OpenColumn[]): readonly OpenColumn[] =>
    columns.map((column, index) => ({ ...column, name: item.columns[index] ?? column.name }));
  if (leaf.kind === 'base') {
    frame.compilation.reads.tables.push(leaf.table.name);
    for (const column of leaf.table.columns) frame.compilation.reads.resolved.add(`${leaf.table.name}.${column.name}`);
    const name = item.alias === '' ? leaf.table.name : item.alias;
    sources.push({ name, columns: rename(leaf.table.columns.map((column) => ({ name: column.name, type: column.type, bare: false }))) });
    return { kind: 'table', table: leaf.table.name, alias: name, columns: item.columns, at: item.at };
  }
  const { relation } = leaf;
  if (relation.kind === 'unit') throw new Error('Rows of units in an open query');
  const name = item.alias !== '' ? item.alias : item.kind === 'table' ? item.table : '';
  const columns = rename(relation.columns);
  sources.push({ name, columns });
  if (item.kind === 'values') return item;
  return {
    kind: 'subquery',
    query: relation.query,
    alias: name,
    columns: name === '' ? [] : columns.map((column) => column.name),
    at: item.at,
  };
}

/** The expression with its inner queries compiled: they too may read released and public rows only. */
function openExpression(expression: Expression, frame: Frame): Expression {
  return replaceParts(expression, (part) => {
    if (part.kind !== 'subquery') return undefined;
    const input = part.input === null ? null : openExpression(part.input, frame);
    return { ...part, input, query: openSubquery(part.query, frame) };
  });
}

/** An inner query above a gate: a gate of its own, or one over public rows. */
export function openSubquery(query: Query, frame: Frame): Query {
  const relation = frame.compile(query, { ...frame, depth: frame.depth + 1, called: '' });
  if (relation.kind === 'unit') return refuseConstruct('inner query that shows rows instead of aggregates', query.body.at);
  return relation.query;
}
