import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { isPostgresInstalled, type PrivatePostgres, startPostgres } from '../../support/private-postgres.ts';
import { quickClock } from '../../support/quick-clock.ts';

const CHILD = new URL('../../support/work-until-killed.ts', import.meta.url).pathname;

interface Worker {
  readonly child: ChildProcess;
  lines(): readonly string[];
  until(line: string): Promise<void>;
}

describe.skipIf(!isPostgresInstalled())('one API process and two workers on one PostgreSQL', () => {
  type Support = typeof import('../../support/operations-instance.ts');
  let support: Support;
  let server: PrivatePostgres;
  let instance: Awaited<ReturnType<Support['seededInstance']>>;
  let workers: readonly Worker[] = [];
  const start = Date.now();

  beforeAll(async () => {
    server = await startPostgres();
    // Read when the support is loaded, also by the workers, which inherit it.
    vi.stubEnv('SLUICE_TEST_DATABASE_URL', server.url);
    vi.resetModules();
    support = await import('../../support/operations-instance.ts');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    await server.remove();
  });
  beforeEach(async () => {
    instance = await support.seededInstance({ clock: quickClock(start), runsJobs: false });
    await instance.operations.attend();
    workers = [await startWorker(), await startWorker()];
  });
  afterEach(async () => {
    for (const { child } of workers) {
      if (child.exitCode !== null || child.signalCode !== null) continue;
      const closed = once(child, 'close');
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      await closed;
    }
    await support.dispose(instance);
  });

  async function startWorker(): Promise<Worker> {
    const child = spawn(process.execPath, [CHILD, instance.folder, String(start)], { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
    const lines = (): readonly string[] => text.split('\n').slice(0, -1);
    const until = async (line: string): Promise<void> => {
      while (!lines().includes(line)) await sleep(10);
    };
    await until('ready');
    return { child, lines, until };
  }

  const merchant = () => instance.actor('merchant-a');
  async function submit(sql: string, target: 'sim' | 'real'): Promise<string> {
    return support.value(await instance.operations.submitJob(merchant(), { dataset: 'city', sql, target })).id;
  }
  async function simulated(sql: string): Promise<string> {
    await instance.operations.awaitJob(merchant(), await submit(sql, 'sim'));
    return submit(sql, 'real');
  }
  const stateOf = async (id: string) => (await instance.ports.store.view.jobs.get(id))?.state;
  async function intentsOf(id: string): Promise<number> {
    const entries = await instance.ports.audit.entries({ after: 0, limit: 1000 });
    return entries.filter((entry) => entry.operation === 'job.intent' && entry.object.id === id).length;
  }
  const holderOf = (line: string): Worker => {
    const found = workers.find((worker) => worker.lines().includes(line));
    if (found === undefined) throw new Error(`Nobody has begun: ${line}`);
    return found;
  };

  test('every job is run once, by one of them, and the API process runs none', async () => {
    const ids = await Promise.all(Array.from({ length: 12 }, (_, index) => submit(`SELECT ${index}`, 'sim')));
    const ends = await Promise.all(ids.map((id) => instance.operations.awaitJob(merchant(), id)));
    expect(ends.map((end) => support.value(end).state)).toEqual(ids.map(() => 'SIM_PASSED'));
    for (const id of ids) expect(await intentsOf(id)).toBe(1);
    const begun = workers.map((worker) => worker.lines().filter((line) => line.startsWith('begun')).length);
    expect(begun.reduce((sum, count) => sum + count, 0)).toBe(12);
  }, 120_000);

  test('a worker killed with -9: its job is tried once more; killed again, it has failed and says why, what waits is run', async () => {
    const hanging = await simulated('SELECT hang');
    while (!workers.some((worker) => worker.lines().filter((line) => line === 'begun SELECT hang').length > 0)) await sleep(10);
    while ((await stateOf(hanging)) !== 'REAL_RUNNING') await sleep(10);
    for (const { child } of workers) child.kill('SIGKILL');
    workers = [...workers, await startWorker()];
    while ((await instance.ports.store.view.jobs.get(hanging))?.attempt !== 2) await sleep(50);
    while ((await stateOf(hanging)) !== 'REAL_RUNNING') await sleep(50);
    for (const { child } of workers) child.kill('SIGKILL');
    workers = [...workers, await startWorker()];
    while ((await stateOf(hanging)) === 'REAL_RUNNING') await sleep(50);
    const lost = await instance.ports.store.view.jobs.get(hanging);
    expect([lost?.state, lost?.problems?.map(({ code }) => code)]).toEqual(['REAL_FAILED', ['job.worker_lost']]);
    const after = await submit('SELECT after', 'sim');
    expect(support.value(await instance.operations.awaitJob(merchant(), after)).state).toBe('SIM_PASSED');
    expect(await intentsOf(hanging)).toBe(2);
    expect(await instance.ports.audit.verify()).toMatchObject({ verified: true });
  }, 120_000);

  test('a worker that comes back after its lease: nothing of its try is kept, the job asks to leave once', async () => {
    const slow = await simulated('SELECT slow');
    while ((await stateOf(slow)) !== 'REAL_RUNNING') await sleep(5);
    const holder = holderOf('begun SELECT slow');
    const both = workers.filter((worker) => worker.lines().includes('begun SELECT slow'));
    for (const { child } of both) child.kill('SIGSTOP');
    expect(holder.child.signalCode).toBeNull();
    workers = [...workers, await startWorker()];
    // The late one comes back in the middle of the second try.
    while ((await intentsOf(slow)) < 2) await sleep(20);
    for (const { child } of both) child.kill('SIGCONT');
    while ((await stateOf(slow)) === 'REAL_RUNNING') await sleep(50);
    await sleep(3000);
    const record = await instance.ports.store.view.jobs.get(slow);
    expect([record?.state, record?.attempt]).toEqual(['EGRESS_REQUESTED', 2]);
    const asked = support.value(await instance.operations.listEgress(merchant(), {}));
    expect(asked.map(({ id, job }) => [id, job])).toEqual([[record?.egressId, slow]]);
    const content = support.value(await instance.ports.vault.open(slow));
    expect(createHash('sha256').update(content).digest('hex')).toBe(record?.resultDigest);
    expect(await intentsOf(slow)).toBe(2);
  }, 120_000);

  test('a job cancelled at the API is stopped in the worker', async () => {
    const hanging = await simulated('SELECT hang');
    while ((await stateOf(hanging)) !== 'REAL_RUNNING') await sleep(10);
    expect((await instance.operations.cancelJob(merchant(), hanging)).ok).toBe(true);
    const next = await submit('SELECT next', 'sim');
    expect(support.value(await instance.operations.awaitJob(merchant(), next)).state).toBe('SIM_PASSED');
    expect(await stateOf(hanging)).toBe('STOPPED');
  }, 120_000);
});
