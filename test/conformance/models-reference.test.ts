import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { areaUnderCurve } from '../../src/sandbox/models/check/attack-metrics.ts';
import { finding } from '../../src/sandbox/models/check/rule.ts';
import { leavesOf, parameterCount } from '../../src/sandbox/models/check/structure.ts';
import { prepareModel } from '../../src/sandbox/models/onnx/prepare-model.ts';
import type { FittedTree } from '../../src/sandbox/models/train/fitted.ts';
import { numbers, onnxOf } from '../support/onnx-files.ts';
import { readPairs } from '../support/reference-pairs.ts';

const FOLDER = resolve(import.meta.dirname, '../../../shared/conformance/models');
const read = (name: string): unknown => JSON.parse(readFileSync(resolve(FOLDER, name), 'utf8'));

interface Pair {
  readonly dataset: string;
  readonly model: string;
  readonly gap: number;
  readonly acc_train: number;
  readonly acc_test: number;
  readonly loss_auc: number;
  readonly wc_auc_mean: number;
  readonly lira_off_auc: number;
  readonly lira_on_auc: number;
  readonly n_train: number;
  readonly n_test: number;
}

interface IrisTree {
  readonly min_samples_leaf: number;
  readonly left: readonly number[];
  readonly right: readonly number[];
  readonly feature: readonly number[];
  readonly threshold: readonly number[];
  readonly n: readonly number[];
  readonly value: readonly (readonly number[])[];
}

