import { createPrivateKey, sign } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Kysely, sql } from 'kysely';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { chainHash } from '../../src/store/linear-chain.ts';
import { MERKLE_LOG } from '../../src/store/migrations/0020-merkle-log.ts';
import { MIGRATIONS, migrate } from '../../src/store/migrations.ts';
import { openRecordDatabase } from '../../src/store/record-database.ts';
import type { Database } from '../../src/store/schema.ts';
import { isOnPostgres, recordPlace, replaceRecords } from './kept-records.ts';

/**
 * Makes the closed store of `folder` what it would be if the product had ended with migration `last`: its tables and columns,
 * with the rows that they can hold. What came later is lost, as it would not have been there. Before the Merkle tree the log
 * was a chain, `covered` of its entries (default all) under a checkpoint in JSON.
 */
export async function makeOlder(folder: string, last: string, covered = Number.MAX_SAFE_INTEGER): Promise<void> {
  const count = MIGRATIONS.findIndex((migration) => migration.name === last) + 1;
  if (count === 0) throw new Error(`There is no migration ${last}`);
  const beside = `${folder}.old`;
  const place = await recordPlace(beside);
  const old = await openRecordDatabase(isOnPostgres ? place : { path: join(folder, 'store.sqlite.old') });
  await old.writer.transaction().execute((tx) => migrate(tx, new Date(0), MIGRATIONS.slice(0, count)));
  const isChain = count <= MIGRATIONS.indexOf(MERKLE_LOG);
  // Of an empty log nothing has to be taken over.
  if (!isChain) await sql`DROP TABLE audit_chain_v1`.execute(old.writer);
  const now = await openRecordDatabase(await recordPlace(folder));
  if (!isOnPostgres) await sql`PRAGMA foreign_keys = OFF`.execute(old.writer);
  for (const table of await tablesOf(old.writer)) {
    if (table.name === 'schema_migrations') continue;
    if (table.name === 'audit_entries' && isChain) await copyAsChain(now.reader, old.writer, folder, covered);
    else await copy(now.reader, old.writer, table);
  }
  await now.close();
  await old.close();
  if (isOnPostgres) return replaceRecords(folder, beside);
  const path = join(folder, 'store.sqlite');
  for (const ending of ['', '-wal', '-shm']) await rm(`${path}${ending}`, { force: true });
  await rename(`${path}.old`, path);
  for (const ending of ['-wal', '-shm']) await rename(`${path}.old${ending}`, `${path}${ending}`).catch(() => undefined);
}

/** The log as the version before the tree wrote it, with its tiles gone and its checkpoint signed. Source: ADR 0010. */
async function copyAsChain(from: Kysely<Database>, to: Kysely<Database>, folder: string, covered: number): Promise<void> {
  let hash = '0'.repeat(64);
  let head = { size: 0, hash };
  for (const { seq, body } of await from.selectFrom('audit_entries').select(['seq', 'body']).orderBy('seq').execute()) {
    const next = chainHash(hash, String(body));
    await sql`INSERT INTO audit_entries (seq, body, previous_hash, hash) VALUES (${seq}, ${body}, ${hash}, ${next})`.execute(to);
    hash = next;
    if (seq <= covered) head = { size: seq, hash };
  }
  const checkpoint = { v: 1, origin: 'sluice/audit/sha256-ed25519/x', ...head, time: '2026-01-01T00:00:00.000Z' };
  const key = createPrivateKey(await readFile(join(folder, 'keys', 'audit-signing.pem')));
  const signature = sign(null, Buffer.from(`sluice-checkpoint/v1\n${canonicalJson(checkpoint)}`), key).toString('hex');
  await writeFile(join(folder, 'audit', 'checkpoint'), `${canonicalJson({ checkpoint, signature })}\n`);
  await rm(join(folder, 'audit', 'tile'), { recursive: true, force: true });
}

interface Table {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Tables in the order in which they can be filled: what others refer to first. */
async function tablesOf(db: Kysely<Database>): Promise<readonly Table[]> {
  interface Row {
    readonly table: string;
    readonly column: string;
  }
  const { rows } = isOnPostgres
    ? await sql<Row>`select table_name as "table", column_name as "column"
        from information_schema.columns where table_schema = current_schema()`.execute(db)
    : await sql<Row>`select m.name as "table", c.name as "column"
        from sqlite_master m, pragma_table_info(m.name) c where m.type = 'table'`.execute(db);
  const FIRST = ['datasets', 'dataset_versions', 'principals', 'jobs', 'egress_requests', 'releases', 'matters'];
  const rank = (name: string): number => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);
  return [...Map.groupBy(rows, (row) => row.table)]
    .map(([name, of]) => ({ name, columns: of.map((row) => row.column) }))
    .sort((a, b) => rank(a.name) - rank(b.name));
}

async function copy(from: Kysely<Database>, to: Kysely<Database>, table: Table): Promise<void> {
  const there = (await tablesOf(from)).find(({ name }) => name === table.name)?.columns ?? [];
  const columns = table.columns.filter((column) => there.includes(column)).map((column) => sql.ref(column));
  // A table that a later migration took away.
  if (columns.length === 0) return;
  const { rows } = await sql<Readonly<Record<string, unknown>>>`SELECT ${sql.join(columns)} FROM ${sql.table(table.name)}`.execute(from);
  for (const row of rows)
    await sql`INSERT INTO ${sql.table(table.name)} (${sql.join(columns)}) VALUES (${sql.join(Object.values(row))})`.execute(to);
}
