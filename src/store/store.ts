import { AsyncLocalStorage } from 'node:async_hooks';
import { dirname } from 'node:path';
import type { Kysely } from 'kysely';
import { AuditUnavailable } from '../audit/audit-unavailable.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Result } from '../kernel/result.ts';
import type { AnswerStore } from '../operations/answer-store.ts';
import type { AuditPort } from '../operations/audit-store.ts';
import type { ModelVault } from '../operations/model-vault.ts';
import type { KeyStore, StorePort, StoreTransaction, StoreView } from '../operations/ports.ts';
import { StoreUnavailable } from '../operations/store-unavailable.ts';
import { noteSessionUse, readAccounts, writeAccounts } from './account-records.ts';
import { readAffiliations, writeAffiliations } from './affiliation-records.ts';
import { answerStore } from './answer-records.ts';
import { appender } from './audit-appender.ts';
import { writeAudit } from './audit-keeping.ts';
import { type AuditLog, auditLog, prepareLog } from './audit-log.ts';
import { auditPort } from './audit-port.ts';
import { openTileFolder } from './audit-tiles.ts';
import { type AuditProfile, openCheckpointFile } from './checkpoint-file.ts';
import { readDatasets, writeDatasets } from './dataset-records.ts';
import { readEgress, writeEgress } from './egress-records.ts';
import { readExternalData, writeExternalData } from './external-data-records.ts';
import { readFitBudget, writeFitBudget } from './fit-budget-records.ts';
import { readGrants, writeGrants } from './grant-records.ts';
import { readJobs, writeJobs } from './job-records.ts';
import { leaseStore } from './lease-records.ts';
import { readLedger, writeLedger } from './ledger-records.ts';
import { readLoads, reportLoadProgress, writeLoads } from './load-records.ts';
import { readMaskPolicies, writeMaskPolicies } from './mask-policy-records.ts';
import { readMatters, writeMatters } from './matter-records.ts';
import { migrate } from './migrations.ts';
import { moveModels } from './move-models.ts';
import { readNotices, writeNotices } from './notice-records.ts';
import { noteKeyUse, readPrincipals, writePrincipals } from './principal-records.ts';
import { readPrivacy, writePrivacy } from './privacy-records.ts';
import { readProbes, writeProbes } from './probe-records.ts';
import { readProducts, writeProducts } from './product-records.ts';
import { openRecordDatabase } from './record-database.ts';
import { type RecordSnapshot, withSnapshot } from './record-snapshot.ts';
import { readReleases, writeReleases } from './release-records.ts';
import { readReports, writeReports } from './report-records.ts';
import type { Database } from './schema.ts';
import { type SealedFields, sealedFields } from './sealed-field.ts';
import { readSimulations, writeSimulations } from './simulation-records.ts';
import { readStandard, writeStandard } from './standard-records.ts';
import { readWebhooks, writeWebhooks } from './webhook-records.ts';
import type { Writing } from './writing.ts';

export interface StoreOptions {
  /** The SQLite file; made where there is none. */
  readonly path: string;
  /** Where given, the records are on PostgreSQL and `path` is not looked at. Holds a password: not to be shown. */
  readonly url?: string | undefined;
  /** The signed checkpoint of the audit log; to be kept outside the store. */
  readonly checkpointPath: string;
  readonly keys: KeyStore;
  readonly clock: Clock;
  /** Of the audit log; fixed for its life. Default: `intl`. */
  readonly auditProfile?: AuditProfile;
}

export interface OpenedStore {
  readonly store: StorePort;
  readonly audit: AuditPort;
  /** All records at one instant, for a backup; nobody writes meanwhile. */
  withSnapshot<T>(work: (snapshot: RecordSnapshot) => Promise<T>): Promise<T>;
  /** The signed checkpoint as it stands, and how many entries it covers. Throws `AuditUnavailable` where there is none that is right. */
  checkpointNow(): Promise<{ readonly size: number; readonly note: string }>;
  readonly answers: AnswerStore;
  /** Bytes of models that an older version left in records go into sealed files; gives of how many jobs. Before anything else is done. */
  moveModels(models: ModelVault): Promise<number>;
}

/**
 * Opens (and brings up to date) the records of an instance. Several processes may have the same file open.
 * A store whose log contradicts its checkpoint opens, so that it can be read and verified, but takes no writes.
 */
