import { lstat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { err, ok, type Result } from '../../kernel/result.ts';
import { CodeCache } from './code-cache.ts';
import { findFence } from './find-fence.ts';
import { START_TIMEOUT_MS } from './limits.ts';
import type { OpenMessage } from './messages.ts';
import type { Enclave, EnclaveFailure, EnclaveSession, IsolationLevel, SessionLimits, SessionMounts } from './port.ts';
import { rehearse } from './rehearsal.ts';
import { checkSealedFile, fileIdentity } from './sealed-file.ts';
import { Session } from './session.ts';
import { discardWorker, type Fence, removeAbandonedFolders, type StartedWorker, startWorker } from './start-worker.ts';
import { WarmPool, type WarmWorker } from './warm-pool.ts';

export interface EnclaveOptions {
  /** `auto` takes the best level this machine allows. */
  readonly isolation: 'auto' | IsolationLevel;
  /** Whether `auto` may end at `process`, a plain child process. Elsewhere every session is refused. */
  readonly allowProcessFallback: boolean;
  /** Folder for the workers' own folders; made if it is not there. */
  readonly tempRoot: string;
  /** Idle workers kept in all; 0: only while `warm` asked for one. Default 2. */
  readonly poolSize?: number;
  /** Where the tools of the fence are installed, if not in the usual folders of the system. */
  readonly toolFolders?: readonly string[];
  /** Another program in place of the worker; tests of the supervisor use it. */
  readonly workerScript?: string;
}

/**
 * The enclave of this machine. Finds the isolation level by starting a worker at it; where no level that is allowed
 * works, every session is refused with `isolation_unavailable`. Source: gate.md §10.
 */
export async function createEnclave(options: EnclaveOptions): Promise<Enclave> {
  await removeAbandonedFolders(options.tempRoot);
  const fence = await findFence(options);
  if (fence === null) return refusingEnclave(options.isolation === 'auto' ? 'bubblewrap' : options.isolation);
  return new WorkerEnclave(fence, options.poolSize ?? 2);
}

/** A worker that was taken is replaced when the session that took it has likely got its first answers: starting one slows those. */
const REPLACE_AFTER_MS = 100;

/**
 * Where a session may spill. A build spills beside the file it builds, on disk: what it sorts would otherwise fill
 * memory. Without mounts there is nothing to spill for: a session over an empty clone of a schema touches no file.
 */
function spillFolderOf(mounts: SessionMounts, paths: StartedWorker['paths']): string | null {
  const { kind } = mounts.database;
  if (kind === 'create') return join(paths.buildFolder, 'spill');
  return kind === 'memory' && mounts.readable.length + mounts.writable.length === 0 ? null : paths.spillFolder;
}

function refusingEnclave(isolation: IsolationLevel): Enclave {
  return {
    isolation,
    open: () => Promise.resolve(err('isolation_unavailable')),
    warm: () => Promise.resolve(),
    close: () => Promise.resolve(),
  };
}

class WorkerEnclave implements Enclave {
  readonly #fence: Fence;
  readonly #refill: boolean;
  readonly #pool: WarmPool;
  readonly #code: CodeCache;
  readonly #warmed = new Set<string>();
  readonly #sessions = new Set<Session>();
  readonly #starts = new Set<Promise<unknown>>();
  readonly #filling = new Map<string, Promise<void>>();
  readonly #closing = new AbortController();
  #closed = false;

  constructor(fence: Fence, poolSize: number) {
    this.#fence = fence;
    this.#code = new CodeCache(fence);
    this.#refill = poolSize > 0;
    this.#pool = new WarmPool(Math.max(1, poolSize));
  }

  get isolation(): IsolationLevel {
    return this.#fence.isolation;
  }

  async open(mounts: SessionMounts, limits: SessionLimits, signal?: AbortSignal): Promise<Result<EnclaveSession, EnclaveFailure>> {
    if (this.#closed || signal?.aborted === true) return err('cancelled');
    if (!(await areMountable(mounts))) return err('file');
    const started = await this.#track(this.#checkedWorker(mounts, limits));
    if (!started.ok) return started;
    const { worker } = started.value;
    const session = new Session({
      worker,
      isolation: this.#fence.isolation,
      limits,
      publishTo: mounts.database.kind === 'create' ? mounts.database.path : null,
      signal,
    });
    this.#sessions.add(session);
    const forget = (): boolean => this.#sessions.delete(session);
    session.removed.then(forget, forget);
    const opened = (await started.value.isOpened)
      ? ok(null)
      : await inStartTime(worker, worker.process.call(openMessage(worker, mounts, limits), 'opened'));
    if (!opened.ok || this.#closed) {
      worker.process.kill('cancelled');
      await session.close();
      return opened.ok ? err('cancelled') : opened;
    }
    this.#replace(mounts, limits);
    return ok(session);
  }

  async warm(mounts: SessionMounts, limits: SessionLimits): Promise<void> {
    const key = poolKey(mounts, limits);
    if (mounts.database.kind === 'create' || this.#closed || !(await areMountable(mounts))) return;
    this.#warmed.add(key);
    await this.#fill(mounts, limits);
    await this.#pool.settled(key);
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#closing.abort();
    await this.#pool.clear();
    await Promise.allSettled([...this.#starts]);
    await this.#pool.clear();
    await Promise.allSettled([...this.#sessions].map((session) => session.close()));
    await this.#code.close();
  }

  /** A worker with the engine loaded, and proof that the sealed file it sees is the one that was sealed. */
  async #checkedWorker(mounts: SessionMounts, limits: SessionLimits): Promise<Result<WarmWorker, EnclaveFailure>> {
    const { database } = mounts;
    const [first, checked] = await Promise.all([
      this.#pool.take(poolKey(mounts, limits)) ?? this.#start(mounts, limits),
      database.kind === 'sealed' ? checkSealedFile(database.path, database.digest) : ok(null),
    ]);
    if (!checked.ok) {
      if (first !== null) await discardWorker(first.worker);
      return checked;
    }
    const candidate = first !== null && first.identity !== checked.value ? await this.#startInstead(first, mounts, limits) : first;
    if (candidate === null) return err('worker_lost');
    const ready = await candidate.worker.process.ready;
    const now = database.kind === 'sealed' ? await fileIdentity(database.path) : null;
    if (ready.ok && candidate.identity === checked.value && now === checked.value) return ok(candidate);
    await discardWorker(candidate.worker);
    return ready.ok ? err('digest_mismatch') : ready;
  }

  /** A warm worker may see a file that has been replaced since. */
  async #startInstead(stale: WarmWorker, mounts: SessionMounts, limits: SessionLimits): Promise<WarmWorker | null> {
    await discardWorker(stale.worker);
    return this.#start(mounts, limits);
  }

  /** Null if no folder could be made, or no process. */
  async #start(mounts: SessionMounts, limits: SessionLimits): Promise<WarmWorker | null> {
    const identity = mounts.database.kind === 'sealed' ? await fileIdentity(mounts.database.path) : null;
    try {
      return { worker: await startWorker(this.#fence, mounts, limits, this.#code.next()), identity, isOpened: Promise.resolve(false) };
    } catch {
      return null;
    }
  }

  /** Starts the next worker for a key that was warmed, or that is likely to be asked for again. */
  #replace(mounts: SessionMounts, limits: SessionLimits): void {
    const usual = mounts.database.kind !== 'create' && mounts.readable.length === 0 && mounts.writable.length === 0;
    if (!this.#warmed.has(poolKey(mounts, limits)) && !(this.#refill && usual)) return;
    const later = delay(REPLACE_AFTER_MS, undefined, { signal: this.#closing.signal, ref: false });
    void later.then(() => this.#fill(mounts, limits)).catch(() => undefined);
  }

  /** Sees to it that the pool has a worker for the key. One at a time is started for each. */
  async #fill(mounts: SessionMounts, limits: SessionLimits): Promise<void> {
    const key = poolKey(mounts, limits);
    if (this.#closed || this.#pool.has(key)) return;
    const filling = this.#filling.get(key) ?? this.#track(this.#addWarm(mounts, limits)).finally(() => this.#filling.delete(key));
    this.#filling.set(key, filling);
    await filling;
  }

  async #addWarm(mounts: SessionMounts, limits: SessionLimits): Promise<void> {
    const started = await this.#start(mounts, limits);
    if (started === null) return;
    if (this.#closed) return discardWorker(started.worker);
    const item = { ...started, isOpened: this.#openAhead(started.worker, mounts, limits) };
    this.#pool.put(poolKey(mounts, limits), item);
    await item.worker.process.ready;
  }

  /**
   * Opens and rehearses what needs no proof and holds nothing: an empty database. A sealed file is opened for a session alone, after its
   * digest was checked. A worker that fails here is taken by nobody.
   */
  async #openAhead(worker: StartedWorker, mounts: SessionMounts, limits: SessionLimits): Promise<boolean> {
    if (mounts.database.kind !== 'memory' || !(await worker.process.ready).ok) return false;
    const opened = await inStartTime(worker, worker.process.callAhead(openMessage(worker, mounts, limits), 'opened'));
    const isReady = opened.ok && (await inStartTime(worker, rehearse(worker.process)));
    if (!isReady) worker.process.kill('worker_lost');
    return isReady;
  }

  /** What `close` has to wait for, so that it leaves nothing behind. */
  async #track<T>(work: Promise<T>): Promise<T> {
    this.#starts.add(work);
    try {
      return await work;
    } finally {
      this.#starts.delete(work);
    }
  }
}

/** What the worker itself is told or shown. The clock of a session is the session's. */
function poolKey(mounts: SessionMounts, { memoryMiB, threads, tempMiB, maxRows }: SessionLimits): string {
  return JSON.stringify([mounts, memoryMiB, threads, tempMiB, maxRows]);
}

function openMessage({ paths }: StartedWorker, mounts: SessionMounts, limits: SessionLimits): Omit<OpenMessage, 'requestId'> {
  const { kind } = mounts.database;
  const spillFolder = spillFolderOf(mounts, paths);
  return {
    type: 'open',
    database:
      kind === 'memory' ? { kind } : { kind, path: kind === 'sealed' ? paths.sealedFile : join(paths.buildFolder, 'sealed.duckdb') },
    settings: {
      memoryMiB: limits.memoryMiB,
      threads: limits.threads,
      spill: spillFolder === null ? null : { directory: spillFolder, maxMiB: limits.tempMiB },
      maxRows: limits.maxRows,
    },
    allowedPaths: [...mounts.readable],
    allowedDirectories: [...mounts.writable],
  };
}

/** Ends a worker that has not done by then what comes before any statement. */
async function inStartTime<T>(worker: StartedWorker, work: Promise<T>): Promise<T> {
  const limit = setTimeout(() => worker.process.kill('worker_lost'), START_TIMEOUT_MS);
  try {
    return await work;
  } finally {
    clearTimeout(limit);
  }
}

/** Whether the mounts make sense and exist. A sealed file has no other mounts: what runs over it may touch nothing else. */
async function areMountable(mounts: SessionMounts): Promise<boolean> {
  const { database, readable, writable } = mounts;
  if (database.kind === 'sealed' && readable.length + writable.length > 0) return false;
  const own = database.kind === 'memory' ? [] : [database.path];
  if (![...own, ...readable, ...writable].every((path) => isAbsolute(path) && !path.includes('\0'))) return false;
  const found = await Promise.all([...readable, ...writable].map((path) => lstat(path).catch(() => null)));
  if (!found.every((stats, index) => stats !== null && (index < readable.length ? stats.isFile() : stats.isDirectory()))) return false;
  return database.kind !== 'create' || (await lstat(database.path).catch(() => null)) === null;
}
