import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { demonstrationPrincipals } from '../../../src/identity/demonstration-principals.ts';
import { totpAt } from '../../../src/identity/totp.ts';
import type { AccountDesk, AccountDoor, EnrolledView } from '../../../src/operations/account-door.ts';
import { accountOperations } from '../../../src/operations/account-operations.ts';
import { openStore } from '../../../src/store/store.ts';
import { storeIdentity } from '../../../src/store/store-identity.ts';
import { recordPlace, recordText } from '../../support/kept-records.ts';
import { codes, value } from '../../support/operations-instance.ts';
import { systemRng, type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';

const PASSWORD = 'four words of a river';
let opened: TemporaryStore;
let now: Date;
let accounts: AccountDoor & AccountDesk;
let store: Awaited<ReturnType<typeof openStore>>;
const clock = { now: () => now };
const later = (seconds: number): void => {
  now = new Date(now.getTime() + seconds * 1000);
};

beforeEach(async () => {
  now = new Date('2026-03-02T01:00:00.000Z');
  opened = await temporaryStore();
  const { folder, checkpointPath, keys } = opened;
  store = await openStore({ ...(await recordPlace(folder)), checkpointPath, keys, clock });
  const identity = storeIdentity(store.store, keys, systemRng, clock);
  for (const person of demonstrationPrincipals()) value(await identity.register(null, person));
  accounts = accountOperations({ store: store.store, clock, rng: systemRng });
});
afterEach(async () => {
  await store.store.close();
  await opened.remove();
});

function secretOf(enrolled: EnrolledView): Buffer {
  const bits = [...enrolled.totpSecret]
    .map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'))
    .join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

async function enrolled(principal = 'supervisor-1'): Promise<EnrolledView & { readonly code: () => string }> {
  const { token } = value(await accounts.invite(principal));
  const view = value(await accounts.enrol({ token, password: PASSWORD }));
  const secret = secretOf(view);
  return { ...view, code: () => totpAt(secret, Math.floor(now.getTime() / 30_000)) };
}

const signIn = (principal: string, password: string, code: string) => accounts.signIn({ principal, password, code });

describe('an invitation', () => {
  test('is good once, for three days, and a newer one takes its place', async () => {
    const first = value(await accounts.invite('supervisor-1'));
    const second = value(await accounts.invite('supervisor-1'));
    expect(codes(await accounts.enrol({ token: first.token, password: PASSWORD }))).toEqual(['account.enrolment_refused']);
    value(await accounts.enrol({ token: second.token, password: PASSWORD }));
    expect(codes(await accounts.enrol({ token: second.token, password: PASSWORD }))).toEqual(['account.enrolment_refused']);
    const third = value(await accounts.invite('supervisor-1'));
    later(72 * 3600);
    expect(codes(await accounts.enrol({ token: third.token, password: PASSWORD }))).toEqual(['account.enrolment_refused']);
    expect(codes(await accounts.invite('nobody'))).toEqual(['access.not_found']);
  });

  test('is used once also by two at the same time', async () => {
    const { token } = value(await accounts.invite('supervisor-1'));
    const both = await Promise.all([1, 2].map(() => accounts.enrol({ token, password: PASSWORD })));
    expect(both.filter((result) => result.ok)).toHaveLength(1);
  });

  test('names nobody else, and takes no weak password', async () => {
    const { token } = value(await accounts.invite('supervisor-1'));
    const other = await accounts.enrol({ token, password: PASSWORD, principal: 'operator-9', organisation: 'operator-co' });
    expect(codes(other)).toEqual(['account.first_operator']);
    expect(codes(await accounts.enrol({ token, password: 'short' }))).toEqual(['account.password']);
    value(await accounts.enrol({ token, password: PASSWORD }));
  });

  test('of the first start makes the first operator, while nobody has an account or a key', async () => {
    const first = await accounts.bootstrap();
    const again = await accounts.bootstrap();
    const person = { principal: 'founder', organisation: 'operator-co' };
    expect(codes(await accounts.enrol({ token: first?.token ?? '', password: PASSWORD, ...person }))).toEqual([
      'account.enrolment_refused',
    ]);
    expect(codes(await accounts.enrol({ token: again?.token ?? '', password: PASSWORD }))).toEqual(['account.first_operator']);
    const wrong = { principal: 'founder', organisation: 'merchant-a-co' };
    expect(codes(await accounts.enrol({ token: again?.token ?? '', password: PASSWORD, ...wrong }))).toEqual(['access.conflicting_roles']);
    value(await accounts.enrol({ token: again?.token ?? '', password: PASSWORD, ...person }));
    expect(await accounts.bootstrap()).toBeNull();
  });
});

describe('signing in', () => {
  test('takes password and code together, and a code once', async () => {
    const account = await enrolled();
    const session = value(await signIn('supervisor-1', PASSWORD, account.code()));
    expect(await accounts.session(session.session)).toMatchObject({ id: 'supervisor-1', roles: ['supervisor'] });
    expect(codes(await signIn('supervisor-1', PASSWORD, account.code()))).toEqual(['account.sign_in_refused']);
    later(30);
    expect((await signIn('supervisor-1', PASSWORD, account.code())).ok).toBe(true);
  });

  test('with one code by two at the same time lets one in', async () => {
    const account = await enrolled();
    const both = await Promise.all([1, 2].map(() => signIn('supervisor-1', PASSWORD, account.code())));
    expect(both.filter((result) => result.ok)).toHaveLength(1);
  });

  test('gives one answer for a wrong name, password, code and a waiting account', async () => {
    const account = await enrolled();
    const answers = [
      await signIn('nobody', PASSWORD, account.code()),
      await signIn('supervisor-1', 'wrong', account.code()),
      await signIn('supervisor-1', PASSWORD, '000000'),
      await signIn('operator-1', PASSWORD, '000000'),
    ];
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
  });

  test('waits after five wrong attempts, also for the right ones, and longer each time', async () => {
    const account = await enrolled();
    for (let n = 0; n < 5; n++) await signIn('supervisor-1', 'wrong', account.code());
    expect((await signIn('supervisor-1', PASSWORD, account.code())).ok).toBe(false);
    later(15 * 60 + 1);
    await signIn('supervisor-1', 'wrong', account.code());
    later(15 * 60 + 1);
    expect((await signIn('supervisor-1', PASSWORD, account.code())).ok).toBe(false);
    later(15 * 60);
    expect((await signIn('supervisor-1', PASSWORD, account.code())).ok).toBe(true);
  });

  test('takes a recovery code once, and a wrong password uses none up', async () => {
    const { recoveryCodes } = await enrolled();
    const [code = '', other = ''] = recoveryCodes;
    expect((await signIn('supervisor-1', 'wrong', code)).ok).toBe(false);
    expect((await signIn('supervisor-1', PASSWORD, code)).ok).toBe(true);
    expect((await signIn('supervisor-1', PASSWORD, code)).ok).toBe(false);
    expect((await signIn('supervisor-1', PASSWORD, other.toUpperCase())).ok).toBe(true);
  });
});

describe('a session', () => {
  test('ends by itself when it was idle for half an hour, or is twelve hours old', async () => {
    const account = await enrolled();
    const { session } = value(await signIn('supervisor-1', PASSWORD, account.code()));
    for (let minutes = 0; minutes < 12 * 60 - 20; minutes += 20) {
      later(20 * 60);
      expect(await accounts.session(session), `${minutes}`).not.toBeNull();
    }
    later(20 * 60);
    expect(await accounts.session(session)).toBeNull();
    later(30);
    const other = value(await signIn('supervisor-1', PASSWORD, account.code())).session;
    later(30 * 60);
    expect(await accounts.session(other)).toBeNull();
  });

  test('ends when its owner signs out, or makes the account anew, and another goes on', async () => {
    const account = await enrolled();
    const first = value(await signIn('supervisor-1', PASSWORD, account.code())).session;
    later(30);
    const second = value(await signIn('supervisor-1', PASSWORD, account.code())).session;
    const actor = await accounts.session(first);
    if (actor === null) throw new Error('no session');
    await accounts.signOut(actor, first);
    expect([await accounts.session(first), (await accounts.session(second))?.id]).toEqual([null, 'supervisor-1']);
    await enrolled();
    expect(await accounts.session(second)).toBeNull();
  });
});

test('no secret stands in the store or the log', async () => {
  const { token } = value(await accounts.invite('supervisor-1'));
  const view = value(await accounts.enrol({ token, password: PASSWORD }));
  const { session } = value(await signIn('supervisor-1', PASSWORD, totpAt(secretOf(view), Math.floor(now.getTime() / 30_000))));
  const text = await recordText(opened.folder, ['accounts', 'recovery_codes', 'sessions', 'enrolments', 'audit_entries']);
  for (const secret of [token, PASSWORD, session, view.totpSecret, secretOf(view).toString('base64'), ...view.recoveryCodes])
    expect(text).not.toContain(secret);
});
