import { SYSTEM_ACTOR } from '../audit/event.ts';
import { lockedUntil } from '../identity/lock-out.ts';
import { csrfToken, makeRecoveryCodes, makeSecretText, recoveryDigest, secretDigest } from '../identity/one-time-text.ts';
import { hashPassword, isUsablePassword, PASSWORD_LENGTH, passwordMatches, SALT_BYTES } from '../identity/password-hash.ts';
import { mayRegister } from '../identity/separation-of-duties.ts';
import { base32, otpauthUri, TOTP_SECRET_BYTES, totpStep } from '../identity/totp.ts';
import type { Clock } from '../kernel/clock.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Rng } from '../kernel/rng.ts';
import { type Problem, problem } from '../problems/problem.ts';
import {
  type AccountDesk,
  type AccountDoor,
  type EnrolledView,
  FIRST_ROLES,
  type InvitationView,
  type SignedInView,
} from './account-door.ts';
import type { AccountRecord, EnrolmentRecord } from './account-store.ts';
import type { Actor } from './actor.ts';
import type { PrincipalRecord, StorePort, StoreTransaction } from './ports.ts';

type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

export interface AccountPorts {
  readonly store: StorePort;
  readonly clock: Clock;
  readonly rng: Rng;
}

const INVITATION_MS = 72 * 3_600_000;
/** Source: ASVS 5.0 7.3.1, 7.3.2. */
const IDLE_MS = 30 * 60_000;
const LONGEST_MS = 12 * 3_600_000;
const NOTE_EVERY_MS = 60_000;
/** Hash of no password: so that an unknown name takes as long as a known one. */
const NOBODYS_HASH = `$argon2id$v=19$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`;

const refused = (): Result<never, readonly Problem[]> => err([problem('account.sign_in_refused', {})]);
const actorOf = ({ id, organisation, roles }: PrincipalRecord): Actor => ({ id, organisation, roles });

async function activePrincipal(store: Pick<StorePort['view'], 'principals'>, id: string): Promise<PrincipalRecord | null> {
  const found = await store.principals.get(id);
  return found?.state === 'active' ? found : null;
}

/** An invitation in the place of an earlier one, inside a transaction. */
async function keepInvitation(
  ports: AccountPorts,
  tx: StoreTransaction,
  by: Actor | null,
  principal: string | null,
): Promise<InvitationView> {
  const token = makeSecretText('enrolment', ports.rng);
  const expiresAt = new Date(ports.clock.now().getTime() + INVITATION_MS).toISOString();
  const digest = secretDigest('enrolment', token) ?? '';
  const object = principal ?? 'first-operator';
  const event = { operation: 'account.invite', actor: by ?? SYSTEM_ACTOR, object, outcome: 'done', facts: { expiresAt } } as const;
  await tx.accounts.addEnrolment({ digest, principal, expiresAt }, event);
  return { principal, token, expiresAt };
}

/** A right to make the account of a principal. Does not ask who may: that is the caller's. */
export function inviteAccount(ports: AccountPorts, by: Actor | null, principal: string): Outcome<InvitationView> {
  return ports.store.write(async (tx) => {
    const found = await activePrincipal(tx, principal);
    return found === null ? err([problem('access.not_found', { kind: 'principal' })]) : ok(await keepInvitation(ports, tx, by, principal));
  });
}

