import type { Expression, FromItem, JoinItem, Query, Select } from '../ast.ts';
import type { Leaf, Leaves } from './from.ts';
import { sameName } from './names.ts';

/**
 * `a LEFT JOIN b ON a.k = b.k … WHERE b.k IS NULL`, where nothing else is asked of `b`, is the anti join it stands for:
 * rows without a partner stand there once, so that no measure of `a` can be repeated. The column must be one that ON
 * compares for equality, or USING names: in a row that found a partner it is not NULL. Gives the SELECT as it was where
 * the form is another. Source: gate.md §4 (joins: anti).
 */
export function withAntiJoins(select: Select, query: Query, leaves: Leaves): Select {
  let known = select;
  for (const join of leftJoinsOf(select.from)) {
    const name = joinedName(join, leaves);
    const condition = name === undefined ? undefined : conjunctsOf(known.where).find((item) => isMissing(item, name, join));
    if (name === undefined || condition === undefined) continue;
    const rest = conjunctsOf(known.where).filter((item) => item !== condition);
    const where: Expression | null = rest.length > 1 ? { kind: 'and', items: rest, at: condition.at } : (rest[0] ?? null);
    const from = known.from === null ? null : turned(known.from, join);
    const others = [{ ...known, from: null, where }, query.orderBy, ...otherJoins(known.from, join)];
    if (!mentions(others, name, columnsOf(leaves.get(join.right as Exclude<FromItem, JoinItem>)))) known = { ...known, from, where };
  }
  return known;
}

function leftJoinsOf(item: FromItem | null): readonly JoinItem[] {
  if (item?.kind !== 'join') return [];
  return [...leftJoinsOf(item.left), ...(item.join === 'left' && item.natural !== true ? [item] : [])];
}

/** How the query calls the joined table, where it is one of the data set. */
function joinedName({ right }: JoinItem, leaves: Leaves): string | undefined {
  const isPlain = right.kind === 'table' && right.columns.length === 0 && leaves.get(right)?.kind === 'base';
  return isPlain ? right.alias || right.table : undefined;
}

function columnsOf(leaf: Leaf | undefined): readonly string[] {
  return leaf?.kind === 'base' ? leaf.table.columns.map((column) => column.name) : [];
}

function conjunctsOf(expression: Expression | null): readonly Expression[] {
  if (expression === null) return [];
  return expression.kind === 'and' ? expression.items.flatMap(conjunctsOf) : [expression];
}

/** Whether a condition says that the joined table has no row, by a column that it is joined on. */
function isMissing(condition: Expression, name: string, join: JoinItem): boolean {
  if (condition.kind !== 'isNull' || condition.negated) return false;
  const column = ofTable(condition.input, name);
  if (column === undefined) return false;
  const isKey = (item: Expression): boolean =>
    item.kind === 'compare' && item.operator === '=' && [item.left, item.right].some((side) => sameName(ofTable(side, name) ?? '', column));
  return join.using.some((own) => sameName(own, column)) || conjunctsOf(join.on).some(isKey);
}

function ofTable(expression: Expression, name: string): string | undefined {
  if (expression.kind !== 'column' || expression.path.length !== 2) return undefined;
  const [table = '', column] = expression.path;
  return sameName(table, name) ? column : undefined;
}

/** FROM with one of its joins turned into an anti join. */
function turned(item: FromItem, join: JoinItem): FromItem {
  if (item === join) return { ...join, join: 'anti' };
  return item.kind === 'join' ? { ...item, left: turned(item.left, join) } : item;
}

/** The conditions of all other joins, and what else stands in FROM. */
function otherJoins(item: FromItem | null, join: JoinItem): readonly unknown[] {
  if (item === null) return [];
  if (item.kind !== 'join') return item.kind === 'subquery' ? [item.query] : [];
  return [...otherJoins(item.left, join), ...(item === join ? [] : [item.on, item.using, item.right])];
}

/** Whether anything refers to the table: by its name, by a column's name alone, or by a star. An inner query's own names count too. */
function mentions(value: unknown, name: string, columns: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some((item) => mentions(item, name, columns));
  const node = value as { readonly kind?: unknown; readonly path?: unknown; readonly arguments?: unknown };
  if (node.kind === 'star') return true;
  if (node.kind === 'column' && Array.isArray(node.path)) {
    const [first, ...more] = node.path.map(String);
    const isBare = more.length === 0 && columns.some((column) => sameName(column, first ?? ''));
    return isBare || sameName(first ?? '', name);
  }
  return Object.values(value).some((item) => mentions(item, name, columns));
}
