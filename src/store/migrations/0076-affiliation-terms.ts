import { sql } from 'kysely';
import { type Migration, table } from './migration.ts';

/** Affiliations with their days. Those from before have held always, as far as is known, and hold to this day. Source: requirements.md §6.2 S6. */
export const AFFILIATION_TERMS: Migration = {
  name: '0076-affiliation-terms',
  async up(db) {
    const columns = { organisation: 'text', affiliate: 'text', ordinal: 'integer', valid_from: 'text', valid_to: 'text' } as const;
    await table(db, 'affiliation_terms', columns, ['organisation', 'affiliate', 'ordinal']).execute();
    await sql`insert into affiliation_terms (organisation, affiliate, ordinal, valid_from, valid_to)
      select organisation, affiliate, ordinal, '', '' from affiliations`.execute(db);
    await db.schema.dropTable('affiliations').execute();
  },
};
