import type { Kysely, Selectable } from 'kysely';
import { ok } from '../kernel/result.ts';
import type { LoadTask } from '../operations/operations.ts';
import type { LoadRecord, StoreTransaction, StoreView } from '../operations/ports.ts';
import type { Database } from './schema.ts';
import { conflict, notFound, requireAbout, type Writing } from './writing.ts';

type LoadBody = Pick<LoadTask, 'version' | 'problems'>;

export function readLoads(db: Kysely<Database>): StoreView['loads'] {
  return {
    async get(id) {
      const row = await db.selectFrom('loads').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : loadRecord(row);
    },
    async list(filter) {
      const { state } = filter;
      const rows = await db
        .selectFrom('loads')
        .selectAll()
        .$if(state !== undefined, (query) => query.where('state', '=', state as string))
        .orderBy('ordinal', 'desc')
        .execute();
      return rows.map(loadRecord);
    },
  };
}

export function writeLoads(writing: Writing): StoreTransaction['loads'] {
  const { tx, at } = writing;
  const reads = readLoads(tx);
  return {
    ...reads,
    async add(record, event) {
      requireAbout(event, record.id);
      const ordinal = await writing.record(event);
      const { id, dataset, state, step, percent, owner, createdAt, updatedAt, ...body } = record;
      await tx
        .insertInto('loads')
        .values({
          id,
          ordinal,
          dataset,
          state,
          owner_id: owner.id,
          owner_organisation: owner.organisation,
          step,
          percent: Math.round(percent),
          body: JSON.stringify(body),
          created_at: createdAt,
          updated_at: updatedAt,
        })
        .execute();
    },
    async transition(id, step, event) {
      requireAbout(event, id);
      const before = await reads.get(id);
      if (before === null) return notFound('load');
      const after: LoadRecord = { ...before, ...step.patch, state: step.to, updatedAt: at };
      const { numUpdatedRows } = await tx
        .updateTable('loads')
        .set({
          state: step.to,
          step: after.step,
          percent: Math.round(after.percent),
          body: JSON.stringify({ version: after.version, problems: after.problems } satisfies LoadBody),
          updated_at: at,
        })
        .where('id', '=', id)
        .where('state', 'in', step.from)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return conflict('load', before.state);
      await writing.record(event);
      return ok(after);
    },
  };
}

/** Changes only what is displayed of a running load. */
export async function reportLoadProgress(
  db: Kysely<Database>,
  id: string,
  progress: { readonly step: string; readonly percent: number },
): Promise<void> {
  const percent = Math.round(Math.min(100, Math.max(0, progress.percent)));
  await db.updateTable('loads').set({ step: progress.step, percent }).where('id', '=', id).where('state', '=', 'running').execute();
}

function loadRecord(row: Selectable<Database['loads']>): LoadRecord {
  return {
    ...(JSON.parse(row.body) as LoadBody),
    id: row.id,
    dataset: row.dataset,
    state: row.state as LoadTask['state'],
    step: row.step,
    percent: row.percent,
    owner: { id: row.owner_id, organisation: row.owner_organisation },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
