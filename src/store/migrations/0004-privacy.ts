import { type Migration, table } from './migration.ts';

/** What runs under differential privacy spent, in billionths of ρ. Nothing is ever given back. Source: gate.md §8. */
export const PRIVACY: Migration = {
  name: '0004-privacy',
  async up(db) {
    await table(db, 'privacy_spending', { job: 'text', dataset: 'text', grant_id: 'text', rho_billionths: 'integer', at: 'text' }, ['job'])
      .addForeignKeyConstraint('privacy_spending_job', ['job'], 'jobs', ['id'])
      .execute();
    await db.schema.createIndex('privacy_by_dataset').on('privacy_spending').column('dataset').execute();
  },
};
