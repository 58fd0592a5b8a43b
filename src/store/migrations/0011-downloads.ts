import { columnType, type Migration, table } from './migration.ts';

/**
 * Releases know the fingerprint of their content; files are fetched with tokens for one use; people are told of recalls.
 * Source: requirements.md §7.5 (recipient, recall); egress-rules.md §2.10 (the same result once), §7 item 13.
 */
export const DOWNLOADS: Migration = {
  name: '0011-downloads',
  async up(db) {
    await db.schema
      .alterTable('releases')
      .addColumn('fingerprint', columnType(db, 'text'), (column) => column.notNull().defaultTo(''))
      .execute();
    await db.schema
      .alterTable('releases')
      .addColumn('ordinal', columnType(db, 'integer'), (column) => column.notNull().defaultTo(0))
      .execute();
    await db.schema.createIndex('releases_by_fingerprint').on('releases').column('fingerprint').execute();
    const token = { digest: 'text', release: 'text', file: 'text', recipient: 'text', expires_at: 'text', 'used_at?': 'text' } as const;
    await table(db, 'download_tokens', token, ['digest'])
      .addForeignKeyConstraint('download_tokens_release', ['release'], 'releases', ['id'])
      .execute();
    await table(db, 'notices', { id: 'text', ordinal: 'integer', recipient: 'text', kind: 'text', object: 'text', at: 'text' }, [
      'id',
    ]).execute();
    await db.schema.createIndex('notices_by_recipient').on('notices').columns(['recipient', 'ordinal']).execute();
  },
};
