import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';

export interface Answer {
  readonly names: readonly string[];
  readonly types: readonly string[];
  readonly rows: readonly (readonly unknown[])[];
}

/** A DuckDB in memory with so many threads, closed by `using`. */
export class TestEngine {
  readonly #instance: DuckDBInstance;
  readonly #connection: DuckDBConnection;

  private constructor(instance: DuckDBInstance, connection: DuckDBConnection) {
    this.#instance = instance;
    this.#connection = connection;
  }

  static async open(threads: number): Promise<TestEngine> {
    const instance = await DuckDBInstance.create(':memory:', { threads: String(threads) });
    const connection = await instance.connect();
    await connection.run(`SET TimeZone = 'UTC'`);
    return new TestEngine(instance, connection);
  }

  async ask(sql: string): Promise<Answer> {
    const reader = await this.#connection.runAndReadAll(sql);
    return { names: reader.columnNames(), types: reader.columnTypes().map(String), rows: reader.getRowsJson() };
  }

  close(): void {
    this.#connection.closeSync();
    this.#instance.closeSync();
  }
}
