import { asList, asTrees, integer, type Tree } from './syntax.ts';

/** Windows whose value is told by the place of a row among its equals, whatever the frame. */
const PLACED = /^WINDOW_(ROW_NUMBER|NTILE|LAG|LEAD)$/;

/**
 * A query in which equal rows have an order too: by the group's keys, or by all columns of the relations. Windows that
 * count row by row and LIMIT are meant so; the text that people see does not say it. Source: gate.md §9 (ties).
 */
export function withTies(node: Tree): Tree {
  if (node.type !== 'SELECT_NODE') return inside(node, []);
  const own = inside(node, tiesOf(node));
  const modifiers = asTrees(own.modifiers);
  const items = asTrees(node.select_list);
  if (!modifiers.some((item) => item.type === 'LIMIT_MODIFIER') || items.some((item) => item.class === 'STAR')) return own;
  const outputs = items.map((_, index) => ascending(integer(index + 1)));
  const isOrder = (item: Tree): boolean => item.type === 'ORDER_MODIFIER';
  const order = modifiers.find(isOrder);
  const longer = { type: 'ORDER_MODIFIER', orders: [...asList(order?.orders), ...outputs] };
  return { ...own, modifiers: order === undefined ? [longer, ...modifiers] : modifiers.map((item) => (isOrder(item) ? longer : item)) };
}

/** All below a select, with queries inside it by themselves. */
function inside<T>(value: T, ties: readonly Tree[]): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => below(item, ties)) as T;
  return Object.fromEntries(Object.entries(value).map(([field, item]) => [field, below(item, ties)])) as T;
}

function below(value: unknown, ties: readonly Tree[]): unknown {
  const tree = value as Tree | null;
  if (tree?.type === 'SELECT_NODE' || tree?.type === 'SET_OPERATION_NODE') return withTies(tree);
  const own = inside(value, ties) as Tree | null;
  return own?.class === 'WINDOW' && countsRows(own) ? { ...own, orders: [...asList(own.orders), ...ties] } : own;
}

function countsRows(window: Tree): boolean {
  return PLACED.test(String(window.type)) || [window.start, window.end].some((bound) => String(bound).endsWith('_ROWS'));
}

function tiesOf(node: Tree): readonly Tree[] {
  const items = asTrees(node.select_list).map((item): Tree => ({ ...item, alias: '' }));
  const position = (group: Tree): number => Number((group.value as Tree | undefined)?.value) - 1;
  const groups = asTrees(node.group_expressions).map((group) => (group.class === 'CONSTANT' ? (items[position(group)] ?? group) : group));
  if (groups.length > 0) return groups.map(ascending);
  // GROUP BY ALL: the columns that stand bare.
  if (node.aggregate_handling === 'FORCE_AGGREGATES') return items.filter((item) => item.class === 'COLUMN_REF').map(ascending);
  return aliasesOf(node.from_table as Tree | undefined).map((alias) =>
    ascending({ class: 'COLUMN_REF', type: 'COLUMN_REF', alias: '', column_names: [alias] }),
  );
}

function aliasesOf(from: Tree | undefined): readonly string[] {
  if (from?.type === 'JOIN') return [from.left, from.right].flatMap((side) => aliasesOf(side as Tree));
  const name = String(from?.alias ?? '') === '' ? String(from?.table_name ?? '') : String(from?.alias);
  return name === '' ? [] : [name];
}

function ascending(expression: Tree): Tree {
  return { type: 'ASCENDING', null_order: 'NULLS_LAST', expression };
}
