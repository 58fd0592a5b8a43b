import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fitOf } from '../../src/sandbox/models/check/losses.ts';
import { layoutOf } from '../../src/sandbox/models/spec/layout.ts';
import { readTrainingSpec } from '../../src/sandbox/models/spec/training-spec.ts';
import { memoryAggregates } from '../../src/sandbox/models/train/memory-aggregates.ts';
import { predict } from '../../src/sandbox/models/train/predict.ts';
import { train } from '../../src/sandbox/models/train/train.ts';
import { encodedTable } from '../support/encoded-table.ts';

const DATA = resolve(import.meta.dirname, '../../../shared/data/adult/adult-coded.csv');
const FIXTURES = resolve(import.meta.dirname, '../fixtures/models');

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

const read = (name: string): unknown => JSON.parse(readFileSync(resolve(FIXTURES, name), 'utf8'));
const { tasks } = read('adult-tasks.json') as { readonly tasks: readonly Task[] };
const { figures } = read('adult-figures.json') as { readonly figures: readonly { readonly model: string; readonly points: number }[] };

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

/** The same rows, the same hold-out: figures of scikit-learn by test/fixtures/models/adult-figures.py. Source: issue "Models" (accuracy within 0.5 points). */
describe.skipIf(!existsSync(DATA))('accuracy beside a common library (skipped where ../shared/data is not there)', () => {
  const [head = '', ...lines] = existsSync(DATA) ? readFileSync(DATA, 'utf8').trim().split('\n') : [];
  const names = head.trim().split(',');
  const whole = lines.map((line) => line.split(',').map(Number));

  async function pointsOf(task: Task): Promise<number> {
    const table = whole.filter((_, at) => at % task.every === 0);
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
    const layout = layoutOf(spec.value);
    const columns = task.features.map(({ name }) => names.indexOf(name));
    const labels = table.map((row) => (task.label === undefined ? 0 : (row[names.indexOf(task.label)] ?? 0) + (task.plus ?? 0)));
    const rows = encodedTable(
      layout,
      table.map((row) => columns.map((column) => row[column] ?? 0)),
      labels,
    );
    const members = Int32Array.from(table.flatMap((_, at) => (at % 10 < 3 ? [] : [at])));
    const held = table.flatMap((_, at) => (at % 10 < 3 ? [at] : []));
    const model = await train(spec.value, layout, memoryAggregates(rows, members, layout), 10);
    const fit = fitOf(model, layout, rows);
    if (task.label === undefined) {
      const within = [...members].reduce((sum, row) => sum + (fit.loss[row] ?? 0), 0);
      const whole = rows.design.reduce((sum, column) => {
        const shares = Array.from(members, (row) => (column[row] ?? 0) / 32_767);
        const mean = shares.reduce((total, x) => total + x, 0) / shares.length;
        return sum + shares.reduce((total, x) => total + (x - mean) ** 2, 0);
      }, 0);
      return 100 * (1 - within / whole);
    }
    if (task.classes !== undefined) return 100 * fit.quality(held);
    const { values } = predict(model, layout, rows);
    return (
      100 *
      explained(
        task.algorithm,
        held.map((row) => labels[row] ?? 0),
        held.map((row) => values[row] ?? Number.NaN),
      )
    );
  }

  test.each(tasks.map((task, at) => [`${task.algorithm} of ${task.label ?? 'nothing'}`, task, figures[at]] as const))(
    '%s: at most half a point below',
    async (_, task, figure) => {
      const points = await pointsOf(task);
      if (process.env['SLUICE_SHOW_FIGURES'] !== undefined)
        process.stdout.write(`${task.algorithm} ${task.label} ${points.toFixed(2)} ${figure?.points} ${figure?.model}\n`);
      expect(points).toBeGreaterThan((figure?.points ?? Number.NaN) - 0.5);
    },
    60_000,
  );
});
