import type { Kysely } from 'kysely';
import { err, ok } from '../kernel/result.ts';
import type { MaskPolicyReads, MaskPolicyRecord, MaskPolicyWrites } from '../operations/mask-policy-store.ts';
import { problem } from '../problems/problem.ts';
import type { Database } from './schema.ts';
import { requireAbout, type Writing } from './writing.ts';

const read = (row: { readonly state: string; readonly record: string }): MaskPolicyRecord =>
  ({ ...JSON.parse(row.record), state: row.state }) as MaskPolicyRecord;

/** Versions of masking policies. Source: issue "Masking" (policies, versioned). */
export function readMaskPolicies(db: Kysely<Database>): MaskPolicyReads {
  return {
    async get(id) {
      const row = await db.selectFrom('mask_policies').select(['state', 'record']).where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : read(row);
    },
    async list(dataset) {
      const all = db.selectFrom('mask_policies').select(['state', 'record']).orderBy('dataset').orderBy('version', 'desc');
      const rows = await (dataset === undefined ? all : all.where('dataset', '=', dataset)).execute();
      return rows.map(read);
    },
    async inForce(dataset) {
      const row = await db
        .selectFrom('mask_policies')
        .select(['state', 'record'])
        .where('dataset', '=', dataset)
        .where('state', '=', 'IN_FORCE')
        .executeTakeFirst();
      return row === undefined ? null : read(row);
    },
  };
}

/** As above, with the event of every change. A dataset has one version in force: putting another in force supersedes it in the same transaction. */
export function writeMaskPolicies(writing: Writing): MaskPolicyReads & MaskPolicyWrites {
  const { tx, at } = writing;
  const reads = readMaskPolicies(tx);
  return {
    ...reads,
    async add(record, event) {
      requireAbout(event, record.id);
      await writing.record(event);
      const { version: latest } = await tx
        .selectFrom('mask_policies')
        .select((each) => each.fn.max('version').as('version'))
        .where('dataset', '=', record.dataset)
        .executeTakeFirstOrThrow();
      const version = Number(latest ?? 0) + 1;
      const kept: MaskPolicyRecord = { ...record, version, state: 'PROPOSED', createdAt: at };
      const { id, dataset, policy, state } = kept;
      await tx
        .insertInto('mask_policies')
        .values({ id, dataset, policy, version, state, record: JSON.stringify(kept) })
        .execute();
      return kept;
    },
    async decide(id, { state, decisions }, event) {
      requireAbout(event, id);
      const before = await reads.get(id);
      if (before === null) return err([problem('access.not_found', { kind: 'policy' })]);
      if (before.state !== 'PROPOSED') return err([problem('masking.policy_state', { state: before.state })]);
      await writing.record(event);
      if (state === 'IN_FORCE')
        await tx
          .updateTable('mask_policies')
          .set({ state: 'SUPERSEDED' })
          .where('dataset', '=', before.dataset)
          .where('state', '=', 'IN_FORCE')
          .execute();
      const kept: MaskPolicyRecord = { ...before, state, decisions: decisions.map((item) => ({ at, ...item })) };
      await tx
        .updateTable('mask_policies')
        .set({ state, record: JSON.stringify(kept) })
        .where('id', '=', id)
        .execute();
      return ok(kept);
    },
  };
}
