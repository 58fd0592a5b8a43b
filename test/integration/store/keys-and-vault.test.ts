import { chmod, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { KeyStore, ResultVault } from '../../../src/operations/ports.ts';
import { openFileKeyStore } from '../../../src/store/file-key-store.ts';
import { openFileResultVault } from '../../../src/store/file-result-vault.ts';
import { systemRng, type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';

let opened: TemporaryStore;
let keys: KeyStore;
let keysFolder: string;
let vault: ResultVault;
let results: string;
beforeEach(async () => {
  opened = await temporaryStore();
  keys = opened.keys;
  keysFolder = join(opened.folder, 'keys');
  results = join(opened.folder, 'results');
  vault = openFileResultVault(results, keys, systemRng);
});
afterEach(() => opened.remove());

const CONTENT = Buffer.from('{"district":"东城","n":120}');

describe('the key store', () => {
  test('is a private folder of private files', async () => {
    expect((await stat(keysFolder)).mode & 0o777).toBe(0o700);
    const names = await readdir(keysFolder);
    expect(names.sort()).toEqual(['api-key.key', 'audit-signing.pem', 'master.key', 'release-signing.pem']);
    for (const name of names) expect((await stat(join(keysFolder, name))).mode & 0o777).toBe(0o600);
  });

  test('is the same when opened again, and different in another instance', async () => {
    const again = await openFileKeyStore(keysFolder, systemRng);
    const other = await openFileKeyStore(join(opened.folder, 'other-keys'), systemRng);
    const own = await keys.datasetKey('city', 'bucket');
    expect(await again.datasetKey('city', 'bucket')).toEqual(own);
    expect(await again.publicKey('audit')).toEqual(await keys.publicKey('audit'));
    for (const different of [
      other.datasetKey('city', 'bucket'),
      keys.datasetKey('town', 'bucket'),
      keys.datasetKey('city', 'row'),
      keys.datasetKey('city', 'probe'),
    ]) {
      expect(Buffer.from(await different).equals(own)).toBe(false);
    }
    expect(own).toHaveLength(32);
  });

  test.each([
    ['master.key', 0o640],
    ['audit-signing.pem', 0o604],
    ['.', 0o750],
  ])('refuses to open when %s is open to others', async (name, mode) => {
    await chmod(join(keysFolder, name), mode);
    await expect(openFileKeyStore(keysFolder, systemRng)).rejects.toThrow('other users');
  });

  test('does not make a lost key anew', async () => {
    await rm(join(keysFolder, 'master.key'));
    await expect(openFileKeyStore(keysFolder, systemRng)).rejects.toThrow('ENOENT');
    expect(await readdir(keysFolder)).not.toContain('master.key');
  });

  test('opens a data key only with its own context and unchanged', async () => {
    const dataKey = systemRng.bytes(32);
    const wrapped = await keys.wrapDataKey(dataKey, 'job_1');
    expect(Buffer.from((await keys.unwrapDataKey(wrapped, 'job_1')) ?? []).equals(dataKey)).toBe(true);
    expect(await keys.unwrapDataKey(wrapped, 'job_2')).toBeNull();
    expect(await keys.unwrapDataKey(wrapped.subarray(1), 'job_1')).toBeNull();
  });
});

describe('the result vault', () => {
  test('gives back what was sealed, from a file that does not show it', async () => {
    const { digest } = await vault.seal('job_1', CONTENT);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    const opened1 = await vault.open('job_1');
    expect(opened1.ok && Buffer.from(opened1.value).equals(CONTENT)).toBe(true);
    const path = join(results, 'job_1.sealed');
    expect((await stat(path)).mode & 0o777).toBe(0o400);
    expect((await readFile(path)).includes('district')).toBe(false);
    expect(await readdir(results)).toEqual(['job_1.sealed']);
    expect(await vault.jobs()).toEqual(['job_1']);
  });

  test('finds a change of any byte, a cut and an addition', async () => {
    await vault.seal('job_1', CONTENT);
    const path = join(results, 'job_1.sealed');
    const good = await readFile(path);
    await chmod(path, 0o600);
    const changed = { ok: false, error: [{ code: 'audit.sealed_result_changed', facts: { job: 'job_1' } }] };
    for (let index = 0; index < good.length; index += 1) {
      const bytes = Buffer.from(good);
      bytes[index] = (bytes[index] as number) ^ 0x10;
      await writeFile(path, bytes);
      expect(await vault.open('job_1'), `byte ${index}`).toEqual(changed);
    }
    for (const bytes of [good.subarray(0, -1), good.subarray(0, 20), Buffer.alloc(0), Buffer.concat([good, Buffer.of(0)])]) {
      await writeFile(path, bytes);
      expect(await vault.open('job_1')).toEqual(changed);
    }
  });

  test('does not take the result of one job for that of another', async () => {
    await vault.seal('job_1', CONTENT);
    await writeFile(join(results, 'job_2.sealed'), await readFile(join(results, 'job_1.sealed')));
    expect((await vault.open('job_2')).ok).toBe(false);
  });

  test('is of no use with the keys of another instance', async () => {
    await vault.seal('job_1', CONTENT);
    const other = await openFileKeyStore(join(opened.folder, 'other-keys'), systemRng);
    expect((await openFileResultVault(results, other, systemRng).open('job_1')).ok).toBe(false);
  });

  test('seals a job once, and keeps the first result', async () => {
    await vault.seal('job_1', CONTENT);
    await expect(vault.seal('job_1', Buffer.from('other'))).rejects.toThrow('EEXIST');
    const kept = await vault.open('job_1');
    expect(kept.ok && Buffer.from(kept.value).equals(CONTENT)).toBe(true);
    expect(await readdir(results)).toEqual(['job_1.sealed']);
  });

  test('destroys, also what is not there', async () => {
    await vault.seal('job_1', Buffer.alloc(0));
    await vault.destroy('job_1');
    await vault.destroy('job_1');
    expect(await readdir(results)).toEqual([]);
    expect(await vault.open('job_1')).toMatchObject({ ok: false, error: [{ code: 'audit.sealed_result_missing' }] });
  });

  test.each([['../store'], ['a/b'], [''], ['job\0']])('the id %j names no file', async (id) => {
    await expect(vault.open(id)).rejects.toThrow(TypeError);
    await expect(vault.destroy(id)).rejects.toThrow(TypeError);
  });
});
