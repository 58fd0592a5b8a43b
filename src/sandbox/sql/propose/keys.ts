import type { Expression, SelectItem } from '../ast.ts';
import { wholeYears } from './aggregates.ts';
import { type Coarser, coarserOf, truncations } from './coarser.ts';
import {
  aggregateAt,
  alike,
  callOf,
  type Edit,
  isAggregate,
  keysOf,
  NEW,
  type Rule,
  replaced,
  type Site,
  shown,
  unsorted,
} from './site.ts';
import { expressionsIn, standsAt, swapNodes } from './tree.ts';

type ColumnExpression = Extract<Expression, { readonly kind: 'column' }>;

const isColumn = (item: Expression): item is ColumnExpression => item.kind === 'column';

/** A key that shows too much becomes a coarser one of the same column. Source: gate.md §5, formats.md (permissions of the roles). */
export const coarserKey: Rule = (site) => {
  if (aggregateAt(site) !== undefined || !isKeyRefusal(site)) return [];
  const key = keysOf(site.select).find((item) => standsAt(item, site.refusal.at));
  if (key === undefined || expressionsIn(key).some((part) => isAggregate(part) || part.kind === 'window' || part.kind === 'subquery'))
    return [];
  const columns = expressionsIn(key).filter(isColumn);
  const column = columns.find((item) => standsAt(item, site.refusal.at)) ?? columns[0];
  if (column === undefined) return [];
  return [...finerShapes(key, column), ...coarserOf(column, site.tables)].map((coarser) => exchanged(site, key, column, coarser));
};

function isKeyRefusal({ refusal, select }: Site): boolean {
  if (refusal.construct.startsWith('GROUPING()')) return false;
  const isCondition = [select.where, select.having, select.qualify].some((clause) => standsAt(clause, refusal.at));
  return !isCondition && ['sql.column_not_allowed', 'sql.construct_refused', 'sql.function_unknown'].includes(refusal.code);
}

/** Of an expression that is nearly fine: the next unit of `date_trunc`, the month of `strftime`, the column inside a function. */
function finerShapes(key: Expression, column: ColumnExpression): readonly Coarser[] {
  if (key.kind !== 'call')
    return callsIn(key)
      .flatMap(wholeYears)
      .map((expression) => ({ expression, suffix: 'years' }));
  const [first, second] = key.arguments;
  if (key.name === 'date_trunc' && first?.kind === 'literal' && second !== undefined) return truncations(second, ['week', 'month']);
  if (key.name === 'strftime' && second?.kind === 'literal')
    return [{ expression: { ...key, arguments: [column, { ...second, text: '%Y-%m' }] }, suffix: 'month' }];
  return [
    ...callsIn(key)
      .flatMap(wholeYears)
      .map((expression) => ({ expression, suffix: 'years' })),
    { expression: column, suffix: '' },
  ];
}

function callsIn(key: Expression): readonly Expression[] {
  return expressionsIn(key).filter((part) => part.kind === 'call');
}

/** The key exchanged wherever it stands; its column gets a name, by which GROUP BY and ORDER BY call it. */
function exchanged({ query, select }: Site, key: Expression, column: ColumnExpression, { expression, suffix }: Coarser): Edit {
  const name = `${column.path.at(-1) ?? ''}${suffix === '' ? '' : `_${suffix}`}`;
  const shownAs = select.items.find((item) => alike(query, key).includes(item.expression));
  const alias = shownAs === undefined || shownAs.alias !== '' || suffix === '' ? '' : name;
  const called: Expression = alias === '' ? expression : { kind: 'column', path: [alias], at: key.at };
  const inItems = new Set(select.items.flatMap((item) => expressionsIn(item.expression)));
  const swaps = new Map<unknown, unknown>(alike(query, key).map((part) => [part, inItems.has(part) ? expression : called]));
  if (shownAs !== undefined && alias !== '') swaps.set(shownAs, { expression, alias } satisfies SelectItem);
  return { query: swapNodes(query, swaps), changes: [replaced(key, expression)] };
}

