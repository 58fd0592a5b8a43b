import type { Kysely } from 'kysely';
import type { SimulationRecord, StoreTransaction, StoreView } from '../operations/ports.ts';
import type { Database } from './schema.ts';
import { requireAbout, type Writing } from './writing.ts';

export function readSimulations(db: Kysely<Database>): StoreView['simulations'] {
  return {
    async get(id) {
      const row = await db.selectFrom('simulations').select('body').where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : (JSON.parse(row.body) as SimulationRecord);
    },
    async list(dataset) {
      const rows = await db.selectFrom('simulations').select('body').where('dataset', '=', dataset).orderBy('ordinal', 'desc').execute();
      return rows.map((row) => JSON.parse(row.body) as SimulationRecord);
    },
  };
}

export function writeSimulations(writing: Writing): StoreTransaction['simulations'] {
  return {
    ...readSimulations(writing.tx),
    async add(record, event) {
      requireAbout(event, record.id);
      const ordinal = await writing.record(event);
      await writing.tx
        .insertInto('simulations')
        .values({ id: record.id, ordinal, dataset: record.dataset, body: JSON.stringify(record) })
        .execute();
    },
  };
}
