import type { Kysely } from 'kysely';
import type { PrivacyReads, PrivacyWrites } from '../operations/privacy-store.ts';
import type { Database } from './schema.ts';
import { requireAbout, type Writing } from './writing.ts';

/** What was spent of privacy budgets. Source: gate.md §8 (zCDP per grant and dataset). */
export function readPrivacy(db: Kysely<Database>): PrivacyReads {
  return {
    async spent({ dataset, grant, job }) {
      const row = await db
        .selectFrom('privacy_spending')
        .select((each) => each.fn.sum('rho_billionths').as('total'))
        .where('dataset', '=', dataset)
        .$if(grant !== undefined, (query) => query.where('grant_id', '=', grant as string))
        .$if(job !== undefined, (query) => query.where('job', '=', job as string))
        .executeTakeFirst();
      return Number(row?.total ?? 0);
    },
  };
}

/** Adds to what was spent, beside the event that tells of it. Throws where the job has spent already. Source: gate.md §8. */
export function writePrivacy(writing: Writing): PrivacyReads & PrivacyWrites {
  const { tx, at } = writing;
  return {
    ...readPrivacy(tx),
    async spend({ job, dataset, grant, rhoBillionths }, event) {
      requireAbout(event, job);
      await writing.record(event);
      await tx.insertInto('privacy_spending').values({ job, dataset, grant_id: grant, rho_billionths: rhoBillionths, at }).execute();
    },
  };
}
