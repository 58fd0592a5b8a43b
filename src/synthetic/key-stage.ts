import { readColumnType } from '../catalog/column-type.ts';
import { type Column, findColumn, type Table } from '../catalog/dataset.ts';
import { quoteName } from '../catalog/identifier.ts';
import { filledRows } from './child-fill.ts';
import { type ColumnShape, cast } from './column-shape.ts';
import { INDEX_SPACE, permutation, ROW, type Sql, skewedIndex } from './draw.ts';
import { drawnIndex } from './drawn-index.ts';
import { isIdentityGiven, withGivenIdentity } from './given-identity.ts';
import { columnStream, keyTable, type TableContext } from './table-context.ts';
import type { Link } from './table-links.ts';

const PARENT_EVENNESS = 0.05;

export interface KeyPlan {
  readonly rows: number;
  /** Makes the table `keyTable(index)`: `ROW` and the columns of the primary key. */
  readonly statements: readonly Sql[];
}

interface OwnColumn {
  readonly column: Column;
  readonly shape: ColumnShape;
}

interface NamedSql {
  readonly name: string;
  readonly sql: Sql;
}

/** Target of a link: its key table, and its rows, which are known before anything runs. */
export type Parent = { readonly index: number; readonly rows: number };

/**
 * How a table gets unique primary keys without ever trying twice:
 * a serial column of its own: a permutation of the row index; one parent and own columns: so many rows per parent (count,
 * then fill), numbered through the own columns; several parents: a permutation of the whole product of parents and values.
 * Fewer rows where the key cannot hold more.
 * Source: Own design: ADR 0011; synthetic-and-masking.md §3.
 */
export function planKeys(context: TableContext, parents: ReadonlyMap<string, Parent>): KeyPlan {
  const { table } = context;
  const links = context.links.filter((link) => link.inKey);
  const linked = new Set(links.flatMap((link) => link.columns));
  const own = table.primaryKey.filter((name) => !linked.has(name)).map((name) => ownColumn(context, name));
  const serial = own.find(({ column, shape }) => shape.capacity >= context.rows && (links.length === 0 || isCode(column)));
  if (serial !== undefined || (links.length === 0 && own.length === 0)) return serialKeys(context, serial, own, links, parents);
  const first = links[0];
  if (links.length === 1 && first !== undefined) return filledKeys(context, first, own, parentOf(first, parents));
  return productKeys(context, links, own, parents);
}

function serialKeys(
  context: TableContext,
  serial: OwnColumn | undefined,
  own: readonly OwnColumn[],
  links: readonly Link[],
  parents: ReadonlyMap<string, Parent>,
): KeyPlan {
  let base = rowIndex(context.rows);
  const identity = serial !== undefined && serial.column.name === context.idColumn && isIdentityGiven(context);
  if (identity) base = withGivenIdentity(context, base);
  else if (serial !== undefined) {
    base = permutation(columnStream(context, serial.column.name, 'key'), context.rows, serial.shape.capacity, ROW, '__i0')(base);
  }
  const values = own.map((item) =>
    pair(
      item.column.name,
      item === serial
        ? cast(item.column, identity ? '__id' : item.shape.render('__i0'))
        : cast(item.column, item.shape.render(drawnIndex(item.column, item.shape, columnStream(context, item.column.name, 'value')))),
    ),
  );
  const picks = links.map(
    (link, index) =>
      `${skewedIndex(columnStream(context, link.columns.join(), 'parent'), PARENT_EVENNESS, parentOf(link, parents).rows)} AS __p${index}`,
  );
  return {
    rows: context.rows,
    statements: [createKeys(context, `SELECT ${['*', ...picks].join(', ')} FROM (${base})`, values, links, parents)],
  };
}

function filledKeys(context: TableContext, link: Link, own: readonly OwnColumn[], parent: Parent): KeyPlan {
  const perParent = Math.min(capacityOf(own), INDEX_SPACE);
  const rows = Math.min(context.rows, parent.rows * perParent);
  const stream = columnStream(context, link.columns.join(), 'count');
  const filled = filledRows(stream, parent.rows, rows, { least: 0, most: perParent });
  const values = digits(own, '__j').map(({ item, index }) => pair(item.column.name, cast(item.column, item.shape.render(index))));
  return { rows, statements: [createKeys(context, filled, values, [link], new Map([[link.target, parent]]))] };
}

