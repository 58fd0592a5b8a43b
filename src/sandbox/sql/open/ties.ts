import { foldName, quoteName } from '../../../catalog/identifier.ts';
import type { Expression, Select } from '../ast.ts';
import { groupingKeys, isAggregated } from './grouping.ts';
import type { Scope } from './scope.ts';

/**
 * Expressions that together tell the rows of a select apart, for ORDER BY to go on with: the grouping keys of groups,
 * else every column of every relation. Rows alike in all of them may change places without changing a byte. A relation
 * whose columns are not known is compared as a whole, by its alias. Source: gate.md §9 (ties).
 */
export function tieBreaks(select: Select, scope: Scope, print: (expression: Expression) => string): readonly string[] {
  if (!isAggregated(select)) return scope.relations.flatMap((relation) => relationTies(relation.alias, relation.columns));
  const keys = groupingKeys(select, scope).filter((key) => key.kind !== 'literal');
  const sql = keys.map(print);
  const hasSets = select.grouping !== null && select.grouping !== 'all' && select.grouping.sets.length > 1;
  return [...sql, ...(hasSets ? sql.map((key) => `grouping(${key})`) : [])];
}

function relationTies(alias: string, columns: readonly { readonly name: string }[] | null): readonly string[] {
  if (columns === null) return [quoteName(alias)];
  const names = new Map(columns.map((column) => [foldName(column.name), column.name]));
  // A name that stands twice cannot be named; the relation's other columns and its own order have to do.
  const once = [...names.values()].filter((name) => columns.filter((column) => foldName(column.name) === foldName(name)).length === 1);
  return once.filter((name) => name !== '').map((name) => `${quoteName(alias)}.${quoteName(name)}`);
}
