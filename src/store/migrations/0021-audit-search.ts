import { type Migration, table } from './migration.ts';

/** Search over the log, query texts with sealed literals, openings, holds, exports. Source: ADR 0018; requirements.md §7.6. */
export const AUDIT_SEARCH: Migration = {
  name: '0021-audit-search',
  async up(db) {
    const tables = [
      table(db, 'audit_terms', { id: 'integer', kind: 'text', term: 'text', uses: 'integer' }, ['id']).addUniqueConstraint(
        'audit_terms_term',
        ['kind', 'term'],
      ),
      table(db, 'audit_postings', { term: 'integer', seq: 'integer' }, ['term', 'seq']),
      table(db, 'audit_indexed', { id: 'integer', seq: 'integer' }, ['id']),
      table(db, 'audit_searches', { owner: 'text', name: 'text', filter: 'text', at: 'text' }, ['owner', 'name']),
      table(db, 'audit_queries', { job: 'text', month: 'text', shape: 'text', digest: 'text', sealed: 'text', at: 'text' }, ['job']),
      table(db, 'audit_month_keys', { month: 'text', wrapped: 'text' }, ['month']),
      table(
        db,
        'audit_openings',
        { id: 'text', job: 'text', requested_by: 'text', organisation: 'text', reason: 'text', 'approved_by?': 'text', at: 'text' },
        ['id'],
      ),
      table(db, 'audit_holds', { id: 'text', subject: 'text', reason: 'text', set_by: 'text', at: 'text', 'released_at?': 'text' }, ['id']),
    ];
    for (const each of tables) await each.execute();
  },
};
