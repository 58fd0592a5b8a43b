import { type CreateTableBuilder, type Kysely, sql } from 'kysely';
import type { Database } from '../schema.ts';
import { type Migration, table } from './migration.ts';

/** Datasets, loads, grants, principals, jobs, requests, votes, releases, audit entries. Source: ADR 0006. */
export const RECORDS: Migration = {
  name: '0001-records',
  async up(db) {
    const owner = { owner_id: 'text', owner_organisation: 'text' } as const;
    const times = { created_at: 'text', updated_at: 'text' } as const;
    const tables = [
      table(db, 'datasets', { name: 'text', declaration: 'text', ...owner, 'current_version?': 'text', updated_at: 'text' }, ['name']),
      table(db, 'dataset_versions', { dataset: 'text', version: 'text', ordinal: 'integer', state: 'text', body: 'text' }, [
        'dataset',
        'version',
      ]).addForeignKeyConstraint('dataset_versions_dataset', ['dataset'], 'datasets', ['name']),
      table(
        db,
        'loads',
        {
          id: 'text',
          ordinal: 'integer',
          dataset: 'text',
          state: 'text',
          ...owner,
          step: 'text',
          percent: 'integer',
          body: 'text',
          ...times,
        },
        ['id'],
      ),
      table(db, 'simulations', { id: 'text', ordinal: 'integer', dataset: 'text', body: 'text' }, ['id']),
      table(
        db,
        'grants',
        { id: 'text', ordinal: 'integer', merchant: 'text', dataset: 'text', body: 'text', created_at: 'text', 'revoked_at?': 'text' },
        ['id'],
      ),
      table(db, 'principals', { id: 'text', organisation: 'text', roles: 'text', state: 'text', created_at: 'text' }, ['id']),
      table(db, 'api_keys', { id: 'text', principal: 'text', mac: 'text', created_at: 'text', 'revoked_at?': 'text' }, [
        'id',
      ]).addForeignKeyConstraint('api_keys_principal', ['principal'], 'principals', ['id']),
    ];
    for (const each of [...tables, ...jobTables(db)]) await each.execute();
    await db.schema.createIndex('jobs_by_merchant').on('jobs').columns(['merchant', 'ordinal']).execute();
    await db.schema.createIndex('jobs_by_artefact').on('jobs').column('artefact_hash').execute();
    await db.schema.createIndex('jobs_by_state').on('jobs').column('state').execute();
    await db.schema.createIndex('egress_by_job').on('egress_requests').column('job').execute();
    await db.schema.createIndex('egress_by_state').on('egress_requests').column('state').execute();
  },
};

function jobTables(db: Kysely<Database>): readonly CreateTableBuilder<string, string>[] {
  const who = { merchant: 'text', organisation: 'text' } as const;
  const end = { body: 'text', created_at: 'text', updated_at: 'text' } as const;
  const job = { dataset: 'text', target: 'text', state: 'text', ...who, grant_id: 'text', sql: 'text', 'artefact_hash?': 'text' } as const;
  const egress = {
    job: 'text',
    dataset: 'text',
    ...who,
    state: 'text',
    round: 'integer',
    product_kind: 'text',
    content_digest: 'text',
  } as const;
  const vote = { ordinal: 'integer', organisation: 'text', vote: 'text', reason: 'text', content_digest: 'text', at: 'text' } as const;
  return [
    table(db, 'jobs', { id: 'text', ordinal: 'integer', ...job, ...end }, ['id']),
    table(db, 'egress_requests', { id: 'text', ordinal: 'integer', ...egress, ...end }, ['id']).addForeignKeyConstraint(
      'egress_requests_job',
      ['job'],
      'jobs',
      ['id'],
    ),
    table(db, 'votes', { egress: 'text', round: 'integer', voter: 'text', ...vote }, ['egress', 'round', 'voter'])
      .addForeignKeyConstraint('votes_egress', ['egress'], 'egress_requests', ['id'])
      .addCheckConstraint('votes_vote', sql`vote in ('approve', 'reject')`),
    table(db, 'releases', { id: 'text', egress: 'text', state: 'text', body: 'text' }, ['id'])
      .addUniqueConstraint('releases_egress', ['egress'])
      .addForeignKeyConstraint('releases_egress_request', ['egress'], 'egress_requests', ['id']),
    table(db, 'audit_entries', { seq: 'integer', body: 'text', previous_hash: 'text', hash: 'text' }, ['seq']),
  ];
}
