import { describe, expect, test } from 'vitest';
import { ExactChance } from '../../../../../src/kernel/exact-chance.ts';
import { layoutOf, STEPS } from '../../../../../src/sandbox/models/spec/layout.ts';
import { privateQuestions, privateRho } from '../../../../../src/sandbox/models/spec/private-form.ts';
import { readTrainingSpec, type TrainingSpec } from '../../../../../src/sandbox/models/spec/training-spec.ts';
import type { Aggregates, HistogramCell } from '../../../../../src/sandbox/models/train/aggregates.ts';
import { type EncodedRows, memoryAggregates } from '../../../../../src/sandbox/models/train/memory-aggregates.ts';
import { predict } from '../../../../../src/sandbox/models/train/predict.ts';
import { privateAggregates } from '../../../../../src/sandbox/models/train/private-aggregates.ts';
import { train } from '../../../../../src/sandbox/models/train/train.ts';
import { SAME_RNG } from '../../../../support/same-rng.ts';

const chance = () => new ExactChance(SAME_RNG);

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
    'random_forest_classifier',
    'random_forest_regressor',
    'gbdt_classifier',
    'gbdt_regressor',
    'scorecard',
    'kmeans',
  ])('%s spends what the specification says and no more, however often it is learnt', async (algorithm) => {
    const params = /forest|gbdt/.test(algorithm) ? { params: { n_trees: 3, max_depth: 2 } } : {};
    const spec = specOf(algorithm, { ...params, ...(algorithm === 'kmeans' ? { label: undefined } : {}) });
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
    await expect(sums.assign([new Float64Array(2)])).rejects.toThrow('beyond the budget');
    await expect(sums.newton([0, 1], new Float64Array(3), 'poisson')).rejects.toThrow('private form');
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

  /** The unit that moves sums most, and what is asked: its share of the budget, as what is told and as rows tell it. */
  const QUESTIONS: readonly [string, object, (sums: Aggregates) => Promise<readonly number[]>][] = [
    [
      'kmeans',
      { label: undefined },
      async (sums) => {
        const { units, sums: totals } = await sums.assign([Float64Array.of(0, 0), Float64Array.of(0.9, 0.9)]);
        return units.flatMap((count, c) => [count, ...(totals[c] ?? [])]);
      },
    ],
    [
      'logistic_regression',
      { label: { expr: 'y', type: 'categorical', domain: ['a', 'b', 'c'] } },
      async (sums) =>
        (await sums.softmaxGradient([0, 1], [Float64Array.of(-9, -9, -9), Float64Array.of(9, 9, 9), new Float64Array(3)])).flatMap(
          (each) => [...each],
        ),
    ],
    [
      'gbdt_classifier',
      { params: { n_trees: 2, max_depth: 1 } },
      async (sums) => {
        await sums.startScores(12, 'logistic');
        return cellsOf(await sums.histograms({ tree: { leaf: 0 }, statistic: 'gradients' }), 3);
      },
    ],
    [
      'gbdt_regressor',
      { params: { n_trees: 2, max_depth: 1 } },
      async (sums) => {
        await sums.startScores(1, 'identity');
        return cellsOf(await sums.histograms({ tree: { leaf: 0 }, statistic: 'gradients' }), 3);
      },
    ],
    [
      'random_forest_regressor',
      { params: { n_trees: 1, max_depth: 1 } },
      async (sums) => cellsOf(await sums.histograms({ tree: { leaf: 0 }, statistic: 'label', bootstrap: 0x40001 }), 2),
    ],
  ];
  const cellsOf = (cells: readonly HistogramCell[], width: number): readonly number[] => {
    const out = new Array<number>(2 * 8 * width).fill(0);
    for (const { feature, bin, units, sums } of cells)
      for (const [at, value] of [units, ...sums].slice(0, width).entries()) out[(feature * 8 + bin) * width + at] = value;
    return out;
  };

  // With half the noise what is lost would be four times as much.
  test.each(QUESTIONS)('%s loses what it spends and no more: the noise beside what one unit moves', async (algorithm, change, ask) => {
    const spec = specOf(algorithm, change);
    const layout = layoutOf(spec);
    const before = rowsOf(4_000, layout.label.kind === 'classes');
    // Of all units the one that tells most: everything at its bounds, drawn by the forest, its label the other one.
    const rows: EncodedRows = {
      count: 4_001,
      keys: Float64Array.from([...before.keys, 1_000]),
      label: Float64Array.from([...before.label, algorithm === 'random_forest_regressor' ? STEPS : 0]),
      bins: before.bins.map((bins) => Uint8Array.from([...bins, 7])),
      design: before.design.map((values) => Float64Array.from([...values, STEPS])),
    };
    const [withUnit, without] = [all(rows), all(rows).subarray(0, 4_000)];
    const exact = async (members: Int32Array) => ask(memoryAggregates(rows, members, layout));
    const [a, b] = [await exact(withUnit), await exact(without)];
    const moved = a.reduce((sum, value, at) => sum + (value - (b[at] ?? 0)) ** 2, 0);
    let [squares, count] = [0, 0];
    for (let run = 0; run < 60; run += 1) {
      const told = await ask(await noisy(spec, rows, without));
      // What is cut at zero says nothing of the noise.
      for (const [at, value] of told.entries())
        if (Math.abs(b[at] ?? 0) > 100 || algorithm === 'logistic_regression')
          [squares, count] = [squares + (value - (b[at] ?? 0)) ** 2, count + 1];
    }
    const share = (0.95 * (privateRho(spec) ?? 0)) / (privateQuestions(spec) ?? 1);
    const lost = moved / (2 * (squares / count));
    expect(lost / share).toBeLessThan(1.3);
    expect(lost / share).toBeGreaterThan(0.6);
  });

  test.each(['poisson_regression', 'gamma_regression'])('%s has no private form and is refused', (algorithm) => {
    const label = { label: { expr: 'y', type: algorithm === 'gamma_regression' ? 'numeric' : 'count', bounds: [0, 9] } };
    expect(() => specOf(algorithm, label)).toThrow('privacy');
  });
});
