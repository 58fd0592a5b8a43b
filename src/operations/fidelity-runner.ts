import type { AuditEvent } from '../audit/event.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Decided, JobContext } from '../pipeline.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { FidelityFiles, OperationsPorts } from './data-ports.ts';
import { intentFacts } from './fit-runner.ts';
import { attemptOf } from './job-states.ts';
import type { JobRecord, StoreView } from './ports.ts';
import { sealResult } from './seal-result.ts';

type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

/** Files of a released report. */
export const FIDELITY_FILES = ['fidelity.json', 'fidelity.html'] as const;

/**
 * Reports that may be made of one version of a dataset, for everybody together: each tells a little of the same rows, and what many of
 * them tell together nobody has looked at. Source: own design, ADR 0027; requirement U6.
 */
const MOST_REPORTS = 5;

/** Whether one more report may be made of the version. Those that failed or were refused read the data too: they count. */
export async function reportsLeft(view: Pick<StoreView, 'jobs'>, context: Pick<JobContext, 'dataset' | 'version'>): Outcome<null> {
  const { dataset, version } = context;
  const jobs = await view.jobs.list({ dataset: dataset.name });
  const begun = jobs.filter(({ fidelity }) => fidelity?.begunOn === version.version).length;
  return begun < MOST_REPORTS ? ok(null) : err([problem('simulation.reports_spent', { dataset: dataset.name, most: MOST_REPORTS })]);
}

/** Intent, and the place among the reports of the version, in one transaction before anything is read. */
async function begin(ports: OperationsPorts, job: JobRecord, context: JobContext): Outcome<JobRecord> {
  const { fidelity } = job;
  if (fidelity === undefined) throw new Error('Not a comparison');
  const actor = { id: job.merchant, organisation: job.organisation, roles: ['merchant'] as const };
  const facts = intentFacts(ports, job, context);
  const intent: AuditEvent = { operation: 'job.intent', object: job.id, outcome: 'done', trace: job.id, actor, facts };
  const patch = { fidelity: { ...fidelity, begunOn: context.version.version } };
  return ports.store.write(async (tx) => {
    const left = await reportsLeft(tx, context);
    if (!left.ok) return left;
    return tx.jobs.transition(job.id, { from: ['REAL_QUEUED'], to: 'REAL_RUNNING', patch, attempt: attemptOf(job) }, intent);
  });
}

function decidedOf(job: JobRecord, context: JobContext, { table, isolation }: FidelityFiles): Decided {
  if (job.admitted === undefined) throw new Error('A comparison that was never admitted');
  const text = `${job.sql}: shares at two decimals, each over many rows; values of fewer than ${context.policy.k} rows count for nothing.`;
  return {
    admitted: job.admitted,
    verdict: 'releasable',
    table,
    withheldRows: 0,
    withheldCells: 0,
    publicLabelsWithheld: null,
    findings: [{ rule: 'coarse-scores', severity: 'info', text }],
    probes: [],
    gates: [],
    isolation,
    datasetVersion: context.version.version,
  };
}

/**
 * Compares a set with the version in force for a queued job: intent first, then the enclave, then the sealed report and its egress
 * request. `fail` ends the job. Source: synthetic-and-masking.md §11 item 4; requirement U6 (an egress of its own).
 */
export async function runFidelity(
  ports: OperationsPorts,
  job: JobRecord,
  context: JobContext,
  signal: AbortSignal,
  fail: (problems: readonly Problem[], failure: string) => Promise<void>,
): Promise<void> {
  const { fidelity } = job;
  if (fidelity === undefined) throw new Error('Not a comparison');
  const set = await ports.store.view.simulations.get(fidelity.simulation);
  if (set === null || set.state === 'WITHDRAWN' || set.state === 'STALE') return fail([], 'ground');
  const begun = await begin(ports, job, context);
  if (!begun.ok) return begun.error.some((item) => item.code === 'simulation.reports_spent') ? fail(begun.error, 'budget') : undefined;
  const startedAt = ports.clock.now().getTime();
  const path = ports.simulator.sealedPath(set.dataset, set.id);
  const simulation = { id: set.id, label: set.label, path, digest: set.version.digest };
  const { target } = fidelity;
  const input = { context, simulation, ...(target === undefined ? {} : { target }) };
  const measured = await ports.fidelity.measure(input, signal).catch((fault: unknown) => {
    ports.onFault(fault);
    return err([]);
  });
  if (!measured.ok) return fail(measured.error, signal.aborted ? 'cancelled' : 'fidelity');
  const elapsedMs = ports.clock.now().getTime() - startedAt;
  const [json, page] = FIDELITY_FILES;
  const base64 = (text: string): string => Buffer.from(text, 'utf8').toString('base64');
  const files = [
    { name: json, base64: base64(measured.value.json) },
    { name: page, base64: base64(measured.value.page) },
  ];
  const sealed = await sealResult(ports, begun.value, context, decidedOf(job, context, measured.value), elapsedMs, { files });
  if (!sealed.ok) await fail(sealed.error, 'seal');
}
