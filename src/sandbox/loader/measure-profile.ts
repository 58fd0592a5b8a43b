import { type ColumnType, isNumeric } from '../../catalog/column-type.ts';
import { type Column, type DataProfile, type Table, type TableProfile, UNIT_COLUMN, type UnitProfile } from '../../catalog/dataset.ts';
import { quoteName } from '../../catalog/identifier.ts';
import { sealedColumns } from '../../catalog/sealed-layout.ts';
import type { Cell } from '../enclave/port.ts';
import { alikePairs } from './alike-columns.ts';
import type { StagedSession } from './staged-session.ts';
import { columnType } from './value-rules.ts';

/** Measures the sealed tables. Exact figures: they stay inside the domain. Source: gate.md §2. */
export async function measureProfile(session: StagedSession, tables: readonly Table[]): Promise<DataProfile> {
  const measured: TableProfile[] = [];
  const units: UnitProfile[] = [];
  for (const table of tables) {
    measured.push(await measureTable(session, table));
    for (const unitType of Object.keys(table.units)) units.push(await measureUnits(session, table, unitType));
  }
  return { tables: measured, units };
}

async function measureTable(session: StagedSession, table: Table): Promise<TableProfile> {
  const columns = sealedColumns(table);
  const asked = columns.flatMap((column) => {
    const name = quoteName(column.name);
    return [`count(*) - count(${name})`, `approx_count_distinct(${name})`];
  });
  const [row = []] = await session.run(`SELECT ${['count(*)', ...asked].join(', ')} FROM ${quoteName(table.name)}`);
  const rows = Number(row[0]);
  const nulls: Record<string, number> = {};
  const uniqueColumns: string[] = [];
  for (const [index, column] of columns.entries()) {
    const missing = Number(row[1 + 2 * index]);
    nulls[column.name] = missing;
    // The estimate is within a few per cent; only columns near it are worth an exact look.
    const mayBeUnique = rows > 0 && missing === 0 && Number(row[2 + 2 * index]) >= 0.8 * rows;
    const isKey = table.primaryKey.length === 1 && table.primaryKey[0] === column.name;
    if (isKey || (mayBeUnique && (await isUnique(session, table, [column])))) uniqueColumns.push(column.name);
  }
  const different = new Map(columns.map((column, index) => [column.name, Number(row[2 + 2 * index])]));
  const inPairs = columns.filter((column) => nulls[column.name] === 0 && !uniqueColumns.includes(column.name) && isKeyType(column));
  const uniquePairs = table.visibility === 'public' && rows > 0 ? await pairsOf(session, table, inPairs, different, rows) : [];
  const manyValued = table.visibility === 'public' ? [...different].flatMap(([name, values]) => (values > MOST_CLASSES ? [name] : [])) : [];
  const alike = table.visibility === 'public' ? [] : await alikePairs(session, table, columns, different);
  const least = await leastUnits(session, table, columns);
  return {
    table: table.name,
    rows,
    uniqueColumns,
    ...(uniquePairs.length === 0 ? {} : { uniquePairs }),
    ...(manyValued.length === 0 ? {} : { manyValued }),
    ...(alike.length === 0 ? {} : { alike }),
    leastUnitsPerValue: least,
    nulls,
  };
}

/** A sum by more classes than these would be of none: hardly any would hold k units. Source: ADR 0044. */
const MOST_CLASSES = 10_000;

/** Pairs are looked for among the first columns only: a public table has its keys in front. */
const MOST_IN_PAIRS = 4;

function isKeyType(column: Column): boolean {
  const { family } = columnType(column);
  return family === 'integer' || family === 'text';
}

async function pairsOf(
  session: StagedSession,
  table: Table,
  columns: readonly Column[],
  different: ReadonlyMap<string, number>,
  rows: number,
): Promise<readonly (readonly [string, string])[]> {
  const found: (readonly [string, string])[] = [];
  for (const [index, first] of columns.slice(0, MOST_IN_PAIRS).entries()) {
    for (const second of columns.slice(index + 1, MOST_IN_PAIRS)) {
      // The estimates are within a few per cent.
      if ((different.get(first.name) ?? 0) * (different.get(second.name) ?? 0) < 0.6 * rows) continue;
      if (await isUnique(session, table, [first, second])) found.push([first.name, second.name]);
    }
  }
  return found;
}

