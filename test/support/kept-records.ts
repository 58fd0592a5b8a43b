import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import pg from 'pg';

/** Set where the tests of store and operations run over PostgreSQL (vitest.config.ts, project `postgres`). */
const SERVER = process.env['SLUICE_TEST_DATABASE_URL'];

export const isOnPostgres = SERVER !== undefined;

type Row = Readonly<Record<string, unknown>>;

/** The records of the instance in `folder`: a file in it, or a schema of its own on the server of this run. */
export async function recordPlace(folder: string): Promise<{ readonly path: string; readonly url?: string }> {
  const path = join(folder, 'store.sqlite');
  if (SERVER === undefined) return { path };
  await withClient(SERVER, (client) => client.query(createdOnce(schemaOf(folder))));
  return { path, url: schemaUrl(SERVER, schemaOf(folder)) };
}

/** What is left of the records on the server; files go with their folder. */
export async function removeRecords(folder: string): Promise<void> {
  if (SERVER !== undefined) await withClient(SERVER, (client) => client.query(`drop schema if exists ${schemaOf(folder)} cascade`));
}

/** Puts the records of `other` in place of those of `folder`, which are lost. PostgreSQL only: files are renamed. */
export async function replaceRecords(folder: string, other: string): Promise<void> {
  if (SERVER === undefined) throw new TypeError('Not on PostgreSQL');
  await removeRecords(folder);
  await withClient(SERVER, (client) => client.query(`alter schema ${schemaOf(other)} rename to ${schemaOf(folder)}`));
}

/** One statement on the records, past the product, as an administrator with a database tool could. `?` stands for a parameter. */
export async function rawRecords(folder: string, statement: string, ...parameters: readonly SQLInputValue[]): Promise<readonly Row[]> {
  const { path, url } = await recordPlace(folder);
  if (url === undefined) {
    const database = new DatabaseSync(path);
    try {
      return database.prepare(statement).all(...parameters);
    } finally {
      database.close();
    }
  }
  const text = parameters.reduce<string>((sql, _, index) => sql.replace('?', () => `$${index + 1}`), statement);
  return withClient(url, async (client) => (await client.query<Row>(text, [...parameters])).rows);
}

/** Takes the rules of the store away, as an administrator of the database could before he writes what they refuse. */
export async function dropDuties(folder: string): Promise<void> {
  const named = isOnPostgres
    ? `select trigger_name as name, event_object_table as "table" from information_schema.triggers where trigger_schema = current_schema()`
    : `SELECT name, tbl_name AS "table" FROM sqlite_master WHERE type = 'trigger'`;
  for (const { name, table } of await rawRecords(folder, named))
    await rawRecords(folder, isOnPostgres ? `drop trigger "${name}" on "${table}"` : `DROP TRIGGER "${name}"`);
}

/** Names of the tables of the records, sorted. */
export async function recordTables(folder: string): Promise<readonly string[]> {
  const rows = isOnPostgres
    ? await rawRecords(folder, `select table_name as name from information_schema.tables where table_schema = current_schema()`)
    : await rawRecords(folder, `SELECT name FROM sqlite_master WHERE type = 'table'`);
  return rows.map((row) => String(row['name'])).sort();
}

/** Everything that stands in the given tables (default: all), as text. */
export async function recordText(folder: string, tables?: readonly string[]): Promise<string> {
  const rows = [];
  for (const table of tables ?? (await recordTables(folder))) rows.push(await rawRecords(folder, `SELECT * FROM "${table}"`));
  return JSON.stringify(rows);
}

/** `if not exists` alone does not hold between two sessions: both may look before either has written. */
function createdOnce(schema: string): string {
  return `begin; select pg_advisory_xact_lock(hashtext('${schema}')); create schema if not exists ${schema}; commit`;
}

function schemaOf(folder: string): string {
  return `s_${createHash('sha256').update(folder).digest('hex').slice(0, 20)}`;
}

function schemaUrl(server: string, schema: string): string {
  return `${server}&options=${encodeURIComponent(`-c search_path=${schema}`)}`;
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
