import { err, type Result } from '../kernel/result.ts';
import { isFreeCohort } from '../pipeline/model/free-cohort.ts';
import type { Decided, ResultTable } from '../pipeline.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { ModelReport } from '../sandbox/models/check/model-report.ts';
import { readTrainingSpec, type TrainingSpec } from '../sandbox/models/spec/training-spec.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { JobGround } from './job-context.ts';
import { jobLedger } from './job-ledger.ts';
import type { JobRecord } from './ports.ts';
import { sealResult } from './seal-result.ts';
import { dropOfClosedGrant } from './sealed-model.ts';

/** What the runner of jobs lends to that of models. */
export interface ModelSteps {
  /** Runs a query of the gate for the job: intent on record, ledger, budget. */
  readonly answer: (sql: string) => Promise<Result<Decided, readonly Problem[]> | 'not begun'>;
  readonly fail: (problems: readonly Problem[], failure: string, training?: NonNullable<JobRecord['training']>) => Promise<void>;
  readonly pass: (decided: Decided, elapsedMs: number, training: NonNullable<JobRecord['training']>) => Promise<void>;
}

const DAY_MS = 86_400_000;

/**
 * Learns a model for a queued job. Its cohort is first counted as a query of the gate, which puts the intent on record and compares it in the ledger
 * with everything released before, a cohort that differs by a person among it (M26); then the worker learns and the release check runs. A model
 * that fails it is sealed nowhere. Source: issue "Models" (the same job and egress states as SQL); models-and-audit.md §1.10.
 */
export async function runModel(
  ports: OperationsPorts,
  job: JobRecord,
  ground: JobGround,
  signal: AbortSignal,
  steps: ModelSteps,
): Promise<void> {
  const read = readTrainingSpec(JSON.parse(job.sql));
  if (!read.ok) return steps.fail([], 'specification');
  const spec = read.value;
  const { context } = ground;
  const startedAt = ports.clock.now().getTime();
  const admitted = await ports.trainer.admit(spec, context);
  if (!admitted.ok) return steps.fail(admitted.error, 'admission');
  // What was admitted is what must run.
  if (admitted.value.artefactHash !== job.artefactHash) return steps.fail([], 'artefact');
  const counted = await steps.answer(ports.trainer.countSql(spec));
  if (counted === 'not begun') return;
  if (!counted.ok) return steps.fail(counted.error, signal.aborted ? 'cancelled' : 'pipeline');
  if (!isFreeCohort(counted.value))
    return steps.fail(job.target === 'sim' ? [problem('model.not_learnt', { fault: 'few_units' })] : [], 'cohort');
  const runsToday = job.target === 'sim' ? 0 : await realRunsToday(ports, job, spec);
  const ledger = job.target === 'real' ? jobLedger(ports, job, context) : null;
  const trained = await ports.trainer.train({ job: job.id, spec, context, runsToday, ledger }, signal).catch((fault: unknown) => {
    ports.onFault(fault);
    return err([]);
  });
  if (!trained.ok) return steps.fail(trained.error, signal.aborted ? 'cancelled' : 'training');
  const { report, files, isolation } = trained.value;
  const elapsedMs = ports.clock.now().getTime() - startedAt;
  const verdict = report.verdict === 'fail' ? ('withheld' as const) : ('releasable' as const);
  const decided: Decided = {
    ...counted.value,
    admitted: admitted.value,
    verdict,
    table: summaryOf(report),
    findings: findingsOf(report),
    isolation,
  };
  const training = { ...job.training, specification: job.sql, report };
  if (job.target === 'sim') {
    const kept = await Promise.all(files.map(async ({ name, bytes }) => ({ name, ...(await ports.models.keep(job.grantId, bytes)) })));
    await steps.pass(decided, elapsedMs, { ...training, files: kept });
    return dropOfClosedGrant(ports, job.grantId);
  }
  // Operators see why; the merchant sees the one constant.
  if (verdict === 'withheld') return steps.fail([], 'release check', training);
  const running = await ports.store.view.jobs.get(job.id);
  if (running === null) return;
  const packed = files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString('base64') }));
  const sealed = await sealResult(ports, { ...running, training }, context, decided, elapsedMs, { files: packed });
  if (!sealed.ok) await steps.fail(sealed.error, 'seal');
}

async function realRunsToday(ports: OperationsPorts, job: JobRecord, spec: TrainingSpec): Promise<number> {
  const since = new Date(ports.clock.now().getTime() - DAY_MS).toISOString();
  const jobs = await ports.store.view.jobs.list({ merchant: job.merchant, dataset: job.dataset, target: 'real' });
  return jobs.filter((other) => other.createdAt >= since && other.training !== undefined && cohortOf(other) === spec.cohort.sql).length;
}

function cohortOf(job: JobRecord): string | undefined {
  return (JSON.parse(job.sql) as { readonly cohort?: { readonly sql?: string } }).cohort?.sql;
}

/** What stands for the table of a query: the figures of the hold-out, two digits. */
function summaryOf({ metrics }: ModelReport): ResultTable {
  return {
    columns: [
      { name: 'metric', type: 'VARCHAR' },
      { name: 'value', type: 'DOUBLE' },
    ],
    rows: Object.entries(metrics).map(([name, value]) => [name, value]),
  };
}

function findingsOf({ findings }: ModelReport): Decided['findings'] {
  return findings.map(({ rule, verdict, value, threshold, title, fix }) => ({
    rule: `model.${rule}`,
    severity: verdict === 'fail' ? ('hard' as const) : verdict === 'review' ? ('soft' as const) : ('info' as const),
    text: `${title.en}: ${value ?? 'not measured'} (limit ${threshold})${fix === undefined ? '' : `. ${fix.en}`}`,
  }));
}
