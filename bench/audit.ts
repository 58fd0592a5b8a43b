import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type ChainHead, EMPTY_CHAIN, link, type StoredEntry } from '../src/audit/chain.ts';
import type { Checkpoint } from '../src/audit/checkpoint.ts';
import { auditEntry, entryBody } from '../src/audit/entry.ts';
import { type AuditEvent, SYSTEM_ACTOR } from '../src/audit/event.ts';
import { verifyChain } from '../src/audit/verify-chain.ts';
import type { Rng } from '../src/kernel/rng.ts';
import { openFileKeyStore } from '../src/store/file-key-store.ts';
import { openSqlite } from '../src/store/sqlite-database.ts';
import { openStore } from '../src/store/store.ts';
import type { Emit } from './bench-line.ts';

const RNG: Rng = { bytes: (length) => randomBytes(length) };
const APPENDS = 400;
/** SLUICE_BENCH_ROWS: entries to verify. */
const VERIFIED = Number(process.env['SLUICE_BENCH_ROWS'] ?? 100_000);

/**
 * Appends to the audit log (entry, commit, signed checkpoint, all on disk) one after the other and 32 at a time, beside
 * bare inserts of the same entries in the same SQLite settings, one commit each; then the rate of verification.
 */
export async function runAuditBench(emit: Emit): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-audit-'));
  try {
    const bare = bareInserts(join(folder, 'bare.sqlite'));
    for (const together of [1, 32]) {
      const rate = await appendRate(join(folder, `appends-${together}`), together);
      const metric = `appends-${together}-at-a-time`;
      emit({ name: 'audit', metric, value: rate, unit: 'entries/s', baseline: bare, ratio: Math.round((bare / rate) * 100) / 100 });
    }
    emit({ name: 'audit', metric: 'verification', value: verificationRate(), unit: 'entries/s' });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function bareInserts(path: string): number {
  const database = openSqlite(path, 'write');
  database.exec('CREATE TABLE entries (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, previous_hash TEXT NOT NULL, hash TEXT NOT NULL)');
  const entries = chainOf(APPENDS);
  const rate = perSecond(APPENDS, () => insertAll(database, entries));
  database.close();
  return rate;
}

function insertAll(database: DatabaseSync, entries: readonly StoredEntry[]): void {
  const statement = database.prepare('INSERT INTO entries VALUES (?, ?, ?, ?)');
  for (const entry of entries) statement.run(entry.seq, entry.body, entry.previousHash, entry.hash);
}

async function appendRate(folder: string, together: number): Promise<number> {
  const keys = await openFileKeyStore(join(folder, 'keys'), RNG);
  const paths = { path: join(folder, 'store.sqlite'), checkpointPath: join(folder, 'audit', 'checkpoint') };
  const { store, audit } = await openStore({ ...paths, keys, clock: { now: () => new Date() } });
  const start = performance.now();
  for (let done = 0; done < APPENDS; done += together) {
    await Promise.all(Array.from({ length: together }, (_, index) => audit.append(someOutcome(done + index))));
  }
  const seconds = (performance.now() - start) / 1000;
  await store.close();
  return Math.round((Math.ceil(APPENDS / together) * together) / seconds);
}

function verificationRate(): number {
  const entries = chainOf(VERIFIED);
  const last = entries[VERIFIED - 1];
  if (last === undefined) throw new Error('No entries');
  const checkpoint: Checkpoint = { v: 1, origin: 'bench', size: last.seq, hash: last.hash, time: '' };
  return perSecond(VERIFIED, () => {
    if (!verifyChain(entries, checkpoint).verified) throw new Error('The chain does not verify');
  });
}

function chainOf(length: number): readonly StoredEntry[] {
  const entries: StoredEntry[] = [];
  let head: ChainHead = EMPTY_CHAIN;
  for (let index = 0; index < length; index += 1) {
    const entry = link(head, entryBody(auditEntry(someOutcome(index), index + 1, new Date())));
    entries.push(entry);
    head = { size: entry.seq, hash: entry.hash };
  }
  return entries;
}

function someOutcome(index: number): AuditEvent {
  const facts = {
    dataset: 'city',
    datasetVersion: 'v1',
    target: 'real',
    state: 'RESULT_SEALED',
    rowsBand: '10–99',
    resultDigest: 'a'.repeat(64),
  };
  return { operation: 'job.outcome', actor: SYSTEM_ACTOR, object: `job_${index}`, outcome: 'done', facts };
}

function perSecond(count: number, work: () => void): number {
  const start = performance.now();
  work();
  return Math.round(count / ((performance.now() - start) / 1000));
}
