import type { Call, Expression, FromItem, OrderItem, Query, Select, SelectItem } from '../ast.ts';
import { type BoundColumn, isOpenColumn } from '../model/bound.ts';
import { columnsOfScalar, type Scalar } from '../model/scalar.ts';
import { ByClass } from './by-class.ts';
import { callsIn, itemName, replaceParts, sameExpression, uniqueCalls } from './expressions.ts';
import { AGGREGATES } from './functions.ts';
import { type AskedAggregate, addGate } from './gate.ts';
import { keyIndex } from './key-index.ts';
import { type KeyAlternative, keyAlternatives } from './keys.ts';
import { openSubquery } from './open-select.ts';
import { refuse, refuseConstruct } from './refusal.ts';
import { resolveScalar } from './resolve.ts';
import { assertClosed, type OpenColumn, type OpenRelation } from './rows.ts';
import { scalarName } from './scalar-name.ts';
import { calledColumn } from './scope.ts';
import type { Grouped, UnitSelect } from './unit-select.ts';
import { uniqueKeys } from './units.ts';

/** Grouping sets times labels of CASE: every one of them is a gate. */
const MAX_GATES = 32;

interface Branch {
  readonly gate: string;
  /** By key of the query: its place among the keys of the gate, or −1 where the set leaves it out. */
  readonly keys: readonly number[];
  readonly set: readonly number[];
}

/**
 * An aggregation over rows of units: one gate for each grouping set and each combination of CASE labels, and above them
 * an ordinary query over what they release. Source: gate.md §4, §7 (every roll-up is an entry). Throws Refused.
 */
export function gatedQuery(unit: UnitSelect, grouping: Grouped, resolved: readonly Scalar[]): OpenRelation {
  const { select, query, items, frame } = unit;
  assertClosed(unit.rows, select.at);
  const ordered = Array.isArray(query.orderBy) ? (query.orderBy as readonly OrderItem[]) : [];
  const asked = [
    ...items.map((item) => item.expression),
    ...ordered.map((item) => item.expression),
    ...[select.having, select.qualify].filter((item) => item !== null),
  ];
  refuseHiddenExtremes(unit, ordered);
  const calls = uniqueCalls(asked);
  const byClass = new ByClass(calls, unit, grouping);
  const aggregates = byClass.whole(calls.map((call): AskedAggregate => ({ call, combined: asked.some((item) => isCombined(call, item)) })));
  for (const column of resolved.flatMap(columnsOfScalar)) refuseOverlap(column, unit);
  const alternatives = resolved.map((key) => keyAlternatives(key, frame.compilation));
  const bundle = frame.compilation.nextBundle();
  const names = resolved.map(scalarName);
  const gates = (wanted: readonly AskedAggregate[], classes: readonly Scalar[]): readonly Branch[] =>
    branchesOf(unit, grouping, { alternatives, names, bundle, aggregates: wanted, classes });
  const branches = gates(aggregates, []);
  if (branches.length === 0) return refuseConstruct('condition that no row can satisfy', select.at);
  const rewrite = rewriter(unit, resolved, calls);
  const named = items.map((item, index): SelectItem => ({ expression: rewrite.expression(item.expression), alias: itemName(item, index) }));
  const where = select.having === null ? null : rewrite.expression(select.having);
  const qualify = select.qualify === null ? null : rewrite.expression(select.qualify);
  const orderBy = Array.isArray(query.orderBy) ? rewrite.order(ordered) : query.orderBy;
  const width = Math.max(1, aggregates.length);
  const released = releasedFrom(branches, resolved.length, width, rewrite.groupings(), select);
  const from = byClass.above(released, resolved.length, (wanted, classes) =>
    releasedFrom(gates(wanted, classes), resolved.length + classes.length, wanted.length, [], select),
  );
  const body: Select = {
    kind: 'select',
    distinct: select.distinct && calls.length > 0,
    items: named,
    from,
    where,
    grouping: null,
    having: null,
    qualify,
    at: select.at,
  };
  const result: Query = { commonTables: [], body, orderBy, limit: query.limit, offset: query.offset };
  const [first] = branches;
  const types = (column: string): string | null => typeOf(column, alternatives, first?.gate ?? '', unit);
  const columns = named.map((item): OpenColumn => {
    const name = item.expression.kind === 'column' ? (item.expression.path[0] ?? '') : '';
    const isOwn = name !== '' && !byClass.makes(name);
    return { name: item.alias, type: isOwn ? types(name) : null, bare: isOwn };
  });
  const oneRow =
    grouping.keys.length === 0 && branches.length === 1 && select.having === null && select.qualify === null && query.limit === null;
  return { kind: 'open', query: result, columns, oneRow, gated: true };
}

