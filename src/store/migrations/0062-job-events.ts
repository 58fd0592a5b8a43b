import { type Migration, table } from './migration.ts';

/** Every state that a job came to, for who follows it; of jobs of before, the one they stand in. Source: issue 6 ("server-sent events for jobs with replay"). */
export const JOB_EVENTS: Migration = {
  name: '0062-job-events',
  async up(db) {
    await table(db, 'job_events', { job: 'text', seq: 'integer', state: 'text', at: 'text' }, ['job', 'seq'])
      .addForeignKeyConstraint('job_events_job', ['job'], 'jobs', ['id'])
      .execute();
    for (const { id, state, updated_at } of await db.selectFrom('jobs').select(['id', 'state', 'updated_at']).orderBy('id').execute())
      await db.insertInto('job_events').values({ job: id, seq: 1, state, at: updated_at }).execute();
  },
};
