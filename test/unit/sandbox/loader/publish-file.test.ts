import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { publishFile } from '../../../../src/sandbox/loader/staging-folder.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-publish-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('the first of two that publish the same version wins, and stays as it is', async () => {
  const target = join(folder, 'enclave', 'v2.duckdb');
  for (const name of ['one', 'two']) await writeFile(join(folder, name), name);
  expect(await publishFile(join(folder, 'one'), target)).toMatchObject({ bytes: 3 });
  expect(await publishFile(join(folder, 'two'), target)).toBeNull();
  expect(await readFile(target, 'utf8')).toBe('one');
  expect((await stat(target)).mode & 0o777).toBe(0o400);
});
