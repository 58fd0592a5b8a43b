import type { Column } from '../catalog/dataset.ts';
import { quoteName } from '../catalog/identifier.ts';
import { cast } from './column-shape.ts';
import { compositeUnique } from './composite-unique.ts';
import { below, bits, permutation, ROW, type Sql, skewedIndex, streamKey, unitInterval } from './draw.ts';
import { drawnIndex } from './drawn-index.ts';
import { followerSql, follows, withEntity } from './entity-facts.ts';
import { isIdentityGiven, withGivenIdentity } from './given-identity.ts';
import { type Dependency, dependencyOrder } from './hint-problems.ts';
import { linkedColumn, named, type Parent, parentIndex } from './key-stage.ts';
import { dirtied, isWished, ordered, wished, wishedNeighbour } from './row-layers.ts';
import { columnStream, givenTable, keyTable, linkTable, type TableContext } from './table-context.ts';
import type { Link } from './table-links.ts';

/** One in so many values of a nullable column is NULL. */
const NULL_SHARE = 25;
const NULL_STEPS = 2 ** 20;
/** Rows per unit, on average, of a unit column that no key and no link fixes. */
const ROWS_PER_UNIT = 8;
const UNIT_EVENNESS = 0.1;

/**
 * One SELECT that gives every column of a table in declared order, its rows in the order of the row index, from the key
 * tables of all tables. In layers: what is drawn alone, links, what follows from the identifier of a person or an enterprise
 * (`entity-facts.ts`), declared dependencies, orderings and dirt.
 * Source: Own design: ADR 0011, ADR 0016; synthetic-and-masking.md §3 (c, d).
 */
export function selectRows(context: TableContext, parents: ReadonlyMap<string, Parent>): Sql {
  const { table } = context;
  const fixed = new Set([...table.primaryKey, ...context.links.flatMap((link) => link.columns), ...(context.given?.columns ?? [])]);
  const dependencies = dependencyOrder(table).order.filter((item) => !fixed.has(item.column));
  const dependent = new Set(dependencies.map((item) => item.column));
  const free = table.columns.filter((column) => !fixed.has(column.name) && !dependent.has(column.name));
  const followers = free.filter((column) => follows(context, column));
  // Drawn before any join: DuckDB reads constant lists slowly from the vectors that a join gives.
  let rows = joinLinks(
    context,
    drawOwn(
      context,
      free.filter((column) => !followers.includes(column)),
    ),
    parents,
  );
  if (followers.length > 0) {
    const values = followers.map((column) => named(column.name, freeValue(context, column, undefined)));
    rows = `SELECT *, ${values.join(', ')} FROM (${withEntity(context, rows)})`;
  }
  for (const dependency of dependencies) rows = `SELECT *, ${dependentValue(context, dependency)} FROM (${rows})`;
  rows = dirtied(context, ordered(context, rows));
  // Without a join, rows come as the row index counts them; a sort would only cost.
  const order = context.links.length === 0 && context.given === undefined ? '' : ` ORDER BY ${ROW}`;
  return `SELECT ${table.columns.map((column) => quoteName(column.name)).join(', ')} FROM (${rows})${order}`;
}

