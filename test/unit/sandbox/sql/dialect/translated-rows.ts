import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { ForeignDialect, ValueType } from '../../../../../src/sandbox/sql/dialect/dialect.ts';
import { toDuckdb } from '../../../../../src/sandbox/sql/dialect/to-duckdb.ts';

const TYPES: Readonly<Record<string, ValueType>> = {
  id: 'integer',
  amount: 'integer',
  price: 'fraction',
  d: 'date',
  ts: 'timestamp',
  vip: 'boolean',
  memo: 'text',
  城市: 'text',
};

/** What a catalog would tell of the test tables' columns. */
export const columnTypes = (name: string): ValueType => TYPES[name] ?? 'unknown';

/**
 * 订单:
 * 1 杭州 10   1.50 2024-01-31 23:30 true  a_b
 * 2 杭州 20   2.25 2024-02-29 00:30 false Ab
 * 3 宁波 30   -    2024-03-15 12:00 -     -
 * 4 宁波 -    4.00 2023-12-31 08:15 true  x
 * 5 -    7    0.50 2024-02-01 00:00 false ab
 */
const TABLES = `
  CREATE TABLE "订单"(id INTEGER, "城市" VARCHAR, amount INTEGER, price DECIMAL(10,2), d DATE, ts TIMESTAMP, vip BOOLEAN, memo VARCHAR);
  INSERT INTO "订单" VALUES
    (1, '杭州', 10, 1.50, '2024-01-31', '2024-01-31 23:30:00', true, 'a_b'),
    (2, '杭州', 20, 2.25, '2024-02-29', '2024-02-29 00:30:00', false, 'Ab'),
    (3, '宁波', 30, NULL, '2024-03-15', '2024-03-15 12:00:00', NULL, NULL),
    (4, '宁波', NULL, 4.00, '2023-12-31', '2023-12-31 08:15:00', true, 'x'),
    (5, NULL, 7, 0.50, '2024-02-01', '2024-02-01 00:00:00', false, 'ab');
  CREATE TABLE kinds(id INTEGER, kind VARCHAR);
  INSERT INTO kinds VALUES (1, 'A'), (2, 'B'), (4, 'A');`;

export type Rows = readonly (readonly unknown[])[];

/** Translates and runs on the real engine; rows as JSON values. Throws with the refusal's facts if there is no translation. */
export async function openTables(): Promise<(sql: string, dialect: ForeignDialect) => Promise<Rows>> {
  const connection: DuckDBConnection = await (await DuckDBInstance.create()).connect();
  await connection.run(TABLES);
  return async (sql, dialect) => {
    const translated = await toDuckdb(sql, dialect, columnTypes);
    if (!translated.ok) throw new Error(JSON.stringify(translated.error));
    const rows = (await connection.runAndReadAll(translated.value.sql)).getRowsJson();
    return rows.map((row) => row.map(plain));
  };
}

/** Whole numbers as numbers, decimals and doubles to nine places. */
function plain(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toFixed(9));
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;
}
