import type { OnnxNode } from '../model.ts';
import { numbersAttribute, numericRows, type Operator, onlyAttributes, refuse, textAttribute, textsAttribute } from '../operator.ts';
import { CLASS_LABELS, classified, transformed } from './scores.ts';

/** One node of a tree. Leaves have no branches; `weights` are pairs of target and weight. */
export interface TreeNode {
  readonly mode: 'LEQ' | 'LT' | 'GTE' | 'GT' | 'EQ' | 'NEQ' | 'LEAF';
  readonly feature: number;
  readonly value: number;
  readonly whenTrue: number;
  readonly whenFalse: number;
  readonly missingIsTrue: boolean;
  readonly weights: readonly (readonly [target: number, weight: number])[];
}

/** A tree is its root; branches are positions in `nodes` of the whole ensemble. */
export interface Ensemble {
  readonly nodes: readonly TreeNode[];
  readonly roots: readonly number[];
  readonly targets: number;
  readonly base: readonly number[];
  readonly aggregate: 'SUM' | 'AVERAGE' | 'MIN' | 'MAX';
  /** Longest way from a root to a leaf, over all trees together. */
  readonly depths: number;
}

const MODES: Readonly<Record<string, TreeNode['mode']>> = {
  BRANCH_LEQ: 'LEQ',
  BRANCH_LT: 'LT',
  BRANCH_GTE: 'GTE',
  BRANCH_GT: 'GT',
  BRANCH_EQ: 'EQ',
  BRANCH_NEQ: 'NEQ',
  LEAF: 'LEAF',
};
const MOST_DEPTH = 64;
const NODE_ATTRIBUTES = [
  'base_values',
  'nodes_falsenodeids',
  'nodes_featureids',
  'nodes_hitrates',
  'nodes_missing_value_tracks_true',
  'nodes_modes',
  'nodes_nodeids',
  'nodes_treeids',
  'nodes_truenodeids',
  'nodes_values',
  'post_transform',
] as const;

/** Reads the parallel lists of the format into trees. Throws OnnxRefused for lists of different lengths, loops, strangers and unreachable nodes. */
function readEnsemble(node: OnnxNode, prefix: 'class' | 'target', width: number, targets: number): Ensemble {
  const list = (name: string): readonly number[] => numbersAttribute(node, name);
  const trees = list('nodes_treeids');
  const ids = list('nodes_nodeids');
  const position = new Map<string, number>();
  for (const [index, tree] of trees.entries()) position.set(`${tree}/${ids[index]}`, index);
  const modes = textsAttribute(node, 'nodes_modes').map((mode) => MODES[mode] ?? refuse(node, 'attribute'));
  const lists = [ids, list('nodes_featureids'), list('nodes_values'), list('nodes_truenodeids'), list('nodes_falsenodeids'), modes];
  if (position.size !== trees.length || trees.length === 0 || lists.some((each) => each.length !== trees.length)) refuse(node, 'attribute');
  const [, features = [], values = [], yes = [], no = []] = lists as readonly (readonly number[])[];
  const missing = list('nodes_missing_value_tracks_true');
  const weights = readWeights(node, prefix, position, targets);
  const nodes = modes.map((mode, index): TreeNode => {
    const feature = features[index] ?? -1;
    if (mode !== 'LEAF' && !(Number.isInteger(feature) && feature >= 0 && feature < width)) refuse(node, 'shape');
    const branch = (to: number | undefined): number =>
      mode === 'LEAF' ? -1 : (position.get(`${trees[index]}/${to}`) ?? refuse(node, 'attribute'));
    const value = Math.fround(values[index] ?? Number.NaN);
    return {
      mode,
      feature,
      value,
      whenTrue: branch(yes[index]),
      whenFalse: branch(no[index]),
      missingIsTrue: missing[index] === 1,
      weights: weights.get(index) ?? [],
    };
  });
  const base = list('base_values');
  if (base.length !== 0 && base.length !== targets && base.length !== 1) refuse(node, 'attribute');
  const { roots, depths } = findRoots(node, nodes);
  const aggregate = textAttribute(node, 'aggregate_function', 'SUM');
  if (aggregate !== 'SUM' && aggregate !== 'AVERAGE' && aggregate !== 'MIN' && aggregate !== 'MAX') return refuse(node, 'attribute');
  return { nodes, roots, targets, base, aggregate, depths };
}

function readWeights(
  node: OnnxNode,
  prefix: 'class' | 'target',
  position: ReadonlyMap<string, number>,
  targets: number,
): ReadonlyMap<number, readonly (readonly [number, number])[]> {
  const list = (name: string): readonly number[] => numbersAttribute(node, `${prefix}_${name}`);
  const [trees, ids, to, weights] = [list('treeids'), list('nodeids'), list('ids'), list('weights')];
  if ([ids, to, weights].some((each) => each.length !== trees.length)) refuse(node, 'attribute');
  const out = new Map<number, (readonly [number, number])[]>();
  for (const [index, tree] of trees.entries()) {
    const at = position.get(`${tree}/${ids[index]}`) ?? refuse(node, 'attribute');
    const target = to[index] ?? -1;
    if (!(Number.isInteger(target) && target >= 0 && target < targets)) refuse(node, 'shape');
    out.set(at, [...(out.get(at) ?? []), [target, weights[index] ?? 0]]);
  }
  return out;
}

