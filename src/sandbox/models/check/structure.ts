import { cholesky, solve } from '../numerics/cholesky.ts';
import type { Layout } from '../spec/layout.ts';
import type { TrainingSpec } from '../spec/training-spec.ts';
import type { FittedModel, FittedTree, LinearModel } from '../train/fitted.ts';
import type { EncodedRows } from '../train/memory-aggregates.ts';
import { treeLeaf } from '../train/predict.ts';
import type { Sample } from '../train/read-sample.ts';

/** How many free numbers a model has. Source: models-and-audit.md M05 (p by kind). */
export function parameterCount(model: FittedModel): number {
  if (model.kind === 'centres') return model.centres.reduce((sum, centre) => sum + centre.length, 0);
  if (model.kind === 'linear') {
    const all = model.coefficients.reduce((sum, each) => sum + each.length, 0);
    return model.finish === 'softmax' ? all - (model.coefficients[0]?.length ?? 0) : all;
  }
  const width = Math.max(1, model.base.length);
  return model.trees.reduce((sum, tree) => {
    const leaves = leavesOf(tree).length;
    return sum + 2 * (leaves - 1) + leaves * Math.max(1, width - 1);
  }, 0);
}

/** Leaves from left to right. */
export function leavesOf(tree: FittedTree): readonly (FittedTree & { readonly values: readonly number[] })[] {
  return 'split' in tree ? [...leavesOf(tree.left), ...leavesOf(tree.right)] : [tree];
}

/** Figures of a model's structure beside the rows that it learnt from; null where a rule is not about its kind. */
export interface Structure {
  readonly parameters: number;
  /** Numbers that data decided and that are released: leaves, coefficients, centres. */
  readonly numbers: number;
  /** Parameter vectors that equal a row of fewer than k units. */
  readonly rowMatches: number;
  readonly leastNode: number | null;
  /** Null where it is not about the model; NaN where a sample of the cohort cannot tell. */
  readonly toldClasses: number | null;
  readonly largestShare: number | null;
  readonly strayThresholds: number;
  readonly leverage: number | null;
  readonly leastLevel: number | null;
  readonly dominance: number | null;
  readonly leastCluster: number | null;
}

/** Source: models-and-audit.md M03–M14. Counts are of units, since a unit is one row. */
export function structureOf(
  spec: TrainingSpec,
  layout: Layout,
  model: FittedModel,
  { rows, isMember, members }: Sample,
  k: number,
): Structure {
  const trained = Int32Array.from(isMember.flatMap((is, row) => (is ? [row] : [])));
  const trees = model.kind === 'trees' ? model.trees : [];
  const isForest = spec.algorithm.startsWith('random_forest');
  const leaves = trees.flatMap(leavesOf);
  const isWhole = trained.length === members;
  return {
    parameters: parameterCount(model),
    numbers: model.kind === 'trees' ? leaves.length * Math.max(1, model.base.length - 1) : parameterCount(model),
    rowMatches: model.kind === 'centres' ? matchingRows(model.centres, layout, rows, trained, k) : 0,
    leastNode: model.kind === 'trees' ? leaves.reduce((least, leaf) => Math.min(least, leaf.units), Number.POSITIVE_INFINITY) : null,
    // Trees of a forest learn from drawn rows: their shares are not those of the cohort.
    toldClasses: !isClassTree(spec) || isForest ? null : isWhole ? toldClasses(trees, rows, trained, k) : Number.NaN,
    largestShare: isClassTree(spec) ? leaves.reduce((most, leaf) => Math.max(most, ...leaf.values), 0) : null,
    strayThresholds: trees.reduce((sum, tree) => sum + strayThresholds(tree, layout), 0),
    leverage: model.kind === 'linear' ? leverage(model, layout, rows, trained, spec.params.lambda ?? 0) : null,
    leastLevel: model.kind === 'linear' ? leastLevel(model, layout, rows, trained) : null,
    dominance:
      spec.algorithm.endsWith('tree_regressor') && layout.label.kind === 'number' ? dominance(trees, rows, trained, layout.label) : null,
    leastCluster: model.kind === 'centres' ? Math.min(...model.units) : null,
  };
}

function isClassTree({ algorithm }: TrainingSpec): boolean {
  return algorithm === 'decision_tree_classifier' || algorithm === 'random_forest_classifier';
}

/** Centres that stand where fewer than k units stand exactly, within a thousandth of the bounds. */
function matchingRows(centres: readonly (readonly number[])[], layout: Layout, rows: EncodedRows, trained: Int32Array, k: number): number {
  return centres.filter((centre) => {
    let same = 0;
    for (const row of trained)
      if (centre.every((value, at) => Math.abs(value - (rows.design[at]?.[row] ?? 0) / (layout.design[at]?.one ?? 1)) < 1e-6)) same += 1;
    return same > 0 && same < k;
  }).length;
}

