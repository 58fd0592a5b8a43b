import type { Expression, Query, Select, SelectItem, Star } from '../ast.ts';
import type { Scalar } from '../model/scalar.ts';
import { withAntiJoins } from './anti-joins.ts';
import { determinedUnits, featureTable, type GivenNames } from './derived.ts';
import { callsIn, holdsAggregate, itemName, replaceParts, sameExpression, uniqueCalls, withOwnNames } from './expressions.ts';
import type { Frame } from './frame.ts';
import { compileLeaves, touchesUnits, type UnitFrom, unitFrom } from './from.ts';
import { AGGREGATES } from './functions.ts';
import { gatedQuery } from './gated-query.ts';
import { splitKeys } from './join-keys.ts';
import { keyIndex } from './key-index.ts';
import { withLooseJoins } from './loose-joins.ts';
import { openSelect } from './open-select.ts';
import { refuse, refuseConstruct } from './refusal.ts';
import { type Environment, resolveScalar, resolveTest } from './resolve.ts';
import { joinRows, NO_ROWS, type Relation, type UnitRows } from './rows.ts';
import { scalarName } from './scalar-name.ts';
import type { Scope } from './scope.ts';
import { settledQueries } from './settled.ts';
import type { Grouped, UnitSelect } from './unit-select.ts';
import { windowedRows } from './windowed.ts';

/**
 * Compiles one SELECT: over rows that belong to units it is a projection of them, an aggregation per unit, or a gate
 * with a query over what it releases; otherwise a query over released and public rows. Throws Refused. Source: gate.md §4.
 */
export function compileSelect(written: Select, query: Query, frame: Frame): Relation {
  if (written.from === null) return openSelect(written, query, new Map(), frame);
  const leaves = compileLeaves(written.from, frame);
  if (!touchesUnits(leaves)) return openSelect(written, query, leaves, frame);
  const select = withAntiJoins(written, query, leaves);
  if (select.from === null) throw new Error('A SELECT that lost its FROM');
  const from = unitFrom(select.from, leaves, frame);
  const items = withOwnNames(spellStars(select, from));
  const aliases = new Map(
    items
      .filter((item) => item.alias !== '' && !holdsAggregate(item.expression))
      .map((item) => [item.alias.toLowerCase(), item.expression]),
  );
  const scope: Scope = {
    sources: from.sources,
    merged: from.merged,
    aliases,
    parent: frame.parent,
    seen: frame.compilation.reads.resolved,
  };
  const environment: Environment = { scope, inner: frame.inner(frame) };
  const attached: UnitRows[] = [];
  const where = select.where === null ? [] : [resolveTest(select.where, { ...environment, attach: (more) => attached.push(more) })];
  const { keys, rest } = splitKeys(where);
  const plain = joinRows(from.rows, { ...NO_ROWS, keys, tests: rest });
  const isAggregated = select.grouping !== null || select.having !== null || items.some((item) => holdsAggregate(item.expression));
  const settled = settledQueries(
    rowExpressions(select, items, isAggregated),
    { ...environment, attach: (more) => attached.push(more) },
    frame,
  );
  const rows = withLooseJoins(attached.reduce(joinRows, plain));
  const unit: UnitSelect = { select, query, rows, items, environment: { ...environment, settled }, frame };
  if (!isAggregated && !select.distinct) return projection(unit);
  const grouping = groupingOf(unit, isAggregated);
  const [set, ...more] = grouping.sets;
  const resolved = grouping.keys.map((key) => resolveScalar(key, unit.environment));
  if (
    set !== undefined &&
    more.length === 0 &&
    determinedUnits(
      set.flatMap((index) => resolved[index] ?? []),
      rows,
      frame.compilation,
    ).length > 0
  )
    return features(unit, resolved);
  return gatedQuery(unit, grouping, resolved);
}

/** What is computed row by row: arguments and filters of aggregates, keys, or without any of them the whole select list. */
function rowExpressions(select: Select, items: readonly SelectItem[], isAggregated: boolean): readonly Expression[] {
  const whole = items.map((item) => item.expression);
  const calls = [...whole, ...(select.having === null ? [] : [select.having])].flatMap(callsIn);
  const inCalls = calls.flatMap((call) => [...call.arguments, ...(call.filter === null ? [] : [call.filter])]);
  if (!isAggregated) return whole;
  const keys = select.grouping === null || select.grouping === 'all' ? [] : select.grouping.expressions;
  const named = keys.map((key) => {
    if (key.kind === 'literal') return whole[Number(key.text) - 1] ?? key;
    const alias = key.kind === 'column' && key.path.length === 1 ? (key.path[0] ?? '').toLowerCase() : '';
    return items.find((item) => item.alias !== '' && item.alias.toLowerCase() === alias)?.expression ?? key;
  });
  return [...inCalls, ...named.filter((key) => !holdsAggregate(key))];
}

/** `*` and `t.*` as the columns they stand for. */
function spellStars(select: Select, from: UnitFrom): readonly SelectItem[] {
  return select.items.flatMap((item) => (item.expression.kind === 'star' ? starColumns(item.expression, from) : [item]));
}

