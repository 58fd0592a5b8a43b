import { contains, type Operand, print, WHOLE } from './operand.ts';
import type { Monomial, ShownQuery } from './shown-query.ts';

/** What a condition inside FROM decides about: rows beside others that are there anyway, one feature, or anything else. */
export function placeOf(query: ShownQuery, operand: Operand): 'adding' | 'feature' | 'other' {
  const at = query.sources.findIndex((source) => source.inside.includes(operand));
  const source = query.sources[at];
  if (source === undefined) return 'other';
  if (source.branches.length > 1) return source.branches.some((branch) => branch.where.includes(operand)) ? 'adding' : 'other';
  if (source.branches.some((branch) => branch.filters.some((item) => item.operand === operand))) return 'feature';
  return query.sources.slice(at).every((item) => item.optional) ? 'adding' : 'other';
}

/** Whether a condition inside FROM can change a monomial at all, whatever is in the data. Source: docs/adr/0015. */
export function canChange(query: ShownQuery, operand: Operand, monomial: Monomial): boolean {
  const at = query.sources.findIndex((source) => source.inside.some((item) => contains(item, operand)));
  const source = query.sources[at];
  if (source === undefined) return true;
  const [only, ...others] = source.branches;
  const name = only?.filters.find((item) => contains(item.operand, operand))?.name;
  const piece = monomial.piece === null ? undefined : query.pieces[monomial.piece];
  const own = `${'sql' in monomial ? monomial.sql : ''} ${piece?.text ?? ''}`;
  const everywhere = [query.where?.text ?? '', ...query.labels.map((item) => item.text), ...query.keys].join(' ');
  if (name !== undefined && others.length === 0) {
    const column = `"${source.alias}"."${name}"`;
    return `${own} ${everywhere} ${print(query.from, WHOLE)}`.includes(column);
  }
  if (source.branches.length > 1 || !source.optional || query.sources.slice(at).some((item) => !item.optional)) return true;
  const column = `"${source.alias}".`;
  const keys = (only?.items ?? []).filter((item) => /^k\d+$/.test(item.name)).map((item) => `"${source.alias}"."${item.name}"`);
  const isSingle = keys.length > 0 && keys.every((key) => source.keys.some((joined) => joined.includes(key)));
  if (`${own} ${everywhere}`.includes(column)) return true;
  return monomial.kind === 'unit' ? monomial.unit.includes(column) : !isSingle;
}