/** Every node has one way to it, from one root, and the ways end. */
function findRoots(node: OnnxNode, nodes: readonly TreeNode[]): { readonly roots: readonly number[]; readonly depths: number } {
  const parents = new Uint8Array(nodes.length);
  for (const each of nodes) {
    if (each.mode === 'LEAF') continue;
    for (const child of [each.whenTrue, each.whenFalse]) {
      if (parents[child] === 1) refuse(node, 'attribute');
      parents[child] = 1;
    }
  }
  const roots = [...parents.keys()].filter((index) => parents[index] === 0);
  let seen = 0;
  let depths = 0;
  for (const root of roots) {
    let deepest = 0;
    const open: (readonly [number, number])[] = [[root, 1]];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const [at, depth] = next;
      seen += 1;
      deepest = Math.max(deepest, depth);
      if (depth > MOST_DEPTH) refuse(node, 'shape');
      const here = nodes[at];
      if (here !== undefined && here.mode !== 'LEAF') open.push([here.whenTrue, depth + 1], [here.whenFalse, depth + 1]);
    }
    depths += deepest;
  }
  // Nodes that were not seen stand in a circle.
  if (seen !== nodes.length) refuse(node, 'attribute');
  return { roots, depths };
}

function goesTrue(node: TreeNode, value: number): boolean {
  if (Number.isNaN(value)) return node.missingIsTrue;
  switch (node.mode) {
    case 'LEQ':
      return value <= node.value;
    case 'LT':
      return value < node.value;
    case 'GTE':
      return value >= node.value;
    case 'GT':
      return value > node.value;
    case 'EQ':
      return value === node.value;
    default:
      return value !== node.value;
  }
}

/** Raw scores of some rows: rows × targets. Features are compared as 24-bit floats, as the format does. */
export function scoreEnsemble(ensemble: Ensemble, features: Float64Array, width: number, rows: number): Float64Array {
  const { nodes, roots, targets, base, aggregate } = ensemble;
  const start = aggregate === 'MIN' ? Number.POSITIVE_INFINITY : aggregate === 'MAX' ? Number.NEGATIVE_INFINITY : 0;
  const out = new Float64Array(rows * targets).fill(start);
  for (let row = 0; row < rows; row += 1) {
    for (const root of roots) {
      let here = nodes[root];
      while (here !== undefined && here.mode !== 'LEAF') {
        const value = Math.fround(features[row * width + here.feature] ?? Number.NaN);
        here = nodes[goesTrue(here, value) ? here.whenTrue : here.whenFalse];
      }
      for (const [target, weight] of here?.weights ?? []) {
        const at = row * targets + target;
        const known = out[at] ?? 0;
        out[at] = aggregate === 'MIN' ? Math.min(known, weight) : aggregate === 'MAX' ? Math.max(known, weight) : known + weight;
      }
    }
    for (let target = 0; target < targets; target += 1) {
      const at = row * targets + target;
      const total = aggregate === 'AVERAGE' ? (out[at] ?? 0) / roots.length : (out[at] ?? 0);
      out[at] = total + (base[base.length === 1 ? 0 : target] ?? 0);
    }
  }
  return out;
}

const treeRegressor: Operator = (preparation) => {
  const { node } = preparation;
  onlyAttributes(node, [
    ...NODE_ATTRIBUTES,
    'aggregate_function',
    'n_targets',
    'target_ids',
    'target_nodeids',
    'target_treeids',
    'target_weights',
  ]);
  const slot = numericRows(preparation);
  const targets = node.attributes.get('n_targets')?.number ?? 1;
  if (!(targets >= 1 && targets <= 256)) refuse(node, 'shape');
  const ensemble = readEnsemble(node, 'target', slot.width, targets);
  const finish = transformed(node, targets);
  return {
    outputs: [{ type: 'float', width: targets }],
    steps: ensemble.depths,
    run: ([input], rows) => [finish(scoreEnsemble(ensemble, input?.numbers ?? new Float64Array(0), slot.width, rows), rows)],
  };
};

const treeClassifier: Operator = (preparation) => {
  const { node } = preparation;
  onlyAttributes(node, [...NODE_ATTRIBUTES, ...CLASS_LABELS.trees, 'class_ids', 'class_nodeids', 'class_treeids', 'class_weights']);
  const slot = numericRows(preparation);
  const classes = classified(node, CLASS_LABELS.trees);
  const ids = numbersAttribute(node, 'class_ids');
  const isSingle = classes.labels === 2 && new Set(ids).size === 1;
  const ensemble = readEnsemble(node, 'class', slot.width, classes.labels);
  const isPositive = numbersAttribute(node, 'class_weights').every((weight) => weight >= 0);
  const single = isSingle ? { column: ids[0] ?? 0, middle: isPositive ? 0.5 : 0 } : undefined;
  return {
    outputs: classes.outputs,
    steps: ensemble.depths + 4 * classes.labels,
    run: ([input], rows) => classes.finish(scoreEnsemble(ensemble, input?.numbers ?? new Float64Array(0), slot.width, rows), rows, single),
  };
};

/** Tree ensembles of ai.onnx.ml versions 1 to 3. Source: ONNX-ML operator specification. */
export const TREES: Readonly<Record<string, Operator>> = { TreeEnsembleRegressor: treeRegressor, TreeEnsembleClassifier: treeClassifier };
