import type { Kysely, Selectable } from 'kysely';
import type { Grant } from '../catalog/grant.ts';
import { ok } from '../kernel/result.ts';
import type { GrantRecord, StoreTransaction, StoreView } from '../operations/ports.ts';
import type { Database } from './schema.ts';
import { conflict, notFound, requireAbout, type Writing } from './writing.ts';

export function readGrants(db: Kysely<Database>): StoreView['grants'] {
  return {
    async get(id) {
      const row = await db.selectFrom('grants').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : grantRecord(row);
    },
    async list(filter) {
      const { merchant, dataset } = filter;
      const rows = await db
        .selectFrom('grants')
        .selectAll()
        .$if(merchant !== undefined, (query) => query.where('merchant', '=', merchant as string))
        .$if(dataset !== undefined, (query) => query.where('dataset', '=', dataset as string))
        .orderBy('ordinal', 'desc')
        .execute();
      return rows.map(grantRecord);
    },
  };
}

export function writeGrants(writing: Writing): StoreTransaction['grants'] {
  const { tx, at } = writing;
  const reads = readGrants(tx);
  return {
    ...reads,
    async add(grant, event) {
      requireAbout(event, grant.id);
      const ordinal = await writing.record(event);
      const { id, merchant, dataset } = grant;
      await tx
        .insertInto('grants')
        .values({ id, ordinal, merchant, dataset, body: JSON.stringify(grant), created_at: at, revoked_at: null })
        .execute();
    },
    async revoke(id, event) {
      requireAbout(event, id);
      const before = await reads.get(id);
      if (before === null) return notFound('grant');
      const { numUpdatedRows } = await tx
        .updateTable('grants')
        .set({ revoked_at: at })
        .where('id', '=', id)
        .where('revoked_at', 'is', null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return conflict('grant', 'revoked');
      await writing.record(event);
      return ok({ ...before, revokedAt: at });
    },
  };
}

function grantRecord(row: Selectable<Database['grants']>): GrantRecord {
  return { ...(JSON.parse(row.body) as Grant), createdAt: row.created_at, revokedAt: row.revoked_at };
}
