import type { Kysely } from 'kysely';
import type { StoreTransaction, StoreView } from '../operations/ports.ts';
import type { Database } from './schema.ts';
import { requireAbout, type Writing } from './writing.ts';

export function readAffiliations(db: Kysely<Database>): StoreView['affiliations'] {
  return {
    async of(organisation) {
      const rows = await db
        .selectFrom('affiliations')
        .selectAll()
        .where((where) => where.or([where('organisation', '=', organisation), where('affiliate', '=', organisation)]))
        .execute();
      return [...new Set(rows.map((row) => (row.organisation === organisation ? row.affiliate : row.organisation)))].sort();
    },
  };
}

export function writeAffiliations(writing: Writing): StoreTransaction['affiliations'] {
  const { tx } = writing;
  return {
    ...readAffiliations(tx),
    async add({ organisation, affiliate }, event) {
      requireAbout(event, organisation);
      const ordinal = await writing.record(event);
      await tx
        .insertInto('affiliations')
        .values({ organisation, affiliate, ordinal })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
    },
  };
}
