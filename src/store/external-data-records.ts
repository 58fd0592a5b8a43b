import type { Kysely } from 'kysely';
import { err, ok } from '../kernel/result.ts';
import type { ExternalDataReads, ExternalDataRecord, ExternalDataWrites } from '../operations/external-data-store.ts';
import { problem } from '../problems/problem.ts';
import type { Database } from './schema.ts';
import { requireAbout, type Writing } from './writing.ts';

const read = (row: { readonly state: string; readonly record: string }): ExternalDataRecord =>
  ({ ...JSON.parse(row.record), state: row.state }) as ExternalDataRecord;

/** Lists of people that others have. Source: requirements.md §10.2 (L). */
export function readExternalData(db: Kysely<Database>): ExternalDataReads {
  return {
    async get(id) {
      const row = await db.selectFrom('external_data').select(['state', 'record']).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : read(row);
    },
    async list(dataset) {
      const all = db.selectFrom('external_data').select(['state', 'record']).orderBy('at', 'desc').orderBy('id');
      return (await (dataset === undefined ? all : all.where('dataset', '=', dataset)).execute()).map(read);
    },
  };
}

/** As above, with the event of every change. */
export function writeExternalData(writing: Writing): ExternalDataReads & ExternalDataWrites {
  const { tx, at } = writing;
  const reads = readExternalData(tx);
  return {
    ...reads,
    async add(record, event) {
      requireAbout(event, record.id);
      await writing.record(event);
      const kept: ExternalDataRecord = { ...record, state: 'REGISTERED', registeredAt: at };
      const { id, dataset, state } = kept;
      await tx
        .insertInto('external_data')
        .values({ id, dataset, state, at, record: JSON.stringify(kept) })
        .execute();
      return kept;
    },
    async withdraw(id, event) {
      requireAbout(event, id);
      const before = await reads.get(id);
      if (before === null) return err([problem('access.not_found', { kind: 'external data' })]);
      if (before.state !== 'REGISTERED') return err([problem('access.state_conflict', { kind: 'external', state: before.state })]);
      await writing.record(event);
      await tx.updateTable('external_data').set({ state: 'WITHDRAWN' }).where('id', '=', id).execute();
      return ok({ ...before, state: 'WITHDRAWN' });
    },
  };
}
