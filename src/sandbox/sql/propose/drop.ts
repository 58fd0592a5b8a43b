import type { Expression, FromItem, OrderItem, Query, Select, SelectItem } from '../ast.ts';
import { callOf, type Edit, isAggregate, NEW, orderOf, type Rule, type Site, shown } from './site.ts';
import { expressionsIn, sameMeaning, standsAt, swapNodes } from './tree.ts';

/**
 * Leaves the refused part out: of a condition the smallest part of its AND and OR, of FILTER too, otherwise the column,
 * key or ORDER BY item it stands in. Source: gate.md §3 (a refusal says how to rewrite).
 */
export const dropRefused: Rule = (site) => {
  const { at } = site.refusal;
  const hit = (value: unknown): boolean => standsAt(value, at);
  return [...dropFilter(site, hit), ...dropCondition(site, hit), ...dropJoinTest(site, hit), ...dropParts(site, hit)];
};

type Hit = (value: unknown) => boolean;

/** Conditions inside aggregates: FILTER, what `count_if` counts, WHEN. */
function dropFilter({ query }: Site, hit: Hit): readonly Edit[] {
  const call = expressionsIn(query).filter(isAggregate).find(hit);
  if (call === undefined) return [];
  const [argument] = call.arguments;
  const edit = (from: Expression, to: Expression, condition: Expression): readonly Edit[] => [
    { query: swapNodes(query, new Map([[from, to]])), changes: [`dropped condition: ${dropped(condition, hit)}`] },
  ];
  if (call.filter !== null && hit(call.filter)) return edit(call, { ...call, filter: lessOf(call.filter, hit) }, call.filter);
  const less = argument === undefined ? null : lessOf(argument, hit);
  if ((call.name === 'count_if' || call.name === 'countif') && argument !== undefined)
    return edit(
      call,
      less === null ? callOf('count_star', [], call.at, { filter: call.filter }) : { ...call, arguments: [less] },
      argument,
    );
  const whens = expressionsIn(call.arguments).flatMap((part) => (part.kind === 'case' ? part.branches.map((branch) => branch.when) : []));
  const when = whens.find((test) => hit(test) && lessOf(test, hit) !== null);
  return when === undefined ? [] : edit(when, lessOf(when, hit) ?? when, when);
}

function dropCondition({ query, select }: Site, hit: Hit): readonly Edit[] {
  for (const clause of ['where', 'having', 'qualify'] as const) {
    const condition = select[clause];
    if (condition === null || !hit(condition)) continue;
    const body: Select = { ...select, [clause]: lessOf(condition, hit) };
    return [{ query: { ...query, body }, changes: [`dropped condition: ${dropped(condition, hit)}`] }];
  }
  return [];
}

/** One of several conditions of ON: the others still join. */
function dropJoinTest({ query, select }: Site, hit: Hit): readonly Edit[] {
  const test = joinTests(select.from).find((on) => on.kind === 'and' && hit(on));
  const without = test === undefined ? null : lessOf(test, hit);
  if (test === undefined || without === null) return [];
  return [{ query: swapNodes(query, new Map([[test, without]])), changes: [`dropped condition: ${dropped(test, hit)}`] }];
}

function joinTests(from: FromItem | null): readonly Expression[] {
  if (from?.kind !== 'join') return [];
  return [...joinTests(from.left), ...joinTests(from.right), ...(from.on === null ? [] : [from.on])];
}

/** The condition without the parts that are hit; null where nothing is left. */
function lessOf(condition: Expression, hit: Hit): Expression | null {
  if (!hit(condition)) return condition;
  if (condition.kind === 'and' || condition.kind === 'or') {
    const items = condition.items.map((item) => lessOf(item, hit)).filter((item) => item !== null);
    return items.length > 1 ? { ...condition, items } : (items[0] ?? null);
  }
  if (condition.kind === 'not') {
    const item = lessOf(condition.item, hit);
    return item === null ? null : { ...condition, item };
  }
  return null;
}

/** The parts that `lessOf` leaves out, as text. */
function dropped(condition: Expression, hit: Hit): string {
  if (condition.kind === 'and' || condition.kind === 'or')
    return condition.items
      .filter(hit)
      .map((item) => dropped(item, hit))
      .join(', ');
  return condition.kind === 'not' && condition.item.kind !== 'subquery' ? dropped(condition.item, hit) : shown(condition);
}

