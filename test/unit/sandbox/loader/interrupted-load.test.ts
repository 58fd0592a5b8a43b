import { mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Enclave } from '../../../../src/sandbox/enclave/port.ts';
import { sweepStaging } from '../../../../src/sandbox/loader/staging-folder.ts';
import { CITY_FILES, cityDeclaration } from '../../../support/city-declaration.ts';
import { type LoadingBench, loadingBench, querySealed } from '../../../support/loading.ts';

let bench: LoadingBench;
beforeEach(async () => {
  bench = await loadingBench();
});
afterEach(() => bench.close());

/** The same enclave, but `interrupt` runs when a statement with `word` is about to run. */
function interruptedAt(enclave: Enclave, word: string, interrupt: (close: () => Promise<void>) => Promise<void>): Enclave {
  return {
    isolation: enclave.isolation,
    warm: (mounts, limits) => enclave.warm(mounts, limits),
    close: () => enclave.close(),
    open: async (mounts, limits, signal) => {
      const opened = await enclave.open(mounts, limits, signal);
      if (!opened.ok) return opened;
      const session = opened.value;
      const query: typeof session.query = async (sql, parameters) => {
        if (sql.includes(word)) await interrupt(() => session.close());
        return session.query(sql, parameters);
      };
      return {
        ok: true,
        value: {
          isolation: session.isolation,
          query,
          transcode: (source, target, encoding) => session.transcode(source, target, encoding),
          progress: () => session.progress(),
          close: () => session.close(),
        },
      };
    },
  };
}

describe('a load that does not finish', () => {
  test.each(['read_csv', 'INSERT INTO', 'CHECKPOINT'])('worker gone at %s: the old version stays, nothing else remains', async (word) => {
    const first = await bench.load(cityDeclaration(), CITY_FILES);
    if (!first.ok) throw new Error('The first load failed');
    const enclave = interruptedAt(bench.enclave, word, (close) => close());
    const second = await bench.load(cityDeclaration(), CITY_FILES, { version: 'v2', enclave });
    expect(second).toMatchObject({ ok: false, error: [{ code: 'load.failed' }] });
    expect(await bench.written()).toEqual(['enclave/city/v1.duckdb']);
    expect(await querySealed(bench.enclave, bench.sealedPath('city', 'v1'), first.value.digest, 'SELECT count(*) FROM residents')).toEqual([
      ['3'],
    ]);
  });

  test('cancelled by its caller', async () => {
    const controller = new AbortController();
    const enclave = interruptedAt(bench.enclave, 'INSERT INTO', async () => controller.abort());
    const outcome = await bench.load(cityDeclaration(), CITY_FILES, { enclave, signal: controller.signal });
    expect(outcome).toMatchObject({ ok: false, error: [{ code: 'load.failed', facts: { failure: 'cancelled' } }] });
    expect(await bench.written()).toEqual([]);
  });

  test('a version is never replaced', async () => {
    await bench.load(cityDeclaration(), CITY_FILES);
    const before = await stat(bench.sealedPath('city', 'v1'));
    expect(await bench.load(cityDeclaration(), CITY_FILES)).toMatchObject({ ok: false, error: [{ code: 'load.version_exists' }] });
    expect((await stat(bench.sealedPath('city', 'v1'))).ino).toBe(before.ino);
  });

  test('too little disk is said before anything is written', async () => {
    const outcome = await bench.load(cityDeclaration(), CITY_FILES, { freeBytes: () => Promise.resolve(1000) });
    expect(outcome).toMatchObject({ ok: false, error: [{ code: 'load.disk_full' }] });
    expect(await readdir(join(bench.folder, 'tmp'))).toEqual([]);
  });

  test('what a dead process left is swept, what a living one uses is not', async () => {
    const tmp = join(bench.folder, 'tmp');
    for (const name of ['load-999999999-abc', `load-${process.pid}-left`, `load-${process.ppid}-used`, 'other'])
      await mkdir(join(tmp, name, 'work'), { recursive: true });
    expect(await sweepStaging(tmp)).toBe(2);
    expect((await readdir(tmp)).sort()).toEqual([`load-${process.ppid}-used`, 'other'].sort());
    expect(await sweepStaging(join(bench.folder, 'nowhere'))).toBe(0);
  });

  test('a load is not swept while it runs', async () => {
    const enclave = interruptedAt(bench.enclave, 'INSERT INTO', async () => {
      expect(await sweepStaging(join(bench.folder, 'tmp'))).toBe(0);
    });
    expect((await bench.load(cityDeclaration(), CITY_FILES, { enclave })).ok).toBe(true);
  });
});

test('progress rises to the end and names tables', async () => {
  const seen: { readonly step: string; readonly percent: number }[] = [];
  await bench.load(cityDeclaration(), CITY_FILES, { progress: (progress) => seen.push(progress) });
  expect([...new Set(seen.map((item) => item.step))]).toEqual(['read', 'check-links', 'number-units', 'seal', 'measure', 'write']);
  expect(seen.map((item) => item.percent)).toEqual([...seen].map((item) => item.percent).sort((a, b) => a - b));
});
