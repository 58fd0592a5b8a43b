import { Kysely } from 'kysely';
import { openPostgresPool, requireDurable, SerialPostgresDialect } from './postgres-database.ts';
import type { Database } from './schema.ts';
import { NodeSqliteDialect, openSqlite } from './sqlite-database.ts';

/** Our own records, wherever they are kept. */
export interface RecordDatabase {
  /** Its transactions are alone in the whole instance, also across processes. */
  readonly writer: Kysely<Database>;
  /** Sees what was committed; cannot write. */
  readonly reader: Kysely<Database>;
  close(): Promise<void>;
}

/** `path`: the SQLite file. `url`: where given, PostgreSQL instead of it. */
export interface RecordPlace {
  readonly path: string;
  readonly url?: string | undefined;
}

/** Opens the records without looking at them. Throws where the database is not there, or does not keep what it acknowledges. */
export async function openRecordDatabase(place: RecordPlace): Promise<RecordDatabase> {
  return place.url === undefined ? sqliteRecords(place.path) : postgresRecords(place.url);
}

function sqliteRecords(path: string): RecordDatabase {
  const writing = openSqlite(path, 'write');
  const reading = openSqlite(path, 'read');
  return {
    writer: new Kysely<Database>({ dialect: new NodeSqliteDialect(writing) }),
    reader: new Kysely<Database>({ dialect: new NodeSqliteDialect(reading) }),
    async close() {
      // The writer last: only it may fold the write-ahead log into the file.
      // Not left to Kysely, which does not close what it never used.
      for (const database of [reading, writing]) if (database.isOpen) database.close();
    },
  };
}

async function postgresRecords(url: string): Promise<RecordDatabase> {
  const writing = openPostgresPool(url, 'write');
  const reading = openPostgresPool(url, 'read');
  const writer = new Kysely<Database>({ dialect: new SerialPostgresDialect(writing, 'write') });
  const reader = new Kysely<Database>({ dialect: new SerialPostgresDialect(reading, 'read') });
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await Promise.all([writing.end(), reading.end()]);
  };
  await requireDurable(writer).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  return { writer, reader, close };
}
