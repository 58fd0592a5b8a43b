import type { Kysely, Selectable } from 'kysely';
import { conflictWithin } from '../identity/separation-of-duties.ts';
import { err, ok } from '../kernel/result.ts';
import type { ActorRole } from '../operations/actor.ts';
import type { ApiKeyRecord, PrincipalRecord, StoreTransaction, StoreView } from '../operations/ports.ts';
import { problem } from '../problems/problem.ts';
import { sideOf, takeSide } from './organisation-sides.ts';
import type { Database } from './schema.ts';
import { conflict, notFound, requireAbout, type Writing } from './writing.ts';

export function readPrincipals(db: Kysely<Database>): StoreView['principals'] {
  return {
    async get(id) {
      const row = await db.selectFrom('principals').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : principalRecord(row);
    },
    async list() {
      return (await db.selectFrom('principals').selectAll().orderBy('id').execute()).map(principalRecord);
    },
    async apiKey(id) {
      const row = await db.selectFrom('api_keys').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : keyRecord(row);
    },
    async apiKeys({ principal }) {
      let query = db.selectFrom('api_keys').selectAll();
      if (principal !== undefined) query = query.where('principal', '=', principal);
      return (await query.orderBy('created_at', 'desc').orderBy('id').execute()).map(keyRecord);
    },
  };
}

/** See `StorePort.noteKeyUse`. */
export async function noteKeyUse(db: Kysely<Database>, id: string, at: Date): Promise<void> {
  await db.updateTable('api_keys').set({ last_used_at: at.toISOString() }).where('id', '=', id).execute();
}

export function writePrincipals(writing: Writing): StoreTransaction['principals'] {
  const { tx, at } = writing;
  const reads = readPrincipals(tx);
  return {
    ...reads,
    async add(principal, event) {
      requireAbout(event, principal.id);
      const existing = await reads.get(principal.id);
      if (existing !== null) return conflict('principal', existing.state);
      const { id, organisation, roles } = principal;
      const rule = conflictWithin(roles);
      if (rule !== null) return err([problem('access.conflicting_roles', { rule, organisation })]);
      const side = sideOf(roles);
      const taken = side === null ? ok(undefined) : await takeSide(writing, organisation, side);
      if (!taken.ok) return taken;
      await writing.record(event);
      await tx
        .insertInto('principals')
        .values({ id, organisation, roles: JSON.stringify(roles), state: 'active', created_at: at })
        .execute();
      return ok(undefined);
    },
    async suspend(id, event) {
      requireAbout(event, id);
      const before = await reads.get(id);
      if (before === null) return notFound('principal');
      if (before.state !== 'active') return conflict('principal', before.state);
      await writing.record(event);
      await tx.updateTable('principals').set({ state: 'suspended' }).where('id', '=', id).execute();
      return ok({ ...before, state: 'suspended' });
    },
    async addKey(key, event) {
      requireAbout(event, key.id);
      await writing.record(event);
      const { id, principal, mac, label, scopes, expiresAt } = key;
      const row = { id, principal, mac, label, scopes: scopes === undefined ? null : JSON.stringify(scopes), expires_at: expiresAt };
      const rest = { created_at: at, revoked_at: null, last_used_at: null, replaced_by: null };
      await tx
        .insertInto('api_keys')
        .values({ ...row, ...rest })
        .execute();
      return { ...key, createdAt: at, revokedAt: null, lastUsedAt: null, replacedBy: null };
    },
    async replaceKey(id, { successor, expiresAt }, event) {
      if (event.object !== successor) requireAbout(event, id);
      const before = await reads.apiKey(id);
      if (before === null) return notFound('API key');
      if (before.revokedAt !== null || before.replacedBy !== null)
        return conflict('API key', before.revokedAt === null ? 'replaced' : 'revoked');
      await writing.record(event);
      const [end = expiresAt] = [expiresAt, before.expiresAt].sort();
      await tx.updateTable('api_keys').set({ expires_at: end, replaced_by: successor }).where('id', '=', id).execute();
      return ok({ ...before, expiresAt: end, replacedBy: successor });
    },
    async revokeKey(id, event) {
      requireAbout(event, id);
      const before = await reads.apiKey(id);
      if (before === null) return notFound('API key');
      if (before.revokedAt !== null) return conflict('API key', 'revoked');
      await writing.record(event);
      await tx.updateTable('api_keys').set({ revoked_at: at }).where('id', '=', id).execute();
      return ok({ ...before, revokedAt: at });
    },
  };
}

function principalRecord(row: Selectable<Database['principals']>): PrincipalRecord {
  return {
    id: row.id,
    organisation: row.organisation,
    roles: JSON.parse(row.roles) as readonly ActorRole[],
    state: row.state as PrincipalRecord['state'],
    createdAt: row.created_at,
  };
}

function keyRecord(row: Selectable<Database['api_keys']>): ApiKeyRecord {
  return {
    id: row.id,
    principal: row.principal,
    mac: row.mac,
    label: row.label ?? '',
    ...(row.scopes === null ? {} : { scopes: JSON.parse(row.scopes) as readonly string[] }),
    createdAt: row.created_at,
    // A key without an end is none.
    expiresAt: row.expires_at ?? row.created_at,
    revokedAt: row.revoked_at,
    lastUsedAt: row.last_used_at,
    replacedBy: row.replaced_by,
  };
}
