import { columnType, type Migration, table } from './migration.ts';

/**
 * Votes know their step of the chain; organisations know their affiliates. Votes from before were those of the operators.
 * Source: requirements.md §4.3 `egress.approvers`, §6.2 S6.
 */
export const REVIEW: Migration = {
  name: '0010-review',
  async up(db) {
    await db.schema
      .alterTable('votes')
      .addColumn('step', columnType(db, 'text'), (column) => column.notNull().defaultTo('operator_check'))
      .execute();
    await db.schema
      .alterTable('votes')
      .addColumn('body', columnType(db, 'text'), (column) => column.notNull().defaultTo('{}'))
      .execute();
    const pair = { organisation: 'text', affiliate: 'text' } as const;
    await table(db, 'affiliations', { ...pair, ordinal: 'integer' }, Object.keys(pair)).execute();
  },
};
