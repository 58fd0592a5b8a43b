import { type Migration, table } from './migration.ts';

/** Proceedings of government, the values that stand for one of them, and notices. Source: requirements.md §5, §7. */
export const MATTERS: Migration = {
  name: '0050-matters',
  async up(db) {
    const what = { noun: 'text', organisation: 'text', state: 'text', revision: 'integer', 'due_on?': 'text' } as const;
    await table(db, 'matters', { id: 'text', ordinal: 'integer', ...what, body: 'text', updated_at: 'text' }, ['id']).execute();
    await db.schema.createIndex('matters_by_noun').on('matters').columns(['noun', 'ordinal']).execute();
    await db.schema.createIndex('matters_by_organisation').on('matters').columns(['organisation', 'ordinal']).execute();
    await db.schema.createIndex('matters_by_due').on('matters').column('due_on').execute();
    const key = { noun: 'text', field: 'text', holder: 'text', value: 'text' } as const;
    await table(db, 'matter_keys', { ...key, matter: 'text' }, Object.keys(key))
      .addForeignKeyConstraint('matter_keys_matter', ['matter'], 'matters', ['id'])
      .execute();
    const whom = { 'role?': 'text', 'organisation?': 'text' } as const;
    await table(db, 'matter_notices', { id: 'text', ordinal: 'integer', ...whom, matter: 'text', body: 'text', at: 'text' }, ['id'])
      .addForeignKeyConstraint('matter_notices_matter', ['matter'], 'matters', ['id'])
      .execute();
    await db.schema.createIndex('matter_notices_by_role').on('matter_notices').columns(['role', 'ordinal']).execute();
    await db.schema.createIndex('matter_notices_by_organisation').on('matter_notices').columns(['organisation', 'ordinal']).execute();
  },
};
