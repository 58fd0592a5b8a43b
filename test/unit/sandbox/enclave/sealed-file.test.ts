import { chmodSync, linkSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkSealedFile, fileDigest, fileIdentity } from '../../../../src/sandbox/enclave/sealed-file.ts';
import { makeFolder } from '../../../support/enclave/enclave-fixture.ts';

let folder: ReturnType<typeof makeFolder>;
let path: string;
beforeEach(() => {
  folder = makeFolder();
  path = join(folder.root, 'v1.duckdb');
  writeFileSync(path, 'abc', { mode: 0o400 });
});
afterEach(() => folder.remove());

const ABC = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'; // FIPS 180-2, appendix B.1

test('the digest is SHA-256 in lower-case hexadecimal', async () => {
  expect(await fileDigest(path)).toBe(ABC);
});

test('the right file is let through with its identity', async () => {
  expect(await checkSealedFile(path, ABC)).toEqual({ ok: true, value: await fileIdentity(path) });
});

test('another content or another digest is a mismatch', async () => {
  expect(await checkSealedFile(path, ABC.replace('b', 'c'))).toEqual({ ok: false, error: 'digest_mismatch' });
  chmodSync(path, 0o600);
  writeFileSync(path, 'abd');
  expect(await checkSealedFile(path, ABC)).toEqual({ ok: false, error: 'digest_mismatch' });
});

test.each([0o420, 0o402, 0o666])('a file of mode %o may be written by others and is refused', async (mode) => {
  chmodSync(path, mode);
  expect(await checkSealedFile(path, ABC)).toEqual({ ok: false, error: 'file' });
});

test('links, folders and missing files are refused', async () => {
  const link = join(folder.root, 'link.duckdb');
  symlinkSync(path, link);
  for (const wrong of [link, folder.root, join(folder.root, 'missing')]) {
    expect(await checkSealedFile(wrong, ABC)).toEqual({ ok: false, error: 'file' });
  }
});

test('the identity changes with whatever is done to the file', async () => {
  const before = await fileIdentity(path);
  linkSync(path, join(folder.root, 'other'));
  const linked = await fileIdentity(path);
  utimesSync(path, 1, 1);
  expect(new Set([before, linked, await fileIdentity(path)]).size).toBe(3);
  expect(await fileIdentity(join(folder.root, 'missing'))).toBeNull();
});
