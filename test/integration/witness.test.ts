import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { exitCodeOf } from '../../src/audit/log-fault.ts';
import { readTrust, readWitnesses } from '../../src/audit/log-trust.ts';
import { verifyReceipt } from '../../src/audit/tlog-proof.ts';
import { askWitnesses } from '../../src/instance/witness-client.ts';
import { serveWitness, type WitnessServer } from '../../src/instance/witness-server.ts';
import { selfSigned } from '../support/self-signed.ts';
import { openStoreIn, someEvent, systemClock, type TemporaryStore, temporaryStore } from '../support/temporary-store.ts';

let opened: TemporaryStore;
let folder = '';
const servers: WitnessServer[] = [];
beforeEach(async () => {
  opened = await temporaryStore();
  folder = await mkdtemp(join(tmpdir(), 'sluice-witness-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) await server.close();
  await opened.remove();
  await rm(folder, { recursive: true, force: true });
});

async function witness(name: string, tls?: { readonly cert: string; readonly key: string }): Promise<WitnessServer> {
  const server = await serveWitness({
    folder: join(folder, name),
    name,
    logs: await opened.audit.keys(),
    host: '127.0.0.1',
    port: 0,
    clock: systemClock,
    ...(tls === undefined ? {} : { tls }),
  });
  servers.push(server);
  return server;
}
const places = (...of: readonly WitnessServer[]) =>
  readWitnesses(of.map(({ key, address }) => `witness ${key} ${address}`).join('\n'))?.witnesses ?? [];
const append = async (audit: TemporaryStore['audit'], count: number): Promise<void> => {
  for (let index = 0; index < count; index += 1) await audit.append(someEvent(`x-${index}`));
};
const post = (server: WitnessServer, body: string) => fetch(`${server.address}/add-checkpoint`, { method: 'POST', body });

describe('a witness behind TLS', () => {
  const named = (server: WitnessServer) => server.address.replace('127.0.0.1', 'localhost');
  const placeOf = (server: WitnessServer) => readWitnesses(`witness ${server.key} ${named(server)}`)?.witnesses ?? [];

  test('cosigns for who trusts its certificate, and for nobody else', async () => {
    const own = selfSigned();
    const server = await witness('w.example/tls', own);
    expect(server.address).toMatch(/^https:/);
    await append(opened.audit, 2);
    const asked = (ca?: string) => askWitnesses(opened.audit, placeOf(server), new Map(), ca);
    expect(await asked()).toEqual({ cosigned: [], refused: [] });
    expect(await asked(selfSigned().cert)).toEqual({ cosigned: [], refused: [] });
    expect(await asked(own.cert)).toEqual({ cosigned: ['w.example/tls'], refused: [] });
    await expect(fetch(server.address.replace('https', 'http'))).rejects.toThrow();
  });

  test('does not start with a certificate and a key that are no pair', async () => {
    const mixed = { cert: selfSigned().cert, key: selfSigned().key };
    await expect(witness('w.example/mixed', mixed)).rejects.toThrow(RangeError);
    await expect(witness('w.example/none', { cert: 'x', key: 'y' })).rejects.toThrow(RangeError);
  });
});

describe('witnesses', () => {
  test('cosign what continues what they know; a receipt then verifies offline against k of n', async () => {
    const servers = [await witness('a.example/w'), await witness('b.example/w')];
    const sizes = new Map<string, number>();
    for (const more of [3, 0, 5, 300]) {
      await append(opened.audit, more);
      expect(await askWitnesses(opened.audit, places(...servers), sizes)).toEqual({
        cosigned: ['a.example/w', 'b.example/w'],
        refused: [],
      });
    }
    const receipt = (await opened.audit.receipt(2)) ?? '';
    const log = (await opened.audit.keys()).map((key) => `log ${key}`);
    const keys = servers.map(({ key }) => `witness ${key}`);
    for (const [lines, outcome] of [
      [[...log, ...keys, 'quorum 2'], true],
      [[...log, keys[0], 'quorum 1'], true],
      [[...log, ...keys, 'quorum 3'], null],
    ] as const) {
      const trust = readTrust(lines.join('\n'));
      expect(trust === null ? null : verifyReceipt(receipt, trust).ok).toBe(outcome);
    }
    const stranger = await witness('c.example/w');
    const trust = readTrust([...log, ...keys, `witness ${stranger.key}`, 'quorum 3'].join('\n'));
    expect(trust && verifyReceipt(receipt, trust)).toEqual({ ok: false, error: 'too-few-witnesses' });
  });

  test('learn a witness’s size after the log was opened anew', async () => {
    const server = await witness('a.example/w');
    await append(opened.audit, 3);
    await askWitnesses(opened.audit, places(server), new Map());
    await append(opened.audit, 3);
    expect(await askWitnesses(opened.audit, places(server), new Map())).toEqual({ cosigned: ['a.example/w'], refused: [] });
  });

  test('answer as the protocol says', async () => {
    const server = await witness('a.example/w');
    await append(opened.audit, 4);
    const { checkpoint } = await opened.audit.consistency(0);
    const status = async (body: string) => (await post(server, body)).status;
    expect(await status('')).toBe(400);
    expect(await status(`old 00\n\n${checkpoint}`)).toBe(400);
    expect(await status(`old 5\n\n${checkpoint}`)).toBe(400);
    expect(await status(`old 0\n\n${checkpoint.replace(/^sluice\/audit\/sha256\/./, 'sluice/audit/sha256/z')}`)).toBe(404);
    expect(await status(`old 0\n\n${checkpoint.replace('\n4\n', '\n5\n')}`)).toBe(403);
    const conflict = await post(server, `old 2\n\n${checkpoint}`);
    expect([conflict.status, conflict.headers.get('content-type'), await conflict.text()]).toEqual([409, 'text/x.tlog.size', '0\n']);
    expect(await status(`old 0\n${Buffer.alloc(32).toString('base64')}\n\n${checkpoint}`)).toBe(422);
    expect(await status(`old 0\n\n${checkpoint}`)).toBe(200);
    expect(await status(`old 4\n\n${checkpoint}`)).toBe(200);
    expect(await status(`old 0\n${`${Buffer.alloc(32).toString('base64')}\n`.repeat(64)}\n${checkpoint}`)).toBe(400);
    expect((await fetch(`${server.address}/checkpoint?origin=none`)).status).toBe(404);
  });

  test('one at a time: two requests from the same size cannot both be signed past each other', async () => {
    const server = await witness('a.example/w');
    await append(opened.audit, 1);
    const first = await opened.audit.consistency(0);
    await append(opened.audit, 5);
    const second = await opened.audit.consistency(0);
    const answers = await Promise.all([first, second].map(({ checkpoint }) => post(server, `old 0\n\n${checkpoint}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
  });
});

/** The log key is stolen: the folder of keys is copied, and another history is signed with it. */
describe('what a witness finds and the log alone does not', () => {
  async function forge(
    entries: number,
  ): Promise<TemporaryStore['audit'] & { readonly close: () => Promise<void>; readonly folder: string }> {
    const other = join(folder, `forged-${entries}`);
    await cp(join(opened.folder, 'keys'), join(other, 'keys'), { recursive: true });
    const forged = await openStoreIn(other);
    for (let index = 0; index < entries; index += 1) await forged.audit.append(someEvent(`forged-${index}`));
    await forged.audit.checkpoint();
    return { ...forged.audit, close: () => forged.store.close(), folder: other };
  }

  test.each([
    ['of the same size', 6, 13],
    ['longer', 9, 13],
    ['shorter', 4, 12],
  ] as const)(
    'a replaced log %s, signed with the stolen key, verifies by itself and not against the witness',
    async (_, entries, status) => {
      const server = await witness('a.example/w');
      await append(opened.audit, 6);
      await askWitnesses(opened.audit, places(server), new Map());
      const forged = await forge(entries);
      expect((await forged.verify()).verified).toBe(true);
      const { refused, cosigned } = await askWitnesses(forged, places(server), new Map());
      expect([refused, cosigned]).toEqual([['a.example/w'], []]);
      const origin = (await opened.audit.checkpoint()).split('\n')[0] ?? '';
      const kept = await (await fetch(`${server.address}/checkpoint?origin=${encodeURIComponent(origin)}`)).text();
      const found = await forged.verify([kept]);
      expect([found.verified, exitCodeOf(found.faults)]).toEqual([false, status]);
      if (entries >= 6) {
        const evidence = (await readdir(join(folder, 'a.example/w'))).filter((name) => name.endsWith('.evidence'));
        expect(evidence).toHaveLength(1);
      }
      await forged.close();
    },
  );

  test('an old backup, restored with its checkpoint, goes on alone and is refused', async () => {
    const server = await witness('a.example/w');
    await append(opened.audit, 3);
    await opened.audit.checkpoint();
    await opened.store.close();
    const backup = join(folder, 'backup');
    await cp(opened.folder, backup, { recursive: true });
    opened = { ...opened, ...(await openStoreIn(opened.folder)) };
    await append(opened.audit, 5);
    const sizes = new Map<string, number>();
    expect((await askWitnesses(opened.audit, places(server), sizes)).cosigned).toEqual(['a.example/w']);
    const restored = await openStoreIn(backup);
    for (let index = 0; index < 9; index += 1) await restored.audit.append(someEvent(`other-${index}`));
    expect((await restored.audit.verify()).verified).toBe(true);
    expect((await askWitnesses(restored.audit, places(server), sizes)).refused).toEqual(['a.example/w']);
    await restored.store.close();
  });

  test('a witness whose own record was changed signs nothing', async () => {
    const server = await witness('a.example/w');
    await append(opened.audit, 3);
    await askWitnesses(opened.audit, places(server), new Map());
    const path = join(
      folder,
      'a.example/w',
      (await readdir(join(folder, 'a.example/w'))).find((name) => name.endsWith('.checkpoint')) ?? '',
    );
    await writeFile(path, (await readFile(path, 'utf8')).replace('\n3\n', '\n1\n'));
    const { checkpoint } = await opened.audit.consistency(0);
    expect((await post(server, `old 0\n\n${checkpoint}`)).status).toBe(500);
  });
});
