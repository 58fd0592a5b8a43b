import type { Migration } from './migration.ts';

/** Indexes that pages of the long lists are read by, newest first. Source: issue 6 ("pagination by cursor"). */
export const LIST_PAGES: Migration = {
  name: '0100-list-pages',
  async up(db) {
    const { schema } = db;
    await schema.createIndex('jobs_by_ordinal').on('jobs').column('ordinal').execute();
    await schema.createIndex('jobs_by_dataset').on('jobs').columns(['dataset', 'ordinal']).execute();
    await schema.createIndex('jobs_by_state_ordinal').on('jobs').columns(['state', 'ordinal']).execute();
    await schema.createIndex('egress_by_ordinal').on('egress_requests').column('ordinal').execute();
    await schema.createIndex('egress_by_merchant').on('egress_requests').columns(['merchant', 'ordinal']).execute();
  },
};
