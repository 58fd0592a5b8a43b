import type { Kysely, Selectable } from 'kysely';
import type { Dataset, DatasetVersion } from '../catalog/dataset.ts';
import { ok } from '../kernel/result.ts';
import type { DatasetRecord, StoreTransaction, StoreView } from '../operations/ports.ts';
import type { Database } from './schema.ts';
import type { SealedFields } from './sealed-field.ts';
import { conflict, notFound, type Writing } from './writing.ts';

export function readDatasets(db: Kysely<Database>, fields: SealedFields): StoreView['datasets'] {
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
      return row === undefined ? null : versionRecord(row, fields);
    },
    async versions(name) {
      const rows = await db.selectFrom('dataset_versions').selectAll().where('dataset', '=', name).orderBy('ordinal').execute();
      return Promise.all(rows.map((row) => versionRecord(row, fields)));
    },
  };
}

export function writeDatasets(writing: Writing): StoreTransaction['datasets'] {
  const { tx, at, fields } = writing;
  const reads = readDatasets(tx, fields);
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
      const { dataset, state, profile, ...rest } = version;
      const body: VersionBody = { ...rest, sealedProfile: await fields.seal(profile, profileOf(dataset, version.version)) };
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

type VersionBody = Omit<DatasetVersion, 'dataset' | 'state' | 'profile'> & { readonly sealedProfile: string };

function profileOf(dataset: string, version: string): string {
  return `profile/${dataset}/${version}`;
}

async function versionRecord(row: Selectable<Database['dataset_versions']>, fields: SealedFields): Promise<DatasetVersion> {
  const { sealedProfile, ...body } = JSON.parse(row.body) as VersionBody;
  const profile = (await fields.open(sealedProfile, profileOf(row.dataset, row.version))) as DatasetVersion['profile'];
  return { ...body, profile, dataset: row.dataset, version: row.version, state: row.state as DatasetVersion['state'] };
}
