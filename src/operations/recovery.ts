import { SYSTEM_ACTOR } from '../audit/event.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { JobQueue } from './job-queue.ts';
import { failJob, runJob } from './job-runner.ts';

/** What `recover` found and did; ids only. */
export interface Recovery {
  readonly failedJobs: readonly string[];
  readonly requeuedJobs: readonly string[];
  readonly failedLoads: readonly string[];
  readonly removedPackages: readonly string[];
  readonly removedResults: readonly string[];
}

async function recoverLoads(ports: OperationsPorts): Promise<readonly string[]> {
  const loads = await ports.store.view.loads.list({ state: 'running' });
  for (const load of loads) {
    await ports.store.write((tx) =>
      tx.loads.transition(
        load.id,
        { from: ['running'], to: 'failed', patch: { step: 'failed' } },
        {
          operation: 'load.failed',
          actor: SYSTEM_ACTOR,
          object: load.id,
          outcome: 'failed',
          facts: { dataset: load.dataset, failure: 'restart' },
        },
      ),
    );
  }
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

/** Running jobs of the dead process have failed: their intent is on record, what they read is not known. */
async function failRunning(ports: OperationsPorts): Promise<readonly string[]> {
  const running = await ports.store.view.jobs.list({ states: ['SIM_RUNNING', 'REAL_RUNNING'] });
  for (const job of running) await failJob(ports, job, [], 'restart');
  return running.map((job) => job.id);
}

/** Waiting jobs wait again, in the order they came. */
async function requeueWaiting(ports: OperationsPorts, queue: JobQueue): Promise<readonly string[]> {
  const waiting = (await ports.store.view.jobs.list({ states: ['SIM_QUEUED', 'REAL_QUEUED'] })).toReversed();
  for (const job of waiting) queue.add(job.id, (signal) => runJob(ports, job.id, signal));
  return waiting.map((job) => job.id);
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

/** Sealed results of jobs that never opened a request. */
async function recoverResults(ports: OperationsPorts): Promise<readonly string[]> {
  const removed: string[] = [];
  for (const id of await ports.vault.jobs()) {
    const job = await ports.store.view.jobs.get(id);
    if (job?.egressId !== undefined) continue;
    await ports.vault.destroy(id);
    removed.push(id);
  }
  return removed;
}

/**
 * Brings an instance whose process died back to a state in which nothing is half done. To be called once, before any
 * operation, by the only process of the instance: what runs elsewhere would be taken for dead.
 */
export async function recoverInstance(ports: OperationsPorts, queue: JobQueue): Promise<Recovery> {
  const failedLoads = await recoverLoads(ports);
  const removedPackages = await recoverPackages(ports);
  const failedJobs = await failRunning(ports);
  const removedResults = await recoverResults(ports);
  return { failedLoads, removedPackages, failedJobs, removedResults, requeuedJobs: await requeueWaiting(ports, queue) };
}
