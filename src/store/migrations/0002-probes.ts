import { type Migration, table } from './migration.ts';

/** Literals of real jobs as keyed digests: what the probing budget counts. Source: gate.md §9. */
export const PROBES: Migration = {
  name: '0002-probes',
  async up(db) {
    const scope = { organisation: 'text', dataset: 'text', period: 'text' } as const;
    const key = { ...scope, column_name: 'text', literal_digest: 'text' } as const;
    await table(db, 'probes', { ...key, job: 'text' }, Object.keys(key))
      .addForeignKeyConstraint('probes_job', ['job'], 'jobs', ['id'])
      .execute();
  },
};
