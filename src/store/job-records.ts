import type { Kysely, Selectable } from 'kysely';
import { ok } from '../kernel/result.ts';
import type { JobState } from '../operations/operations.ts';
import type { JobBody, JobRecord, StoreTransaction, StoreView } from '../operations/ports.ts';
import { modelName } from '../operations/sealed-model.ts';
import type { Database } from './schema.ts';
import { cutToStretch } from './stretch.ts';
import { conflict, notFound, requireAbout, type Writing } from './writing.ts';

export function readJobs(db: Kysely<Database>): StoreView['jobs'] {
  return {
    async get(id) {
      const row = await db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : jobRecord(row);
    },
    async list(filter) {
      let query = db.selectFrom('jobs').selectAll();
      if (filter.dataset !== undefined) query = query.where('dataset', '=', filter.dataset);
      if (filter.merchant !== undefined) query = query.where('merchant', '=', filter.merchant);
      if (filter.target !== undefined) query = query.where('target', '=', filter.target);
      if (filter.artefactHash !== undefined) query = query.where('artefact_hash', '=', filter.artefactHash);
      if (filter.states !== undefined) query = query.where('state', 'in', filter.states);
      return (await cutToStretch(query, 'jobs', filter).execute()).map(jobRecord);
    },
    async events(id) {
      const rows = await db.selectFrom('job_events').select(['state', 'at']).where('job', '=', id).orderBy('seq').execute();
      return rows.map(({ state, at }) => ({ state: state as JobState, at }));
    },
    async modelNames() {
      const rows = await db.selectFrom('job_models').select('name').distinct().execute();
      return new Set(rows.map(({ name }) => name));
    },
  };
}

export function writeJobs(writing: Writing): StoreTransaction['jobs'] {
  const { tx, at } = writing;
  const reads = readJobs(tx);
  return {
    ...reads,
    async add(record, event) {
      requireAbout(event, record.id);
      const ordinal = await writing.record(event);
      const created: JobRecord = { ...record, createdAt: at, updatedAt: at };
      await tx
        .insertInto('jobs')
        .values({ ...jobRow(created), ordinal })
        .execute();
      await keepEvent(writing, created);
      if (modelNames(created).length > 0) await writeModelNames(tx, created);
      return created;
    },
    async transition(id, step, event) {
      requireAbout(event, id);
      const before = await reads.get(id);
      if (before === null) return notFound('job');
      if (step.attempt !== undefined && step.attempt !== (before.attempt ?? 1)) return conflict('job', before.state);
      const after: JobRecord = { ...before, ...step.patch, state: step.to, updatedAt: at };
      const { state, artefact_hash, body, updated_at } = jobRow(after);
      const { numUpdatedRows } = await tx
        .updateTable('jobs')
        .set({ state, artefact_hash, body, updated_at })
        .where('id', '=', id)
        .where('state', 'in', step.from)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return conflict('job', before.state);
      await writing.record(event);
      if (after.state !== before.state) await keepEvent(writing, after);
      if (modelNames(before).join() !== modelNames(after).join()) await writeModelNames(tx, after);
      return ok(after);
    },
  };
}

type WithModels = Pick<JobRecord, 'id' | 'grantId' | 'state' | 'scoring' | 'training'>;

/** Of a submission that was refused nothing is kept but what it was. */
function modelNames({ state, grantId, scoring, training }: WithModels): readonly string[] {
  if (state === 'REFUSED') return [];
  const models = [...(scoring === undefined ? [] : [scoring]), ...(training?.files ?? [])];
  return [...new Set(models.map((model) => modelName(grantId, model)))].sort();
}

/** Puts down which sealed models a job refers to, in place of what stood there. */
export async function writeModelNames(tx: Kysely<Database>, record: WithModels): Promise<void> {
  await tx.deleteFrom('job_models').where('job', '=', record.id).execute();
  const rows = modelNames(record).map((name) => ({ job: record.id, name }));
  if (rows.length > 0) await tx.insertInto('job_models').values(rows).execute();
}

/** Puts the state that a job came to at the end of its way. */
async function keepEvent({ tx, at }: Writing, { id, state }: JobRecord): Promise<void> {
  const { last } = await tx
    .selectFrom('job_events')
    .select((all) => all.fn.max('seq').as('last'))
    .where('job', '=', id)
    .executeTakeFirstOrThrow();
  await tx
    .insertInto('job_events')
    .values({ job: id, seq: Number(last ?? 0) + 1, state, at })
    .execute();
}

function jobRow(record: JobRecord): Omit<Database['jobs'], 'ordinal'> {
  const { id, dataset, target, state, merchant, organisation, grantId, sql, artefactHash, createdAt, updatedAt, ...body } = record;
  return {
    id,
    dataset,
    target,
    state,
    merchant,
    organisation,
    grant_id: grantId,
    sql,
    artefact_hash: artefactHash,
    body: JSON.stringify(body satisfies JobBody),
    created_at: createdAt,
    updated_at: updatedAt,
    bound: record.callOf === undefined ? 0 : 1,
  };
}

function jobRecord(row: Selectable<Database['jobs']>): JobRecord {
  return {
    ...(JSON.parse(row.body) as JobBody),
    id: row.id,
    dataset: row.dataset,
    target: row.target as JobRecord['target'],
    state: row.state as JobState,
    merchant: row.merchant,
    organisation: row.organisation,
    grantId: row.grant_id,
    sql: row.sql,
    artefactHash: row.artefact_hash,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}
