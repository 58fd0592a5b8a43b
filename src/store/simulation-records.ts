import type { Kysely, Selectable } from 'kysely';
import { ok } from '../kernel/result.ts';
import type { StoreTransaction, StoreView } from '../operations/ports.ts';
import type { SimulationState } from '../operations/simulation-states.ts';
import type { SimulationRecord } from '../operations/simulation-store.ts';
import type { Database } from './schema.ts';
import { conflict, notFound, requireAbout, type Writing } from './writing.ts';

export function readSimulations(db: Kysely<Database>): StoreView['simulations'] {
  return {
    async get(id) {
      const row = await db.selectFrom('simulations').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : simulationRecord(row);
    },
    async list(dataset) {
      const rows = await db.selectFrom('simulations').selectAll().where('dataset', '=', dataset).orderBy('ordinal', 'desc').execute();
      return rows.map(simulationRecord);
    },
  };
}

export function writeSimulations(writing: Writing): StoreTransaction['simulations'] {
  const reads = readSimulations(writing.tx);
  return {
    ...reads,
    async add(record, event) {
      requireAbout(event, record.id);
      const ordinal = await writing.record(event);
      const { id, dataset, state } = record;
      await writing.tx
        .insertInto('simulations')
        .values({ id, ordinal, dataset, state, body: JSON.stringify(record) })
        .execute();
    },
    async transition(id, step, event) {
      requireAbout(event, id);
      const before = await reads.get(id);
      if (before === null) return notFound('simulation');
      const after: SimulationRecord = { ...before, ...step.patch, state: step.to };
      const { numUpdatedRows } = await writing.tx
        .updateTable('simulations')
        .set({ state: after.state, body: JSON.stringify(after) })
        .where('id', '=', id)
        .where('state', 'in', step.from)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return conflict('simulation', before.state);
      await writing.record(event);
      return ok(after);
    },
  };
}

function simulationRecord(row: Selectable<Database['simulations']>): SimulationRecord {
  return { ...(JSON.parse(row.body) as SimulationRecord), state: row.state as SimulationState };
}
