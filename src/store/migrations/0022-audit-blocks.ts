import { type Migration, table } from './migration.ts';

/**
 * The index of the log in blocks of entries instead of one row for each term and entry. The next search builds it anew: an index holds
 * nothing that the entries do not. Source: ADR 0028.
 */
export const AUDIT_BLOCKS: Migration = {
  name: '0022-audit-blocks',
  async up(db) {
    await db.schema.dropTable('audit_postings').execute();
    await db.deleteFrom('audit_terms').execute();
    await db.deleteFrom('audit_indexed').execute();
    await table(db, 'audit_blocks', { term: 'integer', block: 'integer', bits: 'text' }, ['term', 'block']).execute();
    await db.schema.createIndex('audit_blocks_block').on('audit_blocks').column('block').execute();
  },
};
