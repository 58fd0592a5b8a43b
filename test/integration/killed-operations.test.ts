import { spawn } from 'node:child_process';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { releaseKey, verifyPackage } from '../../src/egress/manifest.ts';
import { codes, dispose, seededInstance, type TestInstance, value } from '../support/operations-instance.ts';

const SCRIPT = fileURLToPath(new URL('../support/operate-until-killed.ts', import.meta.url));

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance();
});
afterEach(() => dispose(instance));

/** Runs the script on the instance's folder until it dies (or, `killAfterMs` after it is ready, is killed). */
async function operate(
  point: string,
  egress: string,
  killAfterMs?: number,
): Promise<{ readonly signal: string | null; readonly output: string }> {
  const child = spawn(process.execPath, [SCRIPT, instance.folder, point, egress], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (output === '' && killAfterMs !== undefined) setTimeout(() => child.kill('SIGKILL'), killAfterMs);
    output += text;
  });
  return new Promise((resolve) => child.once('exit', (_code, signal) => resolve({ signal, output })));
}

const folders = async (name: string): Promise<readonly string[]> => readdir(join(instance.folder, name)).catch(() => []);

/** Either there is a whole release, or none and the request still waits for it. Never something between. */
async function expectWholeOrNothing(egress: string): Promise<'released' | 'not released'> {
  const merchant = instance.actor('merchant-a');
  const { state, releaseId } = value(await instance.operations.showEgress(merchant, egress));
  expect(await folders('tmp')).toEqual([]);
  if (releaseId === undefined) {
    expect(state).toBe('FILED');
    expect(await folders('releases')).toEqual([]);
    return 'not released';
  }
  expect(state).toBe('RELEASED');
  expect(await folders('releases')).toEqual([releaseId]);
  const files = new Map<string, Uint8Array>();
  for (const { name } of value(await instance.operations.showRelease(merchant, releaseId)).files) {
    const { token } = value(await instance.operations.issueDownloadToken(merchant, { id: releaseId, name }));
    files.set(name, value(await instance.operations.releaseFile(merchant, { id: releaseId, name, token })));
  }
  expect(verifyPackage(files, releaseKey(await instance.ports.keys.publicKey('release'))).verified).toBe(true);
  return 'released';
}

describe('a process killed with -9', () => {
  for (const [point, outcome] of [
    ['before package', 'not released'],
    ['inside package', 'not released'],
    ['after package', 'not released'],
    ['inside transaction', 'not released'],
    ['after commit', 'released'],
  ] as const) {
    test(`in a release ${point}: after the restart it is ${outcome}, whole`, async () => {
      const { id } = await instance.requestFiled();
      expect((await operate(point, id)).signal).toBe('SIGKILL');
      instance = await instance.reopen();
      await instance.operations.recover();
      expect(await expectWholeOrNothing(id)).toBe(outcome);
      const again = await instance.operations.release(instance.actor('operator-2'), id);
      expect(codes(again)).toEqual(outcome === 'released' ? ['access.state_conflict'] : []);
      expect(await expectWholeOrNothing(id)).toBe('released');
      expect((await instance.ports.audit.verify()).verified).toBe(true);
    });
  }

  test('at any time of a release', async () => {
    for (const [round, killAfterMs] of [0, 8, 20, 40].entries()) {
      const { id } = await instance.requestFiled(`SELECT ${round + 10}`);
      await operate('any time', id, killAfterMs);
      instance = await instance.reopen();
      await instance.operations.recover();
      await expectWholeOrNothing(id);
      const { releaseId } = value(await instance.operations.showEgress(instance.actor('merchant-a'), id));
      if (releaseId !== undefined)
        await instance.ports.packages.remove(releaseId); // so that the next round starts clean
      else value(await instance.operations.reject(instance.actor('operator-1'), { id, reason: 'next' }));
    }
  });

  test('with a model on disk and no job on record: the model is gone after the restart, those of jobs stay', async () => {
    const merchant = instance.actor('merchant-a');
    const model = { format: 'onnx', base64: Buffer.from('handed in').toString('base64') } as const;
    value(await instance.operations.scoreModel(merchant, { dataset: 'city', sql: 'SELECT score', target: 'sim', model }));
    const [kept] = await instance.ports.models.names();
    expect((await operate('after model', '')).signal).toBe('SIGKILL');
    instance = await instance.reopen();
    const orphans = (await instance.ports.models.names()).filter((name) => name !== kept);
    expect(orphans).toHaveLength(1);
    await writeFile(join(instance.folder, 'artefacts', `${orphans[0]}.sealed.0a1b.tmp`), 'half');
    expect((await instance.operations.recover()).removedModels).toEqual(orphans);
    expect(await folders('artefacts')).toEqual([`${kept}.sealed`]);
    expect(await instance.ports.store.view.jobs.list({ merchant: 'merchant-a' })).toHaveLength(1);
  });

  test('with a job sealed and not yet on record: the bytes are gone, the job is tried once more and asks to leave once', async () => {
    expect((await operate('after seal', '')).signal).toBe('SIGKILL');
    instance = await instance.reopen();
    expect(await instance.ports.vault.jobs()).toHaveLength(1);
    const recovery = await instance.operations.recover();
    expect([recovery.failedJobs, recovery.requeuedJobs.length]).toEqual([[], 1]);
    const merchant = instance.actor('merchant-a');
    const job = value(await instance.operations.awaitJob(merchant, recovery.requeuedJobs[0] ?? ''));
    expect(job.state).toBe('EGRESS_REQUESTED');
    expect(await instance.ports.vault.jobs()).toEqual([job.id]);
    expect(value(await instance.operations.listEgress(merchant, {})).map((request) => request.job)).toEqual([job.id]);
  });

  test('with one job running and one waiting: both run; killed again, the first has failed and says why', async () => {
    expect((await operate('job running', '')).signal).toBe('SIGKILL');
    expect((await operate('job running again', '')).signal).toBe('SIGKILL');
    instance = await instance.reopen();
    const merchant = instance.actor('merchant-a');
    const { failedJobs, requeuedJobs } = await instance.operations.recover();
    expect([failedJobs.length, requeuedJobs.length]).toEqual([1, 1]);
    const lost = value(await instance.operations.showJob(instance.actor('operator-1'), failedJobs[0] ?? ''));
    expect([lost.state, lost.problems?.map(({ code }) => code)]).toEqual(['REAL_FAILED', ['job.worker_lost']]);
    // Its merchant is told of every reason the same.
    expect(value(await instance.operations.showJob(merchant, lost.id)).problems?.map(({ code }) => code)).toEqual(['job.not_released']);
    const events = await instance.ports.store.view.jobs.events(lost.id);
    expect(events.map(({ state }) => state).slice(1)).toEqual([
      'REAL_QUEUED',
      'REAL_RUNNING',
      'REAL_QUEUED',
      'REAL_RUNNING',
      'REAL_FAILED',
    ]);
    expect(value(await instance.operations.awaitJob(merchant, requeuedJobs[0] ?? '')).state).toBe('EGRESS_REQUESTED');
    expect((await instance.ports.audit.verify()).verified).toBe(true);
  });
});
