import type { Expression, Query, Select, SelectItem, SetOperation } from '../ast.ts';
import { AGGREGATES } from '../compile/functions.ts';
import { callOf, type Edit, type Rule, shown, unsorted } from './site.ts';
import { expressionsIn, sameMeaning, standsAt, swapNodes } from './tree.ts';

/** Rows of units are not cut to the first few of them: LIMIT, OFFSET and QUALIFY below an aggregate go. Source: gate.md §4. */
export const wholeRows: Rule = ({ query, select, refusal }) => {
  if (!/^(LIMIT|QUALIFY) below/.test(refusal.construct) || !standsAt({ at: select.at }, refusal.at)) return [];
  const limit = query.limit === null ? [] : [`dropped clause: LIMIT ${query.limit}`];
  const offset = query.offset === null ? [] : [`dropped clause: OFFSET ${query.offset}`];
  const qualify = select.qualify === null ? [] : [`dropped clause: QUALIFY ${shown(select.qualify)}`];
  const changes = [...limit, ...offset, ...qualify];
  return changes.length === 0 ? [] : [{ query: { ...query, body: { ...select, qualify: null }, limit: null, offset: null }, changes }];
};

/**
 * QUALIFY below an aggregate: its windows become columns of an inner query, and it becomes WHERE around that. Only where every
 * column of the select list is a plain one, which it keeps. Source: gate.md §4 (windows).
 */
export const numberedRows: Rule = ({ query, select, refusal }) => {
  const { qualify, at } = select;
  if (!/^QUALIFY below/.test(refusal.construct) || qualify === null || query.limit !== null || query.offset !== null) return [];
  const windows = expressionsIn(qualify).filter((part) => part.kind === 'window');
  const names = select.items.map((item) =>
    item.alias !== '' ? item.alias : item.expression.kind === 'column' ? item.expression.path.at(-1) : '',
  );
  if (windows.length === 0 || windows.some((window) => window.kind === 'window' && window.partitionBy.length === 0)) return [];
  if (names.some((name) => name === undefined || name === '') || select.grouping !== null) return [];
  const named = windows.map((window, index) => ({ window, name: index === 0 ? 'nth' : `nth_${index + 1}` }));
  const inner: Query = {
    ...{ commonTables: [], orderBy: [], limit: null, offset: null },
    body: { ...select, qualify: null, items: [...select.items, ...named.map((item) => ({ expression: item.window, alias: item.name }))] },
  };
  const column = (name: string): Expression => ({ kind: 'column', path: [name], at });
  const where = swapNodes(qualify, new Map<unknown, unknown>(named.map((item) => [item.window, column(item.name)])));
  const body: Select = {
    ...{ kind: 'select', distinct: false, grouping: null, having: null, qualify: null, at },
    items: names.map((name) => ({ expression: column(name ?? ''), alias: '' })),
    from: { kind: 'subquery', query: inner, alias: 'numbered', columns: [], at },
    where,
  };
  return [{ query: { ...query, body }, changes: [`replaced: QUALIFY ${shown(qualify)} → WHERE ${shown(where)}`] }];
};

/** A window of an aggregate over protected rows becomes the aggregate, by the partition. Source: gate.md §4 (windows). */
export const groupedWindow: Rule = ({ query, select, refusal }) => {
  const windows = select.items.filter((item) => item.expression.kind === 'window');
  const refused = windows.find((item) => standsAt(item.expression, refusal.at))?.expression;
  if (refused?.kind !== 'window' || select.grouping !== null) return [];
  const isKey = (item: SelectItem): boolean => refused.partitionBy.some((key) => sameMeaning(key, item.expression));
  const items: SelectItem[] = [];
  const changes: string[] = [];
  for (const item of select.items) {
    const { expression } = item;
    const isSame =
      expression.kind === 'window' && AGGREGATES.has(expression.name) && sameParts(expression.partitionBy, refused.partitionBy);
    if (isKey(item)) items.push(item);
    else if (isSame) {
      const call = callOf(expression.name, expression.arguments, expression.at, { filter: expression.filter });
      items.push({ ...item, expression: call });
      changes.push(`replaced: ${shown(expression)} → ${shown(call)}`);
    } else changes.push(`dropped column: ${shown(expression)}`);
  }
  if (!changes.some((text) => text.startsWith('replaced'))) return [];
  const keys = items.filter(isKey).map((item) => item.expression);
  const grouping = keys.length === 0 ? null : { expressions: keys, sets: [keys.map((_, index) => index)] };
  return [
    {
      query: { ...query, body: { ...select, items, grouping }, orderBy: [] },
      changes: [...changes, ...unsorted(query), ...keys.map((key) => `added key: ${shown(key)}`)],
    },
  ];
};

function sameParts(a: readonly Expression[], b: readonly Expression[]): boolean {
  return a.length === b.length && a.every((item, index) => sameMeaning(item, b[index] ?? item));
}

/**
 * EXCEPT and INTERSECT of one column become NOT IN and IN, UNION becomes UNION ALL. Those of several columns stay refused.
 * Source: gate.md §4 (subqueries; UNION ALL aligns units).
 */
export function alignedSet(query: Query, body: SetOperation): readonly Edit[] {
  const word = body.kind.toUpperCase();
  if (body.kind === 'union')
    return body.all ? [] : [{ query: { ...query, body: { ...body, all: true } }, changes: ['replaced: UNION → UNION ALL'] }];
  const left = body.left.body;
  const [item, ...more] = left.kind === 'select' ? left.items : [];
  if (left.kind !== 'select' || item === undefined || more.length > 0 || left.grouping !== null || isCut(body.left) || isCut(body.right))
    return [];
  const member: Expression = { kind: 'subquery', form: 'any', query: body.right, input: item.expression, operator: '=', at: body.at };
  const test: Expression = body.kind === 'except' ? { kind: 'not', item: member, at: body.at } : member;
  const where: Expression = left.where === null ? test : { kind: 'and', items: [...conjuncts(left.where), test], at: body.at };
  const select: Select = { ...left, distinct: left.distinct || !body.all, where };
  return [{ query: { ...query, body: select }, changes: [`replaced: ${word} → ${shown(test)}`] }];
}

function isCut(query: Query): boolean {
  return (
    query.limit !== null ||
    query.offset !== null ||
    query.commonTables.length > 0 ||
    query.body.kind !== 'select' ||
    query.body.qualify !== null
  );
}

function conjuncts(where: Expression): readonly Expression[] {
  return where.kind === 'and' ? where.items : [where];
}
