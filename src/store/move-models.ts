import type { Kysely } from 'kysely';
import type { ModelVault } from '../operations/model-vault.ts';
import type { JobBody, JobRecord } from '../operations/ports.ts';
import { sealedModelOf } from '../operations/sealed-model.ts';
import { writeModelNames } from './job-records.ts';
import type { Database } from './schema.ts';

/** A job's body as versions before 0101 wrote it: the files themselves, in base64. */
interface OldBody {
  readonly scoring?: { readonly format: string; readonly base64?: string };
  readonly training?: { readonly files?: readonly { readonly name: string; readonly base64?: string }[] };
}

/**
 * Moves the bytes of models that stand in records of jobs into sealed files; gives how many jobs had some. Each file is on disk before its record
 * loses it, so that a kill in between loses nothing and the next start goes on; processes that do it at once write the same. Which models
 * a job has stays as it was, so that no event tells of it: the log knows the artefact, of which the digest of the model is a part.
 */
export async function moveModels(writer: Kysely<Database>, models: ModelVault): Promise<number> {
  const marked = await writer.selectFrom('job_models').select('job').where('name', '=', '').orderBy('job').execute();
  for (const { job } of marked) {
    const row = await writer.selectFrom('jobs').select(['grant_id', 'body', 'state']).where('id', '=', job).executeTakeFirstOrThrow();
    const { grant_id: grant, body: before, state } = row;
    const body = await movedBody(grant, before, state === 'REFUSED', models);
    await writer.transaction().execute(async (tx) => {
      const { numUpdatedRows } = await tx
        .updateTable('jobs')
        .set({ body: JSON.stringify(body) })
        .where('id', '=', job)
        .where('body', '=', before)
        .executeTakeFirstOrThrow();
      // Changed meanwhile: by another process that starts, or by one that works. The mark stays where bytes do.
      if (numUpdatedRows > 0n) await writeModelNames(tx, { id: job, grantId: grant, state: state as JobRecord['state'], ...body });
    });
  }
  return marked.length;
}

async function movedBody(grant: string, text: string, isRefused: boolean, models: ModelVault): Promise<JobBody> {
  const { scoring, training, ...rest } = JSON.parse(text) as JobBody & OldBody;
  const moved = async ({ base64, ...item }: { readonly base64?: string }): Promise<unknown> => {
    if (base64 === undefined) return item;
    const bytes = Buffer.from(base64, 'base64');
    return { ...item, ...(isRefused ? sealedModelOf(bytes) : await models.keep(grant, bytes)) };
  };
  const files = training?.files === undefined ? undefined : await Promise.all(training.files.map(moved));
  return {
    ...rest,
    ...(scoring === undefined ? {} : { scoring: await moved(scoring) }),
    ...(training === undefined ? {} : { training: { ...training, ...(files === undefined ? {} : { files }) } }),
  } as JobBody;
}
