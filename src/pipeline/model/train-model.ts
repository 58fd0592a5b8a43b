import { ExactChance } from '../../kernel/exact-chance.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import type { Rng } from '../../kernel/rng.ts';
import { JOB_LIMITS, type JobContext, type PipelinePorts } from '../../pipeline.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { IsolationLevel } from '../../sandbox/enclave/port.ts';
import { type ModelFile, modelFiles } from '../../sandbox/models/artefact/model-files.ts';
import { checkTrained } from '../../sandbox/models/check/check-trained.ts';
import { type ModelReport, reportOf } from '../../sandbox/models/check/model-report.ts';
import { type Layout, layoutOf } from '../../sandbox/models/spec/layout.ts';
import type { TrainingSpec } from '../../sandbox/models/spec/training-spec.ts';
import { multiplierFrom, seededNumbers } from '../../sandbox/models/train/draws.ts';
import {
  asDeclared,
  type CohortSource,
  encodedRowsSql,
  leftOutSql,
  type Settled,
  type Split,
} from '../../sandbox/models/train/encode-sql.ts';
import { TrainingRefused } from '../../sandbox/models/train/fitted.ts';
import { heldBounds } from '../../sandbox/models/train/held-bounds.ts';
import { type Ask, keepTable, numbersOf } from '../../sandbox/models/train/kept-table.ts';
import { privateAggregates } from '../../sandbox/models/train/private-aggregates.ts';
import { readSample } from '../../sandbox/models/train/read-sample.ts';
import { sqlAggregates } from '../../sandbox/models/train/sql-aggregates.ts';
import { train } from '../../sandbox/models/train/train.ts';
import { EnclaveFault, type RunStatement, statementRunner } from '../enclave-fault.ts';
import type { LedgerPort } from '../ledger-port.ts';
import { MalformedAnswer } from '../read-evidence.ts';
import { type AdmittedCohort, cohortSource } from './cohort.ts';
import { mayBeLearnt } from './compare-columns.ts';
import { expectedChecks, expectedSums, ProgressCounter, type TrainingProgress } from './training-progress.ts';

/** A model with what was found of it. The files are what may leave; the report is for operators, and on simulation data for the merchant. */
export interface TrainedModel {
  readonly files: readonly ModelFile[];
  readonly report: ModelReport;
  readonly isolation: IsolationLevel;
}

export interface TrainPorts extends Pick<PipelinePorts, 'enclave' | 'limits'> {
  /** Lets other work of the process go on; rejects when the job was cancelled. */
  readonly pause: () => Promise<void>;
  readonly onProgress: (progress: TrainingProgress) => void;
  /** Models of this cohort that were learnt from real data today. */
  readonly runsToday: number;
  /** What was released before, and where what this model tells is reserved; null for simulation data alone. */
  readonly ledger: LedgerPort | null;
  /** Where noise comes from. */
  readonly rng: Rng;
}

/**
 * Learns the model of an admitted specification inside a worker and checks it there and beside a sample of encoded rows, which hold
 * bins and labels but no unit. Nothing is released by it. Source: models-and-audit.md §1.7, §1.10; issue "Models".
 */
export async function trainModel(
  spec: TrainingSpec,
  cohort: AdmittedCohort,
  context: JobContext,
  ports: TrainPorts,
  signal?: AbortSignal,
): Promise<Result<TrainedModel, readonly Problem[]>> {
  const { sealedPath, version } = context;
  const mounts = { database: { kind: 'sealed', path: sealedPath, digest: version.digest }, readable: [], writable: [] } as const;
  const opened = await ports.enclave.open(mounts, ports.limits ?? JOB_LIMITS, signal);
  if (!opened.ok) return err([problem('enclave.failed', {})]);
  const session = opened.value;
  const run = statementRunner(session);
  try {
    const learnt = await learn(spec, cohort, context, run, ports);
    return ok({ ...learnt, isolation: session.isolation });
  } catch (fault) {
    if (fault instanceof TrainingRefused) return err([problem('model.not_learnt', { fault: fault.fault })]);
    if (fault instanceof EnclaveFault || fault instanceof MalformedAnswer) return err([problem('enclave.failed', {})]);
    throw fault;
  } finally {
    await session.close();
  }
}

/** Two runs and the rows of both: what is released must come out of the second as well. */
async function learn(
  spec: TrainingSpec,
  cohort: AdmittedCohort,
  context: JobContext,
  run: RunStatement,
  ports: TrainPorts,
): Promise<Omit<TrainedModel, 'isolation'>> {
  const { k } = context.policy;
  const layout = layoutOf(spec);
  const counter = new ProgressCounter(ports.onProgress);
  const pause = async (): Promise<void> => {
    counter.turn();
    await ports.pause();
  };
  const ask: Ask = async (sql) => {
    await pause();
    return (await run(sql)).rows;
  };
  const source = await cohortSource(cohort, spec, k, run);
  const split = { multiplier: multiplierFrom(seededNumbers(spec.split.seed)), holdout: spec.split.holdout };
  const isPrivate = spec.privacy.mode === 'dp';
  // What data would decide is told by them: under noise everything stands as declared.
  const settled = isPrivate ? asDeclared(layout) : await settle(ask, source, layout, split, k);
  const table = await keepTable(ask, encodedRowsSql(source, layout, split, settled));
  // Under noise the same sums are told twice: drawn anew they would be another release.
  const told = isPrivate
    ? await privateAggregates(await sqlAggregates(ask, table, layout), layout, spec, new ExactChance(ports.rng))
    : null;
  counter.begin('learning', expectedSums(spec));
  const sums = told ?? (await sqlAggregates(ask, table, layout));
  if (!isPrivate && ports.ledger !== null) {
    const { admitted, program } = cohort;
    const unitType = program.units[0]?.type ?? '';
    const from = {
      spec,
      layout,
      source,
      split,
      settled,
      unitType,
      tables: admitted.tables,
      version: context.version.version,
      policy: context.policy,
    };
    if (!(await mayBeLearnt(from, sums, ports.ledger, ask))) throw new TrainingRefused('near_another');
  }
  const model = await train(spec, layout, sums, k);
  counter.again();
  const again = await train(spec, layout, told ?? (await sqlAggregates(ask, table, layout)), k);
  const sample = await readSample(ask, table, layout);
  counter.begin('checking', expectedChecks(spec));
  const checked = await checkTrained({
    spec,
    layout,
    model,
    again,
    sample,
    k,
    pause,
    runsToday: ports.runsToday,
    catalogue: namesOf(context),
  });
  const files = modelFiles(spec, layout, model, { metrics: isPrivate ? {} : checked.metrics, k });
  return { files, report: reportOf(spec, layout, checked, files) };
}

/** What fewer than k units decide about rows decides nothing. Source: gate.md §6; docs/adr/0051. */
async function settle(ask: Ask, source: CohortSource, layout: Layout, split: Split, k: number): Promise<Settled> {
  const [left = 0] = await numbersOf(ask, leftOutSql(source, layout, split));
  const fill = left < k;
  return { fill, held: await heldBounds(ask, source, layout, { split, fill, k }) };
}

/** Every value that the catalogue lists: names and levels may be among them. */
function namesOf({ dataset }: JobContext): ReadonlySet<string> {
  return new Set(dataset.tables.flatMap((table) => table.columns.flatMap((column) => (column.domain ?? []).map(String))));
}
