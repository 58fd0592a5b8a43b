import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { AuditUnavailable } from './audit/audit-unavailable.ts';
import { type AuditEvent, SYSTEM_ACTOR } from './audit/event.ts';
import type { Config } from './config.ts';
import { buildApp } from './http/app.ts';
import { faultShape, type Log } from './http/plugins/access-log.ts';
import type { App } from './http/routes/route-context.ts';
import { demonstrationPrincipals } from './identity/demonstration-principals.ts';
import { auditUpkeep } from './instance/audit-upkeep.ts';
import { type BackupMade, backupInstance } from './instance/backup.ts';
import { cityRules } from './instance/city-rules.ts';
import { fidelityPort } from './instance/fidelity-adapter.ts';
import { fitterPort } from './instance/fitter-adapter.ts';
import { type TurnedKey, turnKey } from './instance/key-rotation.ts';
import { openLinearSolver } from './instance/linear-solver.ts';
import { loaderPort } from './instance/loader-adapter.ts';
import { maskerPort } from './instance/masker-adapter.ts';
import { registerOpener } from './instance/opener-registry.ts';
import { queryPort } from './instance/query-adapter.ts';
import { reconcileWithLog } from './instance/reconcile.ts';
import { sessionKeys } from './instance/session-keys.ts';
import { simulatorPort } from './instance/simulator-adapter.ts';
import { isToken, tokenVerifier } from './instance/token-verifier.ts';
import { trainerPort } from './instance/trainer-adapter.ts';
import { webhookSender } from './instance/webhook-sender.ts';
import type { Clock } from './kernel/clock.ts';
import { PRODUCT_VERSION } from './kernel/product-version.ts';
import type { Result } from './kernel/result.ts';
import type { Rng } from './kernel/rng.ts';
import type { AccountDesk } from './operations/account-door.ts';
import { accountOperations } from './operations/account-operations.ts';
import { createOperations } from './operations/create-operations.ts';
import type { IdentityPort } from './operations/identity-port.ts';
import { keepLedgerImages } from './operations/ledger-images.ts';
import type { Operations } from './operations/operations.ts';
import type { KeyStore, StorePort } from './operations/ports.ts';
import type { Reconciliation } from './operations/reconcile-ledger.ts';
import { readyAdmission } from './pipeline/ready-admission.ts';
import { translate, verifyKeys } from './pipeline.ts';
import type { Problem } from './problems/problem.ts';
import { createEnclave } from './sandbox/enclave/create-enclave.ts';
import type { Enclave, IsolationLevel, SessionLimits } from './sandbox/enclave/port.ts';
import { openFileKeyStore } from './store/file-key-store.ts';
import { openFileModelVault } from './store/file-model-vault.ts';
import { openFilePackageFolder } from './store/file-package-folder.ts';
import { openFileResultVault } from './store/file-result-vault.ts';
import { fileLedgerImages } from './store/ledger-image-file.ts';
import { openStore } from './store/store.ts';
import { storeIdentity } from './store/store-identity.ts';

export interface InstanceOptions {
  readonly dataDir: string;
  readonly config: Config;
  readonly clock: Clock;
  readonly rng: Rng;
  /** True: asked only from inside this process, by the person at this machine; local folders may be loaded. */
  readonly embedded: boolean;
  /** Default: nothing is logged. */
  readonly log?: Log;
}

/** An instance that runs in this process. */
export interface Instance {
  readonly operations: Operations;
  readonly app: App;
  readonly identity: IdentityPort;
  readonly accounts: AccountDesk;
  readonly isolation: IsolationLevel;
  /** For who makes demonstration data. */
  readonly enclave: Enclave;
  /** Key for one of its principals that lives as long as this process; null where there is no such principal, and when not embedded. */
  sessionKey(principal: string): Promise<string | null>;
  /** Everything in one encrypted file in each of the folders. */
  backup(key: Uint8Array, to: readonly string[]): Promise<BackupMade>;
  /** Puts a new key in use; nobody else may have the instance open. This process is to be closed after it. */
  turnKey(purpose: TurnedKey): ReturnType<typeof turnKey>;
  /** After a restore: compares the ledgers with newer files of the log. */
  reconcileLedger(newer: {
    readonly tiles: string;
    readonly witnessedFiles: readonly string[];
    readonly reason: string;
  }): Promise<Result<Reconciliation, readonly Problem[]>>;
  /** Starts to serve; gives the address. */
  listen(at: { readonly host?: string | undefined; readonly port?: number | undefined }): Promise<string>;
  /** Puts on record that the instance serves from now on. Nothing where the log takes no entries: it can then only be looked at. */
  recordStart(): Promise<void>;
  /** The other end of `recordStart`; a process that was killed leaves none. */
  recordStop(): Promise<void>;
  /** Ends requests under way (up to the drain time), stops workers, closes the records. */
  close(): Promise<void>;
}

