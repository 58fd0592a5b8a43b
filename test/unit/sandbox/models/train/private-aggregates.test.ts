import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { ExactChance } from '../../../../../src/kernel/exact-chance.ts';
import { layoutOf, STEPS } from '../../../../../src/sandbox/models/spec/layout.ts';
import { privateRho } from '../../../../../src/sandbox/models/spec/private-form.ts';
import { readTrainingSpec, type TrainingSpec } from '../../../../../src/sandbox/models/spec/training-spec.ts';
import { type EncodedRows, memoryAggregates } from '../../../../../src/sandbox/models/train/memory-aggregates.ts';
import { predict } from '../../../../../src/sandbox/models/train/predict.ts';
import { privateAggregates } from '../../../../../src/sandbox/models/train/private-aggregates.ts';
import { train } from '../../../../../src/sandbox/models/train/train.ts';

const chance = () => new ExactChance({ bytes: (length: number) => new Uint8Array(randomBytes(length)) });

function specOf(algorithm: string, change: object = {}): TrainingSpec {
  const read = readTrainingSpec({
    kind: 'train',
    dataset: 'd',
    algorithm,
    cohort: { sql: 'SELECT 1', unit: 'person' },
    features: ['a', 'b'].map((name) => ({ name, type: 'numeric', bounds: [0, 1], bins: 8 })),
    label: /linear|ridge|regressor/.test(algorithm)
      ? { expr: 'y', type: 'numeric', bounds: [0, 1] }
      : { expr: 'y', type: 'binary', domain: [0, 1] },
    privacy: { mode: 'dp', epsilon: 2, delta: 1e-6 },
    ...change,
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

/** y = 0.2 + 0.5 a − 0.1 b; as a class where that is over 0.4. */
function rowsOf(count: number, isClasses: boolean): EncodedRows {
  const share = (row: number, by: number): number => ((row * by) % 997) / 997;
  const [a, b] = [7, 131].map((by) => Array.from({ length: count }, (_, row) => share(row, by)));
  const values = [a ?? [], b ?? []];
  const label = Float64Array.from({ length: count }, (_, row) => {
    const y = 0.2 + 0.5 * (values[0]?.[row] ?? 0) - 0.1 * (values[1]?.[row] ?? 0);
    return isClasses ? (y > 0.4 ? 1 : 0) : Math.round(y * STEPS);
  });
  return {
    count,
    keys: Float64Array.from({ length: count }, (_, row) => 7_919 * (row + 1)),
    label,
    bins: values.map((column) => Uint8Array.from(column, (value) => Math.min(7, Math.floor(value * 8)))),
    design: values.map((column) => Float64Array.from(column, (value) => Math.round(value * STEPS))),
  };
}

const all = (rows: EncodedRows): Int32Array => Int32Array.from({ length: rows.count }, (_, row) => row);

async function noisy(spec: TrainingSpec, rows: EncodedRows, members = all(rows)) {
  const layout = layoutOf(spec);
  return privateAggregates(memoryAggregates(rows, members, layout), layout, spec, chance());
}

describe('learning under differential privacy', () => {
  test.each([
    'linear_regression',
    'ridge_regression',
    'logistic_regression',
    'naive_bayes',
    'decision_tree_classifier',
    'decision_tree_regressor',
  ])('%s spends what the specification says and no more, however often it is learnt', async (algorithm) => {
    const spec = specOf(algorithm);
    const rows = rowsOf(4_000, !/linear|ridge|regressor/.test(algorithm));
    const sums = await noisy(spec, rows);
    const model = await train(spec, layoutOf(spec), sums, 10);
    const spent = sums.spentRho();
    expect(spent).toBeGreaterThan(0);
    expect(spent).toBeLessThanOrEqual((privateRho(spec) ?? 0) * (1 + 1e-9));
    expect(await train(spec, layoutOf(spec), sums, 10)).toEqual(model);
    expect(sums.spentRho()).toBe(spent);
    expect(await train(spec, layoutOf(spec), await noisy(spec, rows), 10)).not.toEqual(model);
  });

  test('another question than the planned ones is refused', async () => {
    const sums = await noisy(specOf('linear_regression'), rowsOf(500, false));
    await sums.crossProducts([0, 1]);
    await expect(sums.crossProducts([0])).rejects.toThrow('beyond the budget');
    expect(() => sums.assign([new Float64Array(2)])).toThrow('private form');
  });

  test('with many units a line is found again', async () => {
    const spec = specOf('linear_regression', { privacy: { mode: 'dp', epsilon: 5, delta: 1e-6 } });
    const model = await train(spec, layoutOf(spec), await noisy(spec, rowsOf(50_000, false)), 10);
    const [intercept, a, b] = model.kind === 'linear' ? (model.coefficients[0] ?? []) : [];
    expect([intercept, a, b]).toEqual([expect.closeTo(0.2, 1), expect.closeTo(0.5, 1), expect.closeTo(-0.1, 1)]);
  });

  test('with many units a chance is found again', async () => {
    const spec = specOf('logistic_regression', { privacy: { mode: 'dp', epsilon: 5, delta: 1e-6 } });
    const rows = rowsOf(50_000, true);
    const model = await train(spec, layoutOf(spec), await noisy(spec, rows), 10);
    const { values } = predict(model, layoutOf(spec), rows);
    const right = all(rows).filter((row) => ((values[2 * row + 1] ?? 0) > 0.5 ? 1 : 0) === rows.label[row]).length;
    expect(right / rows.count).toBeGreaterThan(0.9);
  });

  test('one unit more or less cannot be told from the sums, beyond (ε, δ)', async () => {
    const epsilon = 0.5;
    const spec = specOf('naive_bayes', { privacy: { mode: 'dp', epsilon, delta: 1e-5 } });
    const rows = rowsOf(200, true);
    const RUNS = 1_500;
    const own = rows.bins[0]?.[199] ?? 0;
    const label = rows.label[199] ?? 0;
    // What a unit adds to: its cell of each feature, and the count of its class.
    const statistic = async (members: Int32Array): Promise<number> => {
      const sums = await noisy(spec, rows, members);
      const bins = await sums.binUnits();
      return (bins[label]?.[0]?.[own] ?? 0) + (bins[label]?.[1]?.[rows.bins[1]?.[199] ?? 0] ?? 0);
    };
    const draws = async (members: Int32Array): Promise<readonly number[]> => {
      const out: number[] = [];
      for (let run = 0; run < RUNS; run += 1) out.push(await statistic(members));
      return out;
    };
    const withUnit = await draws(all(rows));
    const without = await draws(all(rows).subarray(0, 199));
    const slack = 4 * Math.sqrt(0.25 / RUNS);
    for (let edge = 0; edge < 60; edge += 3) {
      const above = (list: readonly number[]): number => list.filter((value) => value >= edge).length / RUNS;
      expect(above(withUnit)).toBeLessThanOrEqual(Math.exp(epsilon) * above(without) + 1e-5 + slack);
      expect(1 - above(without)).toBeLessThanOrEqual(Math.exp(epsilon) * (1 - above(withUnit)) + 1e-5 + slack);
    }
    // The same test over the sums as they are does find the unit.
    const layout = layoutOf(spec);
    const exact = async (members: Int32Array): Promise<number> =>
      (await memoryAggregates(rows, members, layout).binUnits())[label]?.[0]?.[own] ?? 0;
    expect(await exact(all(rows))).toBe((await exact(all(rows).subarray(0, 199))) + 1);
  }, 120_000);

  test.each(['kmeans', 'gbdt_classifier', 'random_forest_classifier', 'poisson_regression', 'scorecard'])(
    '%s has no private form and is refused',
    (algorithm) => {
      const label =
        algorithm === 'kmeans'
          ? { label: undefined }
          : algorithm === 'poisson_regression'
            ? { label: { expr: 'y', type: 'count', bounds: [0, 9] } }
            : {};
      expect(() => specOf(algorithm, label)).toThrow('privacy');
    },
  );
});
