import { createPrivateKey, sign } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { canonicalJson } from '../../src/kernel/canonical-json.ts';
import { chainHash } from '../../src/store/linear-chain.ts';
import { storePaths } from './temporary-store.ts';

const TABLES = ['checkpoints', 'holds', 'indexed', 'month_keys', 'openings', 'postings', 'queries', 'searches', 'terms', 'tree', 'entries'];

/**
 * Turns the store of a closed instance folder back into what the version before the Merkle tree wrote: a linear chain
 * over the same texts, `covered` of them (default all) under a checkpoint in JSON. Only migrations up to `last` stay.
 */
export async function toLinearChain(folder: string, last = '0003-ledger', covered = Number.MAX_SAFE_INTEGER): Promise<void> {
  const paths = storePaths(folder);
  const database = new DatabaseSync(paths.path);
  const rows = database.prepare('SELECT seq, body FROM audit_entries ORDER BY seq').all();
  database.exec(`PRAGMA foreign_keys = OFF; ${TABLES.map((name) => `DROP TABLE audit_${name};`).join(' ')}
    CREATE TABLE audit_entries (seq integer not null primary key, body text not null, previous_hash text not null, hash text not null);
    DELETE FROM schema_migrations WHERE name > '${last}';`);
  let hash = '0'.repeat(64);
  let head = { size: 0, hash };
  for (const { seq, body } of rows) {
    const next = chainHash(hash, String(body));
    database.prepare('INSERT INTO audit_entries VALUES (?, ?, ?, ?)').run(Number(seq), String(body), hash, next);
    hash = next;
    if (Number(seq) <= covered) head = { size: Number(seq), hash };
  }
  database.close();
  const checkpoint = { v: 1, origin: 'sluice/audit/sha256-ed25519/x', ...head, time: '2026-01-01T00:00:00.000Z' };
  const key = createPrivateKey(await readFile(join(paths.keysFolder, 'audit-signing.pem')));
  const signature = sign(null, Buffer.from(`sluice-checkpoint/v1\n${canonicalJson(checkpoint)}`), key).toString('hex');
  await writeFile(paths.checkpointPath, `${canonicalJson({ checkpoint, signature })}\n`);
}