function toldClasses(trees: readonly FittedTree[], rows: EncodedRows, trained: Int32Array, k: number): number {
  let told = 0;
  for (const tree of trees) {
    const counts = new Map<FittedTree, number[]>();
    for (const row of trained) {
      const leaf = treeLeaf(tree, (feature) => rows.bins[feature]?.[row] ?? 0);
      const own = counts.get(leaf) ?? leaf.values.map(() => 0);
      const y = rows.label[row] ?? 0;
      own[y] = (own[y] ?? 0) + 1;
      counts.set(leaf, own);
    }
    for (const [leaf, own] of counts) {
      const total = own.reduce((sum, count) => sum + count, 0);
      const values = 'values' in leaf ? leaf.values : [];
      for (const [c, count] of own.entries())
        if (count > 0 && count < k && count !== k / 2 && Math.abs((values[c] ?? 0) - count / total) < 1e-9) told += 1;
    }
  }
  return told;
}

function strayThresholds(tree: FittedTree, layout: Layout): number {
  if (!('split' in tree)) return 0;
  const laid = layout.features[tree.split.feature];
  const last = laid === undefined ? -1 : laid.kind === 'numeric' ? laid.edges.length - 1 : laid.levels.length - 1;
  const isStray = !(Number.isInteger(tree.split.bin) && tree.split.bin >= 0 && tree.split.bin <= last);
  return (isStray ? 1 : 0) + strayThresholds(tree.left, layout) + strayThresholds(tree.right, layout);
}

/** max xᵢᵀ(XᵀX + λI)⁻¹xᵢ over the rows that train. NaN where the matrix cannot be inverted. */
function leverage(model: LinearModel, layout: Layout, rows: EncodedRows, trained: Int32Array, lambda: number): number {
  const columns = model.columns.map((column) => ({
    values: rows.design[column] ?? new Float64Array(0),
    one: layout.design[column]?.one ?? 1,
  }));
  const size = columns.length + 1;
  const vector = (row: number): Float64Array =>
    Float64Array.from({ length: size }, (_, at) => (at === 0 ? 1 : (columns[at - 1]?.values[row] ?? 0) / (columns[at - 1]?.one ?? 1)));
  const gram = new Float64Array(size * size);
  for (const row of trained) {
    const x = vector(row);
    for (let i = 0; i < size; i += 1)
      for (let j = 0; j <= i; j += 1) gram[i * size + j] = (gram[i * size + j] ?? 0) + (x[i] ?? 0) * (x[j] ?? 0);
  }
  for (let i = 0; i < size; i += 1) for (let j = i + 1; j < size; j += 1) gram[i * size + j] = gram[j * size + i] ?? 0;
  for (let at = 0; at < size; at += 1) gram[at * size + at] = (gram[at * size + at] ?? 0) + Math.max(at === 0 ? 0 : lambda, 1e-9);
  const factor = cholesky(gram, size);
  if (factor === null) return Number.NaN;
  let most = 0;
  for (const row of trained) {
    const x = vector(row);
    const solved = solve(factor, x);
    most = Math.max(
      most,
      x.reduce((sum, value, at) => sum + value * (solved[at] ?? 0), 0),
    );
  }
  return most;
}

/** Least units on the rarer side of a column that has a weight. */
function leastLevel(model: LinearModel, layout: Layout, rows: EncodedRows, trained: Int32Array): number {
  const used = model.columns.filter((_, at) => model.coefficients.some((each) => (each[at + 1] ?? 0) !== 0));
  return used.reduce((least, column) => {
    const counts = new Map<number, number>();
    for (const row of trained) counts.set(rows.design[column]?.[row] ?? 0, (counts.get(rows.design[column]?.[row] ?? 0) ?? 0) + 1);
    const most = Math.max(0, ...counts.values());
    const share = trained.length - most;
    return Math.min(least, layout.design[column]?.level === null ? share : Math.min(share, most));
  }, Number.POSITIVE_INFINITY);
}

/** Largest share of one unit in the sum behind a leaf's mean, of labels that are all of one sign. */
function dominance(
  trees: readonly FittedTree[],
  rows: EncodedRows,
  trained: Int32Array,
  label: { readonly low: number; readonly high: number },
): number {
  if (label.low < 0) return 0;
  let worst = 0;
  for (const tree of trees) {
    const sums = new Map<FittedTree, { total: number; most: number }>();
    for (const row of trained) {
      const leaf = treeLeaf(tree, (feature) => rows.bins[feature]?.[row] ?? 0);
      const value = label.low + ((rows.label[row] ?? 0) / 32_767) * (label.high - label.low);
      const own = sums.get(leaf) ?? { total: 0, most: 0 };
      sums.set(leaf, { total: own.total + value, most: Math.max(own.most, value) });
    }
    for (const { total, most } of sums.values()) if (total > 0) worst = Math.max(worst, most / total);
  }
  return worst;
}
