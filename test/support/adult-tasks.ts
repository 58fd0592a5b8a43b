import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { areaUnderCurve } from '../../src/sandbox/models/check/attack-metrics.ts';
import { fitOf } from '../../src/sandbox/models/check/losses.ts';
import { layoutOf, STEPS } from '../../src/sandbox/models/spec/layout.ts';
import { readTrainingSpec, type TrainingSpec } from '../../src/sandbox/models/spec/training-spec.ts';
import { type EncodedRows, memoryAggregates } from '../../src/sandbox/models/train/memory-aggregates.ts';
import { predict } from '../../src/sandbox/models/train/predict.ts';
import { train } from '../../src/sandbox/models/train/train.ts';
import { encodedTable } from './encoded-table.ts';

const DATA = resolve(import.meta.dirname, '../../../shared/data/adult/adult-coded.csv');
const FIXTURES = resolve(import.meta.dirname, '../fixtures/models');

/** A task of test/fixtures/models/adult-tasks.json. */
interface Task {
  readonly algorithm: string;
  readonly params: object;
  /** Every so many rows of the file. */
  readonly every: number;
  readonly features: readonly ({ readonly name: string } & (
    | { readonly type: 'numeric'; readonly bounds: readonly number[]; readonly bins: number }
    | { readonly type: 'categorical'; readonly levels: number }
  ))[];
  readonly label?: string;
  readonly classes?: number;
  readonly bounds?: readonly [number, number];
  readonly plus?: number;
}

const readFixture = (name: string): unknown => JSON.parse(readFileSync(resolve(FIXTURES, name), 'utf8'));
const { tasks } = readFixture('adult-tasks.json') as { readonly tasks: readonly Task[] };
const { figures } = readFixture('adult-figures.json') as {
  readonly figures: readonly { readonly model: string; readonly points: number }[];
};

function labelOf({ algorithm, classes, bounds }: Task): object {
  if (classes !== undefined) {
    const domain = Array.from({ length: classes }, (_, at) => at);
    return { label: { expr: 'y', type: classes === 2 ? 'binary' : 'categorical', domain } };
  }
  return bounds === undefined ? {} : { label: { expr: 'y', type: algorithm === 'poisson_regression' ? 'count' : 'numeric', bounds } };
}

/** Share of the deviance that a mean explains. */
function explained(algorithm: string, truth: readonly number[], said: readonly number[]): number {
  const mean = truth.reduce((sum, y) => sum + y, 0) / truth.length;
  const one = (y: number, mu: number): number => {
    if (algorithm === 'poisson_regression') return 2 * ((y === 0 ? 0 : y * Math.log(y / mu)) - y + mu);
    if (algorithm === 'gamma_regression') return 2 * (Math.log(mu / y) + y / mu - 1);
    return (y - mu) ** 2;
  };
  const total = (of: (at: number) => number): number => truth.reduce((sum, y, at) => sum + one(y, of(at)), 0);
  return 1 - total((at) => said[at] ?? Number.NaN) / total(() => mean);
}

export interface AdultTask {
  readonly task: Task;
  /** What the points are a share of. */
  readonly metric: 'accuracy' | 'R²' | 'deviance explained' | 'inertia explained';
  /** Figure of a common library on the same rows, in points, and which model of it. */
  readonly points: number;
  readonly model: string;
}

/** What is learnt of UCI Adult, each with the stored figure of scikit-learn. Source: test/fixtures/models/adult-figures.py. */
export const ADULT_TASKS: readonly AdultTask[] = tasks.map((task, at) => ({
  task,
  metric: metricOf(task),
  points: figures[at]?.points ?? Number.NaN,
  model: figures[at]?.model ?? '',
}));

/** Whether the public data stand beside the project. */
export const hasAdultCoded = (): boolean => existsSync(DATA);

function metricOf({ algorithm, label, classes }: Task): AdultTask['metric'] {
  if (label === undefined) return 'inertia explained';
  if (classes !== undefined) return 'accuracy';
  return algorithm === 'poisson_regression' || algorithm === 'gamma_regression' ? 'deviance explained' : 'R²';
}

let coded: { readonly names: readonly string[]; readonly rows: readonly (readonly number[])[] } | undefined;

function readCoded(): NonNullable<typeof coded> {
  if (coded !== undefined) return coded;
  const [head = '', ...lines] = readFileSync(DATA, 'utf8').trim().split('\n');
  coded = { names: head.trim().split(','), rows: lines.map((line) => line.split(',').map(Number)) };
  return coded;
}

function specOf(task: Task): TrainingSpec {
  const spec = readTrainingSpec({
    kind: 'train',
    dataset: 'adult',
    algorithm: task.algorithm,
    params: task.params,
    cohort: { sql: 'SELECT 1', unit: 'person' },
    features: task.features.map((feature, at) => ({
      name: `f${at}`,
      type: feature.type,
      ...(feature.type === 'numeric'
        ? { bounds: feature.bounds, bins: feature.bins }
        : { domain: Array.from({ length: feature.levels }, (_, level) => level) }),
    })),
    ...labelOf(task),
  });
  if (!spec.ok) throw new Error(JSON.stringify(spec.error));
  return spec.value;
}

/** Share of the squared distances of some rows that the clusters explain. */
function clustered(rows: EncodedRows, members: Int32Array, loss: Float64Array): number {
  const within = members.reduce((sum, row) => sum + (loss[row] ?? 0), 0);
  const whole = rows.design.reduce((sum, column) => {
    const shares = Array.from(members, (row) => (column[row] ?? 0) / STEPS);
    const mean = shares.reduce((total, x) => total + x, 0) / shares.length;
    return sum + shares.reduce((total, x) => total + (x - mean) ** 2, 0);
  }, 0);
  return 1 - within / whole;
}

/** Learns one task and measures it over its hold-out: points of its metric, and for two classes the AUC in points. Throws where the data are missing. */
export async function measureTask(task: Task): Promise<{ readonly points: number; readonly auc?: number }> {
  const { names, rows: whole } = readCoded();
  const table = whole.filter((_, at) => at % task.every === 0);
  const spec = specOf(task);
  const layout = layoutOf(spec);
  const columns = task.features.map(({ name }) => names.indexOf(name));
  const labels = table.map((row) => (task.label === undefined ? 0 : (row[names.indexOf(task.label)] ?? 0) + (task.plus ?? 0)));
  const rows = encodedTable(
    layout,
    table.map((row) => columns.map((column) => row[column] ?? 0)),
    labels,
  );
  const members = Int32Array.from(table.flatMap((_, at) => (at % 10 < 3 ? [] : [at])));
  const held = table.flatMap((_, at) => (at % 10 < 3 ? [at] : []));
  const model = await train(spec, layout, memoryAggregates(rows, members, layout), 10);
  const fit = fitOf(model, layout, rows);
  if (task.label === undefined) return { points: 100 * clustered(rows, members, fit.loss) };
  const truth = held.map((row) => labels[row] ?? 0);
  if (task.classes === undefined) {
    const { values } = predict(model, layout, rows);
    const said = held.map((row) => values[row] ?? Number.NaN);
    return { points: 100 * explained(task.algorithm, truth, said) };
  }
  const points = 100 * fit.quality(held);
  if (task.classes !== 2) return { points };
  const chances = Float64Array.from(held, (row) => fit.outputs.values[2 * row + 1] ?? Number.NaN);
  return {
    points,
    auc:
      100 *
      areaUnderCurve(
        chances,
        truth.map((label) => label === 1),
      ),
  };
}
