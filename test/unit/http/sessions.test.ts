import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ok } from '../../../src/kernel/result.ts';
import type { AccountDoor } from '../../../src/operations/account-door.ts';
import { KEYS, MERCHANT, testApp } from './test-app.ts';

const MERCHANT_A = KEYS['merchant-key-0000000'] ?? null;
const SESSION = `sls_${'a'.repeat(43)}`;

function door(changes: Partial<AccountDoor> = {}): AccountDoor {
  return {
    enrol: async () => ok({ principal: 'merchant-a', totpSecret: 'A', otpauth: 'o', recoveryCodes: [] }),
    signIn: async () => ok({ principal: 'merchant-a', session: SESSION, csrfToken: 'c', expiresAt: '2026-01-01T12:00:00.000Z' }),
    session: async (token) => (token === SESSION ? MERCHANT_A : null),
    signOut: async () => undefined,
    certificateHolder: async () => null,
    ...changes,
  };
}
const SIGN_IN = { method: 'POST', url: '/v1/sessions', payload: { principal: 'merchant-a', password: 'x', code: '1' } } as const;

describe('the cookie of a session', () => {
  test('is out of reach of scripts, other sites, and with TLS of plain connections', async () => {
    await using plain = await testApp({}, { accounts: door() });
    const response = await plain.app.inject(SIGN_IN);
    expect(response.statusCode).toBe(201);
    expect(response.headers['set-cookie']).toBe(`sluice_session=${SESSION}; Path=/; HttpOnly; SameSite=Strict`);
    expect(response.body).not.toContain(SESSION);
    await using secure = await testApp({}, { accounts: door(), isBehindTls: true });
    expect((await secure.app.inject(SIGN_IN)).headers['set-cookie']).toContain('; Secure');
  });

  test('tells who reads; a change needs its token and comes from no other site', async () => {
    await using server = await testApp({}, { accounts: door() });
    const cookie = `other=1; sluice_session=${SESSION}`;
    const who = await server.app.inject({ url: '/v1/session', headers: { cookie } });
    expect(who.json()).toMatchObject({ principal: 'merchant-a', knownBy: 'session' });
    const token = String(who.json().csrfToken);
    const cancel = async (headers: Record<string, string>) =>
      (
        await server.app.inject({
          method: 'POST',
          url: '/v1/jobs/job_1/cancellation',
          headers: { cookie, host: 'sluice.example', ...headers },
        })
      ).statusCode;
    expect(await cancel({ 'x-csrf-token': token, origin: 'https://sluice.example', 'sec-fetch-site': 'same-origin' })).toBe(200);
    expect(await cancel({})).toBe(403);
    expect(await cancel({ 'x-csrf-token': 'wrong' })).toBe(403);
    expect(await cancel({ 'x-csrf-token': token, origin: 'https://evil.example' })).toBe(403);
    expect(await cancel({ 'x-csrf-token': token, origin: 'null' })).toBe(403);
    expect(await cancel({ 'x-csrf-token': token, 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await cancel({ 'x-csrf-token': token, 'sec-fetch-site': 'same-site' })).toBe(403);
    expect(server.calls).toHaveLength(1);
  });

  test('counts for nothing beside an Authorization header, and when it has ended', async () => {
    await using server = await testApp({}, { accounts: door() });
    const cookie = `sluice_session=${SESSION}`;
    const wrong = await server.app.inject({ url: '/v1/session', headers: { cookie, authorization: 'Bearer wrong-key-0000000000' } });
    expect(wrong.statusCode).toBe(401);
    const ended = await server.app.inject({ url: '/v1/session', headers: { cookie: 'sluice_session=sls_old' } });
    expect(ended.statusCode).toBe(401);
    const key = await server.app.inject({ url: '/v1/session', headers: MERCHANT });
    expect([key.json().knownBy, key.json().csrfToken]).toEqual(['bearer', undefined]);
  });

  test('is taken back by signing out', async () => {
    const ended: string[] = [];
    await using server = await testApp({}, { accounts: door({ signOut: async (_actor, token) => void ended.push(token) }) });
    const cookie = `sluice_session=${SESSION}`;
    const token = String((await server.app.inject({ url: '/v1/session', headers: { cookie } })).json().csrfToken);
    const out = await server.app.inject({ method: 'POST', url: '/v1/session/end', headers: { cookie, 'x-csrf-token': token } });
    expect([out.statusCode, out.headers['set-cookie'], ended]).toEqual([
      204,
      'sluice_session=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict',
      [SESSION],
    ]);
  });

  test('is not given to another site’s form', async () => {
    await using server = await testApp({}, { accounts: door() });
    const response = await server.app.inject({ ...SIGN_IN, headers: { 'sec-fetch-site': 'cross-site' } });
    expect([response.statusCode, response.headers['set-cookie']]).toEqual([403, undefined]);
    const form = await server.app.inject({ ...SIGN_IN, payload: 'principal=a', headers: { 'content-type': 'text/plain' } });
    expect([form.statusCode, form.headers['set-cookie']]).toEqual([400, undefined]);
  });
});

describe('a client certificate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-cert-'));
  const path = join(folder, 'c.pem');
  const subject = ['-subj', '/CN=merchant', '-days', '3650', '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
  execFileSync('openssl', ['req', '-x509', ...subject, '-keyout', join(folder, 'k.pem'), '-out', path], { stdio: 'ignore' });
  const certificate = new X509Certificate(readFileSync(path));
  rmSync(folder, { recursive: true });
  const digest = createHash('sha256')
    .update(certificate.publicKey.export({ format: 'der', type: 'spki' }))
    .digest('hex');
  const headers = { 'client-cert': `:${certificate.raw.toString('base64')}:` };
  const accounts = door({ certificateHolder: async (fingerprint) => (fingerprint === digest ? MERCHANT_A : null) });
  const clock = { now: () => new Date(Date.parse(certificate.validFrom) + 60_000) };

  test('stands for its holder when a trusted proxy passes it on, and for nobody otherwise', async () => {
    await using server = await testApp({}, { accounts, clientCertificates: true, trustedProxies: ['10.0.0.1'], clock });
    const from = async (remoteAddress: string, more: Record<string, string> = {}) =>
      (await server.app.inject({ url: '/v1/session', headers: { ...headers, ...more }, remoteAddress })).json();
    expect(await from('10.0.0.1')).toMatchObject({ principal: 'merchant-a', knownBy: 'certificate' });
    expect((await from('10.0.0.2')).status).toBe(401);
    expect((await from('10.0.0.2', { 'x-forwarded-for': '10.0.0.1' })).status).toBe(401);
    for (const broken of ['', ':AAAA:', 'not base64', `:${Buffer.from('junk junk junk junk').toString('base64')}:`])
      expect((await from('10.0.0.1', { 'client-cert': broken })).status, broken).toBe(401);
  });

  test('is not looked at where that is not configured, or outside its time', async () => {
    await using off = await testApp({}, { accounts, trustedProxies: ['10.0.0.1'], clock });
    await using late = await testApp(
      {},
      { accounts, clientCertificates: true, trustedProxies: ['10.0.0.1'], clock: { now: () => new Date('2099-01-01') } },
    );
    for (const server of [off, late]) {
      const response = await server.app.inject({ url: '/v1/session', headers, remoteAddress: '10.0.0.1' });
      expect(response.statusCode).toBe(401);
    }
  });
});
