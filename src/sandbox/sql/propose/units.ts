import type { Expression, Query, Select, SelectItem } from '../ast.ts';
import { withoutColumns } from './drop.ts';
import { callOf, columnNamed, type Edit, keysOf, NEW, type Rule, type Site, shown, unsorted } from './site.ts';
import { sameMeaning, standsAt } from './tree.ts';

type ColumnExpression = Extract<Expression, { readonly kind: 'column' }>;

/**
 * A result with a row for each unit becomes one without: the unit is dropped from columns and keys, and counted. A direct
 * identifier is only dropped. Source: gate.md §4 (what is grouped by the unit stays unit-level).
 */
export const withoutUnits: Rule = (site) => {
  const { query, select, refusal } = site;
  const isPerUnit = refusal.code === 'sql.row_level' && (select.grouping !== null || select.distinct);
  const isUnit = refusal.code === 'sql.column_not_allowed' && refusal.role === 'unitId';
  if (!isPerUnit && !isUnit) return [];
  const dropped = suspects(site, isUnit).map((column): Edit => {
    const expression = callOf('count', [column], column.at, { distinct: true });
    const counted: SelectItem = { expression, alias: `${column.path.at(-1) ?? ''}_count` };
    const others = select.items.filter((item) => !sameMeaning(item.expression, column));
    const body: Select = { ...select, distinct: false, grouping: select.distinct && others.length > 0 ? 'all' : select.grouping };
    return withoutColumns({ ...query, body }, body, [column], [counted]);
  });
  return isPerUnit && select.having !== null ? [countedUnits(query, select), ...dropped] : dropped;
};

/** Units chosen by a condition on their own figures: how many they are. */
function countedUnits(query: Query, select: Select): Edit {
  const { at } = select;
  const from = { kind: 'subquery', query: { ...query, orderBy: [], commonTables: [] }, alias: 'chosen', columns: [], at } as const;
  const items: readonly SelectItem[] = [{ expression: callOf('count_star', [], NEW), alias: 'n' }];
  const body: Select = { kind: 'select', distinct: false, items, from, where: null, grouping: null, having: null, qualify: null, at };
  const changes = [`counted, not shown: ${select.items.map((item) => shown(item.expression)).join(', ')}`, ...unsorted(query)];
  return { query: { commonTables: query.commonTables, body, orderBy: [], limit: null, offset: null }, changes };
}

/** The keys that may stand for units, ids before primary keys; nothing else. */
function suspects({ select, refusal, tables }: Site, isUnit: boolean): readonly ColumnExpression[] {
  const columns = keysOf(select).filter((item) => item.kind === 'column');
  const unique = columns.filter((item, index) => columns.findIndex((other) => sameMeaning(other, item)) === index);
  if (isUnit) return unique.filter((item) => standsAt(item, refusal.at));
  const isId = (item: ColumnExpression): boolean => columnNamed(item.path, tables)?.role === 'unitId';
  const isKey = (item: ColumnExpression): boolean => tables.some((table) => table.primaryKey.includes(item.path.at(-1) ?? ''));
  return [...unique.filter(isId), ...unique.filter((item) => isKey(item) && !isId(item))];
}
