import type { Kysely, Selectable } from 'kysely';
import { ok } from '../kernel/result.ts';
import type { ReleaseRecord, StoreTransaction, StoreView } from '../operations/ports.ts';
import type { Database } from './schema.ts';
import { conflict, notFound, requireAbout, type Writing } from './writing.ts';

export function readReleases(db: Kysely<Database>): StoreView['releases'] {
  return {
    async get(id) {
      const row = await db.selectFrom('releases').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : releaseRecord(row);
    },
    async ofEgress(egress) {
      const row = await db.selectFrom('releases').selectAll().where('egress', '=', egress).executeTakeFirst();
      return row === undefined ? null : releaseRecord(row);
    },
    async first(fingerprint) {
      if (fingerprint === '') return null;
      const row = await db
        .selectFrom('releases')
        .selectAll()
        .where('fingerprint', '=', fingerprint)
        .orderBy('ordinal')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? null : releaseRecord(row);
    },
    async token(digest) {
      const row = await db.selectFrom('download_tokens').selectAll().where('digest', '=', digest).executeTakeFirst();
      if (row === undefined) return null;
      const { release, file, recipient, expires_at: expiresAt, used_at: usedAt } = row;
      return { digest, release, file, recipient, expiresAt, usedAt };
    },
  };
}

export function writeReleases(writing: Writing): StoreTransaction['releases'] {
  const { tx } = writing;
  const reads = readReleases(tx);
  return {
    ...reads,
    async add(record, event) {
      requireAbout(event, record.egress);
      const ordinal = await writing.record(event);
      const { id, egress, state, fingerprint, ...body } = record;
      await tx
        .insertInto('releases')
        .values({ id, egress, state, fingerprint, ordinal, body: JSON.stringify(body) })
        .execute();
    },
    async addToken({ digest, release, file, recipient, expiresAt }, event) {
      requireAbout(event, release);
      await writing.record(event);
      await tx.insertInto('download_tokens').values({ digest, release, file, recipient, expires_at: expiresAt, used_at: null }).execute();
    },
    async useToken(digest, event) {
      const token = await reads.token(digest);
      if (token === null) return notFound('download token');
      requireAbout(event, token.release);
      const { numUpdatedRows } = await tx
        .updateTable('download_tokens')
        .set({ used_at: writing.at })
        .where('digest', '=', digest)
        .where('used_at', 'is', null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return conflict('download token', 'used');
      await writing.record(event);
      return ok(undefined);
    },
    async transition(id, step, event) {
      const before = await reads.get(id);
      if (before === null) return notFound('release');
      requireAbout(event, event.object === id ? id : before.egress);
      const { numUpdatedRows } = await tx
        .updateTable('releases')
        .set({ state: step.to })
        .where('id', '=', id)
        .where('state', 'in', step.from)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return conflict('release', before.state);
      await writing.record(event);
      return ok({ ...before, state: step.to });
    },
  };
}

function releaseRecord(row: Selectable<Database['releases']>): ReleaseRecord {
  const body = JSON.parse(row.body) as Omit<ReleaseRecord, 'id' | 'egress' | 'state' | 'fingerprint'>;
  return { ...body, id: row.id, egress: row.egress, state: row.state as ReleaseRecord['state'], fingerprint: row.fingerprint };
}
