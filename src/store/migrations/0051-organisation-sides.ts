import { sql } from 'kysely';
import { sideOf } from '../organisation-sides.ts';
import { type Migration, table } from './migration.ts';

/**
 * On which side an organisation stands: of those who develop, or of those who run, supervise, audit and decide. One row
 * each, so that no path of the code can put one on both. Source: requirements.md §6.2, S1; GZ-4d.
 */
export const ORGANISATION_SIDES: Migration = {
  name: '0051-organisation-sides',
  async up(db) {
    await table(db, 'organisation_sides', { organisation: 'text', side: 'text' }, ['organisation'])
      .addCheckConstraint('organisation_sides_side', sql`side in ('merchant', 'public')`)
      .execute();
    // Who is registered already was checked by the code when he was.
    for (const { organisation, roles } of await db.selectFrom('principals').select(['organisation', 'roles']).orderBy('id').execute()) {
      const side = sideOf(JSON.parse(roles) as readonly string[]);
      if (side === null) continue;
      await db
        .insertInto('organisation_sides')
        .values({ organisation, side })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    }
  },
};