/** The reference figures of ../shared; models-and-audit.md §1.3 and its list of test cases T1, T2. */
describe.skipIf(!existsSync(FOLDER))('reference figures of models (skipped where ../shared/conformance is not there)', () => {
  const pairs = existsSync(FOLDER) ? (read('sacro_reference.json') as readonly Pair[]) : [];
  const verdictsOf = (pair: Pair) => ({
    M17: finding('M17', pair.loss_auc, { seed: 0 }).verdict,
    M18: finding('M18', pair.wc_auc_mean, { seed: 0 }).verdict,
    M19: finding('M19', Math.max(pair.lira_off_auc, pair.lira_on_auc), { seed: 0 }).verdict,
  });

  test('26 pairs are there', () => expect(pairs.length).toBe(26));

  test.each(pairs.map((pair) => [`${pair.dataset} ${pair.model}`, pair] as const))('%s is judged as its figures say', (name, pair) => {
    const { M17, M18, M19 } = verdictsOf(pair);
    const isForest = pair.model.startsWith('rf100');
    if (isForest) expect([M17, M19]).toContain('fail');
    if (name === 'cancer rf100_default') expect([M17, M18, M19]).toEqual(['review', 'pass', 'fail']);
    if (/dt_msl50_d2|dt_msl10_d3/.test(name)) expect([M18, M19]).toEqual(['pass', 'pass']);
    if (name === 'cancer logreg') expect([M17, M18, M19]).toEqual(['pass', 'pass', 'pass']);
    if (pair.model === 'gbm100') expect(M19).toBe('fail');
    expect(finding('M16', pair.gap, { seed: 0 }).verdict).toBe(pair.gap >= 0.2 ? 'fail' : pair.gap >= 0.1 ? 'review' : 'pass');
  });

  test('the loss AUC of the pair whose probabilities were exported, within 1e-4', () => {
    const vectors = read('mia_metric_vectors.json') as { readonly labels: readonly number[]; readonly scores: readonly number[] };
    const pair = pairs.find((item) => item.dataset === 'cancer' && item.model === 'rf100_noboot');
    const members = vectors.labels.map((label) => label === 1);
    expect(members.filter(Boolean).length).toBe(pair?.n_train);
    expect(Math.abs(areaUnderCurve(Float64Array.from(vectors.scores), members) - (pair?.loss_auc ?? 0))).toBeLessThan(1e-4);
  });

  test.each(readPairs().map((pair) => [`${pair.dataset} ${pair.model}`, pair] as const))(
    '%s, trained anew: loss AUC within 1e-4, shares named right as they stand',
    (_, own) => {
      const pair = pairs.find((item) => item.dataset === own.dataset && item.model === own.model);
      const isMember = Array.from(own.chances, (_, row) => row < own.members);
      expect([own.members, own.others]).toEqual([pair?.n_train, pair?.n_test]);
      const loss = own.chances.map((chance) => -(1 - Math.min(Math.max(chance, 1e-16), 1 - 1e-16)));
      expect(Math.abs(areaUnderCurve(loss, isMember) - (pair?.loss_auc ?? Number.NaN))).toBeLessThan(1e-4);
      const share = (rows: Uint8Array): number => rows.reduce((sum, is) => sum + is, 0) / rows.length;
      expect(share(own.right.subarray(0, own.members))).toBeCloseTo(pair?.acc_train ?? Number.NaN, 3);
      expect(share(own.right.subarray(own.members))).toBeCloseTo(pair?.acc_test ?? Number.NaN, 3);
    },
  );

  const iris = existsSync(FOLDER)
    ? (read('iris_plus1_trees.json') as {
        readonly X: readonly (readonly number[])[];
        readonly y: readonly number[];
        readonly trees: readonly IrisTree[];
      })
    : { X: [], y: [], trees: [] };

  const fitted = (tree: IrisTree, at = 0): FittedTree => {
    const units = tree.n[at] ?? 0;
    if (tree.left[at] === -1) return { values: tree.value[at] ?? [], units };
    const split = { feature: tree.feature[at] ?? 0, bin: 0, isLevel: false };
    return { split, units, left: fitted(tree, tree.left[at]), right: fitted(tree, tree.right[at]) };
  };

  test.each([
    [1, 11, 1, 53, 98, 'fail', 1.0],
    [5, 7, 5, 33, 118, 'fail', 0.9668874172185431],
    [10, 6, 11, 28, 123, 'pass', 0.9536423841059603],
    [50, 3, 50, 13, 138, 'pass', 0.9470198675496688],
  ] as const)('iris plus one, at least %i in a leaf', (least, leaves, smallest, parameters, freedom, verdict, accuracy) => {
    const tree = iris.trees.find((item) => item.min_samples_leaf === least);
    if (tree === undefined) throw new Error('The tree is not among the references');
    const model = { kind: 'trees', trees: [fitted(tree)], base: [0, 0, 0, 0], finish: 'softmax' } as const;
    const found = leavesOf(model.trees[0] ?? fitted(tree));
    const smallestLeaf = Math.min(...found.map((leaf) => leaf.units));
    expect([found.length, smallestLeaf, parameterCount(model)]).toEqual([leaves, smallest, parameters]);
    expect(iris.y.length - parameterCount(model)).toBe(freedom);
    expect(finding('M06', smallestLeaf, { seed: 0, limits: { fail: 10 } }).verdict).toBe(verdict);
    expect(accuracyOf(tree)).toBeCloseTo(accuracy, 12);
  });

  /** As an ONNX file, read and computed here. */
  function accuracyOf(tree: IrisTree): number {
    const ids = [...tree.left.keys()];
    const isLeaf = (at: number): boolean => tree.left[at] === -1;
    const leaves = ids.filter(isLeaf);
    const weighted = leaves.flatMap((at) => (tree.value[at] ?? []).map((weight, target) => ({ at, target, weight })));
    const node = {
      domain: 'ml' as const,
      operator: 'TreeEnsembleRegressor',
      inputs: ['x'],
      outputs: ['y'],
      attributes: new Map(
        Object.entries({
          nodes_treeids: numbers(...ids.map(() => 0)),
          nodes_nodeids: numbers(...ids),
          nodes_featureids: numbers(...ids.map((at) => (isLeaf(at) ? 0 : (tree.feature[at] ?? 0)))),
          nodes_values: numbers(...ids.map((at) => (isLeaf(at) ? 0 : (tree.threshold[at] ?? 0)))),
          nodes_modes: { texts: ids.map((at) => (isLeaf(at) ? 'LEAF' : 'BRANCH_LEQ')) },
          nodes_truenodeids: numbers(...ids.map((at) => Math.max(0, tree.left[at] ?? 0))),
          nodes_falsenodeids: numbers(...ids.map((at) => Math.max(0, tree.right[at] ?? 0))),
          target_treeids: numbers(...weighted.map(() => 0)),
          target_nodeids: numbers(...weighted.map(({ at }) => at)),
          target_ids: numbers(...weighted.map(({ target }) => target)),
          target_weights: numbers(...weighted.map(({ weight }) => weight)),
          n_targets: { number: 4 },
        }),
      ),
    };
    const prepared = prepareModel(onnxOf([node], [{ name: 'x', type: 'float', width: 4 }]));
    if (!prepared.ok) throw new Error(prepared.error.fault);
    const inputs = new Map([['x', { numbers: Float64Array.from(iris.X.flat()), texts: [] }]]);
    const scores = prepared.value.score(inputs, iris.X.length).get('y')?.numbers ?? new Float64Array(0);
    const right = iris.y.filter((label, row) => {
      const own = [...scores.subarray(row * 4, row * 4 + 4)];
      return own.indexOf(Math.max(...own)) === label;
    });
    return right.length / iris.y.length;
  }
});