function productKeys(
  context: TableContext,
  links: readonly Link[],
  own: readonly OwnColumn[],
  parents: ReadonlyMap<string, Parent>,
): KeyPlan {
  const sizes = links.map((link) => parentOf(link, parents).rows);
  const space = sizes.reduce((product, size) => product * size, capacityOf(own));
  const rows = Math.min(context.rows, space, INDEX_SPACE);
  const base = permutation(columnStream(context, context.table.primaryKey.join(), 'key'), rows, space, ROW, '__i0')(rowIndex(rows));
  let divisor = 1;
  const picks = sizes.map((size, index) => {
    const pick = `((__i0 // ${divisor}) % ${size}) AS __p${index}`;
    divisor *= size;
    return pick;
  });
  const values = digits(own, `(__i0 // ${divisor})`).map(({ item, index }) =>
    pair(item.column.name, cast(item.column, item.shape.render(index))),
  );
  return { rows, statements: [createKeys(context, `SELECT ${['*', ...picks].join(', ')} FROM (${base})`, values, links, parents)] };
}

function createKeys(
  context: TableContext,
  base: Sql,
  values: readonly NamedSql[],
  links: readonly Link[],
  parents: ReadonlyMap<string, Parent>,
): Sql {
  const linked = links.flatMap((link, index) =>
    link.columns.map((name, at) => linkedColumn(context.table, name, index, link.references[at] ?? '')),
  );
  const joins = links.map((link, index) => `JOIN ${keyTable(parentOf(link, parents).index)} p${index} ON p${index}.${ROW} = b.__p${index}`);
  const drawn = `SELECT ${['*', ...values.map((value) => named(value.name, value.sql))].join(', ')} FROM (${base})`;
  const columns = [`b.${ROW}`, ...values.map((value) => `b.${quoteName(value.name)}`), ...linked];
  return `CREATE TABLE ${keyTable(context.index)} AS SELECT ${columns.join(', ')} FROM (${drawn}) b ${joins.join(' ')}`;
}

/** A column that takes the value of a parent's key column, in its own type. `p{index}` is the parent's key table. */
export function linkedColumn(table: Table, name: string, index: number, reference: string): Sql {
  const column = findColumn(table, name);
  if (column === undefined) throw new Error('A link of a column that its table does not have');
  return named(name, cast(column, `p${index}.${quoteName(reference)}`));
}

/** Index of the parent that a row takes where nothing but chance decides. */
export function parentIndex(context: TableContext, link: Link, rows: number, row: Sql = ROW): Sql {
  return skewedIndex(columnStream(context, link.columns.join(), 'parent'), PARENT_EVENNESS, rows, row);
}

/** One row per index from 0, for tables that hang on no other. */
export function rowIndex(rows: number): Sql {
  return `SELECT range AS ${ROW} FROM range(${rows})`;
}

/** A value as a column of a SELECT, its name quoted. */
export function named(name: string, value: Sql): Sql {
  return `${value} AS ${quoteName(name)}`;
}

function pair(name: string, sql: Sql): NamedSql {
  return { name, sql };
}

/** Spreads an index below the product of capacities over the columns, the first the fastest. */
function digits(own: readonly OwnColumn[], index: Sql): readonly { readonly item: OwnColumn; readonly index: Sql }[] {
  let divisor = 1;
  return own.map((item) => {
    const digit = divisor >= INDEX_SPACE ? '0' : `((${index} // ${divisor}) % ${item.shape.capacity})`;
    divisor *= item.shape.capacity;
    return { item, index: digit };
  });
}

function capacityOf(own: readonly OwnColumn[]): number {
  return own.reduce((product, { shape }) => Math.min(product * shape.capacity, 2 ** 52), 1);
}

function ownColumn(context: TableContext, name: string): OwnColumn {
  const column = findColumn(context.table, name);
  const shape = context.shapes.get(name);
  if (column === undefined || shape === undefined) throw new Error('A key column without a shape');
  return { column, shape };
}

/** Texts without a closed list: what a register gives out as a number of its own. */
function isCode(column: Column): boolean {
  return readColumnType(column.type)?.family === 'text' && column.domain === undefined;
}

function parentOf(link: Link, parents: ReadonlyMap<string, Parent>): Parent {
  const parent = parents.get(link.target);
  if (parent === undefined) throw new Error('A link to a table whose keys are not planned yet');
  return parent;
}
