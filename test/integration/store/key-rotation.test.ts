import { createPublicKey, randomBytes, verify } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { turnKey } from '../../../src/instance/key-rotation.ts';
import type { KeyStore } from '../../../src/operations/ports.ts';
import { openFileKeyStore } from '../../../src/store/file-key-store.ts';
import { openFileResultVault } from '../../../src/store/file-result-vault.ts';
import { sealedFields } from '../../../src/store/sealed-field.ts';
import { turnMasterKey } from '../../../src/store/turn-keys.ts';
import { systemRng, type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';

/** Keys are turned: what they closed and signed goes on being opened and believed, and nothing in between is lost by a kill. */
let opened: TemporaryStore;
let folder: string;
beforeEach(async () => {
  opened = await temporaryStore();
  folder = join(opened.folder, 'keys');
});
afterEach(() => opened.remove());

const reopened = (): Promise<KeyStore> => openFileKeyStore(folder, systemRng);
const vaultOf = (keys: KeyStore) => openFileResultVault(join(opened.folder, 'results'), keys, systemRng);
const turn = (purpose: 'master' | 'release', isAlone = true) =>
  turnKey(purpose, { dir: opened.folder, rng: systemRng, audit: opened.audit, isAlone });
const CONTENT = Buffer.from('{"district":"东城","n":120}');

function believes(raw: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(raw).toString('base64url') }, format: 'jwk' });
  return verify(null, message, key, signature);
}

test('after three turns of the master key everything that was closed under any of them opens', async () => {
  const fields: string[] = [];
  for (let at = 0; at < 3; at += 1) {
    const keys = await reopened();
    await vaultOf(keys).seal(`job_${at}`, CONTENT);
    fields.push(await sealedFields(keys).seal({ at }, 'x'));
    expect(await turn('master')).toMatchObject({ ok: true, value: { rewrapped: at + 1 } });
  }
  const keys = await reopened();
  for (let at = 0; at < 3; at += 1) {
    expect(await vaultOf(keys).open(`job_${at}`)).toMatchObject({ ok: true });
    expect(await sealedFields(keys).open(fields[at] ?? '', 'x')).toEqual({ at });
  }
  expect((await stat(join(folder, 'master.key'))).size).toBe(4 * 32);
  expect((await stat(join(folder, 'master.key'))).mode & 0o777).toBe(0o600);
});

test('the old master key opens nothing of what was sealed, once it was turned', async () => {
  const before = await reopened();
  await vaultOf(before).seal('job_1', CONTENT);
  await turn('master');
  await vaultOf(await reopened()).seal('job_2', CONTENT);
  for (const job of ['job_1', 'job_2']) expect(await vaultOf(before).open(job)).toMatchObject({ ok: false });
});

test('what is derived for datasets stays: sealed data and ledgers were made with it', async () => {
  const before = await (await reopened()).datasetKey('city', 'ledger');
  await turn('master');
  expect(await (await reopened()).datasetKey('city', 'ledger')).toEqual(before);
});

test('a kill after the key and before the results loses nothing; asked again, the rest is done', async () => {
  const keys = await reopened();
  for (const job of ['job_1', 'job_2']) await vaultOf(keys).seal(job, CONTENT);
  await turnMasterKey(folder, systemRng); // killed here
  await writeFile(join(opened.folder, 'results', 'job_1.sealed.tmp'), 'half', { mode: 0o400 });
  await writeFile(join(folder, 'master.key.tmp'), 'half', { mode: 0o600 });
  expect(await vaultOf(await reopened()).open('job_1')).toMatchObject({ ok: true });
  expect(await turn('master')).toMatchObject({ ok: true, value: { rewrapped: 2 } });
  expect((await readdir(join(opened.folder, 'results'))).sort()).toEqual(['job_1.sealed', 'job_2.sealed']);
  expect(await vaultOf(await reopened()).open('job_2')).toMatchObject({ ok: true });
});

test('a torn or foreign key file stops the start', async () => {
  const path = join(folder, 'master.key');
  const whole = await readFile(path);
  for (const bytes of [whole.subarray(0, 31), Buffer.concat([whole, randomBytes(5)]), Buffer.alloc(0)]) {
    await writeFile(path, bytes);
    await expect(reopened()).rejects.toThrow('wrong length');
  }
});

test('what was signed before is still believed, and the key that signed it is gone', async () => {
  const message = Buffer.from('manifest');
  const before = await reopened();
  const signature = await before.sign('release', message);
  const [old = new Uint8Array()] = await before.releaseKeys();
  expect(await turn('release')).toMatchObject({ ok: true });
  const after = await reopened();
  const [fresh = new Uint8Array(), kept = new Uint8Array()] = await after.releaseKeys();
  expect(kept).toEqual(old);
  expect(believes(kept, message, signature)).toBe(true);
  expect(believes(fresh, message, signature)).toBe(false);
  expect(believes(fresh, message, await after.sign('release', message))).toBe(true);
  expect((await readFile(join(folder, 'release-signing.pem'), 'utf8')).match(/PRIVATE KEY-----\n/g)).toHaveLength(2); // one: begin and end
});

test('refused while somebody else works with the keys, and told in the log otherwise', async () => {
  const before = await readFile(join(folder, 'master.key'));
  expect(await turn('master', false)).toMatchObject({ ok: false, error: [{ code: 'key.instance_open' }] });
  expect(await readFile(join(folder, 'master.key'))).toEqual(before);
  await turn('master');
  const entries = await opened.audit.entries({ after: 0, limit: 10 });
  expect(entries.map((entry) => entry.operation)).toContain('instance.key_turn');
});
