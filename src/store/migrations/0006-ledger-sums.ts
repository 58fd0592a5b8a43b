import type { Migration } from './migration.ts';

/** States of entries by revision, without reading the entries: to tell whether an image of the index is stale. Source: ADR 0025. */
export const LEDGER_SUMS: Migration = {
  name: '0006-ledger-sums',
  async up(db) {
    await db.schema
      .createIndex('ledger_by_state_of_revision')
      .on('ledger_entries')
      .columns(['dataset', 'revision', 'state', 'seq'])
      .execute();
    await db.schema.dropIndex('ledger_by_revision').execute();
  },
};
