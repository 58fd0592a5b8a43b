import { columnType, type Migration, table } from './migration.ts';

/**
 * Who works on what, and until when it is believed: jobs, loads, and processes themselves. `bound` jobs are run by the
 * process that made them or by none. Source: tracker issue 5 (jobs leased, a lost worker's job never run twice); ADR 0024.
 */
export const LEASES: Migration = {
  name: '0065-leases',
  async up(db) {
    await db.schema
      .alterTable('jobs')
      .addColumn('bound', columnType(db, 'integer'), (column) => column.notNull().defaultTo(0))
      .execute();
    await table(db, 'leases', { object: 'text', holder: 'text', until: 'text' }, ['object']).execute();
    await db.schema.createIndex('leases_by_holder').on('leases').column('holder').execute();
  },
};
