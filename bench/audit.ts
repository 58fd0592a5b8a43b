import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { auditEntry, entryBody } from '../src/audit/entry.ts';
import type { AuditEvent } from '../src/audit/event.ts';
import { readTrust } from '../src/audit/log-trust.ts';
import { leafHash } from '../src/audit/merkle-hash.ts';
import { logVerifier } from '../src/audit/verify-log.ts';
import type { Rng } from '../src/kernel/rng.ts';
import { verifyTiles } from '../src/store/audit-verification.ts';
import { openFileKeyStore } from '../src/store/file-key-store.ts';
import { openSqlite } from '../src/store/sqlite-database.ts';
import { openStore } from '../src/store/store.ts';
import type { Emit } from './bench-line.ts';

const RNG: Rng = { bytes: (length) => randomBytes(length) };
const APPENDS = 1024;
/** SLUICE_BENCH_ROWS: entries to verify and to search. */
const ENTRIES = Number(process.env['SLUICE_BENCH_ROWS'] ?? 100_000);
const BATCHES = [1, 32, 256] as const;

/** Entries of the log that is searched: the issue asks for a million. SLUICE_BENCH_SEARCH sets another number. */
const SEARCHED = Number(process.env['SLUICE_BENCH_SEARCH'] ?? ENTRIES);

/**
 * Appends (entry on disk when it returns) one after the other and 32 and 256 at a time, beside bare inserts of the same
 * entries with the same SQLite settings, as many to a commit, and beside a bare append and fsync of as many bytes; then
 * the rate of verification (in memory, and of a whole log from its store and from its tiles), and searches.
 */
