import type { Layout } from '../spec/layout.ts';
import type { Aggregates, HistogramCell, Statistic } from './aggregates.ts';
import { type Split, type SplitTree, withSplits } from './split-tree.ts';

export interface GrowOptions {
  readonly depth: number;
  /** Units on each side of every split. */
  readonly leastUnits: number;
  readonly statistic: Statistic;
  readonly lambda: number;
  readonly bootstrap?: number;
  /** Splits that may be made; see `allowedSplits`. */
  readonly allowed: readonly (readonly number[])[];
  /** Features that a leaf may be split by; default: all. */
  readonly featuresOf?: () => ReadonlySet<number>;
}

export interface LeafSums {
  readonly units: number;
  readonly sums: readonly number[];
}

export interface Grown {
  readonly tree: SplitTree;
  readonly leaves: readonly LeafSums[];
}

/**
 * By feature, the bins at which it may be split such that between one split and the next lie at least `k` units, and beyond the outermost; of
 * categories the levels that at least `k` units have and at least `k` have not. What fewer units tell apart is never told apart.
 * Source: models-and-audit.md M09, M11, M15.
 */
export function allowedSplits(
  layout: Layout,
  binUnits: readonly (readonly (readonly number[])[])[],
  k: number,
): readonly (readonly number[])[] {
  return layout.features.map((feature, at) => {
    const counts = Array.from({ length: feature.bins }, (_, bin) => binUnits.reduce((sum, group) => sum + (group[at]?.[bin] ?? 0), 0));
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (feature.kind === 'categorical')
      return feature.levels.flatMap((_, level) => ((counts[level] ?? 0) >= k && total - (counts[level] ?? 0) >= k ? [level] : []));
    const splits: number[] = [];
    let since = 0;
    let below = 0;
    for (const [bin, count] of counts.slice(0, -1).entries()) {
      since += count;
      below += count;
      if (since < k || total - below < k) continue;
      splits.push(bin);
      since = 0;
    }
    return splits;
  });
}

/**
 * Grows a tree level by level from histograms: no split is made that leaves fewer than `leastUnits` units on a side. Equal gains fall to the
 * first feature and bin. Source: models-and-audit.md §1.7 (Gini, variance and Newton gains), M06.
 */
export async function growTree(sums: Aggregates, layout: Layout, options: GrowOptions): Promise<Grown> {
  const { statistic, bootstrap } = options;
  const ask = (tree: SplitTree) => sums.histograms({ tree, statistic, ...(bootstrap === undefined ? {} : { bootstrap }) });
  let tree: SplitTree = { leaf: 0 };
  let leaves: readonly LeafSums[] = [];
  let open: ReadonlySet<number> = new Set([0]);
  for (let level = 0; level < options.depth && open.size > 0; level += 1) {
    const cells = await ask(tree);
    const tables = byLeaf(cells, layout);
    leaves = level === 0 ? [...tables.keys()].sort((a, b) => a - b).map((leaf) => leafSums(tables.get(leaf))) : leaves;
    const found = new Map<number, Found>();
    for (const leaf of [...open].sort((a, b) => a - b)) {
      const best = bestSplit(tables.get(leaf), layout, options);
      if (best !== null) found.set(leaf, best);
    }
    const { tree: grown, from } = withSplits(tree, new Map([...found].map(([leaf, { split }]) => [leaf, split])));
    const before = leaves;
    const seen = new Map<number, number>();
    leaves = from.map((old) => {
      const nth = seen.get(old) ?? 0;
      seen.set(old, nth + 1);
      const split = found.get(old);
      return split === undefined ? (before[old] ?? { units: 0, sums: [] }) : nth === 0 ? split.left : split.right;
    });
    open = new Set(from.flatMap((old, leaf) => (found.has(old) ? [leaf] : [])));
    tree = grown;
  }
  return { tree, leaves };
}

/** Of a leaf, by feature and bin. */
type LeafTable = readonly (readonly (LeafSums | undefined)[])[];

function byLeaf(cells: readonly HistogramCell[], layout: Layout): ReadonlyMap<number, LeafTable> {
  const tables = new Map<number, (LeafSums | undefined)[][]>();
  for (const { leaf, feature, bin, units, sums } of cells) {
    const table = tables.get(leaf) ?? layout.features.map((laid) => new Array<LeafSums | undefined>(laid.bins));
    const row = table[feature];
    if (row !== undefined) row[bin] = { units, sums };
    tables.set(leaf, table);
  }
  return tables;
}

function leafSums(table: LeafTable | undefined): LeafSums {
  return (table?.[0] ?? []).reduce<LeafSums>((sum, cell) => added(sum, cell), { units: 0, sums: [] });
}

function added(a: LeafSums, b: LeafSums | undefined): LeafSums {
  if (b === undefined) return a;
  return { units: a.units + b.units, sums: b.sums.map((value, at) => value + (a.sums[at] ?? 0)) };
}

function without(a: LeafSums, b: LeafSums): LeafSums {
  return { units: a.units - b.units, sums: a.sums.map((value, at) => value - (b.sums[at] ?? 0)) };
}

interface Found {
  readonly split: Split;
  readonly gain: number;
  readonly left: LeafSums;
  readonly right: LeafSums;
}

function bestSplit(table: LeafTable | undefined, layout: Layout, options: GrowOptions): Found | null {
  const features = options.featuresOf?.();
  if (table === undefined) return null;
  const whole = leafSums(table);
  const parent = scoreOf(whole, options);
  let best: Found | null = null;
  for (const [feature, laid] of layout.features.entries()) {
    if (features !== undefined && !features.has(feature)) continue;
    const isLevel = laid.kind === 'categorical';
    let left: LeafSums = { units: 0, sums: whole.sums.map(() => 0) };
    let next = 0;
    for (const bin of options.allowed[feature] ?? []) {
      if (isLevel) left = added({ units: 0, sums: whole.sums.map(() => 0) }, table[feature]?.[bin]);
      else for (; next <= bin; next += 1) left = added(left, table[feature]?.[next]);
      const right = without(whole, left);
      if (left.units < options.leastUnits || right.units < options.leastUnits) continue;
      const gain = scoreOf(left, options) + scoreOf(right, options) - parent;
      if (gain > 1e-7 * Math.max(1, Math.abs(parent)) && (best === null || gain > best.gain + 1e-12 * Math.abs(best.gain)))
        best = { split: { feature, bin, isLevel }, gain, left, right };
    }
  }
  return best;
}

/** What a leaf explains: Σ c²/n of classes, S²/n of a label, G²/(H + λ) of gradients. */
function scoreOf({ units, sums }: LeafSums, { statistic, lambda }: GrowOptions): number {
  if (units === 0) return 0;
  if (statistic === 'gradients') return (sums[0] ?? 0) ** 2 / (Math.max(0, sums[1] ?? 0) + lambda + 1e-9);
  return sums.reduce((total, sum) => total + sum ** 2, 0) / units;
}
