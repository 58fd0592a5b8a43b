import type { Attribute, ElementType, OnnxNode } from '../../src/sandbox/models/onnx/model.ts';
import { writeOnnx } from '../../src/sandbox/models/onnx/write-onnx.ts';

type Inputs = readonly { readonly name: string; readonly type: ElementType; readonly width: number }[];

export const numbers = (...values: number[]): Attribute => ({ numbers: values });

function node(
  domain: '' | 'ml',
  operator: string,
  inputs: readonly string[],
  attributes: Readonly<Record<string, Attribute>> = {},
): OnnxNode {
  return { domain, operator, inputs, outputs: ['y'], attributes: new Map(Object.entries(attributes)) };
}

export function onnxOf(nodes: readonly OnnxNode[], inputs: Inputs): Buffer {
  const opsets = new Map([['', 17] as const, ['ml', 3] as const]);
  return Buffer.from(writeOnnx({ nodes, constants: new Map(), inputs, outputs: [{ name: 'y', type: 'float', width: 1 }], opsets }));
}

/** `coefficients · x + intercept` over inputs of their own. */
export function linearOnnx(inputs: readonly string[], coefficients: readonly number[], intercept = 0): Buffer {
  const concat = { ...node('', 'Concat', inputs, { axis: { number: 1 } }), outputs: ['x'] };
  const linear = node('ml', 'LinearRegressor', ['x'], { coefficients: numbers(...coefficients), intercepts: numbers(intercept) });
  return onnxOf(
    [concat, linear],
    inputs.map((name) => ({ name, type: 'float', width: 1 })),
  );
}

/** One tree over `width` values: value `inside` within all the boxes `[feature, low, high]`, else `outside`. */
export function boxOnnx(width: number, box: readonly (readonly [number, number, number])[], inside: number, outside: number): Buffer {
  const tests = box.flatMap(([feature, low, high]) => [
    { feature, value: low, mode: 'BRANCH_GT' },
    { feature, value: high, mode: 'BRANCH_LEQ' },
  ]);
  const last = tests.length;
  const leaf = (at: number) => last + 1 + at;
  const ids = [...tests.keys(), last, ...tests.map((_, at) => leaf(at))];
  const blank = ids.slice(tests.length).map(() => 0);
  const tree = node('ml', 'TreeEnsembleRegressor', ['x'], {
    nodes_treeids: numbers(...ids.map(() => 0)),
    nodes_nodeids: numbers(...ids),
    nodes_featureids: numbers(...tests.map((test) => test.feature), ...blank),
    nodes_values: numbers(...tests.map((test) => test.value), ...blank),
    nodes_modes: { texts: [...tests.map((test) => test.mode), ...blank.map(() => 'LEAF')] },
    nodes_truenodeids: numbers(...tests.map((_, at) => at + 1), ...blank),
    nodes_falsenodeids: numbers(...tests.map((_, at) => leaf(at)), ...blank),
    target_treeids: numbers(0, ...tests.map(() => 0)),
    target_nodeids: numbers(last, ...tests.map((_, at) => leaf(at))),
    target_ids: numbers(0, ...tests.map(() => 0)),
    target_weights: numbers(inside, ...tests.map(() => outside)),
    n_targets: { number: 1 },
  });
  return onnxOf([tree], [{ name: 'x', type: 'float', width }]);
}