export async function openStore(options: StoreOptions): Promise<OpenedStore> {
  const { keys, clock, checkpointPath } = options;
  const checkpoints = await openCheckpointFile(checkpointPath, keys, options.auditProfile ?? 'intl');
  const folder = dirname(checkpointPath);
  const tiles = await openTileFolder(folder, checkpoints.algorithm);
  const publicKey = await keys.publicKey('audit');
  const database = await openRecordDatabase(options);
  const { writer, reader } = database;
  await prepare(writer, { checkpoints, tiles, publicKey, clock }).catch(async (error: unknown) => {
    await database.close();
    throw error;
  });
  const fields = sealedFields(keys);
  const log = auditLog(writer, checkpoints, tiles, clock);
  const write = writeWith(writer, log, clock, { fields, keys });
  return {
    store: {
      view: readAll(reader, { fields, keys }),
      write,
      noteSessionUse: (digest) => writer.transaction().execute((tx) => noteSessionUse(tx, digest, clock.now())),
      noteKeyUse: (id) => writer.transaction().execute((tx) => noteKeyUse(tx, id, clock.now())),
      leases: leaseStore(writer, reader),
      isShared: options.url !== undefined,
      reportLoadProgress: (id, progress) => writer.transaction().execute((tx) => reportLoadProgress(tx, id, progress)),
      async close() {
        await log.close();
        await database.close();
      },
    },
    withSnapshot: (work) => withSnapshot(writer, work),
    async checkpointNow() {
      const found = await checkpoints.read();
      if (typeof found === 'string') throw new AuditUnavailable(found);
      return { size: found.size, note: (await checkpoints.text()) ?? '' };
    },
    audit: auditPort({
      reader,
      writer,
      log,
      checkpoints,
      tiles,
      folder,
      path: options.url === undefined ? options.path : null,
      clock,
      keys,
      write,
    }),
    answers: answerStore(writer, fields, clock),
    moveModels: (models) => moveModels(writer, models),
  };
}

/** Migrates, and makes the log ready to be extended. */
async function prepare(writer: Kysely<Database>, parts: Parameters<typeof prepareLog>[1]): Promise<void> {
  const applied = await writer.transaction().execute((tx) => migrate(tx, parts.clock.now()));
  await prepareLog(writer, parts, applied.includes('0001-records'));
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

function writeWith(writer: Kysely<Database>, log: AuditLog, clock: Clock, { fields, keys }: Sealing): StorePort['write'] {
  const inside = new AsyncLocalStorage<true>();
  return async <T, E>(work: (tx: StoreTransaction) => Promise<Result<T, E>>): Promise<Result<T, E>> => {
    if (inside.getStore() === true) throw new Error('A write transaction inside a write transaction');
    await log.ready();
    let settled: (() => void) | null = null;
    let outcome: Result<T, E>;
    try {
      outcome = await writer.transaction().execute(async (tx) => {
        const at = clock.now();
        const entries = appender(tx, log.tree, at);
        const writing = { tx, at: at.toISOString(), fields, record: entries.record };
        const result = await inside.run(true, () => work(transactionOver(writing, keys)));
        if (!result.ok) throw new Refusal(result.error);
        if (entries.last() !== null) settled = await log.place(tx);
        return result;
      });
    } catch (error) {
      if (error instanceof Refusal) return { ok: false, error: error.error as E };
      throw isNotWritable(error) ? new AuditUnavailable('log-not-writable', { cause: error }) : error;
    }
    (settled as (() => void) | null)?.();
    return outcome;
  };
}

/** SQLite's read-only, input/output, full and cannot-open: what is not on disk did not happen. A database that does not answer may have taken it. */
const NOT_WRITABLE: readonly unknown[] = [8, 10, 13, 14];

function isNotWritable(error: unknown): boolean {
  if (error instanceof StoreUnavailable) return true;
  return error instanceof Error && 'errcode' in error && NOT_WRITABLE.includes(Number(error.errcode) & 0xff);
}

function readAll(db: Kysely<Database>, { fields, keys }: Sealing): StoreView {
  return {
    datasets: readDatasets(db, fields),
    loads: readLoads(db),
    simulations: readSimulations(db),
    grants: readGrants(db),
    principals: readPrincipals(db),
    accounts: readAccounts(db, fields),
    jobs: readJobs(db),
    egress: readEgress(db, fields),
    releases: readReleases(db),
    standard: readStandard(db, fields),
    privacy: readPrivacy(db),
    affiliations: readAffiliations(db),
    notices: readNotices(db),
    products: readProducts(db),
    probes: readProbes(db),
    ledger: readLedger(db, keys),
    matters: readMatters(db),
    fitBudget: readFitBudget(db),
    maskPolicies: readMaskPolicies(db),
    webhooks: readWebhooks(db),
    externalData: readExternalData(db),
    reports: readReports(db, fields),
  };
}

function transactionOver(writing: Writing, keys: KeyStore): StoreTransaction {
  return {
    datasets: writeDatasets(writing),
    loads: writeLoads(writing),
    simulations: writeSimulations(writing),
    grants: writeGrants(writing),
    principals: writePrincipals(writing),
    accounts: writeAccounts(writing),
    jobs: writeJobs(writing),
    egress: writeEgress(writing),
    releases: writeReleases(writing),
    standard: writeStandard(writing),
    privacy: writePrivacy(writing),
    affiliations: writeAffiliations(writing),
    notices: writeNotices(writing),
    products: writeProducts(writing),
    probes: writeProbes(writing),
    ledger: writeLedger(writing, keys),
    matters: readMatters(writing.tx),
    matterWrites: writeMatters(writing),
    fitBudget: writeFitBudget(writing),
    maskPolicies: writeMaskPolicies(writing),
    webhooks: writeWebhooks(writing),
    externalData: writeExternalData(writing),
    reports: writeReports(writing),
    audit: writeAudit(writing, keys),
  };
}
