import type { Kysely } from 'kysely';
import { ok } from '../kernel/result.ts';
import type { StoreTransaction, StoreView } from '../operations/ports.ts';
import type { Database } from './schema.ts';
import { conflict, requireAbout, type Writing } from './writing.ts';

export function readAffiliations(db: Kysely<Database>): StoreView['affiliations'] {
  return {
    async of(organisation) {
      const rows = await db
        .selectFrom('affiliation_terms')
        .selectAll()
        .where((where) => where.or([where('organisation', '=', organisation), where('affiliate', '=', organisation)]))
        .orderBy('ordinal')
        .execute();
      return rows.map((row) => ({
        organisation: row.organisation,
        affiliate: row.affiliate,
        validFrom: row.valid_from === '' ? null : row.valid_from,
        validTo: row.valid_to === '' ? null : row.valid_to,
      }));
    },
  };
}

export function writeAffiliations(writing: Writing): StoreTransaction['affiliations'] {
  const { tx } = writing;
  return {
    ...readAffiliations(tx),
    async add({ organisation, affiliate, validFrom, validTo }, event) {
      requireAbout(event, organisation);
      const ordinal = await writing.record(event);
      await tx
        .insertInto('affiliation_terms')
        .values({ organisation, affiliate, ordinal, valid_from: validFrom ?? '', valid_to: validTo ?? '' })
        .execute();
    },
    async end({ organisation, affiliate, validTo }, event) {
      requireAbout(event, organisation);
      const { numUpdatedRows } = await tx
        .updateTable('affiliation_terms')
        .set({ valid_to: validTo })
        .where('valid_to', '=', '')
        .where((where) =>
          where.or([
            where.and([where('organisation', '=', organisation), where('affiliate', '=', affiliate)]),
            where.and([where('organisation', '=', affiliate), where('affiliate', '=', organisation)]),
          ]),
        )
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) return conflict('affiliation', 'ended');
      await writing.record(event);
      return ok(undefined);
    },
  };
}
