import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from '@duckdb/node-api';
import { tpchSql } from '../../datasets/tpch/tpch-sql.ts';
import type { DataSpec } from './case-file.ts';

/** A row of plain values: numbers where a double holds them, everything else as DuckDB prints it. */
export type Row = readonly (string | number | boolean | null | readonly (string | null)[])[];

export interface DataColumn {
  readonly name: string;
  readonly type: string;
}

/**
 * The real data of a case in a throw-away DuckDB of the runner's own, unfenced: the setup of a conformance file is trusted.
 * The oracle asks it; the product never sees it, only the files exported from it.
 */
export class RealData {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async build(spec: DataSpec): Promise<RealData> {
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const data = new RealData(instance, await instance.connect());
    if (spec.tpch !== null) for (const sql of tpchSql(spec.tpch)) await data.run(sql);
    for (const sql of spec.setup) await data.run(sql);
    return data;
  }

  async run(sql: string): Promise<void> {
    await this.#connection.run(sql);
  }

  async rows(sql: string, parameters: readonly string[] = []): Promise<readonly Row[]> {
    const reader = await this.#connection.runAndReadAll(sql, [...parameters]);
    return reader.getRows().map((row) => row.map(plain));
  }

  /** Columns of a table in their order. */
  async columns(table: string): Promise<readonly DataColumn[]> {
    const rows = await this.rows(
      `SELECT column_name, data_type FROM duckdb_columns() WHERE table_name = $1 AND schema_name = 'main' ORDER BY column_index`,
      [table],
    );
    return rows.map(([name, type]) => ({ name: String(name), type: String(type) }));
  }

  /** Columns of the PRIMARY KEY that the setup declared; empty without one. */
  async declaredKey(table: string): Promise<readonly string[]> {
    const rows = await this.rows(
      `SELECT unnest(constraint_column_names) FROM duckdb_constraints() WHERE table_name = $1 AND constraint_type = 'PRIMARY KEY'`,
      [table],
    );
    return rows.map(([name]) => String(name));
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}

function plain(value: DuckDBValue): Row[number] {
  if (value === null || typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'bigint') return Number(value);
  const items = (value as { readonly items?: readonly DuckDBValue[] }).items;
  if (Array.isArray(items)) return items.map((item) => (item === null ? null : String(plain(item))));
  const text = String(value);
  return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;
export const quoteText = (text: string): string => `'${text.replaceAll("'", "''")}'`;