export async function runAuditBench(emit: Emit): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-audit-'));
  try {
    for (const together of BATCHES) {
      const rate = await appendRate(join(folder, `appends-${together}`), together);
      const sqlite = bareInserts(join(folder, `bare-${together}.sqlite`), together);
      const fsync = await bareFsyncs(join(folder, `bare-${together}.log`), together);
      const line = { name: 'audit', value: rate, unit: 'entries/s' } as const;
      emit({ ...line, metric: `appends-${together}-beside-sqlite`, baseline: sqlite, ratio: ratioOf(sqlite, rate) });
      emit({ ...line, metric: `appends-${together}-beside-fsync`, baseline: fsync, ratio: ratioOf(fsync, rate) });
    }
    verificationRate(emit);
    await searchTimes(join(folder, 'search'), emit);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function ratioOf(baseline: number, value: number): number {
  return Math.round((baseline / value) * 100) / 100;
}

function bareInserts(path: string, together: number): number {
  const database = openSqlite(path, 'write');
  database.exec('CREATE TABLE entries (seq INTEGER PRIMARY KEY, body TEXT NOT NULL, at TEXT NOT NULL, leaf TEXT)');
  const statement = database.prepare('INSERT INTO entries VALUES (?, ?, ?, NULL)');
  const bodies = Array.from({ length: APPENDS }, (_, index) => bodyOf(index));
  const rate = perSecond(APPENDS, () => {
    for (let done = 0; done < APPENDS; done += together) {
      database.exec('BEGIN IMMEDIATE');
      for (let index = done; index < done + together; index += 1) statement.run(index + 1, bodies[index] ?? '', '');
      database.exec('COMMIT');
    }
  });
  database.close();
  return rate;
}

async function bareFsyncs(path: string, together: number): Promise<number> {
  const file = await open(path, 'a');
  const start = performance.now();
  for (let done = 0; done < APPENDS; done += together) {
    await file.write(Array.from({ length: together }, (_, index) => bodyOf(done + index)).join(''));
    await file.sync();
  }
  const seconds = (performance.now() - start) / 1000;
  await file.close();
  return Math.round(APPENDS / seconds);
}

async function openBench(folder: string) {
  const keys = await openFileKeyStore(join(folder, 'keys'), RNG);
  const paths = { path: join(folder, 'store.sqlite'), checkpointPath: join(folder, 'audit', 'checkpoint') };
  return { ...(await openStore({ ...paths, keys, clock: { now: () => new Date() } })), ...paths };
}

async function appendRate(folder: string, together: number): Promise<number> {
  const { store, audit } = await openBench(folder);
  const start = performance.now();
  for (let done = 0; done < APPENDS; done += together) {
    await Promise.all(Array.from({ length: together }, (_, index) => audit.append(someEvent(done + index))));
  }
  const seconds = (performance.now() - start) / 1000;
  await store.close();
  return Math.round(APPENDS / seconds);
}

function verificationRate(emit: Emit): void {
  const records = Array.from({ length: ENTRIES }, (_, index) => {
    const body = bodyOf(index);
    return { seq: index + 1, body, leaf: leafHash('sha256', Buffer.from(body, 'utf8')) };
  });
  const verify = (): void => {
    const verifier = logVerifier('sha256', [], { now: new Date(), deadlineMs: 0 });
    for (const record of records) verifier.take(record);
    if (!verifier.finish().verified) throw new Error('The log does not verify');
  };
  verify(); // once before, so that what is measured is compiled
  const before = process.cpuUsage();
  const rate = perSecond(ENTRIES, verify);
  emit({ name: 'audit', metric: 'verification', value: rate, unit: 'entries/s' });
  emit({ name: 'audit', metric: 'verification-cpu', value: perCpuSecond(ENTRIES, before), unit: 'entries/CPU s' });
}

/** Entries for each second that this process has computed since `before`, on whatever core, waiting left out. */
function perCpuSecond(count: number, before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return Math.round(count / ((user + system) / 1e6));
}

const QUERIES = [
  { metric: 'search-actor', terms: [{ kind: 'actor', term: 'merchant-7' }] },
  {
    metric: 'search-column-and-verdict',
    terms: [
      { kind: 'column', term: 'visits.c3' },
      { kind: 'outcome', term: 'refused' },
    ],
  },
  { metric: 'search-digest', terms: [{ kind: 'digest', term: digestOf(4242) }] },
  {
    metric: 'search-nothing-in-common',
    terms: [
      { kind: 'outcome', term: 'refused' },
      { kind: 'dataset', term: 'city-0' },
    ],
  },
] as const;

/** A log of `SEARCHED` entries that were never sequenced: searched, given places, verified from its store and from its tiles. */
async function searchTimes(folder: string, emit: Emit): Promise<void> {
  const first = await openBench(folder);
  await first.store.close();
  const database = openSqlite(first.path, 'write');
  const statement = database.prepare('INSERT INTO audit_entries VALUES (?, ?, ?, NULL)');
  database.exec('BEGIN IMMEDIATE');
  for (let index = 0; index < SEARCHED; index += 1) {
    const at = new Date(Date.UTC(2026, 0, 1) + index * 1000);
    statement.run(index + 1, entryBody(auditEntry(someEvent(index), index + 1, at)), at.toISOString());
  }
  database.exec('COMMIT');
  database.close();
  const { store, audit } = await openBench(folder);
  const started = performance.now();
  await audit.search({ terms: [], from: null, to: null, before: null, limit: 1 });
  emit({ name: 'audit', metric: 'indexing', value: Math.round(SEARCHED / ((performance.now() - started) / 1000)), unit: 'entries/s' });
  emit({ name: 'audit', metric: 'searched-entries', value: SEARCHED, unit: 'entries' });
  for (const { metric, terms } of QUERIES) {
    const start = performance.now();
    await audit.search({ terms, from: '2026-01-01T00:00:10.000Z', to: null, before: null, limit: 100 });
    emit({ name: 'audit', metric, value: Math.round((performance.now() - start) * 10) / 10, unit: 'ms' });
  }
  await audit.checkpoint();
  const wholeLog = async (metric: string, verify: () => Promise<{ readonly verified: boolean }>): Promise<void> => {
    const [before, begun] = [process.cpuUsage(), performance.now()];
    if (!(await verify()).verified) throw new Error('The log does not verify');
    const value = Math.round(SEARCHED / ((performance.now() - begun) / 1000));
    emit({ name: 'audit', metric, value, unit: 'entries/s' });
    emit({ name: 'audit', metric: `${metric}-cpu`, value: perCpuSecond(SEARCHED, before), unit: 'entries/CPU s' });
  };
  await wholeLog('verify-store', () => audit.verify());
  const trust = readTrust((await audit.keys()).map((key) => `log ${key}\n`).join(''));
  if (trust === null) throw new Error('The keys of the log do not read');
  await wholeLog('verify-tiles', () => verifyTiles(join(folder, 'audit'), trust, { witnessed: [], now: new Date() }));
  await store.close();
}

function digestOf(index: number): string {
  return createHash('sha256').update(String(index)).digest('hex');
}

function bodyOf(index: number): string {
  return entryBody(auditEntry(someEvent(index), index + 1, new Date(Date.UTC(2026, 0, 1) + index * 1000)));
}

function someEvent(index: number): AuditEvent {
  const merchant = `merchant-${index % 200}`;
  return {
    operation: 'job.submit',
    actor: { id: merchant, organisation: `${merchant}-co`, roles: ['merchant'] },
    object: `job_${index}`,
    outcome: index % 2 === 1 && index % 3 === 0 ? 'refused' : 'done',
    trace: `job_${index}`,
    facts: { dataset: `city-${index % 2}`, target: 'real', sqlDigest: digestOf(index), columns: [`visits.c${index % 20}`, 'visits.area'] },
  };
}

function perSecond(count: number, work: () => void): number {
  const start = performance.now();
  work();
  return Math.round(count / ((performance.now() - start) / 1000));
}
