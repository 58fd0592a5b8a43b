import type { CreateTableBuilder, Kysely, Transaction } from 'kysely';
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
    builder = builder.addColumn(nullable ? column.slice(0, -1) : column, type, (c) => (nullable ? c : c.notNull()));
  }
  return builder.addPrimaryKeyConstraint(`${name}_pk`, primaryKey as string[]);
}
