import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isToken, tokenVerifier } from '../../src/instance/token-verifier.ts';
import type { Actor } from '../../src/operations/actor.ts';

const ISSUER = 'https://issuer.test';
const AUDIENCE = 'sluice';
const MERCHANT: Actor = { id: 'merchant-a', organisation: 'merchant-a-co', roles: ['merchant'] };
let server: Server;
let signing: CryptoKey;
let strange: CryptoKey;
let asked = 0;
let verify: (token: string) => Promise<Actor | null>;

beforeAll(async () => {
  const own = await generateKeyPair('ES256');
  signing = own.privateKey;
  strange = (await generateKeyPair('ES256')).privateKey;
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(own.publicKey)), kid: 'k1', alg: 'ES256', use: 'sig' }] });
  server = createServer((_request, response) => {
    asked += 1;
    response.setHeader('content-type', 'application/json').end(keys);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  const oidc = { issuer: ISSUER, audience: AUDIENCE, jwksUrl, claim: 'sub', type: 'at+jwt' };
  verify = tokenVerifier(oidc, async (id) => (id === MERCHANT.id ? MERCHANT : null), { now: () => new Date() });
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

interface Change {
  readonly header?: Record<string, unknown>;
  readonly claims?: Record<string, unknown>;
  readonly issuer?: string;
  readonly audience?: string;
  readonly subject?: string;
  readonly issuedAt?: number;
  readonly expires?: number;
  readonly key?: CryptoKey;
}

function token(change: Change = {}): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new SignJWT({ roles: ['operator'], ...change.claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'at+jwt', ...change.header })
    .setIssuer(change.issuer ?? ISSUER)
    .setAudience(change.audience ?? AUDIENCE)
    .setSubject(change.subject ?? MERCHANT.id)
    .setIssuedAt(change.issuedAt ?? now)
    .setExpirationTime(change.expires ?? now + 600)
    .sign(change.key ?? signing);
}

describe('a token', () => {
  test('tells who somebody is; what he may do is ours to say, whatever it claims', async () => {
    expect(await verify(await token())).toEqual(MERCHANT);
    expect(await verify(await token({ subject: 'stranger' }))).toBeNull();
  });

  const now = Math.floor(Date.now() / 1000);
  test.each<[string, Change]>([
    ['of another issuer', { issuer: 'https://evil.test' }],
    ['for somebody else', { audience: 'other' }],
    ['of another type', { header: { typ: 'JWT' } }],
    ['that is over', { issuedAt: now - 1200, expires: now - 60 }],
    ['from the future', { issuedAt: now + 600, expires: now + 1200 }],
    ['not valid yet', { claims: { nbf: now + 600 } }],
    ['issued too long ago', { issuedAt: now - 13 * 3600, expires: now + 600 }],
  ])('%s is nobody’s', async (_name, change) => {
    expect(await verify(await token(change))).toBeNull();
  });

  test('signed by another key, with a shared secret, or not at all is nobody’s', async () => {
    expect(await verify(await token({ key: strange }))).toBeNull();
    const claims = { iss: ISSUER, aud: AUDIENCE, sub: MERCHANT.id, iat: now, exp: now + 600 };
    const shared = new TextEncoder().encode('k1-public-key-used-as-a-secret!!');
    expect(await verify(await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'k1', typ: 'at+jwt' }).sign(shared))).toBeNull();
    expect(await verify(new UnsecuredJWT(claims).encode())).toBeNull();
    const [head = '', , signature = ''] = (await token()).split('.');
    const forged = Buffer.from(JSON.stringify({ ...claims, sub: 'operator-1' })).toString('base64url');
    expect(await verify(`${head}.${forged}.${signature}`)).toBeNull();
  });

  test('without its times or its owner is nobody’s', async () => {
    const head = { alg: 'ES256', kid: 'k1', typ: 'at+jwt' };
    const whole = { iss: ISSUER, aud: AUDIENCE, sub: MERCHANT.id, iat: now, exp: now + 600 };
    for (const missing of ['sub', 'iat', 'exp', 'iss', 'aud'] as const) {
      const { [missing]: _left, ...claims } = whole;
      expect(await verify(await new SignJWT(claims).setProtectedHeader(head).sign(signing)), missing).toBeNull();
    }
    expect(
      await verify(await new SignJWT({ ...whole, sub: ['merchant-a'] as unknown as string }).setProtectedHeader(head).sign(signing)),
    ).toBeNull();
  });

  test('needs an issuer that answers, which is not asked every time', async () => {
    const before = asked;
    for (let n = 0; n < 5; n++) await verify(await token());
    expect(asked - before).toBeLessThanOrEqual(1);
    const oidc = { issuer: ISSUER, audience: AUDIENCE, jwksUrl: 'http://127.0.0.1:9/jwks', claim: 'sub', type: 'at+jwt' };
    const unreachable = tokenVerifier(oidc, async () => MERCHANT, { now: () => new Date() });
    expect(await unreachable(await token())).toBeNull();
  });

  test('is told from an API key by its form', async () => {
    expect([isToken(await token()), isToken('slk_abc_def'), isToken('a.b'), isToken('a.b.c.d'), isToken('')]).toEqual([
      true,
      false,
      false,
      false,
      false,
    ]);
  });
});
