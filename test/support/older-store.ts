import { rename, rm } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { MIGRATIONS, migrate } from '../../src/store/migrations.ts';
import type { Database } from '../../src/store/schema.ts';
import { NodeSqliteDialect, openSqlite } from '../../src/store/sqlite-database.ts';

/**
 * Makes the closed store at `path` what it would be if the product had ended with migration `last`: its tables and columns,
 * with the rows that they can hold. What came later is lost, as it would not have been there.
 */
export async function makeOlder(path: string, last: string): Promise<void> {
  const count = MIGRATIONS.findIndex((migration) => migration.name === last) + 1;
  if (count === 0) throw new Error(`There is no migration ${last}`);
  const old = openSqlite(`${path}.old`, 'write');
  const db = new Kysely<Database>({ dialect: new NodeSqliteDialect(old) });
  await db.transaction().execute((tx) => migrate(tx, new Date(0), MIGRATIONS.slice(0, count)));
  const now = openSqlite(path, 'read');
  old.exec('PRAGMA foreign_keys = OFF');
  for (const table of tablesOf(old)) if (table !== 'schema_migrations') copy(now, old, table);
  now.close();
  await db.destroy();
  for (const ending of ['', '-wal', '-shm']) await rm(`${path}${ending}`, { force: true });
  await rename(`${path}.old`, path);
  for (const ending of ['-wal', '-shm']) await rename(`${path}.old${ending}`, `${path}${ending}`).catch(() => undefined);
}

function tablesOf(database: DatabaseSync): readonly string[] {
  const rows = database.prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`).all();
  return rows.map((row) => String(row.name));
}

function copy(from: DatabaseSync, to: DatabaseSync, table: string): void {
  const columnsOf = (database: DatabaseSync): readonly string[] =>
    database
      .prepare(`SELECT name FROM pragma_table_info(?)`)
      .all(table)
      .map((row) => String(row.name));
  const present = columnsOf(from);
  const columns = columnsOf(to).filter((column) => present.includes(column));
  const list = columns.map((column) => `"${column}"`).join(', ');
  const insert = to.prepare(`INSERT INTO "${table}" (${list}) VALUES (${columns.map(() => '?').join(', ')})`);
  for (const row of from.prepare(`SELECT ${list} FROM "${table}"`).all()) insert.run(...columns.map((column) => row[column] ?? null));
}
