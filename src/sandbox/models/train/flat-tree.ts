import type { FittedTree } from './fitted.ts';

/**
 * A tree as columns: node `at` compares the bin of `feature[at]` with `bin[at]` (levels: equal, numbers: at most) and goes to
 * `left[at]` or `right[at]`; leaves have feature −1 and stand at `leaf[at]` in `values`, `width` numbers each.
 */
export interface FlatTree {
  readonly feature: Int32Array;
  readonly bin: Int32Array;
  readonly isLevel: Uint8Array;
  readonly left: Int32Array;
  readonly right: Int32Array;
  readonly leaf: Int32Array;
  readonly values: Float64Array;
}

/** The same tree, to be gone through many times. Source: models-and-audit.md §1.7; issue "Models" (scoring 50 trees over 500,000 rows). */
export function flatTree(root: FittedTree, width: number): FlatTree {
  const nodes: FittedTree[] = [];
  const open: FittedTree[] = [root];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    nodes.push(next);
    if ('split' in next) open.push(next.right, next.left);
  }
  const at = new Map(nodes.map((node, index) => [node, index]));
  const leaves = nodes.filter((node) => !('split' in node));
  const number = new Map(leaves.map((node, index) => [node, index]));
  const column = (of: (node: FittedTree) => number): Int32Array => Int32Array.from(nodes, of);
  return {
    feature: column((node) => ('split' in node ? node.split.feature : -1)),
    bin: column((node) => ('split' in node ? node.split.bin : 0)),
    isLevel: Uint8Array.from(nodes, (node) => ('split' in node && node.split.isLevel ? 1 : 0)),
    left: column((node) => ('split' in node ? (at.get(node.left) ?? 0) : 0)),
    right: column((node) => ('split' in node ? (at.get(node.right) ?? 0) : 0)),
    leaf: column((node) => number.get(node) ?? -1),
    values: Float64Array.from(
      leaves.flatMap((node) => Array.from({ length: width }, (_, output) => ('values' in node ? (node.values[output] ?? 0) : 0))),
    ),
  };
}

/** Adds a tree's values to `totals`, row-major with `width` numbers a row. */
export function addTree(tree: FlatTree, bins: readonly ArrayLike<number>[], width: number, totals: Float64Array): void {
  const { feature, bin, isLevel, left, right, leaf, values } = tree;
  const columns = Array.from(feature, (of) => bins[of] ?? []);
  const rows = totals.length / width;
  for (let row = 0; row < rows; row += 1) {
    let at = 0;
    while ((feature[at] ?? -1) >= 0) {
      const value = columns[at]?.[row] ?? 0;
      const limit = bin[at] ?? 0;
      at = ((isLevel[at] === 1 ? value === limit : value <= limit) ? left[at] : right[at]) ?? 0;
    }
    const first = (leaf[at] ?? 0) * width;
    const into = row * width;
    for (let output = 0; output < width; output += 1) totals[into + output] = (totals[into + output] ?? 0) + (values[first + output] ?? 0);
  }
}
