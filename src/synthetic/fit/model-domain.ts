import { readColumnType } from '../../catalog/column-type.ts';
import type { Column, Table } from '../../catalog/dataset.ts';
import { quoteText } from '../../catalog/identifier.ts';
import { IDENTIFIER_KINDS } from '../../identifiers/identifier-kind.ts';
import { type CellEdges, cellEdges, MOST_CELLS } from './cell-edges.ts';
import type { Attribute } from './count-source.ts';

/** Values of one cell each, in declared order. */
interface ListCells {
  readonly kind: 'list';
  readonly values: readonly (string | number | boolean)[];
}

interface RangeCells extends CellEdges {
  readonly kind: 'range';
}

/**
 * A column as the model sees it: its declared cells, then one for values outside the declaration, then, where the column
 * is nullable, one for NULL.
 */
export interface ModelColumn {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly cells: ListCells | RangeCells;
}

const IDENTIFYING: ReadonlySet<string> = new Set([...IDENTIFIER_KINDS, 'text']);

/**
 * Whether a column names rows or units rather than describing them: keys, links, unit columns, direct identifiers, free text.
 * A model leaves them out, and so do scores. Source: synthetic-and-masking.md §4.1 step 0.
 */
export function isNaming(table: Table, column: Column): boolean {
  const named = [...table.primaryKey, ...table.foreignKeys.flatMap((key) => key.columns)];
  for (const path of Object.values(table.units)) named.push(path.hops[0]?.from ?? path.column);
  if (named.includes(column.name) || column.role === 'unitId' || column.role === 'directId') return true;
  return column.semantic !== undefined && IDENTIFYING.has(column.semantic) && column.domain === undefined;
}

/**
 * The columns of a table that a model can hold: those with a declared domain, declared bounds, or two values. What names
 * rows is not among them: the L0 generators make it anew. Nothing is read from data.
 * Source: synthetic-and-masking.md §4.1 step 0.
 */
export function modelColumns(table: Table, most = MOST_CELLS): readonly ModelColumn[] {
  return table.columns.flatMap((column) => {
    const cells = isNaming(table, column) ? undefined : cellsOf(column, most);
    return cells === undefined ? [] : [{ name: column.name, type: column.type, nullable: column.nullable, cells }];
  });
}

function cellsOf(column: Column, most: number): ListCells | RangeCells | undefined {
  const type = readColumnType(column.type);
  if (type === undefined) return undefined;
  if (type.family === 'boolean') return { kind: 'list', values: [false, true] };
  const edges = cellEdges(column, type, most);
  if (column.domain !== undefined) {
    const numbers = column.domain.filter((value) => typeof value === 'number');
    // A closed list of more numbers than there may be cells is cut as a range of them is.
    if (numbers.length === column.domain.length && numbers.length > most) {
      const bounds: readonly [number, number] = [Math.min(...numbers), Math.max(...numbers)];
      const cut = cellEdges({ ...column, bounds }, type, most);
      return cut === undefined ? undefined : { kind: 'range', ...cut };
    }
    return { kind: 'list', values: column.domain };
  }
  return edges === undefined ? undefined : { kind: 'range', ...edges };
}

/** Declared cells of a column, without those for what is outside or missing. Source: synthetic-and-masking.md §4.1 step 0. */
export function declaredCells({ cells }: ModelColumn): number {
  return cells.kind === 'list' ? cells.values.length : cells.edges.length - 1;
}

/** The attribute that `fitModel` takes. Numbers and dates are ordered, closed lists are not. Source: synthetic-and-masking.md §4.1 step 0. */
export function attributeOf(column: ModelColumn): Attribute {
  const declared = declaredCells(column);
  const numbers = column.cells.kind === 'list' && declared > 2 && column.cells.values.every((value) => typeof value === 'number');
  const rising = numbers && column.cells.kind === 'list' && isRising(column.cells.values);
  return {
    name: column.name,
    cells: declared + (column.nullable ? 2 : 1),
    // A closed list of a few numbers is a code; of many, a scale.
    ordered: column.cells.kind === 'range' || (rising && declared > LONG_LIST) ? declared : 0,
  };
}

const LONG_LIST = 50;

function isRising(values: readonly (string | number | boolean)[]): boolean {
  return values.every((value, index) => index === 0 || Number(values[index - 1]) < Number(value));
}

/**
 * SQL of a row's cell number (INTEGER) for a text column `raw` as read from a file, or for a typed one; `raw` that does not
 * convert counts as outside. Source: synthetic-and-masking.md §4.1 step 0.
 */
export function cellSql(column: ModelColumn, raw: string): string {
  const declared = declaredCells(column);
  const missing = column.nullable ? declared + 1 : declared;
  const value = `TRY_CAST(${raw} AS ${column.type})`;
  const inside = column.cells.kind === 'list' ? listSql(column.cells, value) : rangeSql(column.cells, numberSql(column, value));
  return `CASE WHEN ${raw} IS NULL THEN ${missing} ELSE coalesce(${inside}, ${declared}) END::INTEGER`;
}

function listSql({ values }: ListCells, value: string): string {
  if (values[0] === false) return `(${value})::INTEGER`;
  const list = values.map((item) => (typeof item === 'string' ? quoteText(item) : String(item)));
  return `nullif(list_position([${list.join(', ')}], ${value}), 0) - 1`;
}

/** The value in steps, as DOUBLE. */
function numberSql(column: ModelColumn, value: string): string {
  const family = readColumnType(column.type)?.family;
  if (family === 'date') return `date_diff('day', DATE '1970-01-01', ${value})::DOUBLE`;
  if (family === 'timestamp') return `floor(epoch(${value}))`;
  const step = column.cells.kind === 'range' ? column.cells.step : 1;
  return family === 'float' ? `floor(${value} / ${step})` : `round(${value}::DOUBLE * ${Math.round(1 / step)})`;
}

function rangeSql({ edges }: RangeCells, number: string): string {
  const first = edges[0] ?? 0;
  const end = edges.at(-1) ?? 0;
  const cells = edges.length - 1;
  if (end - first === cells) return `CASE WHEN ${number} >= ${first} AND ${number} < ${end} THEN ${number} - ${first} END`;
  return `CASE WHEN ${number} >= ${first} AND ${number} < ${end} THEN ${searchSql(edges, number, 0, cells)} END`;
}

/** A binary search as nested CASE: a value finds its cell in about log₂(cells) comparisons. */
function searchSql(edges: readonly number[], number: string, low: number, high: number): string {
  if (high - low <= 1) return String(low);
  const middle = (low + high) >> 1;
  return `CASE WHEN ${number} < ${edges[middle]} THEN ${searchSql(edges, number, low, middle)} ELSE ${searchSql(edges, number, middle, high)} END`;
}
