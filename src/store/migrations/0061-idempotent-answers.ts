import { sql } from 'kysely';
import { type Migration, table } from './migration.ts';

/** Answers to requests with an idempotency key, sealed, for a day. Source: models-and-audit.md §3.1 ("idempotency"). */
export const IDEMPOTENT_ANSWERS: Migration = {
  name: '0061-idempotent-answers',
  async up(db) {
    const columns = { principal: 'text', key_digest: 'text', fingerprint: 'text', state: 'text', 'sealed?': 'text', at: 'text' } as const;
    await table(db, 'idempotent_answers', columns, ['principal', 'key_digest'])
      .addCheckConstraint('idempotent_answers_state', sql`state in ('begun', 'answered', 'secret')`)
      .execute();
    await db.schema.createIndex('idempotent_answers_by_age').on('idempotent_answers').column('at').execute();
  },
};
