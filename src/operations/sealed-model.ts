import { createHash } from 'node:crypto';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';
import { isGrantLive } from './live-grant.ts';
import type { SealedModel } from './model-vault.ts';
import type { JobRecord } from './ports.ts';

const DIGEST_LENGTH = 64;

/** What records hold of a model in place of its bytes. */
export function sealedModelOf(content: Uint8Array): SealedModel {
  return { sha256: createHash('sha256').update(content).digest('hex'), bytes: content.length };
}

/** The name that a model of a grant stands under: what one grant hands in twice stands once, what two grants hand in stands twice. */
export function modelName(grant: string, { sha256 }: Pick<SealedModel, 'sha256'>): string {
  return `${grant}_${sha256}`;
}

/** The grant that a name of `modelName` begins with. */
export function grantOfModel(name: string): string {
  return name.slice(0, -DIGEST_LENGTH - 1);
}

/**
 * The bytes of a model that a job's record refers to, checked against their digest. Refuses where they are not there (`audit.sealed_model_missing`)
 * or are others (`audit.sealed_model_changed`); both are for operators, and who made the job sees the constant (`jobView`).
 */
export async function openModel(
  { models }: Pick<OperationsPorts, 'models'>,
  { id, grantId }: Pick<JobRecord, 'id' | 'grantId'>,
  model: SealedModel,
): Promise<Result<Uint8Array, readonly Problem[]>> {
  const content = await models.open(grantId, model);
  if (content === 'missing') return err([problem('audit.sealed_model_missing', { job: id })]);
  return content === 'changed' ? err([problem('audit.sealed_model_changed', { job: id })]) : ok(content);
}

/** Destroys sealed models that no job refers to, of the given grants or of all; gives their names. For who knows that none of them is just being handed in. */
export async function destroyUnused(
  { store, models }: Pick<OperationsPorts, 'store' | 'models'>,
  grants: readonly string[] | null,
): Promise<readonly string[]> {
  const used = await store.view.jobs.modelNames();
  const names = await models.names();
  const unused = names.filter((name) => !used.has(name) && (grants === null || grants.includes(grantOfModel(name))));
  for (const name of unused) await models.destroy(name);
  return unused;
}

/**
 * For who has sealed a model and then got no record to refer to it. Where its grant is closed, the data under it may have been deleted and certified
 * in between: what is unused of the grant goes at once. Otherwise somebody may be handing the same in, and the next start removes it.
 */
export async function dropOfClosedGrant(ports: Pick<OperationsPorts, 'store' | 'models' | 'clock'>, grant: string): Promise<void> {
  if (!(await isGrantLive(ports.store.view, grant, ports.clock.now(), 'sim'))) await destroyUnused(ports, [grant]);
}
