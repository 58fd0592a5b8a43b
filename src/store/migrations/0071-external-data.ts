import { sql } from 'kysely';
import { type Migration, table } from './migration.ts';

/** Lists of people that others have; the rows are sealed beside results, never here. Source: requirements.md §10.2 (L); issue "Masking" (linkage with registered external data). */
export const EXTERNAL_DATA: Migration = {
  name: '0071-external-data',
  async up(db) {
    await table(db, 'external_data', { id: 'text', dataset: 'text', state: 'text', at: 'text', record: 'text' }, ['id'])
      .addCheckConstraint('external_data_state', sql`state in ('REGISTERED', 'WITHDRAWN')`)
      .execute();
  },
};
