import { SYSTEM_ACTOR } from '../audit/event.ts';
import { problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { JobQueue } from './job-queue.ts';
import { failJob } from './job-runner.ts';
import { attemptOf, WAITING } from './job-states.ts';
import type { JobRecord, LoadRecord } from './ports.ts';
import { destroyUnused } from './sealed-model.ts';
import type { WorkLeases } from './work-leases.ts';

/** What `recover` found and did; ids only. */
export interface Recovery {
  readonly failedJobs: readonly string[];
  readonly requeuedJobs: readonly string[];
  readonly failedLoads: readonly string[];
  readonly removedPackages: readonly string[];
  readonly removedResults: readonly string[];
  readonly removedModels: readonly string[];
}

const WAITING_STATES = ['SIM_QUEUED', 'REAL_QUEUED'] as const;
const RUNNING_STATES: readonly JobRecord['state'][] = ['SIM_RUNNING', 'REAL_RUNNING'];

async function failLoad(ports: OperationsPorts, { id, dataset }: LoadRecord): Promise<void> {
  const facts = { dataset, failure: 'restart' } as const;
  const event = { operation: 'load.failed', actor: SYSTEM_ACTOR, object: id, outcome: 'failed', facts } as const;
  await ports.store.write((tx) => tx.loads.transition(id, { from: ['running'], to: 'failed', patch: { step: 'failed' } }, event));
}

async function recoverLoads(ports: OperationsPorts): Promise<readonly string[]> {
  const loads = await ports.store.view.loads.list({ state: 'running' });
  for (const load of loads) await failLoad(ports, load);
  const records = await ports.store.view.datasets.list();
  const versions = (await Promise.all(records.map((record) => ports.store.view.datasets.versions(record.name)))).flat();
  await ports.loader.sweep(
    versions.filter((item) => item.state !== 'erased').map((item) => ({ dataset: item.dataset, version: item.version })),
  );
  const simulations = (await Promise.all(records.map((record) => ports.store.view.simulations.list(record.name)))).flat();
  await ports.simulator.sweep(
    simulations.filter((item) => item.state !== 'WITHDRAWN').map((item) => ({ dataset: item.dataset, id: item.id })),
  );
  return loads.map((load) => load.id);
}

/** Waiting jobs wait on, in the order they came, for whoever takes them. Calls of interfaces have nobody left who waits: they fail. */
async function requeueWaiting(ports: OperationsPorts, queue: JobQueue): Promise<readonly string[]> {
  const waiting = (await ports.store.view.jobs.list({ states: WAITING_STATES })).toReversed();
  for (const job of waiting) if (job.callOf !== undefined) await failJob(ports, job, [], 'restart');
  queue.takeAll();
  return waiting.map((job) => job.id);
}

/** Who waited for a call is gone; standard tables belong to their load; a second fit would spend its budget twice, and so would noise. */
async function mayRetry({ store }: OperationsPorts, job: JobRecord): Promise<boolean> {
  if (attemptOf(job) > 1 || job.callOf !== undefined || job.fit !== undefined || job.artefactHash === null) return false;
  return (await store.view.privacy.spent({ dataset: job.dataset, job: job.id })) === 0;
}

/**
 * A running job whose process was lost waits once more, what it reserved in the ledger settled and what it sealed destroyed before;
 * the second time it has failed. Gives whether it has. Its first process, should it come back, holds a try that is over: the records
 * take nothing of it. Source: tracker issue 5 ("retried once or failed, never run twice to release"); ADR 0024.
 */
async function retryOrFail(ports: OperationsPorts, job: JobRecord): Promise<boolean> {
  if (!(await mayRetry(ports, job))) {
    await failJob(ports, job, [problem('job.worker_lost', {})], 'restart');
    return true;
  }
  const to = WAITING[job.target];
  const facts = { dataset: job.dataset, target: job.target, state: to, failure: 'restart' } as const;
  const event = { operation: 'job.outcome', actor: SYSTEM_ACTOR, object: job.id, outcome: 'failed', trace: job.id, facts } as const;
  const attempt = attemptOf(job);
  await ports.store.write(async (tx) => {
    const ledgerAfter = (await tx.ledger.ofJob(job.id)).at(-1)?.seq ?? 0;
    const step = { from: RUNNING_STATES, to, patch: { attempt: attempt + 1, ledgerAfter }, attempt };
    const waits = await tx.jobs.transition(job.id, step, event);
    if (waits.ok) await tx.ledger.settle(job.id, 'dropped', event);
    return waits;
  });
  // Only this process may put it in line again: until it drops the lease nobody else has the job.
  await ports.vault.destroy(job.id);
  return false;
}

/** Running jobs of the dead process: their intent is on record, what they read is not known. Gives those that have failed. */
async function endRunning(ports: OperationsPorts): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const job of await ports.store.view.jobs.list({ states: RUNNING_STATES })) {
    if (await retryOrFail(ports, job)) failed.push(job.id);
  }
  return failed;
}