function drawOwn(context: TableContext, own: readonly Column[]): Sql {
  let source = `SELECT * FROM ${keyTable(context.index)}`;
  if (context.given !== undefined) {
    const taken = context.given.columns.filter((name) => !context.table.primaryKey.includes(name));
    const picked = [...taken.map((name) => `g.${quoteName(name)}`), ...context.given.links.map((_, index) => `g.__parent_${index}`)];
    if (picked.length > 0)
      source = `SELECT k.*, ${picked.join(', ')} FROM (${source}) k JOIN ${givenTable(context.index)} g ON g.${ROW} = k.${ROW}`;
  }
  const values: Sql[] = [];
  const composite = compositeUnique(context);
  source = composite.wrap(source);
  const identified = isIdentityGiven(context) && own.some((column) => column.name === context.idColumn);
  if (identified) source = withGivenIdentity(context, source);
  for (const [index, column] of own.entries()) {
    if (identified && column.name === context.idColumn) {
      values.push(named(column.name, cast(column, '__id')));
      continue;
    }
    const placed = composite.indexOf.get(column.name);
    const shape = context.shapes.get(column.name);
    if (placed !== undefined && shape !== undefined) {
      values.push(named(column.name, cast(column, shape.render(placed))));
      continue;
    }
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
  const counted = context.links.flatMap((link, index) =>
    link.inKey || link.cardinality === undefined
      ? []
      : [`JOIN ${linkTable(context.index, index)} l${index} ON l${index}.${ROW} = o.${ROW}`],
  );
  const source = counted.length === 0 ? `(${rows}) o` : `(${rows}) o ${counted.join(' ')}`;
  return `SELECT b.*, ${columns.join(', ')} FROM (SELECT o.*, ${picks.join(', ')} FROM ${source}) b ${joins.join(' ')}`;
}

function pick(context: TableContext, link: Link, parents: ReadonlyMap<string, Parent>): Sql {
  const known = context.given?.links.findIndex((columns) => columns.join() === link.columns.join()) ?? -1;
  if (known >= 0) return `__parent_${known}`;
  if (link.cardinality !== undefined) return `l${context.links.indexOf(link)}.__p0`;
  const self = link.target === context.table.name;
  const rows = parents.get(link.target)?.rows ?? 0;
  const row = `o.${ROW}`;
  // A row of the same table refers to an earlier one, so that references make trees; where there is none it refers to itself.
  const index = self
    ? `greatest(0, floor(${unitInterval(columnStream(context, link.columns.join(), 'parent'), row)} * ${row})::BIGINT)`
    : metIndex(context, parentIndex(context, link, rows, row), rows, row);
  const demanded = link.columns.some((name) => context.demands.get(name)?.present === true);
  if (!link.optional || demanded) return index;
  const root = self ? ` OR ${row} = 0` : '';
  const isAbsent = isNull(context, link.columns[0] ?? '', link.columns.join(), row);
  const absent = context.wishes.size === 0 ? isAbsent : `(${isAbsent} AND NOT ${isWished(row)})`;
  return `CASE WHEN ${absent}${root} THEN NULL ELSE ${index} END`;
}

/** With a query in hand, rows that hold what it asks for belong to parents that do. */
function metIndex(context: TableContext, index: Sql, rows: number, row: Sql): Sql {
  if (context.wishes.size === 0) return index;
  return `CASE WHEN ${isWished(row)} THEN ${wishedNeighbour(index, rows)} ELSE ${index} END`;
}

/** Identifiers that name one row each: no two alike, as in a register. */
/** What belongs to one person or thing: two rows with the same would be somebody twice. Source: synthetic-and-masking.md §3 (identifiers). */
const OF_ONE: readonly string[] = ['residentId', 'uscc', 'mobile', 'bankCard', 'passport', 'plate', 'email'];

function isOneToOne(context: TableContext, column: Column): boolean {
  if ((context.shapes.get(column.name)?.capacity ?? 0) < context.rows) return false;
  if (context.table.simulation?.unique?.includes(column.name) === true) return true;
  if (column.domain !== undefined || isUnitColumn(context, column)) return false;
  return column.role === 'directId' ? column.semantic !== 'name' : column.semantic !== undefined && OF_ONE.includes(column.semantic);
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
  const hint = context.table.simulation?.columns?.[column.name];
  const stream = columnStream(context, column.name, 'value');
  let value = cast(column, shape.render(drawnIndex(column, shape, stream, hint?.distribution)));
  if (spread !== undefined) value = cast(column, shape.render(spread));
  else if (isUnitColumn(context, column) && column.domain === undefined) value = unitValue(context, column);
  else if (follows(context, column)) value = followerSql(context, column, value);
  else value = wished(context, column, value);
  if (!column.nullable || demand?.present === true || hint?.nullShare === 0) return value;
  return `CASE WHEN ${isNull(context, column.name, column.name, ROW)} THEN NULL ELSE ${value} END`;
}

function isNull(context: TableContext, column: string, name: string, row: Sql): Sql {
  const stream = columnStream(context, name, 'null');
  const share = context.table.simulation?.columns?.[column]?.nullShare;
  return share === undefined
    ? `${below(stream, NULL_SHARE, row)} = 0`
    : `${below(stream, NULL_STEPS, row)} < ${Math.round(share * NULL_STEPS)}`;
}

/** A function of the determinants: the same values give the same draw. */
function dependentValue(context: TableContext, { column: name, from }: Dependency): Sql {
  const column = context.table.columns.find((item) => item.name === name);
  const shape = context.shapes.get(name);
  if (column === undefined || shape === undefined) throw new Error('A dependency without a shape');
  const key = `hash(${from.map((item) => `coalesce(${quoteName(item)}::VARCHAR, '')`).join(", '|', ")})`;
  const index = `(${bits(columnStream(context, name, 'value'), key)} % ${Math.max(1, shape.capacity)})::BIGINT`;
  return named(name, cast(column, shape.render(index)));
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
