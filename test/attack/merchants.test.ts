import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { type Instance, openInstance } from '../../src/instance.ts';
import { CLOCK, RNG } from '../e2e/process.ts';
import { codes } from '../support/operations-instance.ts';
import { done, person } from '../support/real-people.ts';

/** Merchants made known over the API: what an operator can do with it, and what not. */
const folder = mkdtempSync(join(tmpdir(), 'sluice-merchants-'));
let instance: Instance;
beforeAll(async () => {
  instance = await openInstance({ dataDir: folder, config: readConfig({}), clock: CLOCK, rng: RNG, embedded: true });
}, 60_000);
afterAll(async () => {
  await instance.close();
  rmSync(folder, { recursive: true, force: true });
});

const register = (principal: string, organisation: string, as = 'operator-1') =>
  instance.operations.registerMerchant(person(as), { principal, organisation });

describe('a merchant made known over the API', () => {
  test('is a merchant and nothing else, and can be invited', async () => {
    expect(done(await register('merchant-new', 'new-co'))).toEqual({ principal: 'merchant-new', organisation: 'new-co', state: 'active' });
    expect(await instance.identity.actor('merchant-new')).toEqual({ id: 'merchant-new', organisation: 'new-co', roles: ['merchant'] });
    expect(done(await instance.operations.inviteAccount(person('operator-1'), { principal: 'merchant-new' })).principal).toBe(
      'merchant-new',
    );
    const known = done(await instance.operations.listMerchants(person('operator-1'))).map((item) => item.principal);
    expect(known).toContain('merchant-new');
    expect(known).not.toContain('auditor-1');
  });

  test('takes no name that is taken, and no side of an organisation that has the other (S1)', async () => {
    expect(codes(await register('auditor-1', 'new-co'))).toEqual(['access.state_conflict']);
    expect(codes(await register('merchant-x', person('operator-1').organisation))).toEqual(['access.conflicting_roles']);
  });

  test('is made known by operators alone; nobody else sees who is', async () => {
    for (const as of ['merchant-a', 'auditor-1', 'supervisor-1', 'source-1']) {
      expect(codes(await register('merchant-y', 'y-co', as)), as).toEqual(['access.forbidden']);
      expect(codes(await instance.operations.listMerchants(person(as))), as).toEqual(['access.forbidden']);
    }
    expect(await instance.identity.actor('merchant-y')).toBeNull();
  });
});