/** Columns of the result, keys and ORDER BY items that are hit, wherever they stand again. */
function dropParts(site: Site, hit: Hit): readonly Edit[] {
  const { query, select } = site;
  const isGrouped = select.grouping !== null && select.grouping !== 'all';
  const keys = isGrouped ? (select.grouping.expressions ?? []) : [];
  const columns = [...select.items.map((item) => item.expression), ...keys].filter(hit);
  if (columns.length > 0) return [withoutColumns(query, select, columns)];
  const order = orderOf(query).filter(hit);
  if (order.length === 0) return [];
  const orderBy = orderOf(query).filter((item) => !order.includes(item));
  return [{ query: { ...query, orderBy }, changes: order.map((item) => `dropped order: ${shown(item.expression)}`) }];
}

/** The query without columns of its result and the keys they are, with `count(*)` where nothing would be left. */
export function withoutColumns(query: Query, select: Select, columns: readonly Expression[], instead: readonly SelectItem[] = []): Edit {
  const isOut = (expression: Expression): boolean => columns.some((column) => sameMeaning(column, expression));
  const goes = select.items.map((item) => isOut(item.expression));
  const aliases = new Set(
    select.items.flatMap((item, index) => (goes[index] === true && item.alias !== '' ? [item.alias.toLowerCase()] : [])),
  );
  /** What stands by position or alias goes with its column, and moves up with it. */
  const stays = (expression: Expression): Expression | null => {
    if (expression.kind === 'literal' && expression.type === 'integer') {
      const position = Number(expression.text);
      if (goes[position - 1] === true) return null;
      return { ...expression, text: String(position - goes.slice(0, Math.max(0, position - 1)).filter(Boolean).length) };
    }
    const isAlias = expressionsIn(expression).some(
      (part) => part.kind === 'column' && part.path.length === 1 && aliases.has((part.path[0] ?? '').toLowerCase()),
    );
    return isAlias || expressionsIn(expression).some(isOut) ? null : expression;
  };
  const kept = select.items.filter((_, index) => goes[index] !== true);
  const items = [...kept, ...instead];
  const whole: readonly SelectItem[] = items.length > 0 ? items : [{ expression: callOf('count_star', [], NEW), alias: 'n' }];
  const orderBy =
    'all' in query.orderBy
      ? query.orderBy
      : query.orderBy.flatMap((item): readonly OrderItem[] => {
          const expression = stays(item.expression);
          return expression === null ? [] : [{ ...item, expression }];
        });
  const unsorted = orderOf(query)
    .filter((item) => stays(item.expression) === null)
    .map((item) => `dropped order: ${shown(item.expression)}`);
  const hasKey = select.grouping !== 'all' || whole.some((item) => !expressionsIn(item.expression).some(isAggregate));
  const body: Select = { ...select, items: whole, grouping: hasKey ? groupingWithout(select.grouping, stays) : null };
  const added = whole.filter((item) => !kept.includes(item)).map((item) => `added: ${shown(item.expression)}`);
  const keys = select.grouping === null || select.grouping === 'all' ? [] : select.grouping.expressions.filter(isOut);
  const gone = new Set([...select.items.filter((_, index) => goes[index] === true).map((item) => item.expression), ...keys].map(shown));
  return { query: { ...query, body, orderBy }, changes: [...[...gone].map((text) => `dropped column: ${text}`), ...unsorted, ...added] };
}

function groupingWithout(grouping: Select['grouping'], stays: (expression: Expression) => Expression | null): Select['grouping'] {
  if (grouping === null || grouping === 'all') return grouping;
  const next = grouping.expressions.map(stays);
  const places = next.map((item, index) => (item === null ? -1 : next.slice(0, index).filter((other) => other !== null).length));
  const expressions = next.filter((item) => item !== null);
  if (expressions.length === 0) return null;
  const sets = grouping.sets.map((set) => set.map((index) => places[index] ?? -1).filter((index) => index >= 0));
  const unique = sets.filter((set, index) => sets.findIndex((other) => other.join() === set.join()) === index);
  return { expressions, sets: unique };
}
