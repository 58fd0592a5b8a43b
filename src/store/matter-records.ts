import type { Kysely, Selectable } from 'kysely';
import { type Matter, runningTimers } from '../governance/matter.ts';
import { err, ok } from '../kernel/result.ts';
import type { MatterKey, MatterNotice, MatterReads, MatterWrites } from '../operations/matter-store.ts';
import { problem } from '../problems/problem.ts';
import { takeSide } from './organisation-sides.ts';
import type { Database } from './schema.ts';
import { cutToStretch } from './stretch.ts';
import { requireAbout, type Writing } from './writing.ts';

/** Proceedings as they were last committed. Source: requirements.md §5. */
export function readMatters(db: Kysely<Database>): MatterReads['matters'] {
  return {
    async get(id) {
      const row = await db.selectFrom('matters').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : matterOf(row);
    },
    async list({ noun, organisation, state, ...stretch }) {
      let query = db.selectFrom('matters').selectAll();
      if (noun !== undefined) query = query.where('noun', '=', noun);
      if (organisation !== undefined) query = query.where('organisation', '=', organisation);
      if (state !== undefined) query = query.where('state', '=', state);
      return (await cutToStretch(query, 'matters', stretch).execute()).map(matterOf);
    },
    async late(today) {
      const rows = await db.selectFrom('matters').selectAll().where('due_on', '<', today).orderBy('ordinal').execute();
      return rows.map(matterOf);
    },
    async notices({ roles, organisation, limit }) {
      const rows = await db
        .selectFrom('matter_notices')
        .selectAll()
        .where((where) =>
          where.or([where('organisation', '=', organisation), ...(roles.length === 0 ? [] : [where('role', 'in', [...roles])])]),
        )
        .orderBy('ordinal', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map((row) => ({ ...(JSON.parse(row.body) as Omit<MatterNotice, 'at'>), at: row.at }));
    },
  };
}

/** Changes of proceedings, each beside its audit event. */
export function writeMatters(writing: Writing): MatterWrites['matterWrites'] {
  const { tx, at } = writing;
  let last = 0;
  return {
    async add(matter, keys, event) {
      requireAbout(event, matter.id);
      const taken = await takenKey(writing, matter, keys);
      if (taken !== null) return err([problem('matter.taken', { field: taken })]);
      last = await writing.record(event);
      await tx
        .insertInto('matters')
        .values({ ...rowOf(matter), ordinal: last })
        .execute();
      await putKeys(writing, matter, keys);
      return ok(undefined);
    },
    async replace(matter, keys, event) {
      requireAbout(event, matter.id);
      const taken = await takenKey(writing, matter, keys);
      if (taken !== null) return err([problem('matter.taken', { field: taken })]);
      const { state, revision, due_on, body, updated_at } = rowOf(matter);
      const { numUpdatedRows } = await tx
        .updateTable('matters')
        .set({ state, revision, due_on, body, updated_at })
        .where('id', '=', matter.id)
        .where('revision', '=', matter.revision - 1)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return err([problem('matter.changed', {})]);
      last = await writing.record(event);
      await tx.deleteFrom('matter_keys').where('matter', '=', matter.id).execute();
      await putKeys(writing, matter, keys);
      return ok(undefined);
    },
    async claimMerchants(organisations) {
      for (const organisation of organisations) {
        const taken = await takeSide(writing, organisation, 'merchant');
        if (!taken.ok) return taken;
      }
      return ok(undefined);
    },
    async notify(notice) {
      if (last === 0) throw new Error('A notice of nothing that happened');
      const { id, role, organisation, matter } = notice;
      await tx
        .insertInto('matter_notices')
        .values({ id, ordinal: last, role, organisation, matter, body: JSON.stringify(notice), at })
        .execute();
    },
  };
}

async function takenKey({ tx }: Writing, matter: Matter, keys: readonly MatterKey[]): Promise<string | null> {
  for (const { field, holder, value } of keys) {
    const row = await tx
      .selectFrom('matter_keys')
      .select('matter')
      .where('noun', '=', matter.noun)
      .where('field', '=', field)
      .where('holder', '=', holder)
      .where('value', '=', value)
      .executeTakeFirst();
    if (row !== undefined && row.matter !== matter.id) return field;
  }
  return null;
}

async function putKeys({ tx }: Writing, matter: Matter, keys: readonly MatterKey[]): Promise<void> {
  for (const key of keys) {
    await tx
      .insertInto('matter_keys')
      .values({ noun: matter.noun, ...key, matter: matter.id })
      .execute();
  }
}

function rowOf(matter: Matter): Omit<Database['matters'], 'ordinal'> {
  const { id, noun, organisation, state, revision, updatedAt } = matter;
  const due = runningTimers(matter)
    .map((timer) => timer.dueOn)
    .sort();
  return { id, noun, organisation, state, revision, due_on: due[0] ?? null, body: JSON.stringify(matter), updated_at: updatedAt };
}

function matterOf(row: Selectable<Database['matters']>): Matter {
  return JSON.parse(row.body) as Matter;
}
