import { ROLE_PERMISSIONS } from '../../../catalog/permissions.ts';
import type { Call, Expression } from '../ast.ts';
import { AGGREGATES } from '../compile/functions.ts';
import { nearestFunction } from '../open/nearest.ts';
import { aggregateAt, alike, callOf, columnNamed, type Edit, literalOf, type Rule, replaced, type Site } from './site.ts';
import { expressionsIn, sameMeaning, standsAt, swapNodes } from './tree.ts';

/** By aggregate that is never answered: what says nearly the same, nearest first. Source: gate.md §5 (aggregates). */
const SUBSTITUTES: Readonly<Record<string, readonly string[]>> = {
  ...same(['skewness', 'kurtosis', 'kurtosis_pop', 'mad', 'sem'], ['stddev']),
  ...same(['product', 'geomean', 'geometric_mean', 'favg', 'weighted_avg', 'wavg'], ['avg']),
  ...same(['fsum', 'kahan_sum', 'sumkahan', 'sum_no_overflow'], ['sum']),
  ...same(['approx_quantile', 'reservoir_quantile'], ['quantile_cont']),
  ...same(['any_value', 'arbitrary', 'first', 'last'], ['median', 'mode']),
  ...same(['arg_max', 'arg_min', 'argmax', 'argmin', 'max_by', 'min_by'], ['mode']),
  ...same(['arg_max_null', 'arg_min_null', 'arg_max_nulls_last', 'arg_min_nulls_last'], ['mode']),
  ...same(['list', 'array_agg', 'string_agg', 'group_concat', 'listagg'], []),
  ...same(['histogram', 'histogram_exact', 'entropy', 'approx_top_k'], []),
  ...same(['json_group_array', 'bit_and', 'bit_or', 'bit_xor'], []),
};

