import type { Layout } from '../spec/layout.ts';
import { STEPS } from '../spec/layout.ts';
import type { Aggregates, HistogramCell, HistogramRequest, NewtonSums } from './aggregates.ts';
import { isDrawn } from './draws.ts';
import { linkOf } from './link-sql.ts';
import { leafCount, leafOf, type SplitTree } from './split-tree.ts';

/** Encoded rows by column. `design` as in the table: whole numbers from 0 to `one`. `label`: class, or steps. */
export interface EncodedRows {
  readonly count: number;
  readonly keys: Float64Array;
  readonly label: Float64Array;
  readonly bins: readonly Uint8Array[];
  readonly design: readonly Float64Array[];
}

/** Sums over `members` of rows that stand in memory: of shadow models in the release check, and what the SQL is compared with. */
export function memoryAggregates(rows: EncodedRows, members: Int32Array, layout: Layout): Aggregates {
  const { label } = layout;
  const classes = label.kind === 'classes' ? label.classes.length : 0;
  const target = (row: number): number => (rows.label[row] ?? 0) / (classes === 0 ? STEPS : 1);
  const columns = layout.design.map((column, at) => (rows.design[at] ?? new Float64Array(0)).map((value) => value / column.one));
  const classUnits = Array.from({ length: classes }, () => 0);
  for (const row of members) if (classes > 0) classUnits[rows.label[row] ?? 0] = (classUnits[rows.label[row] ?? 0] ?? 0) + 1;
  const scores = new Float64Array(rows.count);
  let isLogistic = false;

  /** Design vectors of the chosen columns with a leading 1, one after the other into the same array. */
  const eachRow = (chosen: readonly number[], visit: (x: Float64Array, row: number) => void): void => {
    const x = new Float64Array(chosen.length + 1);
    const wanted = chosen.map((column) => columns[column] ?? new Float64Array(0));
    for (const row of members) {
      x[0] = 1;
      for (let at = 0; at < wanted.length; at += 1) x[at + 1] = wanted[at]?.[row] ?? 0;
      visit(x, row);
    }
  };

  return {
    units: members.length,
    support: columns.map((column) => members.length - mostFrequent(column, members)),
    classUnits,
    binUnits: async () => {
      const out = Array.from({ length: Math.max(1, classes) }, () =>
        layout.features.map((feature) => new Array<number>(feature.bins).fill(0)),
      );
      for (const [at] of layout.features.entries())
        for (const row of members) {
          const counts = out[classes === 0 ? 0 : (rows.label[row] ?? 0)]?.[at];
          const bin = rows.bins[at]?.[row] ?? 0;
          if (counts !== undefined) counts[bin] = (counts[bin] ?? 0) + 1;
        }
      return out;
    },
    crossProducts: async (chosen) => {
      const width = chosen.length + 1;
      const xx = new Float64Array(width * width);
      const xy = Array.from({ length: Math.max(1, classes) }, () => new Float64Array(width));
      let yy = 0;
      eachRow(chosen, (x, row) => {
        addOuter(xx, x, 1);
        const y = target(row);
        yy += (classes === 0 ? y : (rows.label[row] ?? 0)) ** 2;
        addTo(xy[classes === 0 ? 0 : y], x, classes === 0 ? y : 1);
      });
      return { xx: mirrored(xx, width), xy, yy };
    },
    newton: async (chosen, coefficients, mean): Promise<NewtonSums> => {
      const width = chosen.length + 1;
      const gradient = new Float64Array(width);
      const hessian = new Float64Array(width * width);
      eachRow(chosen, (x, row) => {
        const { residual, weight } = linkOf(mean, dot(x, coefficients), target(row));
        addTo(gradient, x, residual);
        addOuter(hessian, x, weight);
      });
      return { gradient, hessian: mirrored(hessian, width) };
    },
    softmaxGradient: async (chosen, coefficients) => {
      const out = coefficients.map(() => new Float64Array(chosen.length + 1));
      eachRow(chosen, (x, row) => {
        const exps = coefficients.map((each) => Math.exp(Math.min(Math.max(dot(x, each), -40), 40)));
        const total = exps.reduce((sum, value) => sum + value, 0);
        for (const [c, sums] of out.entries()) addTo(sums, x, (exps[c] ?? 0) / total - (target(row) === c ? 1 : 0));
      });
      return out;
    },
    assign: async (centres) => {
      const chosen = layout.design.map((_, at) => at);
      const units = centres.map(() => 0);
      const sums = centres.map(() => new Float64Array(chosen.length));
      let inertia = 0;
      eachRow(chosen, (x) => {
        const distances = centres.map((centre) => squaredDistance(x, centre));
        const least = Math.min(...distances);
        const at = distances.indexOf(least);
        inertia += least;
        units[at] = (units[at] ?? 0) + 1;
        const sum = sums[at];
        if (sum !== undefined)
          for (let column = 0; column < sum.length; column += 1) sum[column] = (sum[column] ?? 0) + (x[column + 1] ?? 0);
      });
      return { units, sums, inertia };
    },
    histograms: async (request) => histogramsOf(rows, members, layout, request, { classes, scores, isLogistic, target }),
    startScores: async (base, mean) => {
      isLogistic = mean === 'logistic';
      scores.fill(base);
    },
    addScores: async (tree, leaves) => {
      for (const row of members)
        scores[row] = (scores[row] ?? 0) + (leaves[leafOf(tree, (feature) => rows.bins[feature]?.[row] ?? 0)] ?? 0);
    },
  };
}

