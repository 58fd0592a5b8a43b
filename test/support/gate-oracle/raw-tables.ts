import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { World } from '../random-query/world.ts';

/** The raw rows of a world in a database of their own: no units, no buckets, no process between. */
export interface RawTables {
  readonly world: World;
  /** Rows of a query, every value as text. */
  query(sql: string): Promise<readonly (readonly (string | null)[])[]>;
  close(): void;
}

export async function rawTables(world: World): Promise<RawTables> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  for (const [name, rows] of Object.entries(world.tables)) {
    const columns = Object.keys(rows[0] ?? {});
    const types = columns.map((column) => `"${column}" ${typeOf(world, name, column)}`);
    await connection.run(`CREATE TABLE "${name}" (${types.join(', ')})`);
    const values = rows.map((row) => `(${columns.map((column) => literal(row[column] ?? null)).join(', ')})`);
    if (values.length > 0) await connection.run(`INSERT INTO "${name}" VALUES ${values.join(', ')}`);
  }
  return { world, query: (sql) => read(connection, sql), close: () => connection.closeSync() };
}

async function read(connection: DuckDBConnection, sql: string): Promise<readonly (readonly (string | null)[])[]> {
  const reader = await connection.runAndReadAll(`SELECT CAST(COLUMNS(*) AS VARCHAR) FROM (${sql})`);
  return reader.getRows().map((row) => row.map((value) => (value === null ? null : String(value))));
}

/** Whole numbers are wider than declared, so that products of three fit. */
function typeOf(world: World, table: string, column: string): string {
  const found = [world.people, ...world.many].find((item) => item.name === table);
  const number = found?.numbers.find((item) => item.name === column);
  if (number !== undefined) return number.type === 'INTEGER' ? 'BIGINT' : number.type;
  if (column === found?.date) return 'DATE';
  return column.endsWith('_id') || column === 'homes' ? 'BIGINT' : 'VARCHAR';
}

function literal(value: string | number | null): string {
  if (value === null) return 'NULL';
  return typeof value === 'number' ? String(value) : `'${value}'`;
}
