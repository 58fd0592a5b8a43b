import type { Layout } from '../spec/layout.ts';
import type { FittedModel, FittedTree } from './fitted.ts';
import { addTree, flatTree } from './flat-tree.ts';
import type { EncodedRows } from './memory-aggregates.ts';
import { goesLeft } from './split-tree.ts';

/**
 * Outputs of a model for encoded rows: chances of the classes, a number, or for clusters minus the squared distances. Row-major, `width` numbers
 * a row. Source: models-and-audit.md §1.7; what the released artefact computes from raw values up to the rounding of the encoding.
 */
export function predict(model: FittedModel, layout: Layout, rows: EncodedRows): { readonly width: number; readonly values: Float64Array } {
  if (model.kind === 'trees') return predictTrees(model, rows);
  if (model.kind === 'centres') {
    const width = model.centres.length;
    const values = new Float64Array(rows.count * width);
    for (const [c, centre] of model.centres.entries())
      for (const [column, { one }] of layout.design.entries()) {
        const given = rows.design[column] ?? new Float64Array(0);
        for (let row = 0; row < rows.count; row += 1)
          values[row * width + c] = (values[row * width + c] ?? 0) - ((given[row] ?? 0) / one - (centre[column] ?? 0)) ** 2;
      }
    return { width, values };
  }
  const width = model.coefficients.length;
  const values = new Float64Array(rows.count * width);
  for (const [output, [intercept = 0, ...slopes]] of model.coefficients.entries()) {
    for (let row = 0; row < rows.count; row += 1) values[row * width + output] = intercept;
    for (const [at, column] of model.columns.entries()) {
      const slope = (slopes[at] ?? 0) / (layout.design[column]?.one ?? 1);
      const given = rows.design[column] ?? new Float64Array(0);
      for (let row = 0; row < rows.count; row += 1)
        values[row * width + output] = (values[row * width + output] ?? 0) + slope * (given[row] ?? 0);
    }
  }
  return finished(values, width, model.finish);
}

/** Value of one tree for one row. */
export function treeLeaf(tree: FittedTree, bin: (feature: number) => number): FittedTree & { readonly values: readonly number[] } {
  let at = tree;
  while ('split' in at) at = goesLeft(at.split, bin(at.split.feature)) ? at.left : at.right;
  return at;
}

function predictTrees(
  model: FittedModel & { readonly kind: 'trees' },
  rows: EncodedRows,
): { readonly width: number; readonly values: Float64Array } {
  const width = model.base.length;
  const values = new Float64Array(rows.count * width);
  for (let at = 0; at < values.length; at += 1) values[at] = model.base[at % width] ?? 0;
  for (const tree of model.trees) addTree(flatTree(tree, width), rows.bins, width, values);
  if (model.finish === 'average') return { width, values: values.map((value) => value / model.trees.length) };
  return finished(values, width, model.finish);
}

/** Chances by class where there are classes: of two, the first is what is left. */
function finished(
  values: Float64Array,
  width: number,
  finish: 'none' | 'logistic' | 'softmax' | 'exp',
): { readonly width: number; readonly values: Float64Array } {
  if (finish === 'none') return { width, values };
  if (finish === 'exp') return { width, values: values.map(Math.exp) };
  if (finish === 'logistic') {
    const out = new Float64Array(values.length * 2);
    for (const [row, value] of values.entries()) {
      out[2 * row + 1] = 1 / (1 + Math.exp(-value));
      out[2 * row] = 1 - (out[2 * row + 1] ?? 0);
    }
    return { width: 2, values: out };
  }
  for (let start = 0; start < values.length; start += width) {
    const part = values.subarray(start, start + width);
    const most = part.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    let total = 0;
    for (let at = 0; at < width; at += 1) total += part[at] = Math.exp((part[at] ?? 0) - most);
    for (let at = 0; at < width; at += 1) part[at] = (part[at] ?? 0) / total;
  }
  return { width, values };
}
