import { DuckDBInstance } from '@duckdb/node-api';
import type { Result } from '../../../src/kernel/result.ts';
import type { Problem } from '../../../src/problems/problem.ts';
import { type Parsed, parse } from '../../../src/sandbox/sql/read/parse.ts';

/** The pinned engine as the gate uses it to read a text: its syntax tree, without a catalog. */
export interface ParseEngine {
  tree(sql: string): Promise<string>;
  read(sql: string): Promise<Result<Parsed, readonly Problem[]>>;
  /** Names and rows of a statement, for tests that compare figures. */
  rows(sql: string): Promise<{ readonly names: readonly string[]; readonly rows: readonly (readonly unknown[])[] }>;
  close(): void;
}

export async function parseEngine(): Promise<ParseEngine> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
  const connection = await instance.connect();
  const tree = async (sql: string): Promise<string> => {
    const reader = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)::VARCHAR', [sql]);
    return String(reader.getRows()[0]?.[0]);
  };
  return {
    tree,
    read: async (sql) => parse(sql, await tree(sql)),
    rows: async (sql) => {
      const reader = await connection.runAndReadAll(sql);
      return { names: reader.columnNames(), rows: reader.getRowsJson() };
    },
    close: () => {
      connection.closeSync();
      instance.closeSync();
    },
  };
}
