import { AsyncLocalStorage } from 'node:async_hooks';
import { Kysely } from 'kysely';
import { AuditUnavailable } from '../audit/audit-unavailable.ts';
import { EMPTY_CHAIN } from '../audit/chain.ts';
import type { AuditEntry } from '../audit/entry.ts';
import type { Clock } from '../kernel/clock.ts';
import { ok, type Result } from '../kernel/result.ts';
import type { AuditEntryView } from '../operations/operations.ts';
import type { AuditPort, KeyStore, StorePort, StoreTransaction, StoreView } from '../operations/ports.ts';
import { appender, coverLog, entriesAfter, verifyLog } from './audit-log.ts';
import { type CheckpointFile, openCheckpointFile } from './checkpoint-file.ts';
import { readDatasets, writeDatasets } from './dataset-records.ts';
import { readEgress, writeEgress } from './egress-records.ts';
import { readGrants, writeGrants } from './grant-records.ts';
import { readJobs, writeJobs } from './job-records.ts';
import { readLedger, writeLedger } from './ledger-records.ts';
import { readLoads, reportLoadProgress, writeLoads } from './load-records.ts';
import { readMatters, writeMatters } from './matter-records.ts';
import { migrate } from './migrations.ts';
import { readPrincipals, writePrincipals } from './principal-records.ts';
import { readProbes, writeProbes } from './probe-records.ts';
import { readReleases, writeReleases } from './release-records.ts';
import type { Database } from './schema.ts';
import { type SealedFields, sealedFields } from './sealed-field.ts';
import { readSimulations, writeSimulations } from './simulation-records.ts';
import { NodeSqliteDialect, openSqlite } from './sqlite-database.ts';
import type { Writing } from './writing.ts';

const MAX_ENTRIES = 1000;

export interface StoreOptions {
  /** The SQLite file; made where there is none. */
  readonly path: string;
  /** The signed checkpoint of the audit log; to be kept outside the store. */
  readonly checkpointPath: string;
  readonly keys: KeyStore;
  readonly clock: Clock;
}

export interface OpenedStore {
  readonly store: StorePort;
  readonly audit: AuditPort;
}

/**
 * Opens (and brings up to date) the records of an instance. Several processes may have the same file open.
 * A store whose log contradicts its checkpoint opens, so that it can be read and verified, but takes no writes.
 */
export async function openStore(options: StoreOptions): Promise<OpenedStore> {
  const { path, keys, clock } = options;
  const checkpoints = await openCheckpointFile(options.checkpointPath, keys, clock);
  const writing = openSqlite(path, 'write');
  const writer = new Kysely<Database>({ dialect: new NodeSqliteDialect(writing) });
  await prepare(writer, checkpoints, clock).catch((error: unknown) => {
    writing.close();
    throw error;
  });
  const reading = openSqlite(path, 'read');
  const reader = new Kysely<Database>({ dialect: new NodeSqliteDialect(reading) });
  const fields = sealedFields(keys);
  const write = writeWith(writer, checkpoints, clock, { fields, keys });
  return {
    store: {
      view: readAll(reader, { fields, keys }),
      write,
      reportLoadProgress: (id, progress) => writer.transaction().execute((tx) => reportLoadProgress(tx, id, progress)),
      async close() {
        // The writer last: only it may fold the write-ahead log into the file.
        // Not left to Kysely, which does not close what it never used.
        for (const database of [reading, writing]) if (database.isOpen) database.close();
      },
    },
    audit: {
      async append(event) {
        await write(async (tx) => ok(await tx.audit.append(event)));
      },
      async entries(range) {
        const entries = await entriesAfter(reader, range.after, Math.min(MAX_ENTRIES, Math.max(0, range.limit)));
        return entries.map((entry) => entryView(entry.body, entry.previousHash, entry.hash));
      },
      async verify() {
        const { verified, entries, checkpoint, faults } = await verifyLog(reader, checkpoints);
        return { verified, entries, faults, checkpoint: checkpoint && { size: checkpoint.size, hash: checkpoint.hash } };
      },
    },
  };
}