/** `x // n` of a number with fractions, which the engine divides plainly, becomes the bin that was meant. Source: gate.md §5 (predicates: bins). */
export const wholeBins: Rule = ({ query, refusal }) => {
  if (!refusal.construct.startsWith('// of a number with fractions')) return [];
  const call = expressionsIn(query).find((part) => part.kind === 'call' && part.name === '//' && standsAt(part, refusal.at));
  if (call?.kind !== 'call') return [];
  const bin = callOf('floor', [{ ...call, name: '/' }], call.at);
  const places = [call, ...alike(query, call)];
  return [{ query: swapNodes(query, new Map(places.map((part) => [part, bin]))), changes: [replaced(call, bin)] }];
};

/** Rows become groups: what was selected row by row is a key, with the number of rows. Source: gate.md §4. */
export const groupedRows: Rule = (site) => {
  const { query, select, refusal } = site;
  if (
    refusal.code !== 'sql.row_level' ||
    select.grouping !== null ||
    select.items.some((item) => expressionsIn(item.expression).some(isAggregate))
  )
    return [];
  const kept = select.items.filter((item) => item.expression.kind !== 'star');
  const dropped = select.items.filter((item) => item.expression.kind === 'star').map((item) => `dropped column: ${shown(item.expression)}`);
  const count: SelectItem = { expression: callOf('count_star', [], NEW), alias: 'n' };
  const body = { ...select, distinct: false, items: [...kept, count], grouping: kept.length === 0 ? null : ('all' as const) };
  const added = [`added: ${shown(count.expression)}`, ...kept.map((item) => `added key: ${shown(item.expression)}`)];
  return [
    {
      query: { ...query, body, orderBy: kept.length === 0 ? [] : query.orderBy },
      changes: [...dropped, ...(kept.length === 0 ? unsorted(query) : []), ...added],
    },
  ];
};

/** A column beside aggregates that is neither is averaged, or becomes a key. */
export const settledColumn: Rule = (site) => {
  const { query, select, refusal } = site;
  const { grouping } = select;
  if (refusal.code !== 'sql.row_level' || grouping === 'all') return [];
  const item = select.items.find(({ expression }) => isColumn(expression) && standsAt(expression, refusal.at));
  if (item === undefined || (grouping?.expressions ?? []).some((key) => alike(query, item.expression).includes(key))) return [];
  const average = callOf('avg', [item.expression], item.expression.at);
  const averaged: Edit = { query: swapNodes(query, new Map([[item.expression, average]])), changes: [replaced(item.expression, average)] };
  const expressions = [...(grouping?.expressions ?? []), item.expression];
  const sets = (grouping?.sets ?? [[]]).map((set) => [...set, expressions.length - 1]);
  const keyed: Edit = {
    query: { ...query, body: { ...select, grouping: { expressions, sets } } },
    changes: [`added key: ${shown(item.expression)}`],
  };
  return [averaged, keyed];
};

/** A histogram is a key of bins with the number of rows in each. Source: gate.md §5 (predicates: bins). */
export const countedBins: Rule = (site) => {
  const { query, select, tables } = site;
  const call = aggregateAt(site);
  const [argument] = call?.arguments ?? [];
  const item = select.items.find(({ expression }) => expression === call);
  const isPlain = select.grouping === null || select.grouping === 'all';
  if (call === undefined || item === undefined || argument?.kind !== 'column' || !call.name.startsWith('histogram') || !isPlain) return [];
  const count: SelectItem = { expression: callOf('count_star', [], NEW), alias: 'n' };
  return coarserOf(argument, tables).map(({ expression, suffix }): Edit => {
    const key: SelectItem = { expression, alias: `${argument.path.at(-1) ?? ''}_${suffix}` };
    const items = [...select.items.flatMap((other) => (other === item ? [key] : [other])), count];
    return {
      query: { ...query, body: { ...select, items, grouping: 'all' } },
      changes: [`replaced: ${shown(call)} → ${shown(expression)}, count(*)`],
    };
  });
};