/**
 * Composes everything over the folder `dataDir` (made if absent; layout: formats.md, "An instance on disk"), recovers
 * what a dead process left, and answers once requests may come. Throws on faults of folder, keys or store.
 */
export async function openInstance(options: InstanceOptions): Promise<Instance> {
  const { config, clock, rng, log = () => undefined } = options;
  const dir = resolve(options.dataDir);
  const folders = { enclave: join(dir, 'enclave'), simulation: join(dir, 'simulation'), temp: join(dir, 'tmp') };
  for (const folder of [dir, ...Object.values(folders)]) await mkdir(folder, { recursive: true, mode: 0o700 });
  const opener = await registerOpener(join(dir, 'tmp', 'open'));
  const keys = await openFileKeyStore(join(dir, 'keys'), rng);
  await writeReleaseKey(dir, keys);
  const opened = await openStore({
    path: join(dir, 'store.sqlite'),
    url: config.databaseUrl?.reveal(),
    checkpointPath: join(dir, 'audit', 'checkpoint'),
    keys,
    clock,
    auditProfile: config.auditProfile,
  });
  const { store, audit, answers } = opened;
  const models = openFileModelVault(join(dir, 'artefacts'), keys, rng);
  await opened.moveModels(models);
  keepLedgerImages(store, fileLedgerImages(join(dir, 'ledger'), keys));
  const onFault = (fault: unknown): void => log({ at: clock.now().toISOString(), level: 'error', event: 'fault', ...faultShape(fault) });
  const upkeep = await auditUpkeep(audit, dir, onFault);
  const enclave = await openEnclave(config, join(folders.temp, 'workers'));
  const identity = storeIdentity(store, keys, rng, clock);
  const limits = jobLimits(config);
  const solver = await openLinearSolver();
  const webhooks = webhookSender(config.webhookAllow);
  const parts = { folders, enclave, keys, clock };
  const operations = createOperations({
    store,
    audit,
    keys,
    vault: openFileResultVault(join(dir, 'results'), keys, rng),
    models,
    packages: openFilePackageFolder(join(dir, 'releases'), folders.temp),
    loader: loaderPort(parts),
    simulator: simulatorPort(parts),
    pipeline: {
      translate,
      verifyKeys: (lookup, context) => verifyKeys(lookup, context, { enclave, limits }),
      ...queryPort({ enclave, limits, rng, solver }),
    },
    clock,
    rng,
    ...cityRules(config),
    hourPriceFen: config.hourPriceFen,
    webhookAddress: webhooks.addressFault,
    fitRhoPerDataset: config.fitRhoPerDataset,
    fitter: fitterPort({ ...parts, rng, limits }),
    fidelity: fidelityPort({ enclave, limits }),
    masker: maskerPort({ enclave, limits }),
    trainer: trainerPort({ enclave, limits, rng }),
    isolation: enclave.isolation,
    jobsAtOnce: config.enclave.workers,
    runsJobs: config.runsJobs,
    onFault,
  });
  await unlessLogIsBroken(async () => {
    await operations.attend();
    // Records on this machine alone: nobody else that opened the folder lives, so neither does whoever held a lease.
    if (opener.alone && (!store.isShared || !(await operations.othersLive()))) await operations.recover();
    await operations.sweep();
    if (config.mode === 'development') await registerDemonstration(identity);
  });
  let delivering: NodeJS.Timeout | null = null;
  const sweeping = sweepEvery(SWEEP_MS, operations.sweep, log, clock);
  const accounts = accountOperations({ store, clock, rng });
  const tokens = config.oidc === null ? null : tokenVerifier(config.oidc, identity.actor, clock);
  const sessions = sessionKeys(identity, rng);
  const app = await buildApp({
    operations,
    authenticate: async (text) => (tokens !== null && isToken(text) ? tokens(text) : sessions.authenticate(text)),
    accounts,
    clientCertificates: config.http.clientCertificates,
    isBehindTls: config.http.isBehindTls,
    clock,
    rng,
    log,
    answers,
    isHealthy: () => isReadable(store),
    rates: options.embedded ? null : config.http.rates,
    trustedProxies: config.http.trustedProxies,
    inboxFolder: join(dir, 'inbox'),
    allowLocalFolders: options.embedded,
    limits: config.http,
  });
  return {
    operations,
    app,
    identity,
    accounts,
    isolation: enclave.isolation,
    enclave,
    sessionKey: async (principal) => (options.embedded ? sessions.keyFor(principal) : null),
    backup: (key, to) => backupInstance({ dir, opened, auditProfile: config.auditProfile, clock }, key, to),
    async turnKey(purpose) {
      const isAlone = opener.alone && !(store.isShared && (await operations.othersLive()));
      const turned = await turnKey(purpose, { dir, rng, audit, isAlone });
      if (turned.ok) await writeReleaseKey(dir, await openFileKeyStore(join(dir, 'keys'), rng));
      return turned;
    },
    async reconcileLedger({ tiles, witnessedFiles, reason }) {
      const witnessed = await Promise.all(witnessedFiles.map((file) => readFile(file, 'utf8')));
      return reconcileWithLog({ tiles, witnessed, reason }, { dir, store, audit, clock });
    },
    async recordStart() {
      await unlessLogIsBroken(() => audit.append(instanceEvent('instance.start', enclave.isolation)));
      operations.takeJobs();
      void readyAdmission(enclave).catch(onFault);
      delivering ??= repeat(DELIVER_MS, () => operations.deliverWebhooks(webhooks.post), onFault);
      upkeep.start();
    },
    recordStop: () => unlessLogIsBroken(() => audit.append(instanceEvent('instance.stop', enclave.isolation))),
    listen: (at) => app.listen({ host: at.host ?? config.http.host, port: at.port ?? config.http.port }),
    async close() {
      clearInterval(sweeping);
      if (delivering !== null) clearInterval(delivering);
      const cut = setTimeout(() => app.server.closeAllConnections(), config.http.drainTimeoutMs);
      await app.close();
      clearTimeout(cut);
      await upkeep.stop();
      await operations.close();
      await enclave.close();
      await store.close();
      await opener.leave();
    },
  };
}

