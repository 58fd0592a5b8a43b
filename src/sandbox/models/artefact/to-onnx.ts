import type { Attribute, ConstantTensor, OnnxNode } from '../onnx/model.ts';
import { writeOnnx } from '../onnx/write-onnx.ts';
import { roundToBits } from '../significant-bits.ts';
import type { LaidFeature, Layout } from '../spec/layout.ts';
import { MODEL_BITS } from '../spec/training-spec.ts';
import type { FittedModel, FittedTree, TreesModel } from '../train/fitted.ts';

type Attributes = Readonly<Record<string, Attribute>>;

function node(domain: '' | 'ml', operator: string, inputs: readonly string[], output: string, attributes: Attributes = {}): OnnxNode {
  return { domain, operator, inputs, outputs: [output], attributes: new Map(Object.entries(attributes)) };
}

const numbers = (values: readonly number[]): Attribute => ({ numbers: values });

/** Where a feature begins among the columns that a model sees: a number has one, a category one for each level. */
function offsets(features: readonly LaidFeature[]): readonly number[] {
  let next = 0;
  return features.map((feature) => {
    const at = next;
    next += feature.kind === 'numeric' ? 1 : feature.levels.length;
    return at;
  });
}

/** Raw values to columns: missing numbers filled in, categories one column a level; for linear models and clusters numbers are shares of their bounds. */
function preparing(layout: Layout, isScaled: boolean): readonly OnnxNode[] {
  const parts = layout.features.flatMap((feature, at): readonly OnnxNode[] => {
    const column = `c${at}`;
    if (feature.kind === 'categorical')
      return [node('ml', 'OneHotEncoder', [feature.name], column, { cats_strings: { texts: feature.levels }, zeros: { number: 1 } })];
    const filled = { imputed_value_floats: numbers([feature.middle]), replaced_value_float: { number: Number.NaN } };
    if (!isScaled) return [node('ml', 'Imputer', [feature.name], column, filled)];
    return [
      node('ml', 'Imputer', [feature.name], `i${at}`, filled),
      node('ml', 'Scaler', [`i${at}`], `s${at}`, { offset: numbers([feature.low]), scale: numbers([feature.scale]) }),
      node('', 'Clip', [`s${at}`, 'zero', 'one'], column),
    ];
  });
  const columns = layout.features.map((_, at) => `c${at}`);
  return [...parts, node('', 'Concat', columns, 'columns', { axis: { number: 1 } })];
}

const scalar = (value: number): ConstantTensor => ({ dims: [], type: 'float', numbers: Float64Array.of(value), texts: [] });

/**
 * The model as the bytes of an ONNX-ML file: one input for each feature by its name, one output. The same bytes for the same model; nothing in
 * it but numbers that were rounded, names and levels of the specification. Source: models-and-audit.md §1.10 M27, M33; ONNX-ML operators.
 */
export function toOnnx(model: FittedModel, layout: Layout): Uint8Array {
  const isScaled = model.kind !== 'trees';
  const inputs = layout.features.map(({ name, kind }) => ({
    name,
    type: kind === 'numeric' ? ('float' as const) : ('string' as const),
    width: 1,
  }));
  const { nodes, width, type } = model.kind === 'trees' ? treeNodes(model, layout) : linearNodes(model, layout);
  const output = nodes.at(-1)?.outputs[0] ?? 'score';
  return writeOnnx({
    nodes: [...preparing(layout, isScaled), ...nodes],
    constants: isScaled
      ? new Map([
          ['zero', scalar(0)],
          ['one', scalar(1)],
        ])
      : new Map(),
    inputs,
    outputs: [{ name: output, type, width }],
    opsets: new Map([
      ['', 17],
      ['ml', 3],
    ]),
  });
}

interface Body {
  readonly nodes: readonly OnnxNode[];
  readonly width: number;
  readonly type: 'float' | 'int64';
}