function same(names: readonly string[], substitutes: readonly string[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(names.map((name) => [name, substitutes]));
}

/** An aggregate that singles out a value, or that a column's role does not allow, becomes one that says nearly the same. */
export const otherAggregate: Rule = (site) => {
  const call = aggregateAt(site);
  const [argument] = call?.arguments ?? [];
  if (call === undefined || argument === undefined) return [];
  const { construct, code, use } = site.refusal;
  const by = (names: readonly string[]): readonly Edit[] =>
    names.filter((name) => mayAggregate(name, argument, site)).map((name) => exchanged(site, call, renamed(call, argument, name)));
  const named = Object.hasOwn(SUBSTITUTES, call.name) ? SUBSTITUTES[call.name] : undefined;
  if (named !== undefined) return by([...named, 'count distinct']);
  if (construct.includes('per unit of a column')) return by(['avg', 'max']);
  if (call.name === 'min' || call.name === 'max') return [...trimmed(site, call, argument), ...by(['mode'])];
  if (use.startsWith('add up its distance')) return by(['avg']);
  if (code !== 'sql.column_not_allowed' || call.arguments.length > 1 || argument.kind !== 'column' || !standsAt(argument, site.refusal.at))
    return [];
  return [...ages(site, call, argument), ...by(['count distinct'])];
};

/** By aggregate: what the permissions of the roles call it. */
const PERMISSIONS: Readonly<Record<string, string>> = {
  ...{ stddev: 'moment', median: 'quantile', quantile_cont: 'quantile', mode: 'mode', 'count distinct': 'count_distinct' },
  ...{ max: 'extreme', sum: 'sum', avg: 'avg' },
};

/** Whether the role and the type of a bare column allow an aggregate; what is not a bare column of the grant may. */
function mayAggregate(name: string, argument: Expression, { tables }: Site): boolean {
  const column = argument.kind === 'column' ? columnNamed(argument.path, tables) : undefined;
  if (column === undefined) return true;
  const isText = /CHAR|DATE|TIME|BOOL/.test(column.type);
  return (
    ROLE_PERMISSIONS[column.role].aggregates.includes(PERMISSIONS[name] ?? name) &&
    !(isText && name !== 'mode' && name !== 'count distinct')
  );
}

function renamed(call: Call, argument: Expression, name: string): Call {
  const isQuantile = name === 'quantile_cont' && call.arguments.length > 1;
  const wanted = name === 'count distinct' ? 'count' : name;
  return { ...call, name: wanted, arguments: isQuantile ? call.arguments : [argument], distinct: name === 'count distinct', orderBy: [] };
}

/** The least and the greatest value of a column become the 5th and the 95th of a hundred. */
function trimmed(site: Site, call: Call, argument: Expression): readonly Edit[] {
  if (!mayAggregate('quantile_cont', argument, site)) return [];
  const part = literalOf('decimal', call.name === 'min' ? '0.05' : '0.95', call.at);
  return [exchanged(site, call, { ...call, name: 'quantile_cont', arguments: [argument, part], distinct: false })];
}

/** The average of a date becomes that of its distance in years from the end of the declared bounds. */
function ages(site: Site, call: Call, argument: Expression): readonly Edit[] {
  if (call.name !== 'avg' && call.name !== 'mean') return [];
  const column = argument.kind === 'column' ? columnNamed(argument.path, site.tables) : undefined;
  const last = String(column?.bounds?.[1] ?? '');
  if (!/^\d{4}-\d{2}-\d{2}$/.test(last)) return [];
  const { at } = call;
  const age = callOf('date_diff', [literalOf('string', 'year', at), argument, literalOf('date', last, at)], at);
  return [exchanged(site, call, { ...call, arguments: [age] })];
}

/** The aggregate exchanged wherever it stands, or only where it is refused if it is allowed elsewhere. */
function exchanged({ query, refusal }: Site, before: Call, after: Expression): Edit {
  const isOnlyHere = refusal.construct.endsWith('outside the select list');
  const places = isOnlyHere ? [before] : [before, ...alike(query, before)];
  return { query: swapNodes(query, new Map(places.map((part) => [part, after]))), changes: [replaced(before, after)] };
}

/** Quantiles at or beyond the ends become the 5th and the 95th of a hundred. */
export const innerQuantile: Rule = (site) => {
  const call = aggregateAt(site);
  if (call === undefined || !site.refusal.construct.includes('with a fraction')) return [];
  const place = call.orderBy.length > 0 ? 0 : 1;
  const wanted = Number(literalText(call.arguments[place]));
  const part = literalOf('decimal', wanted < 0.5 ? '0.05' : '0.95', call.at);
  const given =
    place < call.arguments.length ? call.arguments.map((item, index) => (index === place ? part : item)) : [...call.arguments, part];
  return [exchanged(site, call, { ...call, arguments: given })];
};

function literalText(item: Expression | undefined): string {
  return item?.kind === 'literal' ? item.text : '';
}

/** What an aggregate is told besides: DISTINCT of a sum and an order inside it go. */
export const plainAggregate: Rule = (site) => {
  const call = aggregateAt(site);
  if (call === undefined) return [];
  if (site.refusal.construct.endsWith('(DISTINCT)')) return [exchanged(site, call, { ...call, distinct: false })];
  return site.refusal.construct.startsWith('ORDER BY inside') ? [exchanged(site, call, { ...call, orderBy: [] })] : [];
};

/** Functions inside an aggregate give way to what is inside them, at last to the bare column. Source: gate.md §5 (arguments). */
export const bareArgument: Rule = (site) => {
  const outer = aggregateAt(site);
  const { code, construct } = site.refusal;
  const isArgument = code === 'sql.function_unknown' || /inside an(other)? aggregate|of an expression|^product (with|of)/.test(construct);
  if (outer === undefined || !isArgument) return [];
  const culprit = expressionsIn(outer.arguments).find((part) => standsAtItself(part, site)) ?? outer.arguments[0];
  if (culprit === undefined || culprit.kind === 'column') return [];
  const inner = [
    ...divided(outer, culprit),
    ...wholeYears(culprit).map((part) => ({ from: culprit, to: part })),
    ...insideOf(culprit).map((part) => ({ from: culprit, to: part })),
  ];
  return inner.map(({ from, to }) => {
    const after = swapNodes<Expression>(outer, new Map([[from, to]]));
    return exchanged(site, outer, after);
  });
};

function standsAtItself(part: Expression, { refusal }: Site): boolean {
  return part.kind !== 'column' && part.at.line === refusal.at.line && part.at.column === refusal.at.column;
}

/** What stands inside a call or cast, then each bare column of it. */
function insideOf(part: Expression): readonly Expression[] {
  const direct = part.kind === 'call' ? part.arguments : part.kind === 'cast' ? [part.input] : [];
  const columns = expressionsIn(part).filter((item) => item.kind === 'column');
  const found = [...direct.filter((item) => expressionsIn(item).some((inner) => inner.kind === 'column')), ...columns];
  return found.filter((item, index) => item !== part && found.findIndex((other) => sameMeaning(other, item)) === index);
}

/** A distance in other units than years becomes one in years. Source: gate.md §5 (arguments). */
export function wholeYears(part: Expression): readonly Expression[] {
  const [unit, ...rest] = part.kind === 'call' ? part.arguments : [];
  if (part.kind !== 'call' || !['date_diff', 'datediff', 'date_sub', 'datesub'].includes(part.name) || unit?.kind !== 'literal') return [];
  return [{ ...part, name: 'date_diff', arguments: [{ ...unit, text: 'year' }, ...rest] }];
}

/** `avg(a / b)` and `sum(a / b)` become `sum(a) / sum(b)`. */
function divided(outer: Call, culprit: Expression): readonly { readonly from: Expression; readonly to: Expression }[] {
  const [above, below] = culprit.kind === 'call' && culprit.name === '/' ? culprit.arguments : [];
  if (outer.arguments[0] !== culprit || above === undefined || below === undefined || !['avg', 'mean', 'sum'].includes(outer.name))
    return [];
  const sum = (item: Expression): Expression => ({ ...outer, name: 'sum', arguments: [item] });
  return [{ from: outer, to: callOf('/', [sum(above), sum(below)], outer.at, { operator: true }) }];
}

/** A name that is nearly one of the language; `count(*)` for a count of what nobody may see. */
export const meantFunction: Rule = (site) => {
  const { query, refusal } = site;
  const calls = expressionsIn(query).filter((part) => part.kind === 'call' && !part.operator && standsAt(part, refusal.at));
  const edits = calls.flatMap((call): readonly Edit[] => {
    if (call.kind !== 'call') return [];
    if (refusal.code === 'sql.column_unknown' && call.name === 'count')
      return [exchanged(site, call, { ...callOf('count_star', [], call.at), filter: call.filter })];
    const meant = AGGREGATES.has(call.name) ? undefined : nearestFunction(call.name);
    return meant === undefined || meant === call.name ? [] : [exchanged(site, call, { ...call, name: meant })];
  });
  return ['sql.row_level', 'sql.function_unknown', 'sql.construct_refused', 'sql.column_unknown'].includes(refusal.code) ? edits : [];
};