interface Asking {
  readonly alternatives: readonly (readonly KeyAlternative[])[];
  readonly names: readonly string[];
  readonly bundle: number;
  readonly aggregates: readonly AskedAggregate[];
  /** Columns of public tables that are keys besides. */
  readonly classes: readonly Scalar[];
}

/** A gate for every grouping set and combination of labels. Totals before their parts: what must be withheld besides a small part is then another part. */
function branchesOf(unit: UnitSelect, grouping: Grouped, { alternatives, names, bundle, aggregates, classes }: Asking): readonly Branch[] {
  const { select, environment, frame } = unit;
  const branches: Branch[] = [];
  const more = classes.map((column) => keyAlternatives(column, frame.compilation));
  for (const set of [...grouping.sets].sort((a, b) => a.length - b.length)) {
    for (const chosen of combinations([...set.map((index) => alternatives[index] ?? []), ...more])) {
      if (branches.length >= MAX_GATES) return refuseConstruct(`more than ${MAX_GATES} labels and grouping sets together`, select.at);
      const keyIds = [...set.map((index) => names[index] ?? ''), ...classes.map(scalarName)];
      const whole = classes.length === 0 ? {} : { wholeBy: set.length };
      const asked = { rows: unit.rows, keys: chosen, keyIds, bundle, aggregates, environment, at: select.at, ...whole };
      const gate = addGate(asked, frame.compilation);
      const own = alternatives.map((_, index) => set.indexOf(index));
      if (gate !== undefined) branches.push({ gate, keys: [...own, ...classes.map((_, index) => set.length + index)], set });
    }
  }
  return branches;
}

/** Labels of a public or literal table that matches a row several times make cells that overlap. Source: gate.md §4 (fan-out). */
function refuseOverlap(column: BoundColumn, { rows, frame }: UnitSelect): void {
  if (!isOpenColumn(column)) return;
  const joined = rows.keys.flatMap((key) => [key.left, key.right]).filter((end) => end.instance === column.instance);
  const names = joined.map((end) => end.column.name);
  const isOnce =
    names.includes(column.column.name) ||
    uniqueKeys(column.instance, frame.compilation.profile).some((key) => key.every((name) => names.includes(name)));
  if (!isOnce) refuseConstruct(`labels of a table that can match a row several times (${calledColumn(column)})`, column.at);
}

/** A trimmed extreme may be shown; a condition or an order on one would be asked again and again to find its edge. */
function refuseHiddenExtremes(unit: UnitSelect, ordered: readonly OrderItem[]): void {
  const { select, environment } = unit;
  const hidden = [...ordered.map((item) => item.expression), ...[select.having, select.qualify].filter((item) => item !== null)];
  for (const call of hidden.flatMap(callsIn)) {
    const [argument] = call.arguments;
    if ((call.name !== 'min' && call.name !== 'max') || argument === undefined) continue;
    if (!columnsOfScalar(resolveScalar(argument, environment)).every(isOpenColumn))
      refuseConstruct(`${call.name}() of a protected column outside the select list`, call.at);
  }
}

/** Whether the call stands beside another aggregate in one expression. */
function isCombined(call: Call, expression: Expression): boolean {
  const inside = callsIn(expression);
  return inside.length > 1 && inside.some((other) => sameExpression(other, call));
}

function combinations(lists: readonly (readonly KeyAlternative[])[]): readonly (readonly KeyAlternative[])[] {
  return lists.reduce<readonly (readonly KeyAlternative[])[]>(
    (found, list) => found.flatMap((head) => list.map((item) => [...head, item])),
    [[]],
  );
}

function typeOf(column: string, alternatives: readonly (readonly KeyAlternative[])[], gate: string, unit: UnitSelect): string | null {
  const index = Number(column.slice(3));
  if (column.startsWith('__k')) return alternatives[index]?.[0]?.type ?? null;
  const stage = unit.frame.compilation.stages.find((item) => item.name === gate);
  const output = stage?.kind === 'gate' ? stage.gate.outputs[index] : undefined;
  return output === undefined || !column.startsWith('__a') ? null : output.type;
}

interface Rewriter {
  expression(expression: Expression): Expression;
  order(items: readonly OrderItem[]): readonly OrderItem[];
  /** The arguments of each GROUPING(…), as indexes of keys. */
  groupings(): readonly (readonly number[])[];
}

