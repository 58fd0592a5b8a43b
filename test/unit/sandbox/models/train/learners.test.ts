import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { finding, worstOf } from '../../../../../src/sandbox/models/check/rule.ts';
import { leavesOf } from '../../../../../src/sandbox/models/check/structure.ts';
import { roundToBits } from '../../../../../src/sandbox/models/significant-bits.ts';
import { type Layout, layoutOf, STEPS } from '../../../../../src/sandbox/models/spec/layout.ts';
import { readTrainingSpec, specHash, type TrainingSpec } from '../../../../../src/sandbox/models/spec/training-spec.ts';
import { type EncodedRows, memoryAggregates } from '../../../../../src/sandbox/models/train/memory-aggregates.ts';
import { predict } from '../../../../../src/sandbox/models/train/predict.ts';
import { train } from '../../../../../src/sandbox/models/train/train.ts';

const IRIS = resolve(import.meta.dirname, '../../../../../../shared/conformance/models/iris_plus1_trees.json');
const NAMES = ['sepal_length', 'sepal_width', 'petal_length', 'petal_width'];
const BOUNDS: readonly (readonly [number, number, number])[] = [
  [4.25, 8.05, 38],
  [1.95, 4.45, 25],
  [0.95, 6.95, 60],
  [0.05, 2.55, 25],
];

