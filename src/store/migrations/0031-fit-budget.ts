import { type Migration, table } from './migration.ts';

/** What fits of simulation models spent, in billionths of ρ. Nothing is ever given back. Source: synthetic-and-masking.md §4.0. */
export const FIT_BUDGET: Migration = {
  name: '0031-fit-budget',
  async up(db) {
    await table(db, 'fit_spending', { job: 'text', dataset: 'text', rho_billionths: 'integer', at: 'text' }, ['job'])
      .addForeignKeyConstraint('fit_spending_job', ['job'], 'jobs', ['id'])
      .execute();
    await db.schema.createIndex('fit_spending_by_dataset').on('fit_spending').column('dataset').execute();
  },
};
