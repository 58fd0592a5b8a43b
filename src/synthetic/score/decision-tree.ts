/** Rows of whole-number features for a classifier: one array per feature. `cells`: one more than a feature's largest value. */
export interface LearningRows {
  readonly features: readonly Int32Array[];
  readonly cells: readonly number[];
  /** Whether the numbers of a feature lie in an order. */
  readonly ordered: readonly boolean[];
  readonly label: Int32Array;
  readonly classes: number;
}

/** Gives the class of row `row` of the features. */
export type Classifier = (features: readonly Int32Array[], row: number) => number;

interface TreeNode {
  readonly answer: number;
  readonly split?: { readonly feature: number; readonly most: number; readonly low: TreeNode; readonly high: TreeNode };
}

interface Growth {
  readonly data: LearningRows;
  readonly weights: Float64Array;
  readonly deepest: number;
}

/** Weights under which every class counts alike. Source: synthetic-and-masking.md §5.5 (balanced classifiers). */
export function balancedWeights(label: Int32Array, classes: number): Float64Array {
  const counts = new Float64Array(classes);
  for (const value of label) counts[value] = (counts[value] ?? 0) + 1;
  return Float64Array.from(label, (value) => label.length / (classes * Math.max(1, counts[value] ?? 1)));
}

/**
 * A decision tree by weighted Gini impurity with splits `feature ≤ value`, at most `deepest` levels. Deterministic.
 * Source: Breiman et al. 1984 (CART); synthetic-and-masking.md §5.5.
 */
export function growTree(data: LearningRows, weights: Float64Array, deepest: number): Classifier {
  const root = grow({ data, weights, deepest }, Int32Array.from(data.label.keys()), 0);
  return (features, row) => {
    let node = root;
    while (node.split !== undefined) {
      node = (features[node.split.feature]?.[row] ?? 0) <= node.split.most ? node.split.low : node.split.high;
    }
    return node.answer;
  };
}

function grow(growth: Growth, rows: Int32Array, depth: number): TreeNode {
  const { data, weights } = growth;
  const sums = new Float64Array(data.classes);
  for (const row of rows) {
    const label = data.label[row] ?? 0;
    sums[label] = (sums[label] ?? 0) + (weights[row] ?? 0);
  }
  const answer = sums.indexOf(Math.max(...sums));
  const total = sums.reduce((sum, value) => sum + value, 0);
  if (depth >= growth.deepest || rows.length < 2 || (sums[answer] ?? 0) >= total) return { answer };
  const best = bestSplit(growth, rows, sums, total);
  if (best === undefined) return { answer };
  const values = data.features[best.feature];
  const low = rows.filter((row) => (values?.[row] ?? 0) <= best.most);
  const high = rows.filter((row) => (values?.[row] ?? 0) > best.most);
  return { answer, split: { ...best, low: grow(growth, low, depth + 1), high: grow(growth, high, depth + 1) } };
}

/** The split with the largest Σ (class weight)²/(side weight): the same order as the fall in Gini impurity. */
function bestSplit(
  { data, weights }: Growth,
  rows: Int32Array,
  sums: Float64Array,
  total: number,
): { readonly feature: number; readonly most: number } | undefined {
  let best: { readonly feature: number; readonly most: number } | undefined;
  let bestGain = squares(sums) / total + 1e-9 * total;
  for (const [feature, values] of data.features.entries()) {
    const cells = data.cells[feature] ?? 1;
    const histogram = new Float64Array(cells * data.classes);
    for (const row of rows) {
      const at = (values[row] ?? 0) * data.classes + (data.label[row] ?? 0);
      histogram[at] = (histogram[at] ?? 0) + (weights[row] ?? 0);
    }
    const left = new Float64Array(data.classes);
    let leftTotal = 0;
    for (let cell = 0; cell < cells - 1; cell += 1) {
      let added = 0;
      for (let label = 0; label < data.classes; label += 1) {
        const own = histogram[cell * data.classes + label] ?? 0;
        left[label] = (left[label] ?? 0) + own;
        added += own;
      }
      leftTotal += added;
      if (added === 0 || leftTotal >= total * (1 - 1e-12)) continue;
      const right = sums.map((sum, label) => sum - (left[label] ?? 0));
      const gain = squares(left) / leftTotal + squares(right) / (total - leftTotal);
      if (gain > bestGain) {
        bestGain = gain;
        best = { feature, most: cell };
      }
    }
  }
  return best;
}

function squares(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
}
