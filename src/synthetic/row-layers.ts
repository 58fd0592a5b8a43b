import { readColumnType } from '../catalog/column-type.ts';
import { type Column, findColumn } from '../catalog/dataset.ts';
import { quoteName } from '../catalog/identifier.ts';
import { below, bits, element, literal, ROW, type Sql } from './draw.ts';
import type { ColumnWish } from './query-wishes.ts';
import { columnStream, type TableContext } from './table-context.ts';

const DIRT_STEPS = 2 ** 20;
/** One row in five holds what a query asks for, and not the one of the swarms. Source: synthetic-and-masking.md §3 (queryAware, w = .2). */
const WISH_SHARE = 5;
const WISH_PLACE = 2;

/** Whether a row of any table is one that holds what a query asks for: the same rows in every column. Own design: ADR 0016. */
export function isWished(row: Sql): Sql {
  return `${row} % ${WISH_SHARE} = ${WISH_PLACE}`;
}

/**
 * The row nearest to `index` among those of a table of `rows` rows that hold what a query asks for, so that conditions on both
 * sides of a join meet; `index` itself where the table has none. Own design: ADR 0016.
 */
export function wishedNeighbour(index: Sql, rows: number): Sql {
  if (rows <= WISH_PLACE) return index;
  const least = `((${index}) - (${index}) % ${WISH_SHARE} + ${WISH_PLACE})`;
  return `CASE WHEN ${least} < ${rows} THEN ${least} ELSE ${least} - ${WISH_SHARE} END`;
}

/**
 * Puts the values of declared orderings in order, within their own bounds: raised to the lowest value that what stands before
 * could have, then lowered to what stands behind. NULLs stay, and what is NULL orders nothing.
 * Source: synthetic-and-masking.md §3 (d: orderings by construction).
 */
export function ordered(context: TableContext, rows: Sql): Sql {
  let result = rows;
  for (const order of context.table.simulation?.orderings ?? []) {
    const bounds = order.map((name) => findColumn(context.table, name)?.bounds?.[0]);
    const type = findColumn(context.table, order[0] ?? '')?.type ?? 'INTEGER';
    const typed = (bound: number | string | undefined): Sql => `CAST(${literal(bound ?? 0)} AS ${type})`;
    const raised = order.map((name, at) => {
      const own = quoteName(name);
      const lowest = bounds.slice(0, at).map(typed);
      return at === 0 ? own : `CASE WHEN ${own} IS NULL THEN NULL ELSE greatest(${[own, ...lowest].join(', ')}) END`;
    });
    result = `SELECT * REPLACE (${order.map((name, at) => `${raised[at]} AS ${quoteName(name)}`).join(', ')}) FROM (${result})`;
    // least() and greatest() of DuckDB pass over NULLs.
    const lowered = order.map((name, at) => {
      const own = quoteName(name);
      const behind = order.slice(at).map(quoteName);
      return `CASE WHEN ${own} IS NULL THEN NULL ELSE least(${behind.join(', ')}) END AS ${own}`;
    });
    result = `SELECT * REPLACE (${lowered.join(', ')}) FROM (${result})`;
  }
  return result;
}

/**
 * Dirties the declared share of text values: blanks around them, full-width digits, a stray full stop.
 * Source: synthetic-and-masking.md §3 (dirt rates), §11 item 6.
 */
export function dirtied(context: TableContext, rows: Sql): Sql {
  const hints = Object.entries(context.table.simulation?.columns ?? {});
  const replaced = hints.flatMap(([name, { dirt }]) => {
    const column = findColumn(context.table, name);
    const keys = [...context.table.primaryKey, ...context.links.flatMap((link) => link.columns)];
    if (dirt === undefined || column?.type !== 'VARCHAR' || column.domain !== undefined || keys.includes(name)) return [];
    const stream = columnStream(context, name, 'dirt');
    const own = quoteName(name);
    const kinds = [`' ' || ${own}`, `${own} || '  '`, `translate(${own}, '0123456789', '０１２３４５６７８９')`, `${own} || '.'`];
    const kind = `(${bits(`${stream}k`)} % ${kinds.length})`;
    const cases = kinds.map((sql, at) => `WHEN ${at} THEN ${sql}`).join(' ');
    return [
      `CASE WHEN ${below(stream, DIRT_STEPS)} < ${Math.round(dirt * DIRT_STEPS)} THEN CASE ${kind} ${cases} END ELSE ${own} END AS ${own}`,
    ];
  });
  return replaced.length === 0 ? rows : `SELECT * REPLACE (${replaced.join(', ')}) FROM (${rows})`;
}

/**
 * `value`, or, in one row of five, one that satisfies what a query asks of the column: the same rows for every column, so that
 * conditions joined by AND hold together. Wishes outside the declaration are left out.
 * Source: synthetic-and-masking.md §1.4, §3 (queryAware).
 */
export function wished(context: TableContext, column: Column, value: Sql): Sql {
  const wish = context.wishes.get(column.name.toLowerCase());
  const granted = wish === undefined ? undefined : grantedValue(context, column, wish, value);
  if (granted === undefined) return value;
  return `CASE WHEN ${isWished(ROW)} THEN ${granted} ELSE ${value} END`;
}

function grantedValue(context: TableContext, column: Column, wish: ColumnWish, value: Sql): Sql | undefined {
  const family = readColumnType(column.type)?.family;
  const cast = (sql: Sql): Sql => `CAST(${sql} AS ${column.type})`;
  const allowed = (wish.values ?? []).filter((item) => isDeclared(column, item, family));
  if (allowed.length > 0) {
    const index = `(${bits(columnStream(context, column.name, 'wished'), ROW)} % ${allowed.length})::BIGINT`;
    return cast(element(allowed, index));
  }
  if (column.domain !== undefined || (wish.least === undefined && wish.most === undefined)) return undefined;
  const limits = [wish.least, wish.most].filter((limit) => limit !== undefined);
  if (!limits.every((limit) => isDeclared(column, limit, family))) return undefined;
  const raised = wish.least === undefined ? value : `greatest(${value}, ${cast(literal(wish.least))})`;
  return cast(wish.most === undefined ? raised : `least(${raised}, ${cast(literal(wish.most))})`);
}

function isDeclared(column: Column, value: string | number, family: string | undefined): boolean {
  if (column.domain !== undefined) return column.domain.includes(value);
  const isNumber = family === 'integer' || family === 'float' || family === 'decimal';
  if (isNumber !== (typeof value === 'number') || family === 'boolean') return false;
  if ((family === 'date' || family === 'timestamp') && !/^\d{4}-\d{2}-\d{2}/.test(String(value))) return false;
  if (family === 'integer' && !Number.isInteger(value)) return false;
  const [low, high] = column.bounds ?? [];
  return (low === undefined || value >= low) && (high === undefined || value <= high);
}
