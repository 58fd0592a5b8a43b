import type { Kysely, Selectable } from 'kysely';
import type { Dataset, DatasetVersion } from '../catalog/dataset.ts';
import { ok } from '../kernel/result.ts';
import type { DatasetRecord, StoreTransaction, StoreView } from '../operations/ports.ts';
import type { Database } from './schema.ts';
import { conflict, notFound, type Writing } from './writing.ts';

export function readDatasets(db: Kysely<Database>): StoreView['datasets'] {
  return {
    async get(name) {
      const row = await db.selectFrom('datasets').selectAll().where('name', '=', name).executeTakeFirst();
      return row === undefined ? null : datasetRecord(row);
    },
    async list() {
      return (await db.selectFrom('datasets').selectAll().orderBy('name').execute()).map(datasetRecord);
    },
    async version(name, version) {
      const row = await db
        .selectFrom('dataset_versions')
        .selectAll()
        .where('dataset', '=', name)
        .where('version', '=', version)
        .executeTakeFirst();
      return row === undefined ? null : versionRecord(row);
    },
    async versions(name) {
      const rows = await db.selectFrom('dataset_versions').selectAll().where('dataset', '=', name).orderBy('ordinal').execute();
      return rows.map(versionRecord);
    },
  };
}

export function writeDatasets(writing: Writing): StoreTransaction['datasets'] {
  const { tx, at } = writing;
  const reads = readDatasets(tx);
  return {
    ...reads,
    async put(record, event) {
      await writing.record(event);
      const declaration = JSON.stringify(record.dataset);
      const owner = { owner_id: record.owner.id, owner_organisation: record.owner.organisation };
      await tx
        .insertInto('datasets')
        .values({ name: record.name, declaration, ...owner, current_version: null, updated_at: at })
        .onConflict((each) => each.column('name').doUpdateSet({ declaration, updated_at: at }))
        .execute();
    },
    async addVersion(version, event) {
      if ((await reads.get(version.dataset)) === null) return notFound('dataset');
      const existing = await reads.version(version.dataset, version.version);
      if (existing !== null) return conflict('dataset version', existing.state);
      const ordinal = await writing.record(event);
      const { dataset, state, ...body } = version;
      await tx
        .insertInto('dataset_versions')
        .values({ dataset, version: version.version, ordinal, state, body: JSON.stringify(body) })
        .execute();
      await tx.updateTable('datasets').set({ current_version: version.version, updated_at: at }).where('name', '=', dataset).execute();
      return ok(undefined);
    },
    async retireVersion(name, version, step, event) {
      const existing = await reads.version(name, version);
      if (existing === null) return notFound('dataset version');
      const { numUpdatedRows } = await tx
        .updateTable('dataset_versions')
        .set({ state: step.to })
        .where('dataset', '=', name)
        .where('version', '=', version)
        .where('state', 'in', step.from)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return conflict('dataset version', existing.state);
      await writing.record(event);
      await tx
        .updateTable('datasets')
        .set({ current_version: null, updated_at: at })
        .where('name', '=', name)
        .where('current_version', '=', version)
        .execute();
      return ok({ ...existing, state: step.to });
    },
  };
}

function datasetRecord(row: Selectable<Database['datasets']>): DatasetRecord {
  return {
    name: row.name,
    dataset: JSON.parse(row.declaration) as Dataset,
    owner: { id: row.owner_id, organisation: row.owner_organisation },
    currentVersion: row.current_version,
    updatedAt: row.updated_at,
  };
}

function versionRecord(row: Selectable<Database['dataset_versions']>): DatasetVersion {
  const body = JSON.parse(row.body) as Omit<DatasetVersion, 'dataset' | 'state'>;
  return { ...body, dataset: row.dataset, version: row.version, state: row.state as DatasetVersion['state'] };
}
