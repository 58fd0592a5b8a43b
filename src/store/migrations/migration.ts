import { type CreateTableBuilder, type Kysely, PostgresAdapter, type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../schema.ts';

/**
 * One step forward of the tables. Never changed once it stood in a release; there is no way back.
 * Source: ADR 0006.
 */
export interface Migration {
  readonly name: string;
  readonly up: (db: Transaction<Database>) => Promise<void>;
}

type Columns = Readonly<Record<string, 'text' | 'integer'>>;

/** Whether the records are on PostgreSQL; otherwise they are on SQLite. */
export function isPostgres(db: Kysely<Database>): boolean {
  return db.getExecutor().adapter instanceof PostgresAdapter;
}

/**
 * The type of a column. On PostgreSQL text is compared byte by byte, as SQLite does, whatever the language of the database is, and
 * whole numbers have 64 bits, as SQLite's have.
 */
export function columnType(db: Kysely<Database>, type: 'text' | 'integer'): 'text' | 'integer' | 'bigint' | RawBuilder<unknown> {
  if (!isPostgres(db)) return type;
  return type === 'integer' ? 'bigint' : sql`text collate "C"`;
}

/** A table whose columns are NOT NULL unless their name ends in `?`. */
export function table(
  db: Kysely<Database>,
  name: string,
  columns: Columns,
  primaryKey: readonly string[],
): CreateTableBuilder<string, string> {
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(name);
  for (const [column, type] of Object.entries(columns)) {
    const nullable = column.endsWith('?');
    builder = builder.addColumn(nullable ? column.slice(0, -1) : column, columnType(db, type), (c) => (nullable ? c : c.notNull()));
  }
  return builder.addPrimaryKeyConstraint(`${name}_pk`, primaryKey as string[]);
}
