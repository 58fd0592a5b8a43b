import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isKeyScope, keyEnd, scopesCover, scopesWithin } from '../../../src/identity/key-terms.ts';
import { ACTIONS } from '../../../src/identity/permissions.ts';
import { permit, scopeOf } from '../../../src/identity/permit.ts';
import type { Actor } from '../../../src/operations/actor.ts';
import { storeIdentity } from '../../../src/store/store-identity.ts';
import { codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance();
});
afterEach(() => dispose(instance));

const who = (id: string): Actor => instance.actor(id);
const authenticate = (key: string): Promise<Actor | null> => {
  const { store, keys, rng, clock } = instance.ports;
  return storeIdentity(store, keys, rng, clock).authenticate(key);
};

describe('scopes of a key', () => {
  test('narrow what the roles permit, and never widen it', () => {
    const merchant: Actor = { ...who('merchant-a'), scopes: ['job.read', 'notice'] };
    expect(ACTIONS.filter((action) => scopeOf(merchant, action) !== null)).toEqual(['job.read', 'notice.read']);
    expect(scopeOf({ ...who('merchant-a'), scopes: ['egress.vote'] }, 'egress.vote')).toBeNull();
    expect(permit({ ...who('operator-1'), scopes: [] }, 'egress.vote').ok).toBe(false);
  });

  test('unknown ones are refused, and where they stand in a record they take in nothing', () => {
    for (const text of ['', '*', 'jobs', 'job.', 'job.read ', '__proto__', 'toString']) {
      expect(isKeyScope(text), text).toBe(false);
      expect(
        ACTIONS.some((action) => scopesCover([text], action)),
        text,
      ).toBe(false);
    }
  });

  test('within one another as sets of actions', () => {
    expect(scopesWithin(['job'], ['job.read', 'job.submit'])).toBe(true);
    expect(scopesWithin(['job.read'], ['job'])).toBe(false);
    expect(scopesWithin(['job'], undefined)).toBe(false);
    expect(scopesWithin(undefined, undefined)).toBe(true);
  });
});

test('the life of a key ends at its last moment, and one without a readable end has none', () => {
  const at = (iso: string): Date => new Date(iso);
  const key = { revokedAt: null, expiresAt: '2026-03-02T00:00:00.000Z' };
  expect(keyEnd(key, at('2026-03-01T23:59:59.999Z'))).toBeNull();
  expect(keyEnd(key, at('2026-03-02T00:00:00.000Z'))).toBe('expired');
  expect(keyEnd({ ...key, expiresAt: 'never' }, at('2026-03-01T00:00:00.000Z'))).toBe('expired');
  expect(keyEnd({ ...key, revokedAt: key.expiresAt }, at('2026-03-01T00:00:00.000Z'))).toBe('revoked');
});