/** The principal that an invitation is for; the first operator is registered with it. */
async function invitedPrincipal(
  tx: StoreTransaction,
  enrolment: EnrolmentRecord,
  named: { readonly principal?: string | undefined; readonly organisation?: string | undefined },
): Outcome<PrincipalRecord> {
  const isNamed = named.principal !== undefined && named.organisation !== undefined;
  if (enrolment.principal !== null) {
    if (named.principal !== undefined || named.organisation !== undefined) return err([problem('account.first_operator', {})]);
    const found = await activePrincipal(tx, enrolment.principal);
    return found === null ? err([problem('account.enrolment_refused', {})]) : ok(found);
  }
  if (!isNamed || named.principal === undefined || named.organisation === undefined) return err([problem('account.first_operator', {})]);
  if (await tx.accounts.hasAny()) return err([problem('account.enrolment_refused', {})]);
  const person = { id: named.principal, organisation: named.organisation, roles: FIRST_ROLES };
  const separate = mayRegister(person, await tx.principals.list());
  if (!separate.ok) return separate;
  const facts = { organisation: person.organisation, roles: person.roles };
  const added = await tx.principals.add(person, {
    operation: 'principal.register',
    actor: SYSTEM_ACTOR,
    object: person.id,
    outcome: 'done',
    facts,
  });
  if (!added.ok) return added;
  const made = await tx.principals.get(person.id);
  return made === null ? err([problem('account.enrolment_refused', {})]) : ok(made);
}

async function enrol(ports: AccountPorts, input: Parameters<AccountDoor['enrol']>[0]): Outcome<EnrolledView> {
  const digest = secretDigest('enrolment', input.token);
  const known = digest === null ? null : await ports.store.view.accounts.enrolment(digest);
  if (digest === null || known === null || known.expiresAt <= ports.clock.now().toISOString())
    return err([problem('account.enrolment_refused', {})]);
  if (!isUsablePassword(input.password, known.principal ?? input.principal ?? ''))
    return err([problem('account.password', { least: PASSWORD_LENGTH.least, most: PASSWORD_LENGTH.most })]);
  const passwordHash = await hashPassword(input.password, ports.rng.bytes(SALT_BYTES));
  const totpSecret = ports.rng.bytes(TOTP_SECRET_BYTES);
  const recoveryCodes = makeRecoveryCodes(ports.rng);
  return ports.store.write(async (tx) => {
    const enrolment = await tx.accounts.enrolment(digest);
    if (enrolment === null) return err([problem('account.enrolment_refused', {})]);
    const owner = await invitedPrincipal(tx, enrolment, input);
    if (!owner.ok) return owner;
    const { id: principal } = owner.value;
    const event = { operation: 'account.enrol', actor: actorOf(owner.value), object: principal, outcome: 'done', facts: {} } as const;
    if (!(await tx.accounts.useEnrolment(digest, event))) return err([problem('account.enrolment_refused', {})]);
    const digests = recoveryCodes.map((code) => recoveryDigest(principal, code));
    await tx.accounts.put({ principal, passwordHash, totpSecret }, digests, event);
    return ok({ principal, totpSecret: base32(totpSecret), otpauth: otpauthUri(totpSecret, principal), recoveryCodes });
  });
}

interface Attempt {
  readonly account: AccountRecord;
  readonly owner: PrincipalRecord;
  readonly passwordFits: boolean;
  readonly code: string;
}

/** Settles one attempt: the step of its code, `recovery`, or null where it does not fit. Uses the recovery code up. */
async function secondFactor(ports: AccountPorts, tx: StoreTransaction, attempt: Attempt): Promise<number | 'recovery' | null> {
  const { account, owner, passwordFits, code } = attempt;
  if (!passwordFits) return null;
  const step = totpStep(account.totpSecret, code, ports.clock.now(), account.totpStep);
  if (step !== null) return step;
  if (/^\d{6}$/.test(code)) return null;
  const event = { operation: 'account.recover', actor: actorOf(owner), object: account.principal, outcome: 'done', facts: {} } as const;
  return (await tx.accounts.useRecoveryCode(account.principal, recoveryDigest(account.principal, code), event)) ? 'recovery' : null;
}