/** Replaces aggregates by columns of the gate, keys by its keys, inner queries by what they release. */
function rewriter(unit: UnitSelect, resolved: readonly Scalar[], calls: readonly Call[]): Rewriter {
  const { environment, items } = unit;
  const names = resolved.map(scalarName);
  const groupings: (readonly number[])[] = [];
  const column = (name: string, at: Expression['at']): Expression => ({ kind: 'column', path: [name], at });
  const part = (expression: Expression, depth: number): Expression | undefined => {
    const { at } = expression;
    if (expression.kind === 'call' && expression.name === 'grouping') {
      const keys = expression.arguments.map((item) => keyIndex(item, names, environment));
      if (keys.length === 0 || keys.includes(-1)) return refuseConstruct('GROUPING() of something that is no key', at);
      return column(`__grouping${groupings.push(keys) - 1}`, at);
    }
    if (expression.kind === 'call' && AGGREGATES.has(expression.name)) {
      const call = calls.findIndex((item) => sameExpression(item, expression));
      return call >= 0 ? column(`__a${call}`, at) : refuseConstruct(expression.name, at);
    }
    const key = keyIndex(expression, names, environment);
    if (key >= 0) return column(`__k${key}`, at);
    if (expression.kind === 'subquery') {
      const input = expression.input === null ? null : replace(expression.input, depth);
      return { ...expression, input, query: openSubquery(expression.query, unit.frame) };
    }
    if (expression.kind === 'star') return refuseConstruct('*', at);
    if (expression.kind !== 'column') return undefined;
    const alias =
      expression.path.length === 1
        ? items.find((item) => item.alias.toLowerCase() === (expression.path[0] ?? '').toLowerCase())
        : undefined;
    if (alias !== undefined && depth < 8) return replace(alias.expression, depth + 1);
    resolveScalar(expression, environment); // an unknown name is named as such
    return refuse('sql.row_level', { name: expression.path.join('.'), ...at });
  };
  const replace = (expression: Expression, depth: number): Expression => replaceParts(expression, (item) => part(item, depth));
  const order = (item: OrderItem): OrderItem => {
    const { expression } = item;
    if (expression.kind === 'literal') return item;
    const alias =
      expression.kind === 'column' && expression.path.length === 1
        ? items.findIndex((other, index) => itemName(other, index).toLowerCase() === (expression.path[0] ?? '').toLowerCase())
        : -1;
    const own = items[alias];
    if (own !== undefined) return { ...item, expression: column(itemName(own, alias), expression.at) };
    return { ...item, expression: replace(expression, 0) };
  };
  return { expression: (expression) => replace(expression, 0), order: (list) => list.map(order), groupings: () => groupings };
}

/** What the gates release, one below the other, under the columns `__k…`, `__a…` and `__grouping…`. */
function releasedFrom(
  branches: readonly Branch[],
  keys: number,
  calls: number,
  groupings: readonly (readonly number[])[],
  select: Select,
): FromItem {
  const { at } = select;
  const [only] = branches;
  if (only !== undefined && branches.length === 1 && groupings.length === 0)
    return { kind: 'table', table: only.gate, alias: '', columns: [], at };
  const named = (expression: Expression, alias: string): SelectItem => ({ expression, alias });
  const queries = branches.map((branch): Query => {
    const items = [
      ...Array.from({ length: keys }, (_, index) => {
        const place = branch.keys[index] ?? -1;
        const value: Expression =
          place < 0 ? { kind: 'literal', type: 'null', text: '', at } : { kind: 'column', path: [`__k${place}`], at };
        return named(value, `__k${index}`);
      }),
      ...Array.from({ length: calls }, (_, index) => named({ kind: 'column', path: [`__a${index}`], at }, `__a${index}`)),
      ...groupings.map((list, index) => {
        const bits = list.reduce((sum, key) => sum * 2 + (branch.set.includes(key) ? 0 : 1), 0);
        return named({ kind: 'literal', type: 'integer', text: String(bits), at }, `__grouping${index}`);
      }),
    ];
    const from: FromItem = { kind: 'table', table: branch.gate, alias: '', columns: [], at };
    const body: Select = { kind: 'select', distinct: false, items, from, where: null, grouping: null, having: null, qualify: null, at };
    return { commonTables: [], body, orderBy: [], limit: null, offset: null };
  });
  const [first, ...rest] = queries;
  if (first === undefined) throw new Error('No gate');
  const union = rest.reduce<Query>(
    (left, right) => ({ commonTables: [], body: { kind: 'union', all: true, left, right, at }, orderBy: [], limit: null, offset: null }),
    first,
  );
  return { kind: 'subquery', query: union, alias: '__released', columns: [], at };
}