function specOf(change: object): TrainingSpec {
  const read = readTrainingSpec({
    kind: 'train',
    dataset: 'iris',
    algorithm: 'kmeans',
    cohort: { sql: 'SELECT 1', unit: 'flower' },
    features: NAMES.map((name, at) => ({ name, type: 'numeric', bounds: BOUNDS[at]?.slice(0, 2), bins: BOUNDS[at]?.[2] })),
    ...change,
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

function encoded(layout: Layout, table: readonly (readonly number[])[], labels: readonly number[]): EncodedRows {
  const column = (at: number): readonly number[] => table.map((row) => row[at] ?? 0);
  return {
    count: table.length,
    keys: Float64Array.from(table, (_, row) => 7_919 * (row + 1)),
    label: Float64Array.from(labels),
    bins: layout.features.map((feature, at) =>
      Uint8Array.from(column(at), (value) => (feature.kind === 'numeric' ? feature.edges.filter((edge) => value > edge).length : value)),
    ),
    design: layout.features.map((feature, at) =>
      Float64Array.from(column(at), (value) =>
        feature.kind === 'numeric' ? Math.round(Math.min(1, Math.max(0, (value - feature.low) * feature.scale)) * STEPS) : 0,
      ),
    ),
  };
}

const all = (rows: EncodedRows): Int32Array => Int32Array.from({ length: rows.count }, (_, row) => row);

describe.skipIf(!existsSync(IRIS))('iris with a planted record (models-and-audit.md §1.3 b, d)', () => {
  const { X, y } = JSON.parse(existsSync(IRIS) ? readFileSync(IRIS, 'utf8') : '{"X":[],"y":[]}') as {
    readonly X: readonly (readonly number[])[];
    readonly y: readonly number[];
  };

  test('k-means with three clusters: the inertia of the reference; with forty none has fewer than ten', async () => {
    const same = { features: NAMES.map((name) => ({ name, type: 'numeric', bounds: [0, 8], bins: 16 })) };
    const plain = X.filter((_, at) => y[at] !== 3);
    const layout = layoutOf(specOf(same));
    const rows = encoded(
      layout,
      plain,
      plain.map(() => 0),
    );
    const sums = memoryAggregates(rows, all(rows), layout);
    const three = await train(specOf({ ...same, params: { k: 3, iterations: 100 } }), layout, sums, 10);
    if (three.kind !== 'centres') throw new Error('No centres');
    // 39, 50, 61 is the other resting place of Lloyd's steps, 0.004 beyond the reference.
    expect(['38,50,62', '39,50,61']).toContain([...three.units].sort((a, b) => a - b).join());
    const { inertia } = await sums.assign(three.centres.map((centre) => Float64Array.from(centre)));
    expect(inertia * 64).toBeCloseTo(78.8514, 1);
    const forty = await train(specOf({ ...same, params: { k: 40 } }), layout, sums, 10);
    expect(Math.min(...(forty.kind === 'centres' ? forty.units : [0]))).toBeGreaterThanOrEqual(10);
  });

  test.each([
    [1, 0.94],
    [10, 0.94],
    [50, 0.94],
  ])('a tree that asks for leaves of %i has none under ten, and names about as many right as the reference', async (leaf, accuracy) => {
    const spec = specOf({
      algorithm: 'decision_tree_classifier',
      label: { expr: 'y', type: 'categorical', domain: [0, 1, 2, 3] },
      params: { max_depth: 8, min_leaf: leaf },
    });
    const layout = layoutOf(spec);
    const rows = encoded(layout, X, y);
    const model = await train(spec, layout, memoryAggregates(rows, all(rows), layout), 10);
    if (model.kind !== 'trees') throw new Error('No tree');
    expect(Math.min(...model.trees.flatMap(leavesOf).map((each) => each.units))).toBeGreaterThanOrEqual(Math.max(10, leaf));
    const { width, values } = predict(model, layout, rows);
    const right = y.filter((label, row) => {
      const own = [...values.subarray(row * width, (row + 1) * width)];
      return own.indexOf(Math.max(...own)) === label;
    }).length;
    expect(right / y.length).toBeGreaterThanOrEqual(accuracy);
    // The planted class of one stands for k/2 everywhere, as if it might not be there.
    const shares = model.trees.flatMap(leavesOf).map((each) => each.values[3] ?? 0);
    expect(new Set(shares).size).toBeLessThanOrEqual(model.trees.flatMap(leavesOf).length);
  });
});

describe('what a specification can hold', () => {
  test.each([
    ['an unknown key', { hint: 'x' }],
    ['a name that carries data', { features: [{ name: 'Zhang San 13800138000', type: 'numeric', bounds: [0, 1] }] }],
    ['an unknown algorithm', { algorithm: 'knn' }],
    ['a parameter beyond its range', { params: { k: 100_000 } }],
    ['a holdout that picks a person', { split: { holdout: 0.30001, seed: 1 } }],
    [
      'a privacy claim that would not hold',
      {
        algorithm: 'poisson_regression',
        label: { expr: 'y', type: 'count', bounds: [0, 9] },
        privacy: { mode: 'dp', epsilon: 1, delta: 1e-6 },
      },
    ],
    ['more bits than twelve', { release: { artefact: 'json', precision_bits: 52 } }],
    ['bounds that are none', { features: [{ name: 'a', type: 'numeric', bounds: [1, 1] }] }],
    ['the same name twice', { features: [1, 2].map(() => ({ name: 'a', type: 'numeric', bounds: [0, 1] })) }],
    ['a label that its algorithm has not', { label: { expr: 'y', type: 'numeric', bounds: [0, 1] } }],
  ])('refuses %s', (_, change) => {
    expect(() => specOf(change)).toThrow();
  });

  test('says where, and repeats nothing of the text', () => {
    const read = readTrainingSpec({ kind: 'train', secret_of_zhang_san: 1 });
    expect(JSON.stringify(read)).not.toContain('zhang');
  });

  test('has one hash for texts that mean the same', () => {
    expect(specHash(specOf({}))).toBe(specHash(specOf({ split: { by: 'unit', seed: 1, holdout: 0.3 } })));
    expect(specHash(specOf({}))).not.toBe(specHash(specOf({ split: { by: 'unit', seed: 2, holdout: 0.3 } })));
  });
});

describe('a rule', () => {
  test('fails where it is unknown or was not measured', () => {
    expect(finding('M99', 0, { seed: 1 }).verdict).toBe('fail');
    expect(finding('M17', null, { seed: 1 }).verdict).toBe('fail');
    expect(finding('M17', Number.NaN, { seed: 1 }).verdict).toBe('fail');
    expect(worstOf([])).toBe('fail');
  });

  test.each([
    ['M17', 0.5, 'pass'],
    ['M17', 0.56, 'review'],
    ['M17', 0.6, 'fail'],
    ['M06', 9, 'fail'],
    ['M06', 10, 'pass'],
    ['M10', 1, 'fail'],
    ['M27', 0.05, 'review'],
  ] as const)('%s of %d: %s', (rule, value, verdict) => {
    expect(finding(rule, value, { seed: 1 }).verdict).toBe(verdict);
  });
});

test('weights keep twelve bits', () => {
  for (const value of [Math.PI, -1e-9, 123_456_789.123, 0.1]) {
    const rounded = roundToBits(value, 12);
    expect(Math.abs(rounded - value) / Math.abs(value)).toBeLessThan(2 ** -11);
    expect(roundToBits(rounded, 12)).toBe(rounded);
  }
});
