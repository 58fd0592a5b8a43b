import { type CreateTableBuilder, type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from './schema.ts';

/** One step forward of the tables. Never changed once it stood in a release; there is no way back. */
export interface Migration {
  readonly name: string;
  readonly up: (db: Transaction<Database>) => Promise<void>;
}

type Columns = Readonly<Record<string, 'text' | 'integer'>>;

/** A table whose columns are NOT NULL unless their name ends in `?`. */
function table(db: Kysely<Database>, name: string, columns: Columns, primaryKey: readonly string[]): CreateTableBuilder<string, string> {
  let builder: CreateTableBuilder<string, string> = db.schema.createTable(name);
  for (const [column, type] of Object.entries(columns)) {
    const nullable = column.endsWith('?');
    builder = builder.addColumn(nullable ? column.slice(0, -1) : column, type, (c) => (nullable ? c : c.notNull()));
  }
  return builder.addPrimaryKeyConstraint(`${name}_pk`, primaryKey as string[]);
}

const RECORDS: Migration = {
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

/** Literals of real jobs as keyed digests: what the probing budget counts. Source: gate.md §9. */
const PROBES: Migration = {
  name: '0002-probes',
  async up(db) {
    const scope = { organisation: 'text', dataset: 'text', period: 'text' } as const;
    const key = { ...scope, column_name: 'text', literal_digest: 'text' } as const;
    await table(db, 'probes', { ...key, job: 'text' }, Object.keys(key))
      .addForeignKeyConstraint('probes_job', ['job'], 'jobs', ['id'])
      .execute();
  },
};

/** Figures that were released or are reserved, one row for each term and unit type. Source: gate.md §7. */
const LEDGER: Migration = {
  name: '0003-ledger',
  async up(db) {
    const what = { unit_type: 'text', namespace: 'text', family: 'text', state: 'text', revision: 'integer' } as const;
    const columns = {
      seq: 'integer',
      dataset: 'text',
      version: 'text',
      job: 'text',
      ordinal: 'integer',
      cell: 'integer',
      ...what,
    } as const;
    await table(db, 'ledger_entries', { ...columns, coarse: 'text', sealed: 'text', at: 'text' }, ['seq'])
      .addUniqueConstraint('ledger_entries_job', ['job', 'ordinal'])
      .addForeignKeyConstraint('ledger_entries_of_job', ['job'], 'jobs', ['id'])
      .addCheckConstraint('ledger_entries_state', sql`state in ('reserved', 'released', 'dropped')`)
      .execute();
    await db.schema.createIndex('ledger_by_revision').on('ledger_entries').columns(['dataset', 'revision']).execute();
    await db.schema.createIndex('ledger_by_state').on('ledger_entries').columns(['state', 'at']).execute();
  },
};

/** Every migration, in order. */
export const MIGRATIONS: readonly Migration[] = [RECORDS, PROBES, LEDGER];

/**
 * Applies, inside the given transaction, what is not applied yet, and gives its names. Throws when the store holds a
 * migration this version does not know: it was written by a newer one.
 */
export async function migrate(
  db: Transaction<Database>,
  at: Date,
  migrations: readonly Migration[] = MIGRATIONS,
): Promise<readonly string[]> {
  await db.schema
    .createTable('schema_migrations')
    .ifNotExists()
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('applied_at', 'text', (column) => column.notNull())
    .execute();
  const rows = await db.selectFrom('schema_migrations').select('name').orderBy('name').execute();
  const applied = rows.map((row) => row.name);
  const known = migrations.map((migration) => migration.name);
  if (applied.some((name, index) => known[index] !== name)) throw new Error('The store was written by another version of the product');
  const pending = migrations.slice(applied.length);
  for (const migration of pending) {
    await migration.up(db);
    await db.insertInto('schema_migrations').values({ name: migration.name, applied_at: at.toISOString() }).execute();
  }
  return pending.map((migration) => migration.name);
}
