import type { AuditActor } from '../audit/event.ts';
import { SYSTEM_ACTOR } from '../audit/event.ts';
import { macMatches, makeApiKey, parseApiKey } from '../identity/api-key.ts';
import { KEY_LIFE, keyEnd } from '../identity/key-terms.ts';
import { permit } from '../identity/permit.ts';
import { mayRegister } from '../identity/separation-of-duties.ts';
import type { Clock } from '../kernel/clock.ts';
import { ok } from '../kernel/result.ts';
import type { Rng } from '../kernel/rng.ts';
import type { Actor } from '../operations/actor.ts';
import type { IdentityPort } from '../operations/identity-port.ts';
import type { KeyStore, PrincipalRecord, StorePort } from '../operations/ports.ts';
import { conflict, notFound } from './writing.ts';

const NO_MAC = '0'.repeat(64);
const DAY_MS = 86_400_000;
const NOTE_EVERY_MS = 5 * 60_000;

/**
 * Principals and API keys from the store. `by` is null where the instance itself acts (first start, demonstration);
 * a person needs `principal.manage`.
 */
export function storeIdentity(store: StorePort, keys: KeyStore, rng: Rng, clock: Clock): IdentityPort {
  const noteUse = keyUseNotes(store, clock);
  return {
    async authenticate(text) {
      const parsed = parseApiKey(text);
      if (parsed === null) return null;
      const record = await store.view.principals.apiKey(parsed.id);
      const matches = macMatches(await keys.apiKeyMac(parsed.key), record?.mac ?? NO_MAC);
      if (record === null || !matches || keyEnd(record, clock.now()) !== null) return null;
      const actor = activeActor(await store.view.principals.get(record.principal));
      if (actor === null) return null;
      noteUse(record.id);
      return record.scopes === undefined ? actor : { ...actor, scopes: record.scopes };
    },
    async actor(id) {
      return activeActor(await store.view.principals.get(id));
    },
    async register(by, principal) {
      return store.write(async (tx) => {
        const allowed = mayManage(by);
        if (!allowed.ok) return allowed;
        const separate = mayRegister(principal, await tx.principals.list());
        if (!separate.ok) return separate;
        const { id, organisation, roles } = principal;
        const facts = { organisation, roles };
        const added = await tx.principals.add(principal, {
          operation: 'principal.register',
          actor: told(by),
          object: id,
          outcome: 'done',
          facts,
        });
        return added.ok ? ok({ id, organisation, roles }) : added;
      });
    },
    async issueKey(by, principal) {
      const { id, key } = makeApiKey(rng);
      const mac = Buffer.from(await keys.apiKeyMac(key)).toString('hex');
      return store.write(async (tx) => {
        const allowed = mayManage(by);
        if (!allowed.ok) return allowed;
        const owner = await tx.principals.get(principal);
        if (owner === null) return notFound('principal');
        if (owner.state !== 'active') return conflict('principal', owner.state);
        const expiresAt = new Date(clock.now().getTime() + KEY_LIFE.presetDays * DAY_MS).toISOString();
        const facts = { principal, expiresAt };
        const event = { operation: 'key.issue', actor: told(by), object: id, outcome: 'done', facts } as const;
        await tx.principals.addKey({ id, principal, mac, label: 'first key', expiresAt }, event);
        return ok({ id, key });
      });
    },
    async revokeKey(by, id) {
      return store.write(async (tx) => {
        const allowed = mayManage(by);
        if (!allowed.ok) return allowed;
        const record = await tx.principals.apiKey(id);
        if (record === null) return notFound('API key');
        const facts = { principal: record.principal };
        const revoked = await tx.principals.revokeKey(id, { operation: 'key.revoke', actor: told(by), object: id, outcome: 'done', facts });
        return revoked.ok ? ok(undefined) : revoked;
      });
    },
  };
}

/** Notes the last use of keys, each at most once in `NOTE_EVERY_MS`. What goes wrong with it is nobody's concern. */
function keyUseNotes(store: StorePort, clock: Clock): (id: string) => void {
  const noted = new Map<string, number>();
  return (id) => {
    const now = clock.now().getTime();
    if (now - (noted.get(id) ?? Number.NEGATIVE_INFINITY) < NOTE_EVERY_MS) return;
    if (noted.size > 10_000) noted.clear();
    noted.set(id, now);
    void store.noteKeyUse(id).catch(() => undefined);
  };
}

function mayManage(by: Actor | null): ReturnType<typeof permit> {
  return by === null ? ok(true) : permit(by, 'principal.manage');
}

function told(by: Actor | null): AuditActor {
  return by ?? SYSTEM_ACTOR;
}

function activeActor(record: PrincipalRecord | null): Actor | null {
  if (record === null || record.state !== 'active') return null;
  return { id: record.id, organisation: record.organisation, roles: record.roles };
}
