import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { lockedUntil } from '../../../src/identity/lock-out.ts';
import { csrfToken, makeRecoveryCodes, makeSecretText, recoveryDigest, secretDigest } from '../../../src/identity/one-time-text.ts';
import { hashPassword, isUsablePassword, passwordMatches } from '../../../src/identity/password-hash.ts';
import { base32, otpauthUri, totpAt, totpStep } from '../../../src/identity/totp.ts';
import { RNG } from '../../e2e/process.ts';

describe('passwords', () => {
  const PEPPER = Buffer.from('pepper');
  /** Source: C2SP phc-strings.md. */
  const VECTOR = '$argon2id$v=19$m=65536,t=2,p=1$gZiV/M1gPc22ElAH/Jh1Hw$CWOrkoo7oJBQ/iyh7uJ0LO2aLEfrHwTWllSAxT0zRno';

  test('are hashed with argon2id as the published vector says', async () => {
    const salt = Buffer.from('gZiV/M1gPc22ElAH/Jh1Hw', 'base64');
    expect(await hashPassword('hunter2', salt, { memory: 65_536, passes: 2, lanes: 1 }, PEPPER)).toBe(VECTOR);
    expect(await passwordMatches('hunter2', VECTOR, PEPPER)).toBe(true);
    expect(await passwordMatches('hunter3', VECTOR, PEPPER)).toBe(false);
    expect(await passwordMatches('hunter2', VECTOR)).toBe(false);
  });

  test('match whatever way a letter was composed, and nothing that is no hash of ours', async () => {
    const phc = await hashPassword('caf\u00e9 am Fluss 数闸', RNG.bytes(16));
    expect(await passwordMatches('cafe\u0301 am Fluss 数闸', phc)).toBe(true);
    for (const text of ['', 'x', VECTOR.replace('m=65536', 'm=9999999'), VECTOR.replace('t=2', 't=99'), VECTOR.replace('2id', '2i')])
      expect(await passwordMatches('hunter2', text, PEPPER), text).toBe(false);
  });

  test('are long, varied and not the name', () => {
    expect(isUsablePassword('four words of a river', 'merchant-a')).toBe(true);
    for (const bad of ['short', 'aaaaaaaaaaaaaaaa', 'ababababababab', 'my name is merchant-a!', 'x'.repeat(129)])
      expect(isUsablePassword(bad, 'merchant-a'), bad).toBe(false);
  });
});

describe('one-time codes', () => {
  const SECRET = Buffer.from('12345678901234567890');

  /** Source: RFC 6238, appendix B (SHA-1, eight digits). */
  test.each([
    [59, '94287082'],
    [1111111109, '07081804'],
    [1111111111, '14050471'],
    [1234567890, '89005924'],
    [2000000000, '69279037'],
    [20000000000, '65353130'],
  ])('at second %i are those of RFC 6238', (second, code) => {
    expect(totpAt(SECRET, Math.floor(second / 30), 8)).toBe(code);
  });

  test('hold for a step before and after, and once', () => {
    const now = new Date(59_000);
    const at = (step: number): string => totpAt(SECRET, step);
    expect([0, 1, 2].map((step) => totpStep(SECRET, at(step), now, -1))).toEqual([0, 1, 2]);
    expect(totpStep(SECRET, at(3), now, -1)).toBeNull();
    expect(totpStep(SECRET, at(1), now, 1)).toBeNull();
    expect(totpStep(SECRET, at(0), now, 1)).toBeNull();
    for (const code of ['', '12345', '1234567', 'abcdef', '１２３４５６']) expect(totpStep(SECRET, code, now, -1)).toBeNull();
  });

  test('have secrets in base 32', () => {
    // Source: RFC 4648 §10.
    const vectors = { '': '', f: 'MY', fo: 'MZXQ', foo: 'MZXW6', foob: 'MZXW6YQ', fooba: 'MZXW6YTB', foobar: 'MZXW6YTBOI' };
    for (const [text, encoded] of Object.entries(vectors)) expect(base32(Buffer.from(text))).toBe(encoded);
    expect(otpauthUri(SECRET, 'a b')).toContain('Sluice:a%20b?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ');
  });
});

describe('what is told once', () => {
  test('is kept under a digest of its own kind', () => {
    const token = makeSecretText('enrolment', RNG);
    expect(secretDigest('enrolment', token)).toMatch(/^[0-9a-f]{64}$/);
    expect(secretDigest('session', token)).toBeNull();
    expect(secretDigest('session', `${makeSecretText('session', RNG)} `)).toBeNull();
    expect(csrfToken('a')).not.toBe(csrfToken('b'));
  });

  test('recovery codes are ten, all different, bound to their owner, and forgive spelling', () => {
    const codes = makeRecoveryCodes(RNG);
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[2-9a-hjkmnp-z]{4}-[2-9a-hjkmnp-z]{4}-[2-9a-hjkmnp-z]{4}$/);
    const [code = ''] = codes;
    expect(recoveryDigest('a', code.toUpperCase().replaceAll('-', ' '))).toBe(recoveryDigest('a', code));
    expect(recoveryDigest('b', code)).not.toBe(recoveryDigest('a', code));
  });
});

test('waiting after wrong attempts begins with the fifth, never shortens, and ends', () => {
  const now = new Date('2026-03-02T00:00:00.000Z');
  expect([0, 4].map((failures) => lockedUntil(failures, now))).toEqual([null, null]);
  fc.assert(
    fc.property(fc.integer({ min: 5, max: 2000 }), (failures) => {
      const wait = (lockedUntil(failures, now)?.getTime() ?? 0) - now.getTime();
      const next = (lockedUntil(failures + 1, now)?.getTime() ?? 0) - now.getTime();
      return wait >= 15 * 60_000 && next >= wait && next <= 24 * 3_600_000;
    }),
  );
});