interface Stats {
  readonly classes: number;
  readonly scores: Float64Array;
  readonly isLogistic: boolean;
  readonly target: (row: number) => number;
}

/** Leaf of each member in one pass, then one pass for each feature: no closures inside. */
function histogramsOf(
  rows: EncodedRows,
  members: Int32Array,
  layout: Layout,
  { tree, statistic, bootstrap }: HistogramRequest,
  { classes, scores, isLogistic, target }: Stats,
): readonly HistogramCell[] {
  const leaves = leafCount(tree);
  const width = statistic === 'classes' ? classes : statistic === 'label' ? 1 : 2;
  const count = members.length;
  const leaf = leavesOf(rows, members, tree);
  const left = new Uint8Array(count);
  const stats = Array.from({ length: width }, () => new Float64Array(count));
  for (let at = 0; at < count; at += 1) {
    const row = members[at] ?? 0;
    if (bootstrap !== undefined && !isDrawn(rows.keys[row] ?? 0, bootstrap)) left[at] = 1;
    const y = target(row);
    if (statistic === 'classes') put(stats[y], at, 1);
    else if (statistic === 'label') put(stats[0], at, y);
    else {
      const p = isLogistic ? 1 / (1 + Math.exp(-(scores[row] ?? 0))) : (scores[row] ?? 0);
      put(stats[0], at, y - p);
      put(stats[1], at, isLogistic ? p * (1 - p) : 1);
    }
  }
  const out: HistogramCell[] = [];
  for (const [feature, laid] of layout.features.entries()) {
    const bins = rows.bins[feature] ?? new Uint8Array(0);
    const units = new Float64Array(leaves * laid.bins);
    const sums = stats.map(() => new Float64Array(leaves * laid.bins));
    for (let at = 0; at < count; at += 1) {
      if (left[at] === 1) continue;
      const cell = (leaf[at] ?? 0) * laid.bins + (bins[members[at] ?? 0] ?? 0);
      units[cell] = (units[cell] ?? 0) + 1;
      for (let s = 0; s < width; s += 1) {
        const sum = sums[s];
        if (sum !== undefined) sum[cell] = (sum[cell] ?? 0) + (stats[s]?.[at] ?? 0);
      }
    }
    for (const [cell, n] of units.entries())
      if (n > 0)
        out.push({
          feature,
          leaf: Math.floor(cell / laid.bins),
          bin: cell % laid.bins,
          units: n,
          sums: sums.map((sum) => sum[cell] ?? 0),
        });
  }
  return out;
}

function leavesOf(rows: EncodedRows, members: Int32Array, tree: SplitTree): Int32Array {
  return members.map((row) => leafOf(tree, (feature) => rows.bins[feature]?.[row] ?? 0));
}

function put(array: Float64Array | undefined, at: number, value: number): void {
  if (array !== undefined) array[at] = value;
}

function mostFrequent(column: Float64Array, members: Int32Array): number {
  const counts = new Map<number, number>();
  for (const row of members) counts.set(column[row] ?? 0, (counts.get(column[row] ?? 0) ?? 0) + 1);
  return Math.max(0, ...counts.values());
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < a.length; at += 1) sum += (a[at] ?? 0) * (b[at] ?? 0);
  return sum;
}

/** Of a row with its leading 1 from a centre, each component by whole steps as the SQL has them. */
function squaredDistance(x: Float64Array, centre: Float64Array): number {
  let sum = 0;
  for (let at = 0; at < centre.length; at += 1) sum += ((x[at + 1] ?? 0) - Math.round((centre[at] ?? 0) * STEPS) / STEPS) ** 2;
  return sum;
}

function addTo(sums: Float64Array | undefined, x: Float64Array, factor: number): void {
  if (sums !== undefined) for (let at = 0; at < x.length; at += 1) sums[at] = (sums[at] ?? 0) + factor * (x[at] ?? 0);
}

/** The upper triangle only. */
function addOuter(sums: Float64Array, x: Float64Array, factor: number): void {
  const width = x.length;
  for (let i = 0; i < width; i += 1) {
    const value = factor * (x[i] ?? 0);
    if (value !== 0) for (let k = i; k < width; k += 1) sums[i * width + k] = (sums[i * width + k] ?? 0) + value * (x[k] ?? 0);
  }
}

function mirrored(matrix: Float64Array, width: number): Float64Array {
  for (let i = 0; i < width; i += 1) for (let k = 0; k < i; k += 1) matrix[i * width + k] = matrix[k * width + i] ?? 0;
  return matrix;
}
