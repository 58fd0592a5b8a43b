import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Attribute, ConstantTensor, ElementType, OnnxNode } from '../../../../../src/sandbox/models/onnx/model.ts';
import { prepareModel } from '../../../../../src/sandbox/models/onnx/prepare-model.ts';
import { readOnnx } from '../../../../../src/sandbox/models/onnx/read-onnx.ts';
import { type WrittenModel, writeOnnx } from '../../../../../src/sandbox/models/onnx/write-onnx.ts';

const tensor = (dims: readonly number[], numbers: readonly number[], type: ElementType = 'float'): ConstantTensor => ({
  dims,
  type,
  numbers: Float64Array.from(numbers),
  texts: [],
});

function node(
  domain: '' | 'ml',
  operator: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): OnnxNode {
  return {
    domain,
    operator,
    inputs,
    outputs: operator.endsWith('Classifier') ? ['label', 'y'] : ['y'],
    attributes: new Map(Object.entries(attributes)),
  };
}

function modelOf(
  nodes: readonly OnnxNode[],
  width: number,
  constants: Readonly<Record<string, ConstantTensor>> = {},
  type: ElementType = 'float',
): WrittenModel {
  return {
    nodes,
    constants: new Map(Object.entries(constants)),
    inputs: [{ name: 'x', type, width }],
    outputs: [{ name: 'y', type: 'float', width: 1 }],
    opsets: new Map([['', 17] as const, ['ml', 3] as const]),
  };
}

function scores(model: WrittenModel, rows: readonly (readonly number[])[]): readonly number[] {
  const prepared = prepareModel(writeOnnx(model));
  if (!prepared.ok) throw new Error(`${prepared.error.fault} at ${prepared.error.place}`);
  const out = prepared.value.score(new Map([['x', { numbers: Float64Array.from(rows.flat()), texts: [] }]]), rows.length);
  return [...(out.get('y')?.numbers ?? [])];
}

const numbers = (...values: number[]): Attribute => ({ numbers: values });
/** feature 0 <= 1.5 ? (feature 1 < 0 ? 10 : 20) : 30 */
const TREE = {
  nodes_treeids: numbers(0, 0, 0, 0, 0),
  nodes_nodeids: numbers(0, 1, 2, 3, 4),
  nodes_featureids: numbers(0, 1, 0, 0, 0),
  nodes_values: numbers(1.5, 0, 0, 0, 0),
  nodes_modes: { texts: ['BRANCH_LEQ', 'BRANCH_LT', 'LEAF', 'LEAF', 'LEAF'] },
  nodes_truenodeids: numbers(1, 3, 0, 0, 0),
  nodes_falsenodeids: numbers(2, 4, 0, 0, 0),
};

describe('scores of models made by hand', () => {
  test('a regression tree, with a base value', () => {
    const regressor = node('ml', 'TreeEnsembleRegressor', ['x'], {
      ...TREE,
      n_targets: { number: 1 },
      target_treeids: numbers(0, 0, 0),
      target_nodeids: numbers(2, 3, 4),
      target_ids: numbers(0, 0, 0),
      target_weights: numbers(30, 10, 20),
      base_values: numbers(0.5),
    });
    expect(
      scores(modelOf([regressor], 2), [
        [1.5, -1],
        [1.5, 0],
        [1.6, -1],
        [Number.NaN, 0],
      ]),
    ).toEqual([10.5, 20.5, 30.5, 30.5]);
  });

  test('a two-class tree that weighs one class', () => {
    const classifier = node('ml', 'TreeEnsembleClassifier', ['x'], {
      ...TREE,
      classlabels_int64s: numbers(0, 1),
      class_treeids: numbers(0, 0, 0),
      class_nodeids: numbers(2, 3, 4),
      class_ids: numbers(1, 1, 1),
      class_weights: numbers(0.25, 0.75, 0.5),
    });
    expect(
      scores(modelOf([classifier], 2), [
        [1, -1],
        [1, 1],
        [2, 0],
      ]),
    ).toEqual([0.25, 0.75, 0.5, 0.5, 0.75, 0.25]);
  });

  test('scaling, a linear layer, a sigmoid', () => {
    const scaler: OnnxNode = { ...node('ml', 'Scaler', ['x'], { offset: numbers(1, 2), scale: numbers(2, 0.5) }), outputs: ['scaled'] };
    const gemm: OnnxNode = { ...node('', 'Gemm', ['scaled', 'w', 'b'], { transB: { number: 1 } }), outputs: ['z'] };
    const model = modelOf([scaler, gemm, node('', 'Sigmoid', ['z'])], 2, { w: tensor([1, 2], [1, -1]), b: tensor([1], [0.25]) });
    const z = (2 - 1) * 2 - (6 - 2) * 0.5 + 0.25;
    expect(scores(model, [[2, 6]])[0]).toBeCloseTo(1 / (1 + Math.exp(-z)), 6);
  });

  test('softmax of a linear classifier', () => {
    const classifier = node('ml', 'LinearClassifier', ['x'], {
      coefficients: numbers(1, 0, 0, 1, -1, -1),
      intercepts: numbers(0, 0, 0.5),
      classlabels_ints: numbers(0, 1, 2),
      post_transform: { text: 'SOFTMAX' },
    });
    const raw = [1, 2, -2.5].map(Math.exp);
    const total = raw.reduce((sum, each) => sum + each, 0);
    for (const [index, score] of scores(modelOf([classifier], 2), [[1, 2]]).entries())
      expect(score).toBeCloseTo((raw[index] ?? 0) / total, 6);
  });

  test('a row is scored alone: what stands beside it changes nothing', () => {
    const layers = [
      { ...node('', 'MatMul', ['x', 'w']), outputs: ['z'] },
      { ...node('', 'Softmax', ['z'], { axis: { number: 1 } }), outputs: ['s'] },
      node('', 'ReduceSum', ['s', 'axes'], { keepdims: { number: 1 } }),
    ];
    const model = modelOf(layers, 3, { w: tensor([3, 2], [1, 2, 3, -4, 5, 6]), axes: tensor([1], [1], 'int64') });
    const row = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 3, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 8 }), (rows) => {
        expect(scores(model, rows)).toEqual(rows.flatMap((each) => scores(model, [each])));
      }),
    );
  });

  test('what is written is read again, and written again to the same bytes', () => {
    const model = modelOf([node('', 'MatMul', ['x', 'w'])], 2, { w: tensor([2, 1], [1.25, -3]) });
    const bytes = writeOnnx(model);
    const read = readOnnx(bytes);
    expect(read.extras).toEqual([]);
    expect(writeOnnx({ ...model, nodes: read.nodes, constants: read.constants })).toEqual(bytes);
  });
});
