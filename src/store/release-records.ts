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
  };
}

export function writeReleases(writing: Writing): StoreTransaction['releases'] {
  const { tx } = writing;
  const reads = readReleases(tx);
  return {
    ...reads,
    async add(record, event) {
      requireAbout(event, record.egress);
      await writing.record(event);
      const { id, egress, state, ...body } = record;
      await tx
        .insertInto('releases')
        .values({ id, egress, state, body: JSON.stringify(body) })
        .execute();
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
  const body = JSON.parse(row.body) as Omit<ReleaseRecord, 'id' | 'egress' | 'state'>;
  return { ...body, id: row.id, egress: row.egress, state: row.state as ReleaseRecord['state'] };
}
