import type { AuditEvent, AuditFacts } from '../audit/event.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Decided, JobContext } from '../pipeline.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { FittedModelText, OperationsPorts } from './data-ports.ts';
import { rhoBillionths } from './fit-budget.ts';
import { MODEL_FILE } from './fitted-model.ts';
import { attemptOf } from './job-states.ts';
import type { JobRecord, StoreView } from './ports.ts';
import { sealResult } from './seal-result.ts';

type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

/** Whether a dataset's budget holds this much more. Source: synthetic-and-masking.md §4.0 (refused when gone). */
export async function fitsBudget(
  ports: Pick<OperationsPorts, 'fitRhoPerDataset'>,
  view: Pick<StoreView, 'fitBudget' | 'privacy'>,
  dataset: string,
  rho: number,
): Outcome<null> {
  const limit = Math.floor(ports.fitRhoPerDataset * 1e9);
  // What queries under differential privacy spent tells of the same people.
  const spent = (await view.fitBudget.spent(dataset)) + (await view.privacy.spent({ dataset }));
  const over = spent + rhoBillionths(rho) > limit;
  return over ? err([problem('synth.budget_spent', { dataset })]) : ok(null);
}

/** What the intent of a job that is no query says of it. */
export function intentFacts(ports: OperationsPorts, job: JobRecord, { version, grant, policy }: JobContext): AuditFacts<'job.intent'> {
  return {
    dataset: job.dataset,
    datasetVersion: version.version,
    datasetDigest: version.digest,
    target: 'real',
    artefactHash: job.artefactHash ?? undefined,
    grant: grant.id,
    tables: job.admitted?.tables.slice(0, 200),
    columns: job.admitted?.columns.slice(0, 200),
    k: policy.k,
    isolation: ports.isolation,
  };
}

/** Intent and spending in one transaction, before anything is read; nothing of either where one of them is refused. */
async function begin(ports: OperationsPorts, job: JobRecord, context: JobContext, rho: number): Outcome<JobRecord> {
  const common = { object: job.id, outcome: 'done', trace: job.id } as const;
  const actor = { id: job.merchant, organisation: job.organisation, roles: ['merchant'] as const };
  const intent: AuditEvent = { ...common, operation: 'job.intent', actor, facts: intentFacts(ports, job, context) };
  const spend: AuditEvent = { ...common, operation: 'fit.spend', actor, facts: { dataset: job.dataset, rho } };
  return ports.store.write(async (tx) => {
    const affordable = await fitsBudget(ports, tx, job.dataset, rho);
    if (!affordable.ok) return affordable;
    const moved = await tx.jobs.transition(job.id, { from: ['REAL_QUEUED'], to: 'REAL_RUNNING', attempt: attemptOf(job) }, intent);
    if (moved.ok) await tx.fitBudget.spend({ job: job.id, dataset: job.dataset, rhoBillionths: rhoBillionths(rho) }, spend);
    return moved;
  });
}

function decidedOf(job: JobRecord, context: JobContext, fitted: FittedModelText): Decided {
  if (job.admitted === undefined) throw new Error('A fit that was never admitted');
  return {
    admitted: job.admitted,
    verdict: 'releasable',
    table: fitted.table,
    withheldRows: 0,
    withheldCells: 0,
    publicLabelsWithheld: null,
    findings: [{ rule: 'zcdp', severity: 'info', text: `${job.sql}: noisy counts only; the budget of the dataset is spent.` }],
    probes: [],
    gates: [],
    isolation: fitted.isolation,
    datasetVersion: context.version.version,
  };
}

/**
 * Fits a model for a queued job: budget first, then the worker over the sealed version, then the sealed artefact and its egress
 * request. `fail` ends the job; what was spent stays spent. Source: synthetic-and-masking.md §4; requirement U6.
 */
export async function runFit(
  ports: OperationsPorts,
  job: JobRecord,
  context: JobContext,
  signal: AbortSignal,
  fail: (problems: readonly Problem[], failure: string) => Promise<void>,
): Promise<void> {
  const { fit } = job;
  if (fit === undefined) throw new Error('Not a fit');
  const cost = ports.fitter.cost(context.dataset, fit);
  if (!cost.ok) return fail(cost.error, 'ground');
  const begun = await begin(ports, job, context, cost.value);
  // Cancelled meanwhile: nothing was touched, nothing is left to do.
  if (!begun.ok) return begun.error.some((item) => item.code === 'synth.budget_spent') ? fail(begun.error, 'budget') : undefined;
  const startedAt = ports.clock.now().getTime();
  const fitted = await ports.fitter.fit({ context, spec: fit }, signal).catch((fault: unknown) => {
    ports.onFault(fault);
    return err([]);
  });
  if (!fitted.ok) return fail(fitted.error, signal.aborted ? 'cancelled' : 'fit');
  const elapsedMs = ports.clock.now().getTime() - startedAt;
  const files = [{ name: MODEL_FILE, base64: Buffer.from(fitted.value.artefact, 'utf8').toString('base64') }];
  const sealed = await sealResult(ports, begun.value, context, decidedOf(job, context, fitted.value), elapsedMs, { files });
  if (!sealed.ok) await fail(sealed.error, 'seal');
}
