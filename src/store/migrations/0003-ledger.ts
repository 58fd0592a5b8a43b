import { sql } from 'kysely';
import { type Migration, table } from './migration.ts';

/** Figures that were released or are reserved, one row for each term and unit type. Source: gate.md §7. */
export const LEDGER: Migration = {
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