/** Packages without a release: written by a process that died before its commit, so never reachable. */
async function recoverPackages(ports: OperationsPorts): Promise<readonly string[]> {
  await ports.packages.sweep();
  const removed: string[] = [];
  for (const id of await ports.packages.list()) {
    if ((await ports.store.view.releases.get(id)) !== null) continue;
    await ports.packages.remove(id);
    removed.push(id);
  }
  return removed;
}

/** Sealed results of jobs that never opened a request, and lists that were never registered or are withdrawn. */
async function recoverResults(ports: OperationsPorts): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const id of await ports.vault.jobs()) {
    const job = await ports.store.view.jobs.get(id);
    if (job?.egressId !== undefined || (await ports.store.view.externalData.get(id))?.state === 'REGISTERED') continue;
    await ports.vault.destroy(id);
    removed.push(id);
  }
  return removed;
}

/**
 * Ends what processes left that say nothing any more: their loads have failed, as after a restart, their running jobs wait once more or
 * have failed, and what such a job had sealed is destroyed; what only waited is free for others. A holder that comes back late finds
 * its job failed or at another try, so that nothing of it is sealed or released. Gives the objects. May run in any number of processes at once.
 * Source: ADR 0024; tracker issue 5 ("never run twice to release").
 */
export async function endLapsed(ports: OperationsPorts, leases: WorkLeases): Promise<readonly string[]> {
  const ended: string[] = [];
  for (const lease of await leases.lapsed()) {
    if (!(await leases.takeOver(lease))) continue;
    await endWork(ports, lease.object);
    await leases.drop(lease.object);
    ended.push(lease.object);
  }
  return ended;
}

async function endWork(ports: OperationsPorts, object: string): Promise<void> {
  const load = await ports.store.view.loads.get(object);
  if (load !== null) return failLoad(ports, load);
  const job = await ports.store.view.jobs.get(object);
  if (job === null) return;
  if (RUNNING_STATES.includes(job.state)) await retryOrFail(ports, job);
  else if (job.callOf !== undefined) await failJob(ports, job, [], 'restart');
  const now = await ports.store.view.jobs.get(object);
  if (now?.state === 'REAL_FAILED' && now.egressId === undefined) await ports.vault.destroy(object);
}

/**
 * Brings an instance whose process died back to a state in which nothing is half done. To be called once, before any
 * operation, by the only process of the instance: what runs elsewhere would be taken for dead.
 */
export async function recoverInstance(ports: OperationsPorts, queue: JobQueue): Promise<Recovery> {
  const failedLoads = await recoverLoads(ports);
  const removedPackages = await recoverPackages(ports);
  const failedJobs = await endRunning(ports);
  const removedResults = await recoverResults(ports);
  await ports.models.sweep();
  const removedModels = await destroyUnused(ports, null);
  return { failedLoads, removedPackages, failedJobs, removedResults, removedModels, requeuedJobs: await requeueWaiting(ports, queue) };
}