describe('a key', () => {
  test('is shown once, carries its scopes, and ends when it says', async () => {
    const made = value(await instance.operations.createKey(who('merchant-a'), { label: 'ci', scopes: ['job'], days: 2 }));
    expect(await authenticate(made.key)).toMatchObject({ id: 'merchant-a', scopes: ['job'] });
    expect(JSON.stringify(value(await instance.operations.listKeys(who('merchant-a'), {})))).not.toContain(made.key.slice(22));
    instance.clock.set('2026-03-03T23:59:59.000Z');
    expect(await authenticate(made.key)).not.toBeNull();
    instance.clock.set('2026-03-04T01:00:00.001Z');
    expect(await authenticate(made.key)).toBeNull();
    expect(value(await instance.operations.listKeys(who('merchant-a'), {}))[0]?.state).toBe('expired');
  });

  test('that is replaced goes on for the overlap and not longer, and is replaced once', async () => {
    const old = value(await instance.operations.createKey(who('merchant-a'), { label: 'ci', scopes: ['job'], days: 30 }));
    const fresh = value(await instance.operations.rotateKey(who('merchant-a'), { id: old.id, overlapHours: 2 }));
    expect([fresh.scopes, fresh.label]).toEqual([['job'], 'ci']);
    expect(await authenticate(old.key)).not.toBeNull();
    expect(codes(await instance.operations.rotateKey(who('merchant-a'), { id: old.id, overlapHours: 1 }))).toEqual([
      'access.state_conflict',
    ]);
    instance.clock.set('2026-03-02T03:00:00.001Z');
    expect(await authenticate(old.key)).toBeNull();
    expect(await authenticate(fresh.key)).not.toBeNull();
  });

  test('that is replaced never lives longer for it', async () => {
    const old = value(await instance.operations.createKey(who('merchant-a'), { label: 'ci', days: 1 }));
    value(await instance.operations.rotateKey(who('merchant-a'), { id: old.id, overlapHours: 720 }));
    const listed = value(await instance.operations.listKeys(who('merchant-a'), {}));
    expect(listed.find((key) => key.id === old.id)?.expiresAt).toBe(old.expiresAt);
  });

  test('that is limited makes no key that is limited less', async () => {
    const limited: Actor = { ...who('merchant-a'), scopes: ['key.manage', 'job.read'] };
    expect(codes(await instance.operations.createKey(limited, { label: 'x', scopes: ['job'] }))).toEqual(['key.scope_wider']);
    expect(value(await instance.operations.createKey(limited, { label: 'x' })).scopes).toEqual(['key.manage', 'job.read']);
    const wide = value(await instance.operations.createKey(who('merchant-a'), { label: 'wide' }));
    expect(codes(await instance.operations.rotateKey(limited, { id: wide.id, overlapHours: 1 }))).toEqual(['key.scope_wider']);
    expect(codes(await instance.operations.createKey({ ...who('merchant-a'), scopes: ['job'] }, { label: 'x' }))).toEqual([
      'access.forbidden',
    ]);
  });

  test('is its owner’s: operators make those of merchants, and of nobody who decides about operators', async () => {
    const operator = who('operator-1');
    const made = value(await instance.operations.createKey(operator, { principal: 'merchant-b', label: 'first' }));
    for (const principal of ['operator-2', 'supervisor-1', 'auditor-1', 'authority-1', 'expert-1', 'source-1', 'nobody'])
      expect(codes(await instance.operations.createKey(operator, { principal, label: 'mine now' })), principal).toEqual([
        'access.not_found',
      ]);
    expect(codes(await instance.operations.createKey(who('merchant-a'), { principal: 'merchant-b', label: 'x' }))).toEqual([
      'access.not_found',
    ]);
    for (const other of ['merchant-a', 'supervisor-1', 'auditor-1']) {
      expect(codes(await instance.operations.revokeKey(who(other), made.id)), other).toEqual(['access.not_found']);
      expect(codes(await instance.operations.rotateKey(who(other), { id: made.id, overlapHours: 1 })), other).toEqual(['access.not_found']);
    }
    const supervisors = value(await instance.operations.createKey(who('supervisor-1'), { label: 'own' }));
    expect(codes(await instance.operations.revokeKey(operator, supervisors.id))).toEqual(['access.not_found']);
    expect(value(await instance.operations.revokeKey(operator, made.id)).state).toBe('revoked');
    expect(await authenticate(made.key)).toBeNull();
  });

  test('is one of at most twenty', async () => {
    for (let n = 0; n < 20; n++) value(await instance.operations.createKey(who('merchant-a'), { label: `k${n}` }));
    expect(codes(await instance.operations.createKey(who('merchant-a'), { label: 'one more' }))).toEqual(['key.too_many']);
  });

  test('tells when it was last used', async () => {
    const made = value(await instance.operations.createKey(who('merchant-a'), { label: 'ci' }));
    await authenticate(made.key);
    await expect
      .poll(async () => value(await instance.operations.listKeys(who('merchant-a'), {}))[0]?.lastUsedAt)
      .toBe('2026-03-02T01:00:00.000Z');
  });
});
