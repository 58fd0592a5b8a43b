import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { durationBand } from '../audit/fact-values.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Decided, JobContext } from '../pipeline.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';
import { runFidelity } from './fidelity-runner.ts';
import { runFit } from './fit-runner.ts';
import { type JobGround, jobGround, withScoring } from './job-context.ts';
import { jobLedger } from './job-ledger.ts';
import { attemptOf, jobSourcesOf, WAITING } from './job-states.ts';
import { liveGrant } from './live-grant.ts';
import { runMaskedDataset } from './masked-dataset-runner.ts';
import { runModel } from './model-runner.ts';
import type { JobRecord } from './ports.ts';
import { spendPrivacy } from './privacy-budget.ts';
import { sealResult } from './seal-result.ts';
import { openModel } from './sealed-model.ts';

/** The job was cancelled before its intent could be put on record: nothing was touched, nothing is left to do. */
class NotBegun extends Error {}

/** The job may not begin, and is told why. */
class MayNotBegin extends Error {
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[]) {
    super('A job that may not begin');
    this.problems = problems;
  }
}

/** Grant, version and admission may have gone while the job waited: all is looked up again. */
async function groundNow(ports: OperationsPorts, job: JobRecord): Promise<Result<JobGround, readonly Problem[]>> {
  const record = await ports.store.view.datasets.get(job.dataset);
  const grant = await liveGrant(ports.store.view, { id: job.merchant }, job.dataset, ports.clock.now(), job.target);
  if (record === null || grant === null) return err([problem('job.no_grant', { dataset: job.dataset })]);
  const ground = await jobGround(ports, record, grant, job.target);
  if (!ground.ok || job.scoring === undefined) return ground;
  const { format } = job.scoring;
  const bytes = await openModel(ports, job, job.scoring);
  return bytes.ok ? ok(withScoring(ground.value, { format, bytes: bytes.value })) : bytes;
}

/** Puts on record, on disk, what is about to be read; only then is the job running. */
async function recordIntent(ports: OperationsPorts, job: JobRecord, ground: JobGround): Promise<void> {
  const { version, grant, policy } = ground.context;
  const to = job.target === 'sim' ? 'SIM_RUNNING' : 'REAL_RUNNING';
  const event: AuditEvent = {
    operation: 'job.intent',
    actor: { id: job.merchant, organisation: job.organisation, roles: ['merchant'] },
    object: job.id,
    outcome: 'done',
    trace: job.id,
    facts: {
      dataset: job.dataset,
      datasetVersion: version.version,
      datasetDigest: version.digest,
      target: job.target,
      artefactHash: job.artefactHash ?? undefined,
      grant: grant.id,
      tables: job.admitted?.tables.slice(0, 200),
      columns: job.admitted?.columns.slice(0, 200),
      k: policy.k,
      isolation: ports.isolation,
    },
  };
  const patch = ground.simulationId === undefined ? {} : { simulationId: ground.simulationId };
  let refused: readonly Problem[] = [];
  const begun = await ports.store.write(async (tx) => {
    if (job.target === 'real' && (await tx.ledger.isShut(job.dataset))) {
      refused = [problem('ledger.unreconciled', { dataset: job.dataset })];
      return err(refused);
    }
    const spent = await spendPrivacy(tx, job, ground.context);
    refused = spent.ok ? [] : spent.error;
    return spent.ok ? tx.jobs.transition(job.id, { from: [WAITING[job.target]], to, patch, attempt: attemptOf(job) }, event) : spent;
  });
  if (refused.length > 0) throw new MayNotBegin(refused);
  if (!begun.ok) throw new NotBegun();
}

/** Ends a job without a result. Nothing happens where it was cancelled meanwhile. */
export async function failJob(
  ports: OperationsPorts,
  job: JobRecord,
  problems: readonly Problem[],
  failure: string,
  more: Pick<JobRecord, 'training'> = {},
): Promise<void> {
  const to = job.target === 'sim' ? 'SIM_FAILED' : 'REAL_FAILED';
  const constant = problem(job.target === 'sim' ? 'job.simulation_failed' : 'job.not_released', {});
  const shown = problems.length > 0 ? problems : [constant];
  const event: AuditEvent = {
    operation: 'job.outcome',
    actor: SYSTEM_ACTOR,
    object: job.id,
    outcome: 'failed',
    trace: job.id,
    facts: { dataset: job.dataset, target: job.target, state: to, failure, problems: [...new Set(shown.map((item) => item.code))] },
  };
  await ports.store.write(async (tx) => {
    const failed = await tx.jobs.transition(
      job.id,
      { from: jobSourcesOf(to), to, patch: { problems: shown, ...more }, attempt: attemptOf(job) },
      event,
    );
    if (failed.ok) await tx.ledger.settle(job.id, 'dropped', event);
    return failed;
  });
}