async function isUnique(session: StagedSession, table: Table, columns: readonly Column[]): Promise<boolean> {
  const names = columns.map((column) => quoteName(column.name)).join(', ');
  const twice = await session.run(`SELECT 1 FROM ${quoteName(table.name)} GROUP BY ${names} HAVING count(*) > 1 LIMIT 1`);
  return twice.length === 0;
}

/** Least number of units of any value of a declared domain; 0 where a value has none. */
async function leastUnits(session: StagedSession, table: Table, columns: readonly Column[]): Promise<TableProfile['leastUnitsPerValue']> {
  const least: Record<string, Record<string, number>> = {};
  for (const column of columns) {
    if (column.domain === undefined || table.visibility === 'public') continue;
    const perType: Record<string, number> = {};
    for (const unitType of Object.keys(table.units)) {
      const name = quoteName(column.name);
      const [row = []] = await session.run(
        `SELECT count(*), min(n) FROM (SELECT count(DISTINCT ${quoteName(UNIT_COLUMN(unitType))}) AS n FROM ${quoteName(table.name)} ` +
          `WHERE ${name} IS NOT NULL GROUP BY ${name})`,
      );
      perType[unitType] = Number(row[0]) < column.domain.length ? 0 : Number(row[1]);
    }
    least[column.name] = perType;
  }
  return least;
}

async function measureUnits(session: StagedSession, table: Table, unitType: string): Promise<UnitProfile> {
  const numeric = sealedColumns(table).filter((column) => isNumeric(columnType(column)));
  const unit = quoteName(UNIT_COLUMN(unitType));
  const perUnit = numeric.flatMap((column, index) => [
    `min(${quoteName(column.name)}) AS lo${index}`,
    `max(${quoteName(column.name)}) AS hi${index}`,
    `count(*) - count(${quoteName(column.name)}) AS no${index}`,
    `sum(${absoluteSql(column, columnType(column))}) AS ab${index}`,
  ]);
  const overall = numeric.flatMap((_, index) => [
    `min(lo${index})::VARCHAR`,
    `max(hi${index})::VARCHAR`,
    `sum(no${index})::BIGINT`,
    `(max(ab${index}) FILTER (WHERE u IS NOT NULL))::VARCHAR`,
  ]);
  const counted = ['count(u)', 'sum(n)::BIGINT', 'sum(n) FILTER (WHERE u IS NULL)::BIGINT', 'max(n) FILTER (WHERE u IS NOT NULL)'];
  const [row = []] = await session.run(
    `SELECT ${[...counted, ...overall].join(', ')} FROM ` +
      `(SELECT ${[`${unit} AS u`, 'count(*) AS n', ...perUnit].join(', ')} FROM ${quoteName(table.name)} GROUP BY ${unit})`,
  );
  const figures = numeric.map((column, index) => {
    const at = counted.length + 4 * index;
    return [
      column.name,
      { min: text(row[at]), max: text(row[at + 1]), nulls: Number(row[at + 2] ?? 0), maxUnitAbsSum: text(row[at + 3]) },
    ] as const;
  });
  return {
    table: table.name,
    unitType,
    units: Number(row[0] ?? 0),
    rows: Number(row[1] ?? 0),
    rowsWithoutUnit: Number(row[2] ?? 0),
    maxRowsPerUnit: Number(row[3] ?? 0),
    columns: Object.fromEntries(figures),
  };
}

/** |x| without overflow: the least whole number of a type has no positive twin in it. */
function absoluteSql(column: Column, type: ColumnType): string {
  const name = quoteName(column.name);
  return type.family === 'integer' ? `abs(${name}::HUGEINT)` : `abs(${name})`;
}

function text(cell: Cell | undefined): string | null {
  return cell === null || cell === undefined ? null : String(cell);
}