function linearNodes(model: Exclude<FittedModel, TreesModel>, layout: Layout): Body {
  const at = offsets(layout.features);
  const last = layout.features.at(-1);
  const width = (at.at(-1) ?? 0) + (last?.kind === 'categorical' ? last.levels.length : 1);
  const place = (column: number): number => {
    const { feature = 0, level = null } = layout.design[column] ?? {};
    return (at[feature] ?? 0) + (level ?? 0);
  };
  const outputs = model.kind === 'linear' ? model.coefficients.length : model.centres.length;
  const coefficients = new Array<number>(outputs * width).fill(0);
  const intercepts = new Array<number>(outputs).fill(0);
  if (model.kind === 'linear') {
    for (const [output, [intercept = 0, ...slopes]] of model.coefficients.entries()) {
      intercepts[output] = intercept;
      for (const [index, column] of model.columns.entries()) coefficients[output * width + place(column)] = slopes[index] ?? 0;
    }
  } else
    for (const [output, centre] of model.centres.entries()) {
      // The nearest centre c is the one of largest 2·x·c − |c|².
      intercepts[output] = roundToBits(-centre.reduce((sum, value) => sum + value ** 2, 0), MODEL_BITS);
      for (const [column, value] of centre.entries()) coefficients[output * width + place(column)] = 2 * value;
    }
  const regressor = node('ml', 'LinearRegressor', ['columns'], 'sums', {
    coefficients: numbers(coefficients),
    intercepts: numbers(intercepts),
    targets: { number: outputs },
  });
  if (model.kind === 'centres')
    return { nodes: [regressor, node('', 'ArgMax', ['sums'], 'cluster', { axis: { number: 1 } })], width: 1, type: 'int64' };
  return finishing(regressor, model.finish, outputs);
}

const FINISHERS = { logistic: 'Sigmoid', softmax: 'Softmax', exp: 'Exp' } as const;

function finishing(summing: OnnxNode, finish: 'none' | 'average' | keyof typeof FINISHERS, width: number): Body {
  if (finish === 'none' || finish === 'average') return { nodes: [{ ...summing, outputs: ['score'] }], width, type: 'float' };
  return { nodes: [summing, node('', FINISHERS[finish], ['sums'], 'score')], width, type: 'float' };
}

interface FlatNode {
  readonly tree: number;
  readonly id: number;
  readonly feature: number;
  readonly value: number;
  readonly yes: number;
  readonly no: number;
  readonly values: readonly number[] | null;
}

function treeNodes(model: TreesModel, layout: Layout): Body {
  const at = offsets(layout.features);
  const flat = model.trees.flatMap((tree, index) => flattened(tree, index, layout, at));
  const leaves = flat.flatMap((each) => (each.values ?? []).map((weight, target) => ({ ...each, weight, target })));
  const width = model.base.length;
  const ensemble = node('ml', 'TreeEnsembleRegressor', ['columns'], 'sums', {
    ...(model.base.every((value) => value === 0) ? {} : { base_values: numbers(model.base) }),
    ...(model.finish === 'average' ? { aggregate_function: { text: 'AVERAGE' } } : {}),
    n_targets: { number: width },
    nodes_treeids: numbers(flat.map(({ tree }) => tree)),
    nodes_nodeids: numbers(flat.map(({ id }) => id)),
    nodes_featureids: numbers(flat.map(({ feature }) => feature)),
    nodes_values: numbers(flat.map(({ value }) => value)),
    nodes_modes: { texts: flat.map(({ values }) => (values === null ? 'BRANCH_LEQ' : 'LEAF')) },
    nodes_truenodeids: numbers(flat.map(({ yes }) => yes)),
    nodes_falsenodeids: numbers(flat.map(({ no }) => no)),
    target_treeids: numbers(leaves.map(({ tree }) => tree)),
    target_nodeids: numbers(leaves.map(({ id }) => id)),
    target_ids: numbers(leaves.map(({ target }) => target)),
    target_weights: numbers(leaves.map(({ weight }) => weight)),
  });
  return finishing(ensemble, model.finish, width);
}

function flattened(root: FittedTree, tree: number, layout: Layout, at: readonly number[]): readonly FlatNode[] {
  const out: FlatNode[] = [];
  let next = 0;
  const visit = (each: FittedTree): number => {
    const id = next++;
    if (!('split' in each)) {
      out.push({ tree, id, feature: 0, value: 0, yes: 0, no: 0, values: each.values });
      return id;
    }
    const { feature, bin, isLevel } = each.split;
    const laid = layout.features[feature];
    const [left, right] = [visit(each.left), visit(each.right)];
    const value = laid?.kind === 'numeric' ? (laid.edges[bin] ?? 0) : 0.5;
    // A level is there where its column is over a half.
    const [yes, no] = isLevel ? [right, left] : [left, right];
    out.push({ tree, id, feature: (at[feature] ?? 0) + (isLevel ? bin : 0), value, yes, no, values: null });
    return id;
  };
  visit(root);
  return out.sort((a, b) => a.id - b.id);
}