/** Whether the records answer; a database that is away makes the instance not ready, and does not end it. */
async function isReadable(store: StorePort): Promise<boolean> {
  return store.view.principals.get('system').then(
    () => true,
    () => false,
  );
}

/** How often it is looked for notices to send. */
const DELIVER_MS = 2000;

/** Does something again and again while the process lives, never twice at once, without keeping it alive. */
function repeat(everyMs: number, work: () => Promise<unknown>, onFault: (fault: unknown) => void): NodeJS.Timeout {
  let busy = false;
  return setInterval(() => {
    if (busy) return;
    busy = true;
    void work()
      .catch(onFault)
      .finally(() => {
        busy = false;
      });
  }, everyMs).unref();
}

/** How often time limits are looked at: days count, so an hour is often enough. */
const SWEEP_MS = 3_600_000;

/** Looks at time limits while the process lives, without keeping it alive. What goes wrong is logged by its class alone. */
function sweepEvery(everyMs: number, sweep: () => Promise<unknown>, log: Log, clock: Clock): NodeJS.Timeout {
  const fault = (error: unknown) => log({ at: clock.now().toISOString(), level: 'error', event: 'fault', ...faultShape(error) });
  return setInterval(() => void sweep().catch(fault), everyMs).unref();
}

function instanceEvent(operation: 'instance.start' | 'instance.stop', isolation: IsolationLevel): AuditEvent {
  const common = { actor: SYSTEM_ACTOR, object: 'instance', outcome: 'done' } as const;
  return operation === 'instance.start'
    ? { ...common, operation, facts: { isolation, interface: 'http', productVersion: PRODUCT_VERSION } }
    : { ...common, operation, facts: { interface: 'http' } };
}

function openEnclave(config: Config, tempRoot: string): ReturnType<typeof createEnclave> {
  const { minimumIsolation } = config.enclave;
  const isolation = minimumIsolation === 'bubblewrap' ? 'bubblewrap' : 'auto';
  return createEnclave({ isolation, allowProcessFallback: minimumIsolation === 'process', tempRoot });
}

/** Rows a single statement of a job may return: evidence of many buckets, never a table. */
const MAX_JOB_ROWS = 200_000;

function jobLimits({ enclave }: Config): SessionLimits {
  const { memoryMiB, threads, tempMiB, timeoutMs } = enclave;
  return { memoryMiB, threads, tempMiB, timeoutMs, maxRows: MAX_JOB_ROWS };
}

/** An instance whose log was changed still opens, so that it can be looked at and verified; it takes no writes. */
async function unlessLogIsBroken(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof AuditUnavailable)) throw error;
  }
}

async function registerDemonstration(identity: IdentityPort): Promise<void> {
  for (const principal of demonstrationPrincipals()) {
    if ((await identity.actor(principal.id)) === null) await identity.register(null, principal);
  }
}

/** DER of an Ed25519 SubjectPublicKeyInfo before its 32 bytes. Source: RFC 8410 §4. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Lays the public halves of the release keys beside the data, the current one first, for who checks packages with `release verify`. */
async function writeReleaseKey(dir: string, keys: KeyStore): Promise<void> {
  const blocks = (await keys.releaseKeys()).map((key) => {
    const der = Buffer.concat([SPKI_PREFIX, key]);
    return `-----BEGIN PUBLIC KEY-----\n${der.toString('base64')}\n-----END PUBLIC KEY-----\n`;
  });
  await writeFile(join(dir, 'release-public-key.pem'), blocks.join(''), { mode: 0o644 });
}
