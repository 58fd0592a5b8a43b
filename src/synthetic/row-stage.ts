import type { Column } from '../catalog/dataset.ts';
import { quoteName } from '../catalog/identifier.ts';
import { cast, drawn } from './column-shape.ts';
import { below, permutation, ROW, type Sql, skewedIndex, streamKey, unitInterval } from './draw.ts';
import { followerSql, follows, withEntity } from './entity-facts.ts';
import { linkedColumn, named, type Parent, parentIndex } from './key-stage.ts';
import { columnStream, keyTable, type TableContext } from './table-context.ts';
import type { Link } from './table-links.ts';

/** One in so many values of a nullable column is NULL. */
const NULL_SHARE = 25;
/** Rows per unit, on average, of a unit column that no key and no link fixes. */
const ROWS_PER_UNIT = 8;
const UNIT_EVENNESS = 0.1;

/**
 * One SELECT that gives every column of a table in declared order, its rows in the order of the row index, from the key
 * tables of all tables. What describes a person or an enterprise follows from its identifier (`entity-facts.ts`).
 * Source: Own design: ADR 0011; ADR 0014; GB 11643-1999 (birth date and sex in the ID).
 */
export function selectRows(context: TableContext, parents: ReadonlyMap<string, Parent>): Sql {
  const { table } = context;
  const linked = new Set([...table.primaryKey, ...context.links.flatMap((link) => link.columns)]);
  const followers = table.columns.filter((column) => !linked.has(column.name) && follows(context, column));
  const own = table.columns.filter((column) => !linked.has(column.name) && !followers.includes(column));
  // Drawn before any join: DuckDB reads constant lists slowly from the vectors that a join gives.
  const joined = joinLinks(context, drawOwn(context, own), parents);
  const rows = followers.length === 0 ? joined : withEntity(context, joined);
  const values = table.columns.map((column) =>
    followers.includes(column) ? named(column.name, freeValue(context, column, undefined)) : quoteName(column.name),
  );
  // Without a join, rows come as the row index counts them; a sort would only cost.
  const order = context.links.length === 0 ? '' : ` ORDER BY ${ROW}`;
  return `SELECT ${values.join(', ')} FROM (${rows})${order}`;
}

function drawOwn(context: TableContext, own: readonly Column[]): Sql {
  let source = `SELECT * FROM ${keyTable(context.index)}`;
  const values: Sql[] = [];
  for (const [index, column] of own.entries()) {
    const spread = isOneToOne(context, column) ? `__i${index}` : undefined;
    const capacity = context.shapes.get(column.name)?.capacity ?? 0;
    if (spread !== undefined) source = permutation(columnStream(context, column.name, 'key'), context.rows, capacity, ROW, spread)(source);
    values.push(named(column.name, freeValue(context, column, spread)));
  }
  return `SELECT ${['*', ...values].join(', ')} FROM (${source})`;
}

/** Rows with the columns of every link that is not in the key. */
function joinLinks(context: TableContext, rows: Sql, parents: ReadonlyMap<string, Parent>): Sql {
  const links = context.links.filter((link) => !link.inKey);
  if (links.length === 0) return rows;
  const picks = links.map((link, index) => `${pick(context, link, parents)} AS __p${index}`);
  const columns = links.flatMap((link, index) =>
    link.columns.map((name, at) => linkedColumn(context.table, name, index, link.references[at] ?? '')),
  );
  const joins = links.map(
    (link, index) => `LEFT JOIN ${keyTable(parents.get(link.target)?.index ?? -1)} p${index} ON p${index}.${ROW} = b.__p${index}`,
  );
  return `SELECT b.*, ${columns.join(', ')} FROM (SELECT *, ${picks.join(', ')} FROM (${rows})) b ${joins.join(' ')}`;
}

function pick(context: TableContext, link: Link, parents: ReadonlyMap<string, Parent>): Sql {
  const self = link.target === context.table.name;
  const rows = parents.get(link.target)?.rows ?? 0;
  // A row of the same table refers to an earlier one, so that references make trees; where there is none it refers to itself.
  const index = self
    ? `greatest(0, floor(${unitInterval(columnStream(context, link.columns.join(), 'parent'))} * ${ROW})::BIGINT)`
    : parentIndex(context, link, rows);
  const demanded = link.columns.some((name) => context.demands.get(name)?.present === true);
  if (!link.optional || demanded) return index;
  const root = self ? ` OR ${ROW} = 0` : '';
  return `CASE WHEN ${below(columnStream(context, link.columns.join(), 'null'), NULL_SHARE)} = 0${root} THEN NULL ELSE ${index} END`;
}

/** Identifiers that name one row each: no two alike, as in a register. */
function isOneToOne(context: TableContext, column: Column): boolean {
  if ((context.shapes.get(column.name)?.capacity ?? 0) < context.rows || column.domain !== undefined || isUnitColumn(context, column))
    return false;
  return column.role === 'directId'
    ? column.semantic !== 'name'
    : column.semantic === 'residentId' || column.semantic === 'uscc' || column.semantic === 'mobile';
}

function isUnitColumn(context: TableContext, column: Column): boolean {
  return (
    column.role === 'unitId' || Object.values(context.table.units).some((path) => path.hops.length === 0 && path.column === column.name)
  );
}

function freeValue(context: TableContext, column: Column, spread: string | undefined): Sql {
  const shape = context.shapes.get(column.name);
  if (shape === undefined) throw new Error('A column without a shape');
  const demand = context.demands.get(column.name);
  if (demand?.absent === true) return cast(column, 'NULL');
  let value = drawn(column, shape, columnStream(context, column.name, 'value'));
  if (spread !== undefined) value = cast(column, shape.render(spread));
  else if (isUnitColumn(context, column) && column.domain === undefined) value = unitValue(context, column);
  else if (follows(context, column)) value = followerSql(context, column, value);
  if (!column.nullable || demand?.present === true) return value;
  return `CASE WHEN ${below(columnStream(context, column.name, 'null'), NULL_SHARE)} = 0 THEN NULL ELSE ${value} END`;
}

/** Units that come again: a pool that all tables with the same unit type share, some in many rows. */
function unitValue(context: TableContext, column: Column): Sql {
  const shape = context.shapes.get(column.name);
  if (shape === undefined) throw new Error('A column without a shape');
  const size = Math.max(1, Math.min(shape.capacity, Math.ceil(context.rows / ROWS_PER_UNIT)));
  const index = skewedIndex(columnStream(context, column.name, 'unit'), UNIT_EVENNESS, size);
  const unitType = Object.entries(context.table.units).find(([, path]) => path.column === column.name)?.[0] ?? column.name;
  // Units lie apart in the space of the identifier: the same step everywhere, so that tables meet.
  const step = Math.max(1, Math.floor(Math.min(shape.capacity, 2 ** 31) / 2 ** 20));
  const shift = Number.parseInt(streamKey(context.seed, 'unit', unitType).slice(0, 5), 16) % step;
  return cast(column, shape.render(size * step <= shape.capacity ? `(${index} * ${step} + ${shift})` : index));
}