async function signIn(ports: AccountPorts, input: Parameters<AccountDoor['signIn']>[0]): Outcome<SignedInView> {
  const before = await ports.store.view.accounts.get(input.principal);
  const fits = await passwordMatches(input.password, before?.passwordHash ?? NOBODYS_HASH);
  const outcome = await ports.store.write(async (tx) => {
    const account = await tx.accounts.get(input.principal);
    const owner = account === null ? null : await activePrincipal(tx, account.principal);
    const now = ports.clock.now();
    if (account === null || owner === null || (account.lockedUntil !== null && now.toISOString() < account.lockedUntil)) return ok(null);
    const passwordFits = fits && account.passwordHash === before?.passwordHash;
    const factor = await secondFactor(ports, tx, { account, owner, passwordFits, code: input.code });
    const who = { actor: actorOf(owner), object: account.principal } as const;
    if (factor === null) {
      const failures = account.failures + 1;
      const until = lockedUntil(failures, now)?.toISOString() ?? null;
      const event = {
        ...who,
        operation: 'account.sign_in',
        outcome: 'refused',
        facts: { failures, lockedUntil: until ?? undefined },
      } as const;
      await tx.accounts.noteAttempt(account.principal, { failures, lockedUntil: until, totpStep: account.totpStep }, event);
      return ok(null);
    }
    const session = makeSecretText('session', ports.rng);
    const event = { ...who, operation: 'account.sign_in', outcome: 'done', facts: { recovery: factor === 'recovery' } } as const;
    const step = factor === 'recovery' ? account.totpStep : factor;
    await tx.accounts.noteAttempt(account.principal, { failures: 0, lockedUntil: null, totpStep: step }, event);
    await tx.accounts.addSession({ digest: secretDigest('session', session) ?? '', principal: account.principal }, event);
    const expiresAt = new Date(now.getTime() + LONGEST_MS).toISOString();
    return ok({ principal: account.principal, session, csrfToken: csrfToken(session), expiresAt });
  });
  return outcome.ok && outcome.value !== null ? ok(outcome.value) : refused();
}

function sessionReader(ports: AccountPorts): AccountDoor['session'] {
  const { store, clock } = ports;
  return async (token) => {
    const digest = secretDigest('session', token);
    const record = digest === null ? null : await store.view.accounts.session(digest);
    if (record === null) return null;
    const now = clock.now().getTime();
    const idle = now - Date.parse(record.seenAt);
    if (!(now - Date.parse(record.createdAt) < LONGEST_MS && idle < IDLE_MS)) return null;
    const owner = await activePrincipal(store.view, record.principal);
    if (owner === null) return null;
    if (idle >= NOTE_EVERY_MS) await store.noteSessionUse(record.digest).catch(() => undefined);
    return actorOf(owner);
  };
}

/** Accounts over the records; see `AccountDoor` and `AccountDesk`. */
export function accountOperations(ports: AccountPorts): AccountDoor & AccountDesk {
  const { store } = ports;
  return {
    enrol: (input) => enrol(ports, input),
    signIn: (input) => signIn(ports, input),
    session: sessionReader(ports),
    async signOut(actor, token) {
      const digest = secretDigest('session', token);
      if (digest === null) return;
      const event = { operation: 'account.sign_out', actor, object: actor.id, outcome: 'done', facts: {} } as const;
      await store.write(async (tx) => {
        await tx.accounts.endSession(digest, event);
        return ok(undefined);
      });
    },
    async certificateHolder(fingerprint) {
      const principal = await store.view.accounts.certificateHolder(fingerprint);
      const owner = principal === null ? null : await activePrincipal(store.view, principal);
      return owner === null ? null : actorOf(owner);
    },
    invite: (principal) => inviteAccount(ports, null, principal),
    async bootstrap() {
      const isNew = !(await store.view.accounts.hasAny()) && (await store.view.principals.apiKeys({})).length === 0;
      if (!isNew) return null;
      const made = await store.write(async (tx) => ok(await keepInvitation(ports, tx, null, null)));
      return made.ok ? made.value : null;
    },
    addCertificate: ({ principal, fingerprint }) =>
      store.write(async (tx) => {
        if ((await activePrincipal(tx, principal)) === null) return err([problem('access.not_found', { kind: 'principal' })]);
        const facts = { fingerprint };
        const event = { operation: 'principal.certificate', actor: SYSTEM_ACTOR, object: principal, outcome: 'done', facts } as const;
        await tx.accounts.addCertificate({ fingerprint, principal }, event);
        return ok(undefined);
      }),
  };
}