/** Migrates. A store that is new gets its first checkpoint, over an empty log, before anything can be written. */
async function prepare(writer: Kysely<Database>, checkpoints: CheckpointFile, clock: Clock): Promise<void> {
  await writer.transaction().execute(async (tx) => {
    const applied = await migrate(tx, clock.now());
    const isNew = applied.includes('0001-records');
    if (isNew && (await checkpoints.read()) === 'checkpoint-missing') await checkpoints.write(EMPTY_CHAIN);
  });
}

/** Carries a refusal out of a transaction so that it rolls back. */
class Refusal<E> extends Error {
  readonly error: E;

  constructor(error: E) {
    super('Transaction refused');
    this.error = error;
  }
}

interface Sealing {
  readonly fields: SealedFields;
  readonly keys: KeyStore;
}

function writeWith(writer: Kysely<Database>, checkpoints: CheckpointFile, clock: Clock, { fields, keys }: Sealing): StorePort['write'] {
  const cover = checkpointing(writer, checkpoints);
  const inside = new AsyncLocalStorage<true>();
  return async <T, E>(work: (tx: StoreTransaction) => Promise<Result<T, E>>): Promise<Result<T, E>> => {
    if (inside.getStore() === true) throw new Error('A write transaction inside a write transaction');
    let last: number | null = null;
    let outcome: Result<T, E>;
    try {
      outcome = await writer.transaction().execute(async (tx) => {
        const at = clock.now();
        const log = appender(tx, checkpoints, at);
        const result = await inside.run(true, () => work(transactionOver({ tx, at: at.toISOString(), fields, record: log.record }, keys)));
        if (!result.ok) throw new Refusal(result.error);
        last = log.last();
        return result;
      });
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, error: error.error as E };
      throw error;
    }
    if (last !== null) await cover(last);
    return outcome;
  };
}

/** Gives a function that returns once a checkpoint covers entry `seq`. One checkpoint serves all who wait for it. */
function checkpointing(writer: Kysely<Database>, checkpoints: CheckpointFile): (seq: number) => Promise<void> {
  let covered = 0;
  let running: Promise<void> | null = null;
  const run = async (): Promise<void> => {
    try {
      covered = (await writer.transaction().execute((tx) => coverLog(tx, checkpoints))).size;
    } catch (error) {
      if (error instanceof AuditUnavailable) throw error;
      throw new AuditUnavailable('checkpoint-not-written', { cause: error });
    } finally {
      running = null;
    }
  };
  return async (seq) => {
    while (covered < seq) {
      running ??= run();
      await running;
    }
  };
}

function readAll(db: Kysely<Database>, { fields, keys }: Sealing): StoreView {
  return {
    datasets: readDatasets(db, fields),
    loads: readLoads(db),
    simulations: readSimulations(db),
    grants: readGrants(db),
    principals: readPrincipals(db),
    jobs: readJobs(db),
    egress: readEgress(db, fields),
    releases: readReleases(db),
    probes: readProbes(db),
    ledger: readLedger(db, keys),
    matters: readMatters(db),
  };
}

function transactionOver(writing: Writing, keys: KeyStore): StoreTransaction {
  return {
    datasets: writeDatasets(writing),
    loads: writeLoads(writing),
    simulations: writeSimulations(writing),
    grants: writeGrants(writing),
    principals: writePrincipals(writing),
    jobs: writeJobs(writing),
    egress: writeEgress(writing),
    releases: writeReleases(writing),
    probes: writeProbes(writing),
    ledger: writeLedger(writing, keys),
    matters: readMatters(writing.tx),
    matterWrites: writeMatters(writing),
    audit: {
      async append(event) {
        await writing.record(event);
      },
    },
  };
}

function entryView(body: string, previousHash: string, hash: string): AuditEntryView {
  const { seq, at, actor, operation, object, facts } = JSON.parse(body) as AuditEntry;
  return { seq, at, actor: actor.id, operation, object, facts, previousHash, hash };
}
