import { spawn } from 'node:child_process';
import { readdir } from 'node:fs/promises';
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

  test('with a job sealed and not yet on record: the job has failed, the bytes are gone', async () => {
    expect((await operate('after seal', '')).signal).toBe('SIGKILL');
    instance = await instance.reopen();
    expect(await instance.ports.vault.jobs()).toHaveLength(1);
    const recovery = await instance.operations.recover();
    expect(recovery.failedJobs).toEqual(recovery.removedResults);
    expect(recovery.failedJobs).toHaveLength(1);
    expect(await instance.ports.vault.jobs()).toEqual([]);
    const job = value(await instance.operations.showJob(instance.actor('merchant-a'), recovery.failedJobs[0] ?? ''));
    expect([job.state, job.problems?.[0]?.code]).toEqual(['REAL_FAILED', 'job.not_released']);
  });

  test('with one job running and one waiting: the first has failed, the second runs', async () => {
    expect((await operate('job running', '')).signal).toBe('SIGKILL');
    instance = await instance.reopen();
    const merchant = instance.actor('merchant-a');
    const recovery = await instance.operations.recover();
    expect([recovery.failedJobs.length, recovery.requeuedJobs.length]).toEqual([1, 1]);
    expect(value(await instance.operations.showJob(merchant, recovery.failedJobs[0] ?? '')).state).toBe('REAL_FAILED');
    expect(value(await instance.operations.awaitJob(merchant, recovery.requeuedJobs[0] ?? '')).state).toBe('EGRESS_REQUESTED');
    expect((await instance.ports.audit.verify()).verified).toBe(true);
  });
});