function starColumns(star: Star, from: UnitFrom): readonly SelectItem[] {
  const seen = new Set<string>();
  const sources =
    star.table === '' ? from.sources : from.sources.filter((source) => source.name.toLowerCase() === star.table.toLowerCase());
  if (sources.length === 0) return refuse('sql.table_unknown', { name: star.table, ...star.at });
  return sources.flatMap((source) =>
    source.columns.flatMap((column) => {
      const folded = column.name.toLowerCase();
      if (star.exclude.some((name) => name.toLowerCase() === folded)) return [];
      if (from.merged.has(folded) && seen.has(folded)) return [];
      seen.add(folded);
      const replaced = star.replace.find((other) => other.name.toLowerCase() === folded);
      const path = source.name === '' || from.merged.has(folded) ? [column.name] : [source.name, column.name];
      return [{ expression: replaced?.expression ?? { kind: 'column', path, at: star.at }, alias: column.name }];
    }),
  );
}

function groupingOf(unit: UnitSelect, isAggregated: boolean): Grouped {
  const { select, items } = unit;
  const plain = items.map((item) => item.expression).filter((item) => !holdsAggregate(item));
  const all: Grouped = { keys: plain, sets: [plain.map((_, index) => index)] };
  if (!isAggregated || select.grouping === 'all') return all;
  if (select.grouping === null) return { keys: [], sets: [[]] };
  const keys = select.grouping.expressions.map((item) => behind(item, unit));
  return { keys, sets: select.grouping.sets.length === 0 ? [keys.map((_, index) => index)] : select.grouping.sets };
}

/** What a grouping item stands for: a position of the select list, or itself. */
function behind(item: Expression, unit: UnitSelect): Expression {
  if (item.kind !== 'literal' || item.type !== 'integer') return item;
  return unit.items[Number(item.text) - 1]?.expression ?? refuseConstruct(`GROUP BY ${item.text}`, item.at);
}

/** Rows of units with other columns: they are put into the query around. */
function projection(unit: UnitSelect): Relation {
  const { select, query, items, environment, frame } = unit;
  // Of the whole query the rows are refused as such; whatever else stands there would mislead.
  const isInner = frame.depth > 0;
  if (isInner && (query.limit !== null || query.offset !== null)) return refuseConstruct('LIMIT below an aggregate', select.at);
  if (isInner && select.qualify !== null) return refuseConstruct('QUALIFY below an aggregate', select.qualify.at);
  if (items.some((item) => item.expression.kind === 'window')) return windowedRows(unit);
  const columns = items.map((item, index) => ({ name: itemName(item, index), scalar: resolveScalar(item.expression, environment) }));
  return { kind: 'unit', rows: unit.rows, columns };
}

/** An aggregation that keeps the unit among its keys: features of each unit. */
function features(unit: UnitSelect, resolved: readonly Scalar[]): Relation {
  const { select, query, items, environment, frame } = unit;
  if (frame.depth > 0 && (query.limit !== null || query.offset !== null)) return refuseConstruct('LIMIT below an aggregate', select.at);
  if (frame.depth > 0 && select.qualify !== null) return refuseConstruct('QUALIFY below an aggregate', select.qualify.at);
  const calls = uniqueCalls([...items.map((item) => item.expression), ...(select.having === null ? [] : [select.having])]);
  const given: GivenNames = {
    rows: frame.called,
    keys: resolved.map((key, index) => {
      const own = items.find((item) => keyIndex(item.expression, [scalarName(key)], environment) === 0);
      return own === undefined ? `key${index + 1}` : itemName(own, index);
    }),
    features: calls.map((call, index) => {
      const own = items.find((item) => sameExpression(item.expression, call));
      return itemName(own ?? { expression: call, alias: '' }, index);
    }),
  };
  const table = featureTable(unit.rows, resolved, calls, environment, frame.compilation, given, select.at);
  const columns = [
    ...resolved.map((key, index) => ({ name: `\u0001k${index}`, scalar: table.keys[index] ?? key })),
    ...calls.map((call, index) => ({ name: `\u0001f${index}`, scalar: table.features[index] ?? refuseConstruct(call.name, call.at) })),
  ];
  const scope: Scope = {
    sources: [{ name: '', columns }],
    merged: new Set(),
    aliases: new Map(),
    parent: frame.parent,
    seen: frame.compilation.reads.resolved,
  };
  const inside: Environment = { scope, inner: environment.inner };
  const names = resolved.map(scalarName);
  const replace = (expression: Expression): Expression =>
    replaceParts(expression, (part) => {
      const call = part.kind === 'call' && AGGREGATES.has(part.name) ? calls.findIndex((item) => sameExpression(item, part)) : -1;
      if (call >= 0) return { kind: 'column', path: [`\u0001f${call}`], at: part.at };
      const key = keyIndex(part, names, environment);
      return key >= 0 ? { kind: 'column', path: [`\u0001k${key}`], at: part.at } : undefined;
    });
  const result = items.map((item, index) => ({ name: itemName(item, index), scalar: resolveScalar(replace(item.expression), inside) }));
  const having = select.having === null ? [] : [resolveTest(replace(select.having), inside)];
  return { kind: 'unit', rows: { ...NO_ROWS, instances: [table.instance], tests: having }, columns: result };
}
