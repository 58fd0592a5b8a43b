import { sql } from 'kysely';
import { type Migration, table } from './migration.ts';

/**
 * Products that answer after their release: whether they are stopped, what was asked of them and when, and which keys were verified,
 * as keyed digests. Source: requirements.md §10.3 (O: rate and query budget, stop switch), QY-24c.
 */
export const PRODUCTS: Migration = {
  name: '0012-products',
  async up(db) {
    await table(db, 'product_stops', { release: 'text', state: 'text', at: 'text' }, ['release'])
      .addForeignKeyConstraint('product_stops_release', ['release'], 'releases', ['id'])
      .addCheckConstraint('product_stops_state', sql`state in ('running', 'stopped')`)
      .execute();
    await table(db, 'product_calls', { ordinal: 'integer', release: 'text', at: 'text', weight: 'integer' }, ['ordinal'])
      .addForeignKeyConstraint('product_calls_release', ['release'], 'releases', ['id'])
      .execute();
    await db.schema.createIndex('product_calls_by_release').on('product_calls').columns(['release', 'at']).execute();
    const key = { organisation: 'text', dataset: 'text', period: 'text', scope: 'text', digest: 'text' } as const;
    await table(db, 'verified_keys', { ...key, neighbourhood: 'text', times: 'integer' }, Object.keys(key)).execute();
    await db.schema
      .createIndex('verified_keys_by_neighbourhood')
      .on('verified_keys')
      .columns(['organisation', 'dataset', 'period', 'scope', 'neighbourhood'])
      .execute();
  },
};