async function passSimulation(
  ports: OperationsPorts,
  job: JobRecord,
  decided: Decided,
  elapsedMs: number,
  more: Pick<JobRecord, 'training'> = {},
): Promise<void> {
  const { verdict, table, withheldRows, findings, isolation, datasetVersion } = decided;
  const patch = { simulation: { table, withheldRows, findings }, verdict, isolation, datasetVersion, ...more };
  const facts = {
    dataset: job.dataset,
    datasetVersion,
    target: job.target,
    artefactHash: decided.admitted.artefactHash,
    state: 'SIM_PASSED',
    verdict,
    isolation,
    durationBand: durationBand(elapsedMs),
  };
  await ports.store.write((tx) =>
    tx.jobs.transition(
      job.id,
      { from: jobSourcesOf('SIM_PASSED'), to: 'SIM_PASSED', patch, attempt: attemptOf(job) },
      { operation: 'job.outcome', actor: SYSTEM_ACTOR, object: job.id, outcome: 'done', trace: job.id, facts },
    ),
  );
}

/** What a real job gave, and what becomes of it. A refusal ends the job as failed. */
export interface RealOutcome {
  readonly job: JobRecord;
  readonly context: JobContext;
  readonly decided: Decided;
  readonly elapsedMs: number;
}
export type FinishReal = (ports: OperationsPorts, outcome: RealOutcome) => Promise<Result<null, readonly Problem[]>>;

/** What becomes of a result where nobody says otherwise: it asks to leave. */
const openRequest: FinishReal = (ports, { job, context, decided, elapsedMs }) => sealResult(ports, job, context, decided, elapsedMs);

/**
 * Runs one queued job to its end: looks everything up again, has its intent put on record before any data is touched,
 * and keeps what came out. A fault of the pipeline ends the job as failed and goes to `onFault`; a fault of the store
 * is thrown, and the job stays as it is until `recover`. Does nothing for a job that no longer waits.
 */
export async function runJob(ports: OperationsPorts, id: string, signal: AbortSignal, finish: FinishReal = openRequest): Promise<void> {
  const job = await ports.store.view.jobs.get(id);
  if (job === null || (job.state !== 'SIM_QUEUED' && job.state !== 'REAL_QUEUED')) return;
  // Whoever asked a released interface waits no more: a call that outlived its process has failed.
  if (job.callOf !== undefined && finish === openRequest) return failJob(ports, job, [], 'restart');
  const ground = await groundNow(ports, job);
  if (!ground.ok) return failJob(ports, job, ground.error, 'ground');
  if (job.fit !== undefined) {
    return runFit(ports, job, ground.value.context, signal, (problems, failure) => failJob(ports, job, problems, failure));
  }
  if (job.fidelity !== undefined) {
    return runFidelity(ports, job, ground.value.context, signal, (problems, failure) => failJob(ports, job, problems, failure));
  }
  if (job.mask !== undefined) {
    return runMaskedDataset(ports, job, ground.value.context, signal, (problems, failure) => failJob(ports, job, problems, failure));
  }
  if (job.training !== undefined) return learnModel(ports, job, ground.value, signal);
  const startedAt = ports.clock.now().getTime();
  const decided = await answerOrFault(ports, job, ground.value, signal);
  if (decided === 'not begun') return;
  if (!decided.ok) return failJob(ports, job, decided.error, signal.aborted ? 'cancelled' : 'pipeline');
  // What was admitted is what must have run: another artefact here would be one that nobody saw pass.
  if (decided.value.admitted.artefactHash !== job.artefactHash) return failJob(ports, job, [], 'artefact');
  const elapsedMs = ports.clock.now().getTime() - startedAt;
  if (job.target === 'sim') return passSimulation(ports, job, decided.value, elapsedMs);
  const sealed = await finish(ports, { job, context: ground.value.context, decided: decided.value, elapsedMs });
  if (!sealed.ok) await failJob(ports, job, sealed.error, 'seal');
}

function learnModel(ports: OperationsPorts, job: JobRecord, ground: JobGround, signal: AbortSignal): Promise<void> {
  return runModel(ports, job, ground, signal, {
    answer: (sql) => answerOrFault(ports, { ...job, sql }, ground, signal),
    fail: (problems, failure, training) => failJob(ports, job, problems, failure, training === undefined ? {} : { training }),
    pass: (decided, elapsedMs, training) => passSimulation(ports, job, decided, elapsedMs, { training }),
  });
}

async function answerOrFault(
  ports: OperationsPorts,
  job: JobRecord,
  ground: JobGround,
  signal: AbortSignal,
): Promise<Result<Decided, readonly Problem[]> | 'not begun'> {
  let begun = false;
  const onIntent = async (): Promise<void> => {
    await recordIntent(ports, job, ground);
    begun = true;
  };
  try {
    const ledger = job.target === 'real' ? jobLedger(ports, job, ground.context) : null;
    const decided = await ports.pipeline.answer(job.sql, ground.context, { onIntent, ledger }, signal);
    // An answer without an intent on record would be a read that nobody can account for: it is dropped.
    if (decided.ok && !begun) throw new Error('The pipeline answered without an intent');
    return decided.ok ? ok(decided.value) : decided;
  } catch (fault) {
    if (fault instanceof NotBegun) return 'not begun';
    if (fault instanceof MayNotBegin) return err(fault.problems);
    ports.onFault(fault);
    return err([]);
  }
}
