import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { totpAt } from '../../src/identity/totp.ts';
import { cli, type RunningCli, startCli } from './process.ts';

/** From the first start of an empty folder to a program with a key of its own, over a real server. */
let dir: string;
let server: RunningCli;
let address = '';
let token = '';

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'sluice-e2e-identity-'));
  server = startCli(['serve', '--port', '0', '--json', '--data', dir], {
    environment: { SLUICE_ENV: 'production', SLUICE_MINIMUM_ISOLATION: 'namespaces' },
  });
  for await (const chunk of server.stdout) {
    for (const line of String(chunk).trim().split('\n')) {
      const told = JSON.parse(line) as { event?: string; address?: string; token?: string };
      if (told.event === 'listening') address = told.address ?? '';
      if (told.event === 'bootstrap') token = told.token ?? '';
    }
    if (address !== '' && token !== '') break;
  }
}, 60_000);
afterAll(async () => {
  server.stop();
  await server.ended;
  await rm(dir, { recursive: true, force: true });
});

const post = (path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${address}${path}`, { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } });

function bytesOf(base32: string): Buffer {
  const bits = [...base32].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

test('first start, first operator, sign-in, key, command', { timeout: 90_000 }, async () => {
  const password = 'a gate across the river';
  const person = { token, password, principal: 'founder', organisation: 'operator-co' };
  const enrolled = await post('/v1/accounts', person);
  expect(enrolled.status).toBe(201);
  const { totpSecret } = (await enrolled.json()) as { totpSecret: string };
  expect((await post('/v1/accounts', { ...person, principal: 'second' })).status).toBe(403);

  const code = totpAt(bytesOf(totpSecret), Math.floor(Date.now() / 30_000));
  const signedIn = await post('/v1/sessions', { principal: 'founder', password, code });
  expect(signedIn.status).toBe(201);
  const cookie = signedIn.headers.get('set-cookie')?.split(';')[0] ?? '';
  const { csrfToken } = (await signedIn.json()) as { csrfToken: string };

  expect((await post('/v1/keys', { label: 'ci' }, { cookie })).status).toBe(403);
  const made = await post('/v1/keys', { label: 'ci', scopes: ['key', 'job.read'] }, { cookie, 'x-csrf-token': csrfToken });
  expect(made.status).toBe(201);
  const { key, id } = (await made.json()) as { key: string; id: string };

  const environment = { SLUICE_API_KEY: key };
  const as = (...argv: string[]) => cli([...argv, '--server', address, '--json'], { environment });
  const created = await as('key', 'create', '--label', 'second', '--scope', 'job.read');
  expect([created.status, created.lines[0]?.['scopes']]).toEqual([0, ['job.read']]);
  const listed = await as('key', 'list');
  expect(listed.lines.map((line) => line['label']).sort()).toEqual(['ci', 'second']);
  const wider = await as('key', 'create', '--label', 'third', '--scope', 'egress.vote');
  expect([wider.status, wider.lines[0]?.['code']]).toEqual([1, 'key.scope_wider']);
  const rotated = await as('key', 'rotate', id, '--overlap-hours', '0');
  expect(rotated.status).toBe(0);
  expect((await as('key', 'list')).status).toBe(1);
  const fresh = { SLUICE_API_KEY: String(rotated.lines[0]?.['key']) };
  const revoked = await cli(['key', 'revoke', String(created.lines[0]?.['id']), '--server', address, '--json'], { environment: fresh });
  expect([revoked.status, revoked.lines[0]?.['state']]).toEqual([0, 'revoked']);

  const out = await post('/v1/session/end', {}, { cookie, 'x-csrf-token': csrfToken });
  expect(out.status).toBe(204);
  expect((await fetch(`${address}/v1/session`, { headers: { cookie } })).status).toBe(401);
});
