import { readdirSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEnclave } from '../../../src/sandbox/enclave/create-enclave.ts';
import type { Enclave, EnclaveSession } from '../../../src/sandbox/enclave/port.ts';
import { hasBubblewrap, hasNamespaces, LIMITS, makeFolder, openSession, sealFile } from '../../support/enclave/enclave-fixture.ts';

const PRYING = fileURLToPath(new URL('../../support/enclave/prying-worker.ts', import.meta.url));
const REPOSITORY = fileURLToPath(new URL('../../../', import.meta.url));

/** Opens a session of a program that looks around instead of the worker, over one sealed file of two. */
async function prying(isolation: 'bubblewrap' | 'namespaces', folder: { readonly root: string; readonly tempRoot: string }) {
  const builder = await createEnclave({ isolation, allowProcessFallback: false, tempRoot: folder.tempRoot, poolSize: 0 });
  const mounts = await sealFile(builder, join(folder.root, 'v1.duckdb'), ['CREATE TABLE t AS SELECT 1 AS a']);
  await sealFile(builder, join(folder.root, 'other.duckdb'), ['CREATE TABLE t AS SELECT 2 AS a']);
  await builder.close();
  const enclave = await createEnclave({
    isolation,
    allowProcessFallback: false,
    tempRoot: folder.tempRoot,
    poolSize: 0,
    workerScript: PRYING,
  });
  return { enclave, session: await openSession(enclave, mounts, { ...LIMITS, tempMiB: 8 }) };
}

async function see(session: EnclaveSession, look: string): Promise<string> {
  const answer = await session.query(look);
  if (!answer.ok) throw new Error(answer.error);
  return String(answer.value.rows[0]?.[0]);
}

async function listen(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('No port');
  return { server, port: address.port };
}

describe.skipIf(!hasBubblewrap)('a program in the sandbox of bubblewrap', () => {
  const folder = makeFolder();
  let enclave: Enclave;
  let session: EnclaveSession;
  let server: Server;
  let port: number;

  beforeAll(async () => {
    writeFileSync(join(folder.root, 'secret.csv'), 'secret');
    ({ server, port } = await listen());
    ({ enclave, session } = await prying('bubblewrap', folder));
  });
  afterAll(async () => {
    await enclave.close();
    server.close();
    folder.remove();
  });

  test('has no network', async () => {
    expect(await see(session, `connect ${port}`)).not.toBe('yes');
    expect(await see(session, 'interfaces')).toMatch(/^(lo)?$/);
  });

  test('sees its code, its file and nothing else', async () => {
    expect(await see(session, 'read /data/sealed.duckdb')).toBe('yes');
    expect(await see(session, 'list /data')).toBe('sealed.duckdb');
    const topFolder = REPOSITORY.split('/')[1] ?? '';
    const top = (await see(session, 'list /')).split(' ');
    for (const name of top) expect(['data', 'dev', 'lib', 'lib64', 'spill', 'usr', 'opt', topFolder]).toContain(name);
    expect(await see(session, `list ${join(REPOSITORY, 'src')}`)).toBe('kernel sandbox');
    expect(await see(session, `list ${join(REPOSITORY, 'src/sandbox')}`)).toBe('enclave');
  });

  test.each([
    '/etc/passwd',
    '/proc/self/environ',
    join(REPOSITORY, 'package-lock.json'),
    join(folder.root, 'secret.csv'),
    join(folder.root, 'v1.duckdb'),
    join(folder.root, 'other.duckdb'),
    '/bin/sh',
    '/usr/bin/env',
  ])('cannot read %s', async (path) => {
    expect(await see(session, `read ${path}`)).toBe('ENOENT');
  });

  test.each(['/data/sealed.duckdb', '/data/new', '/new', '/dev/new', '/dev/shm/new', '/usr/lib/new', join(dirname(PRYING), 'new')])(
    'cannot write %s',
    async (path) => {
      expect(await see(session, `write ${path}`)).toMatch(/^(EROFS|EACCES|ENOENT)$/);
    },
  );

  test('cannot fill more than its own folder holds', async () => {
    expect(await see(session, 'write /spill/a')).toBe('yes');
    expect(await see(session, 'fill /spill/b')).toBe('ENOSPC');
  });

  test('sees no process and no variable of the parent', async () => {
    expect(await see(session, `kill ${process.pid}`)).toBe('ESRCH');
    expect(Number(await see(session, 'pid'))).toBeLessThan(10);
    expect(await see(session, 'environment')).toMatch(/^LC_ALL MALLOC_ARENA_MAX (PWD )?TZ$/);
  });

  test('left nothing outside', () => {
    expect(readdirSync(folder.root).sort()).toEqual(['other.duckdb', 'secret.csv', 'tmp', 'v1.duckdb']);
  });
});

describe.skipIf(!hasNamespaces)('a program in namespaces of its own', () => {
  const folder = makeFolder();

  afterAll(() => folder.remove());

  test('has no network, sees no process of the parent, and fills no disk', async () => {
    const { server, port } = await listen();
    const { enclave, session } = await prying('namespaces', folder);
    expect(await see(session, `connect ${port}`)).not.toBe('yes');
    expect(Number(await see(session, 'pid'))).toBeLessThan(10);
    const [own = ''] = readdirSync(folder.tempRoot);
    expect(await see(session, `fill ${join(folder.tempRoot, own, 'spill', 'b')}`)).toBe('ENOSPC');
    await enclave.close();
    server.close();
  });
});

test('where the level that is demanded cannot be had, every session is refused', async () => {
  const folder = makeFolder();
  writeFileSync(join(folder.root, 'not-a-folder'), '');
  const enclave = await createEnclave({
    isolation: 'bubblewrap',
    allowProcessFallback: true,
    tempRoot: folder.tempRoot,
    toolFolders: [join(folder.root, 'not-a-folder')],
  });
  const mounts = { database: { kind: 'memory' }, readable: [], writable: [] } as const;
  expect(await enclave.open(mounts, LIMITS)).toEqual({ ok: false, error: 'isolation_unavailable' });
  await enclave.close();
  folder.remove();
});
