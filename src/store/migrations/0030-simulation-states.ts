import { columnType, type Migration } from './migration.ts';

/**
 * Sets from before had no states and did not say which schema they were made for: they are stale, and are made again.
 * Source: requirement GZ-7a.
 */
export const SIMULATION_STATES: Migration = {
  name: '0030-simulation-states',
  async up(db) {
    await db.schema
      .alterTable('simulations')
      .addColumn('state', columnType(db, 'text'), (column) => column.notNull().defaultTo('STALE'))
      .execute();
  },
};
