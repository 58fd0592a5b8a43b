import { sql } from 'kysely';
import { type Migration, table } from './migration.ts';

/**
 * Which sealed models jobs refer to. A job whose record still holds bytes of models refers to an empty name until they are moved, which needs
 * keys (`move-models.ts`). Source: issue "Models".
 */
export const MODEL_FILES: Migration = {
  name: '0101-model-files',
  async up(db) {
    await table(db, 'job_models', { job: 'text', name: 'text' }, ['job', 'name'])
      .addForeignKeyConstraint('job_models_job', ['job'], 'jobs', ['id'])
      .execute();
    await db.schema.createIndex('job_models_by_name').on('job_models').column('name').execute();
    // In a text inside of JSON the quotation marks would be escaped.
    await sql`insert into job_models (job, name) select id, '' from jobs where body like '%"base64":"%'`.execute(db);
  },
};
