import type { Kysely } from 'kysely';
import type { BudgetPort, BudgetWrites } from '../operations/fit-budget.ts';
import type { Database } from './schema.ts';
import { requireAbout, type Writing } from './writing.ts';

/** What fits spent, by dataset. Source: synthetic-and-masking.md §4.0. */
export function readFitBudget(db: Kysely<Database>): BudgetPort {
  return {
    async spent(dataset) {
      const row = await db
        .selectFrom('fit_spending')
        .select((each) => each.fn.sum('rho_billionths').as('total'))
        .where('dataset', '=', dataset)
        .executeTakeFirst();
      return Number(row?.total ?? 0);
    },
  };
}

/** Adds to what was spent, beside the event that tells of it. Throws where the job has spent already. */
export function writeFitBudget(writing: Writing): BudgetWrites {
  const { tx, at } = writing;
  return {
    ...readFitBudget(tx),
    async spend({ job, dataset, rhoBillionths }, event) {
      requireAbout(event, job);
      await writing.record(event);
      await tx.insertInto('fit_spending').values({ job, dataset, rho_billionths: rhoBillionths, at }).execute();
    },
  };
}
