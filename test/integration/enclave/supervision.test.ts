import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEnclave } from '../../../src/sandbox/enclave/create-enclave.ts';
import type { Enclave } from '../../../src/sandbox/enclave/port.ts';
import { IN_MEMORY, LIMITS, makeFolder, openSession, workersBelow } from '../../support/enclave/enclave-fixture.ts';

const HOSTILE = fileURLToPath(new URL('../../support/enclave/hostile-worker.ts', import.meta.url));

const folder = makeFolder();
let enclave: Enclave;

beforeAll(async () => {
  enclave = await createEnclave({
    isolation: 'process',
    allowProcessFallback: true,
    tempRoot: folder.tempRoot,
    poolSize: 0,
    workerScript: HOSTILE,
  });
});
afterAll(async () => {
  await enclave.close();
  folder.remove();
});

function nothingIsLeft(): void {
  expect(workersBelow(process.pid, 'hostile-worker.ts')).toEqual([]);
  expect(readdirSync(folder.tempRoot)).toEqual([]);
}

describe('a worker that lies', () => {
  test.each([
    'garbage',
    'oversized',
    'unknown type',
    'wrong id',
    'id of an answered request',
    'wrong type for the request',
    'unknown field',
    'ready twice',
    'ragged rows',
    'object as a cell',
    'failure of its own making',
    'failure with text',
    'more rows than allowed',
    'deep nesting',
  ])('is killed: %s', async (misdeed) => {
    const session = await openSession(enclave, IN_MEMORY);
    expect(await session.query(misdeed)).toEqual({ ok: false, error: 'protocol' });
    expect(await session.query('behave')).toEqual({ ok: false, error: 'protocol' });
    expect(await session.progress()).toBe(-1);
    await session.close();
    nothingIsLeft();
  });

  test.each(['exit', 'close the pipe'])('is lost: %s', async (misdeed) => {
    const session = await openSession(enclave, IN_MEMORY, { ...LIMITS, timeoutMs: 20_000 });
    const answer = await session.query(misdeed);
    expect(answer.ok).toBe(false);
    if (!answer.ok) expect(answer.error).toBe('worker_lost');
    await session.close();
    nothingIsLeft();
  });

  test('that hangs is killed when its time is up', async () => {
    const session = await openSession(enclave, IN_MEMORY, { ...LIMITS, timeoutMs: 300 });
    const start = performance.now();
    expect(await session.query('hang')).toEqual({ ok: false, error: 'timeout' });
    await session.close();
    expect(performance.now() - start).toBeLessThan(20_000);
    nothingIsLeft();
  });

  test('that eats memory beside the engine is killed', async () => {
    const session = await openSession(enclave, IN_MEMORY, { ...LIMITS, memoryMiB: 64 });
    expect(await session.query('eat memory')).toEqual({ ok: false, error: 'out_of_memory' });
    await session.close();
    nothingIsLeft();
  });

  test('does not disturb an honest one, and everyone who waits for it is told', async () => {
    const bad = await openSession(enclave, IN_MEMORY);
    const good = await openSession(enclave, IN_MEMORY);
    const waiting = [bad.query('nothing'), bad.query('nothing'), bad.query('garbage')];
    expect(await Promise.all(waiting)).toEqual(Array(3).fill({ ok: false, error: 'protocol' }));
    expect((await good.query('behave')).ok).toBe(true);
    await Promise.all([bad.close(), good.close()]);
    nothingIsLeft();
  });
});

test('the time of a session runs from its first statement and covers them all', async () => {
  const session = await openSession(enclave, IN_MEMORY, { ...LIMITS, timeoutMs: 1500 });
  expect((await session.query('behave')).ok).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 2000));
  expect(await session.query('behave')).toEqual({ ok: false, error: 'timeout' });
  await session.close();
  nothingIsLeft();
});

test('one that fails before anybody uses it is ended, and taken by nobody', async () => {
  const other = await createEnclave({
    isolation: 'process',
    allowProcessFallback: false,
    tempRoot: folder.tempRoot,
    poolSize: 0,
    workerScript: HOSTILE,
  });
  await other.warm(IN_MEMORY, LIMITS);
  await expect.poll(() => workersBelow(process.pid, 'hostile-worker.ts')).toEqual([]);
  const session = await openSession(other, IN_MEMORY);
  expect((await session.query('behave')).ok).toBe(true);
  await session.close();
  await other.close();
  nothingIsLeft();
});

test('closing twice, and closing the enclave over open sessions, leaves nothing', async () => {
  const other = await createEnclave({
    isolation: 'process',
    allowProcessFallback: false,
    tempRoot: folder.tempRoot,
    workerScript: HOSTILE,
  });
  const session = await openSession(other, IN_MEMORY);
  const pending = session.query('nothing');
  await Promise.all([session.close(), session.close(), other.close()]);
  expect(await pending).toEqual({ ok: false, error: 'cancelled' });
  expect(await other.open(IN_MEMORY, LIMITS)).toEqual({ ok: false, error: 'cancelled' });
  nothingIsLeft();
});
