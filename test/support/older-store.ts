import { createPrivateKey, sign } from 'node:crypto';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { Kysely } from 'kysely';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { chainHash } from '../../src/store/linear-chain.ts';
import { MERKLE_LOG } from '../../src/store/migrations/0020-merkle-log.ts';
import { MIGRATIONS, migrate } from '../../src/store/migrations.ts';
import type { Database } from '../../src/store/schema.ts';
import { NodeSqliteDialect, openSqlite } from '../../src/store/sqlite-database.ts';

/**
 * Makes the closed store at `path` what it would be if the product had ended with migration `last`: its tables and columns,
 * with the rows that they can hold. What came later is lost, as it would not have been there. Before the Merkle tree the log
 * was a chain, `covered` of its entries (default all) under a checkpoint in JSON.
 */
export async function makeOlder(path: string, last: string, covered = Number.MAX_SAFE_INTEGER): Promise<void> {
  const count = MIGRATIONS.findIndex((migration) => migration.name === last) + 1;
  if (count === 0) throw new Error(`There is no migration ${last}`);
  const old = openSqlite(`${path}.old`, 'write');
  const db = new Kysely<Database>({ dialect: new NodeSqliteDialect(old) });
  await db.transaction().execute((tx) => migrate(tx, new Date(0), MIGRATIONS.slice(0, count)));
  // Of an empty log nothing has to be taken over.
  if (count > MIGRATIONS.indexOf(MERKLE_LOG)) old.exec('DROP TABLE audit_chain_v1');
  const now = openSqlite(path, 'read');
  old.exec('PRAGMA foreign_keys = OFF');
  for (const table of tablesOf(old)) {
    if (table === 'schema_migrations') continue;
    if (table === 'audit_entries' && count <= MIGRATIONS.indexOf(MERKLE_LOG)) await copyAsChain(now, old, dirname(path), covered);
    else copy(now, old, table);
  }
  now.close();
  await db.destroy();
  for (const ending of ['', '-wal', '-shm']) await rm(`${path}${ending}`, { force: true });
  await rename(`${path}.old`, path);
  for (const ending of ['-wal', '-shm']) await rename(`${path}.old${ending}`, `${path}${ending}`).catch(() => undefined);
}

/** The log as the version before the tree wrote it, with its tiles gone and its checkpoint signed. Source: ADR 0010. */
async function copyAsChain(from: DatabaseSync, to: DatabaseSync, folder: string, covered: number): Promise<void> {
  const insert = to.prepare('INSERT INTO audit_entries (seq, body, previous_hash, hash) VALUES (?, ?, ?, ?)');
  let hash = '0'.repeat(64);
  let head = { size: 0, hash };
  for (const { seq, body } of from.prepare('SELECT seq, body FROM audit_entries ORDER BY seq').all()) {
    const next = chainHash(hash, String(body));
    insert.run(Number(seq), String(body), hash, next);
    hash = next;
    if (Number(seq) <= covered) head = { size: Number(seq), hash };
  }
  const checkpoint = { v: 1, origin: 'sluice/audit/sha256-ed25519/x', ...head, time: '2026-01-01T00:00:00.000Z' };
  const key = createPrivateKey(await readFile(join(folder, 'keys', 'audit-signing.pem')));
  const signature = sign(null, Buffer.from(`sluice-checkpoint/v1\n${canonicalJson(checkpoint)}`), key).toString('hex');
  await writeFile(join(folder, 'audit', 'checkpoint'), `${canonicalJson({ checkpoint, signature })}\n`);
  await rm(join(folder, 'audit', 'tile'), { recursive: true, force: true });
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
