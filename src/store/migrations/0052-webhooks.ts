import { type Migration, table } from './migration.ts';

/**
 * Addresses that notices are sent to, and every sending. `cursor`: the last entry of the log whose notices were put in line. Secrets are
 * sealed: they have to be known to sign. Source: tracker issue 5 ("notices … by signed webhook"); ADR 0033.
 */
export const WEBHOOKS: Migration = {
  name: '0052-webhooks',
  async up(db) {
    const hook = {
      id: 'text',
      ordinal: 'integer',
      principal: 'text',
      url: 'text',
      kinds: 'text',
      secret: 'text',
      state: 'text',
      cursor: 'integer',
      created_at: 'text',
    } as const;
    const delivery = {
      id: 'text',
      webhook: 'text',
      notice: 'text',
      kind: 'text',
      body: 'text',
      state: 'text',
      attempts: 'integer',
      next_at: 'text',
      'leased_until?': 'text',
      'status?': 'integer',
      'failure?': 'text',
      created_at: 'text',
    } as const;
    await table(db, 'webhooks', hook, ['id']).addForeignKeyConstraint('webhooks_principal', ['principal'], 'principals', ['id']).execute();
    await table(db, 'webhook_deliveries', delivery, ['id'])
      .addUniqueConstraint('webhook_deliveries_once', ['webhook', 'notice'])
      .addForeignKeyConstraint('webhook_deliveries_webhook', ['webhook'], 'webhooks', ['id'])
      .execute();
    await db.schema.createIndex('webhooks_by_principal').on('webhooks').column('principal').execute();
    await db.schema.createIndex('webhook_deliveries_due').on('webhook_deliveries').columns(['state', 'next_at']).execute();
  },
};
