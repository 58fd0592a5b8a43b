import type { Migration } from './migration.ts';

/** Life that a key of before gets, from the day it was made. */
const OLD_KEY_DAYS = 366;

/**
 * What an API key may do, until when, and what became of it. Keys of before, which had no end, get one.
 * Source: models-and-audit.md §3.1 (expiry, scopes, last use, overlap).
 */
export const KEY_TERMS: Migration = {
  name: '0060-key-terms',
  async up(db) {
    for (const column of ['label', 'scopes', 'expires_at', 'last_used_at', 'replaced_by'] as const)
      await db.schema.alterTable('api_keys').addColumn(column, 'text').execute();
    for (const { id, created_at } of await db.selectFrom('api_keys').select(['id', 'created_at']).orderBy('id').execute()) {
      const expires_at = new Date(Date.parse(created_at) + OLD_KEY_DAYS * 86_400_000).toISOString();
      await db.updateTable('api_keys').set({ expires_at }).where('id', '=', id).execute();
    }
  },
};
