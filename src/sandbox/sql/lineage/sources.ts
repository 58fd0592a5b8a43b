import { type LineageSource, UNKNOWN_SOURCE } from '../../../catalog/column-lineage.ts';
import type { Call } from '../ast.ts';
import { GATED_AGGREGATES } from '../compile/functions.ts';

/** As it stands inside the walk: `plain` while nothing but a name stands between it and the column. */
export interface Source extends LineageSource {
  readonly plain: boolean;
}

export type Sources = readonly Source[];

/** What could not be resolved. Own design: ADR 0029. */
export const UNKNOWN: Sources = [{ column: UNKNOWN_SOURCE, how: 'value', plain: false }];

const RANK: Readonly<Record<LineageSource['how'], number>> = { condition: 0, masked: 1, figure: 2, value: 3 };

/** Each column once per way of reduction, with the strongest way in which it enters. Own design: ADR 0029. */
export function union(...lists: readonly Sources[]): Sources {
  const found = new Map<string, Source>();
  for (const source of lists.flat()) {
    const key = `${source.column}|${source.cut ?? ''}`;
    const before = found.get(key);
    if (before === undefined) found.set(key, source);
    else if (RANK[source.how] >= RANK[before.how]) found.set(key, { ...source, plain: source.plain && before.plain });
    else if (before.plain && !source.plain) found.set(key, { ...before, plain: false });
  }
  return [...found.values()];
}

/** The same, entering in a weaker way at most. Own design: ADR 0029. */
export function weakened(sources: Sources, how: 'figure' | 'condition'): Sources {
  return sources.map((source) => ({ ...source, plain: false, how: RANK[source.how] > RANK[how] ? how : source.how }));
}

/** Something was done with them. Own design: ADR 0029. */
export function computed(sources: Sources): Sources {
  return sources.map((source) => ({ ...source, plain: false }));
}

/** Functions that reduce a date to a unit by their own name. */
const UNIT_FUNCTIONS = new Set(['year', 'month', 'quarter', 'decade', 'century']);
const UNIT_ARGUMENT = new Set(['date_trunc', 'datetrunc', 'date_part', 'datepart']);

/**
 * What a call reduces its input to, where its input is a column and nothing besides: a unit of dates, or so many signs from the front.
 * Undefined: it reduces nothing that anybody could rely on. Own design: ADR 0029.
 */
export function cutOf({ name, arguments: given }: Call): { readonly input: number; readonly cut: string } | undefined {
  const [first, second, third] = given;
  if (UNIT_FUNCTIONS.has(name) && given.length === 1) return { input: 0, cut: name };
  if (UNIT_ARGUMENT.has(name) && given.length === 2 && first?.kind === 'literal') return { input: 1, cut: first.text.toLowerCase() };
  const isFront = (name === 'substr' || name === 'substring') && given.length === 3 && second?.kind === 'literal' && second.text === '1';
  const signs = name === 'left' && given.length === 2 ? second : isFront ? third : undefined;
  if (signs?.kind === 'literal' && /^[1-9]\d?$/.test(signs.text)) return { input: 0, cut: `front ${signs.text}` };
  return undefined;
}

/** Aggregates that show a value of a row, and windows that give no value of one. */
const SHOWING = new Set(['min', 'max', 'mode']);
const RANKING = new Set(['row_number', 'rank', 'dense_rank', 'percent_rank', 'cume_dist', 'ntile']);

/** Whether what a function of this name gives is a figure over rows and no value of one. What is not known is none. Own design: ADR 0029. */
export function isFigure(name: string): boolean {
  return RANKING.has(name) || (GATED_AGGREGATES.has(name) && !SHOWING.has(name));
}
