import { afterEach, beforeEach, expect, test } from 'vitest';
import { demonstrationPrincipals } from '../../../src/identity/demonstration-principals.ts';
import { ok } from '../../../src/kernel/result.ts';
import type { IdentityPort } from '../../../src/operations/identity-port.ts';
import { storeIdentity } from '../../../src/store/store-identity.ts';
import { recordText } from '../../support/kept-records.ts';
import { systemClock, systemRng, type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';

let opened: TemporaryStore;
let identity: IdentityPort;
beforeEach(async () => {
  opened = await temporaryStore();
  identity = storeIdentity(opened.store, opened.keys, systemRng, systemClock);
  for (const person of demonstrationPrincipals()) expect((await identity.register(null, person)).ok).toBe(true);
});
afterEach(() => opened.remove());

async function keyOf(principal: string): Promise<{ readonly id: string; readonly key: string }> {
  const issued = await identity.issueKey(null, principal);
  if (!issued.ok) throw new Error('refused');
  return issued.value;
}

test('an issued key tells who asks, and stands nowhere in the store', async () => {
  const { key } = await keyOf('merchant-a');
  expect(await identity.authenticate(key)).toEqual({ id: 'merchant-a', organisation: 'merchant-a-co', roles: ['merchant'] });
  const rows = await recordText(opened.folder, ['api_keys', 'audit_entries']);
  expect(rows).not.toContain(key.split('_')[2]);
});

test('wrong, altered, revoked keys and those of suspended people tell nobody', async () => {
  const { id, key } = await keyOf('merchant-a');
  const other = await keyOf('merchant-b');
  const mixed = `slk_${id}_${other.key.split('_')[2]}`;
  const altered = key.slice(0, -1) + (key.endsWith('0') ? '1' : '0');
  for (const wrong of ['', 'slk_', mixed, altered, `${key} `]) expect(await identity.authenticate(wrong)).toBeNull();
  expect((await identity.revokeKey(null, id)).ok).toBe(true);
  expect(await identity.authenticate(key)).toBeNull();
  await opened.store.write(async (tx) =>
    ok(
      await tx.principals.suspend('merchant-b', {
        operation: 'principal.suspend',
        actor: { id: 'system', organisation: 'system', roles: [] },
        object: 'merchant-b',
        outcome: 'done',
        facts: {},
      }),
    ),
  );
  expect(await identity.authenticate(other.key)).toBeNull();
  expect(await identity.actor('merchant-b')).toBeNull();
});

test('only an operator manages people and keys', async () => {
  const operator = await identity.actor('operator-1');
  for (const id of ['merchant-a', 'auditor-1', 'source-1', 'supervisor-1']) {
    const by = await identity.actor(id);
    expect(await identity.issueKey(by, 'operator-1')).toMatchObject({ ok: false, error: [{ code: 'access.forbidden' }] });
    expect((await identity.register(by, { id: 'new', organisation: 'x', roles: ['merchant'] })).ok).toBe(false);
  }
  expect((await identity.issueKey(operator, 'merchant-a')).ok).toBe(true);
});

test('S1: no organisation becomes operator and merchant, and no id is taken twice', async () => {
  const conflict = await identity.register(null, { id: 'x', organisation: 'operator-co', roles: ['merchant'] });
  expect(conflict).toMatchObject({ ok: false, error: [{ code: 'access.conflicting_roles', facts: { rule: 'S1' } }] });
  expect((await identity.register(null, { id: 'merchant-a', organisation: 'merchant-a-co', roles: ['merchant'] })).ok).toBe(false);
});

test('every registration and key is in the log', async () => {
  await keyOf('merchant-a');
  const entries = await opened.audit.entries({ after: 0, limit: 100 });
  expect(entries.map((entry) => entry.operation)).toEqual([
    ...Array(demonstrationPrincipals().length).fill('principal.register'),
    'key.issue',
  ]);
});
