import { type Migration, table } from './migration.ts';

/** Tables that an owner publishes, as they were answered over each version; figures sealed. Source: gate.md §2, §7. */
export const STANDARD_TABLES: Migration = {
  name: '0005-standard-tables',
  async up(db) {
    const key = { dataset: 'text', version: 'text', name: 'text' } as const;
    await table(db, 'standard_tables', { ...key, ordinal: 'integer', canonical_sql: 'text', sealed: 'text' }, Object.keys(key))
      .addForeignKeyConstraint('standard_tables_version', ['dataset', 'version'], 'dataset_versions', ['dataset', 'version'])
      .execute();
  },
};
