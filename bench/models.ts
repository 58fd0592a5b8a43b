import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnclave } from '../src/sandbox/enclave/create-enclave.ts';
import type { EnclaveSession } from '../src/sandbox/enclave/port.ts';
import { checkTrained } from '../src/sandbox/models/check/check-trained.ts';
import { layoutOf } from '../src/sandbox/models/spec/layout.ts';
import { readTrainingSpec, type TrainingSpec } from '../src/sandbox/models/spec/training-spec.ts';
import { encodedRowsSql } from '../src/sandbox/models/train/encode-sql.ts';
import { type Ask, keepTable } from '../src/sandbox/models/train/kept-table.ts';
import { predict } from '../src/sandbox/models/train/predict.ts';
import { readSample } from '../src/sandbox/models/train/read-sample.ts';
import { sqlAggregates } from '../src/sandbox/models/train/sql-aggregates.ts';
import { train } from '../src/sandbox/models/train/train.ts';
import { ADULT_TASKS, hasAdultCoded, measureTask } from '../test/support/adult-tasks.ts';
import type { Emit } from './bench-line.ts';

const FEATURES = 20;
const ROWS = 1_000_000;
const CHECKED = 50_000;

function specOf(algorithm: string, params: object): TrainingSpec {
  const read = readTrainingSpec({
    kind: 'train',
    dataset: 'bench',
    algorithm,
    cohort: { sql: 'SELECT 1', unit: 'person' },
    features: Array.from({ length: FEATURES }, (_, at) => ({ name: `f${at}`, type: 'numeric', bounds: [0, 1], bins: 32 })),
    ...(algorithm === 'kmeans' ? {} : { label: { expr: 'y', type: 'binary', domain: [0, 1] } }),
    params,
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

/** Made-up rows: 20 shares and a label that hangs on five of them. */
function madeUp(rows: number, spec: TrainingSpec): string {
  const value = (column: number): string => `((hash(i * 31 + ${column}) % 1000003) / 1000003.0)`;
  const score = Array.from({ length: 5 }, (_, at) => `${(at + 1) * (at % 2 === 0 ? 1 : -1)} * f${at}`).join(' + ');
  const columns = Array.from({ length: FEATURES }, (_, at) => `${value(at)} AS f${at}`).join(', ');
  const labelled = `(SELECT *, CAST(1 / (1 + exp(-(${score} - 1.5))) > ${value(99)} AS INTEGER) AS y FROM (SELECT i, CAST(1 + i * 2147 % 2147483646 AS INTEGER) AS k, ${columns} FROM range(${rows}) r(i)))`;
  const source = {
    from: ` FROM ${labelled}`,
    key: 'k',
    features: Array.from({ length: FEATURES }, (_, at) => `f${at}`),
    label: spec.label === undefined ? null : 'y',
  };
  return encodedRowsSql(source, layoutOf(spec), { multiplier: 1_234_567, holdout: rows === ROWS ? 0.1 : 0.3 });
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const from = performance.now();
  const value = await work();
  return { value, ms: performance.now() - from };
}

/** Milliseconds of the middle one of five. */
async function median(work: () => Promise<unknown>): Promise<number> {
  const all: number[] = [];
  for (let again = 0; again < 5; again += 1) all.push((await timed(work)).ms);
  return all.sort((a, b) => a - b)[2] ?? Number.NaN;
}

/**
 * How good every algorithm is beside a common library, then sums, boosting, scoring and the whole release check at the sizes of the issue. Two threads of one
 * worker; what else runs on the machine is in the times. Source: issue "Models" (speed).
 */
export async function runModelsBench(emit: Emit): Promise<void> {
  await runAccuracy(emit);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-models-'));
  const enclave = await createEnclave({ isolation: 'auto', allowProcessFallback: true, tempRoot: folder });
  try {
    const opened = await enclave.open(
      { database: { kind: 'memory' }, readable: [], writable: [] },
      { memoryMiB: 4096, threads: 2, tempMiB: 4096, timeoutMs: 1_800_000, maxRows: 200_000 },
    );
    if (!opened.ok) throw new Error(opened.error);
    await runOver(opened.value, emit);
    await opened.value.close();
  } finally {
    await enclave.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Points of every algorithm over the hold-out of UCI Adult beside stored figures of scikit-learn (no AUC is stored); nothing where the data are missing. */
async function runAccuracy(emit: Emit): Promise<void> {
  if (!hasAdultCoded()) return;
  for (const { task, metric, points: baseline } of ADULT_TASKS) {
    const of = task.label === undefined ? '' : ` of ${task.label}`;
    const { points, auc } = await measureTask(task);
    emit({ name: task.algorithm, metric: `${metric}${of}, Adult`, value: points, unit: 'points', baseline, ratio: points / baseline });
    if (auc !== undefined) emit({ name: task.algorithm, metric: `AUC${of}, Adult`, value: auc, unit: 'points' });
  }
}

async function runOver(session: EnclaveSession, emit: Emit): Promise<void> {
  const ask: Ask = async (sql) => {
    const got = await session.query(sql);
    if (!got.ok) throw new Error(got.error);
    return got.value.rows;
  };
  const line = (metric: string, ms: number) => emit({ name: 'models', metric, value: ms / 1_000, unit: 's' });
  const boosted = specOf('gbdt_classifier', { n_trees: 50, max_depth: 3, min_leaf: 50 });
  const layout = layoutOf(boosted);
  const table = await keepTable(ask, madeUp(ROWS, boosted));
  const sums = await sqlAggregates(ask, table, layout);
  const columns = Array.from({ length: FEATURES }, (_, at) => at);
  line('XtX, 1 M x 20, median of five', await median(() => sums.crossProducts(columns)));
  const weights = new Float64Array(FEATURES + 1);
  line('logistic Newton step, 1 M x 20, median of five', await median(() => sums.newton(columns, weights, 'logistic')));
  const centres = Array.from({ length: 8 }, (_, c) => new Float64Array(FEATURES).fill((c + 1) / 9));
  line('k-means step, k = 8, 1 M x 20, median of five', await median(() => sums.assign(centres)));
  const { value: model, ms } = await timed(() => train(boosted, layout, sums, 10));
  line('boosting, 50 trees of depth 3, 1 M x 20', ms);
  const small = await keepTable(ask, madeUp(CHECKED, boosted));
  const sample = await readSample(ask, small, layout);
  const { ms: scoring } = await timed(async () => {
    for (let part = 0; part < 10; part += 1) predict(model, layout, sample.rows);
  });
  line('scoring 50 trees, 500,000 rows', scoring);
  const own = await train(boosted, layout, await sqlAggregates(ask, small, layout), 10);
  const asked = {
    spec: boosted,
    layout,
    model: own,
    again: own,
    sample,
    k: 10,
    runsToday: 0,
    catalogue: new Set<string>(),
    pause: () => Promise.resolve(),
  };
  line('whole release check, 50,000 units, boosting', (await timed(() => checkTrained(asked))).ms);
}
