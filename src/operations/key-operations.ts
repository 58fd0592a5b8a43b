import { makeApiKey } from '../identity/api-key.ts';
import { isKeyScope, KEY_LIFE, keyEnd, MOST_LIVE_KEYS, scopesWithin } from '../identity/key-terms.ts';
import { permit, scopeOf } from '../identity/permit.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed, refuseAccess } from './guard.ts';
import type { IssuedKeyView, KeyOperations, KeyView } from './key-interface.ts';
import type { ApiKeyRecord, PrincipalRecord, StoreTransaction } from './ports.ts';

type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

const HOUR_MS = 3_600_000;

function keyView(record: ApiKeyRecord, now: Date): KeyView {
  const { id, principal, label, scopes, createdAt, expiresAt, lastUsedAt, replacedBy } = record;
  return {
    id,
    principal,
    label,
    state: keyEnd(record, now) ?? 'active',
    createdAt,
    expiresAt,
    ...(scopes === undefined ? {} : { scopes }),
    ...(lastUsedAt === null ? {} : { lastUsedAt }),
    ...(replacedBy === null ? {} : { replacedBy }),
  };
}

/** Whose keys an actor manages: his own, and as an operator those of merchants. Nobody's who decides about what operators do. */
function managesKeysOf(actor: Actor, principal: PrincipalRecord): boolean {
  if (permit(actor, 'key.manage', { kind: 'principal', owner: principal }).ok) return true;
  return scopeOf(actor, 'principal.manage') === 'all' && principal.roles.length > 0 && principal.roles.every((role) => role === 'merchant');
}

/** The principal whose keys are meant, if the actor manages them; else the answer of one that does not exist. */
async function subject(ports: OperationsPorts, actor: Actor, id: string): Outcome<PrincipalRecord> {
  const permitted = await allowed(ports, actor, 'key.manage');
  if (!permitted.ok) return permitted;
  const found = await ports.store.view.principals.get(id);
  if (found !== null && managesKeysOf(actor, found)) return ok(found);
  return refuseAccess(ports, actor, 'key.manage', [problem('access.not_found', { kind: 'principal' })], { kind: 'principal', id });
}

/** The key, under the same rule. */
async function heldKey(ports: OperationsPorts, actor: Actor, id: string): Outcome<ApiKeyRecord> {
  const permitted = await allowed(ports, actor, 'key.manage');
  if (!permitted.ok) return permitted;
  const record = await ports.store.view.principals.apiKey(id);
  const owner = record === null ? null : await ports.store.view.principals.get(record.principal);
  if (record !== null && owner !== null && managesKeysOf(actor, owner)) return ok(record);
  return refuseAccess(ports, actor, 'key.manage', [problem('access.not_found', { kind: 'API key' })], { kind: 'key', id });
}

function scopeProblems(actor: Actor, scopes: readonly string[] | undefined): readonly Problem[] {
  const unknown = (scopes ?? []).filter((scope) => !isKeyScope(scope)).map((scope) => problem('key.scope', { scope: scope.slice(0, 60) }));
  if (unknown.length > 0) return unknown;
  return scopesWithin(actor.scopes, scopes) ? [] : [problem('key.scope_wider', {})];
}

interface Wish {
  readonly principal: string;
  readonly label: string;
  readonly scopes: readonly string[] | undefined;
  readonly lifeMs: number;
  readonly replaces?: { readonly id: string; readonly overlapMs: number };
}

/** A new key inside a transaction, in the place of another where that is asked for. */
async function issue(ports: OperationsPorts, tx: StoreTransaction, actor: Actor, wish: Wish): Outcome<IssuedKeyView> {
  const { principal, label, scopes, lifeMs, replaces } = wish;
  const now = ports.clock.now();
  const owner = await tx.principals.get(principal);
  if (owner?.state !== 'active') return err([problem('access.state_conflict', { kind: 'principal', state: owner?.state ?? 'absent' })]);
  const living = (await tx.principals.apiKeys({ principal })).filter((key) => keyEnd(key, now) === null);
  if (living.length >= MOST_LIVE_KEYS) return err([problem('key.too_many', { limit: MOST_LIVE_KEYS })]);
  const { id, key } = makeApiKey(ports.rng);
  const mac = Buffer.from(await ports.keys.apiKeyMac(key)).toString('hex');
  const expiresAt = new Date(now.getTime() + lifeMs).toISOString();
  const overlapEnds = replaces === undefined ? undefined : new Date(now.getTime() + replaces.overlapMs).toISOString();
  const facts = { principal, scopes, expiresAt, replaces: replaces?.id, overlapEnds };
  const event = { operation: 'key.issue', actor, object: id, outcome: 'done', facts } as const;
  const added = await tx.principals.addKey({ id, principal, mac, label, expiresAt, ...(scopes === undefined ? {} : { scopes }) }, event);
  if (replaces !== undefined && overlapEnds !== undefined) {
    const replaced = await tx.principals.replaceKey(replaces.id, { successor: id, expiresAt: overlapEnds }, event);
    if (!replaced.ok) return replaced;
  }
  return ok({ ...keyView(added, now), key });
}

/** API keys of people and programs. See `KeyOperations` for who manages whose. */
export function keyOperations(ports: OperationsPorts): KeyOperations {
  return {
    async createKey(actor, input) {
      const owner = await subject(ports, actor, input.principal ?? actor.id);
      if (!owner.ok) return owner;
      // A limited key makes keys that are limited like it, if nothing narrower is asked for.
      const scopes = input.scopes ?? actor.scopes;
      const problems = scopeProblems(actor, scopes);
      if (problems.length > 0) return err(problems);
      const lifeMs = (input.days ?? KEY_LIFE.presetDays) * 24 * HOUR_MS;
      return ports.store.write((tx) => issue(ports, tx, actor, { principal: owner.value.id, label: input.label, scopes, lifeMs }));
    },

    async listKeys(actor, filter) {
      const owner = await subject(ports, actor, filter.principal ?? actor.id);
      if (!owner.ok) return owner;
      const now = ports.clock.now();
      return ok((await ports.store.view.principals.apiKeys({ principal: owner.value.id })).map((key) => keyView(key, now)));
    },

    async rotateKey(actor, { id, overlapHours }) {
      const old = await heldKey(ports, actor, id);
      if (!old.ok) return old;
      const { principal, label, scopes, createdAt, expiresAt } = old.value;
      const ended = keyEnd(old.value, ports.clock.now());
      if (ended !== null) return err([problem('access.state_conflict', { kind: 'API key', state: ended })]);
      const problems = scopeProblems(actor, scopes);
      if (problems.length > 0) return err(problems);
      const lifeMs = Date.parse(expiresAt) - Date.parse(createdAt);
      const replaces = { id, overlapMs: overlapHours * HOUR_MS };
      return ports.store.write((tx) => issue(ports, tx, actor, { principal, label, scopes, lifeMs, replaces }));
    },

    async revokeKey(actor, id) {
      const held = await heldKey(ports, actor, id);
      if (!held.ok) return held;
      const facts = { principal: held.value.principal };
      const event = { operation: 'key.revoke', actor, object: id, outcome: 'done', facts } as const;
      const revoked = await ports.store.write((tx) => tx.principals.revokeKey(id, event));
      return revoked.ok ? ok(keyView(revoked.value, ports.clock.now())) : revoked;
    },
  };
}
