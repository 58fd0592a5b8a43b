import { roundToBits } from '../significant-bits.ts';
import type { Layout } from '../spec/layout.ts';
import type { TrainingSpec } from '../spec/training-spec.ts';
import type { Aggregates } from './aggregates.ts';
import { multiplierFrom, seededNumbers } from './draws.ts';
import { type FittedTree, TrainingRefused, type TreesModel } from './fitted.ts';
import { allowedSplits, type Grown, growTree, type LeafSums } from './grow-tree.ts';
import type { SplitTree } from './split-tree.ts';

/** What of a specification a tree is grown by. */
type TreeSpec = Pick<TrainingSpec, 'params' | 'split'>;

interface TreeOptions {
  readonly k: number;
  readonly bits: number;
}

/**
 * Shares of the classes in a leaf such that nothing tells how many units a class of fewer than k has, none included: each of them stands
 * for k/2, and the largest class, which is told, for at least k. Source: models-and-audit.md M07, M08.
 */
export function classShares(counts: readonly number[], k: number): readonly number[] {
  const largest = counts.indexOf(Math.max(...counts));
  const told = counts.map((count, at) => (at === largest ? Math.max(count, k) : count < k ? k / 2 : count));
  const total = told.reduce((sum, count) => sum + count, 0);
  return told.map((count) => count / total);
}

/** A tree with the values of its leaves. */
export function fittedTree(tree: SplitTree, leaves: readonly LeafSums[], valuesOf: (leaf: LeafSums) => readonly number[]): FittedTree {
  if ('split' in tree) {
    const [left, right] = [fittedTree(tree.left, leaves, valuesOf), fittedTree(tree.right, leaves, valuesOf)];
    return { split: tree.split, units: left.units + right.units, left, right };
  }
  const leaf = leaves[tree.leaf] ?? { units: 0, sums: [] };
  return { values: valuesOf(leaf), units: leaf.units };
}

async function allowed(sums: Aggregates, layout: Layout, k: number): Promise<readonly (readonly number[])[]> {
  return allowedSplits(layout, await sums.binUnits(), k);
}

/** What a leaf of a single tree or of a forest says. */
function leafValues(layout: Layout, { k, bits }: TreeOptions): (leaf: LeafSums) => readonly number[] {
  const { label } = layout;
  if (label.kind === 'classes') return ({ sums }) => classShares(sums, k).map((share) => roundToBits(share, bits));
  const { low, high } = label.kind === 'number' ? label : { low: 0, high: 1 };
  return ({ units, sums }) => [roundToBits(low + ((high - low) * (sums[0] ?? 0)) / Math.max(1, units), bits)];
}

function leastUnits({ params }: TreeSpec, k: number): number {
  return Math.max(k, params.min_leaf ?? k);
}

/** One tree. Source: models-and-audit.md §1.7, M06. */
export async function singleTree(sums: Aggregates, layout: Layout, spec: TreeSpec, options: TreeOptions): Promise<TreesModel> {
  const grown = await growTree(sums, layout, {
    depth: spec.params.max_depth ?? 3,
    leastUnits: leastUnits(spec, options.k),
    statistic: layout.label.kind === 'classes' ? 'classes' : 'label',
    lambda: 0,
    // Leaves of one tree do not overlap: no two of them tell fewer units apart.
    allowed: layout.features.map((feature) =>
      Array.from({ length: feature.kind === 'numeric' ? feature.edges.length : feature.levels.length }, (_, bin) => bin),
    ),
  });
  const width = layout.label.kind === 'classes' ? layout.label.classes.length : 1;
  return {
    kind: 'trees',
    trees: [fittedTree(grown.tree, grown.leaves, leafValues(layout, options))],
    base: new Array<number>(width).fill(0),
    finish: 'none',
  };
}

/** A forest: each tree from units of its own choice, each leaf split by features of its own choice. Source: Breiman 2001; models-and-audit.md §1.7. */
export async function forest(sums: Aggregates, layout: Layout, spec: TreeSpec, options: TreeOptions): Promise<TreesModel> {
  const isClasses = layout.label.kind === 'classes';
  const count = layout.features.length;
  const usual = isClasses ? Math.ceil(Math.sqrt(count)) : Math.ceil(count / 3);
  const chosen = Math.min(count, spec.params.features === undefined || spec.params.features === 0 ? usual : spec.params.features);
  const next = seededNumbers(spec.split.seed + 1);
  const splits = await allowed(sums, layout, options.k);
  const trees: FittedTree[] = [];
  for (let at = 0; at < (spec.params.n_trees ?? 20); at += 1) {
    const grown = await growTree(sums, layout, {
      depth: spec.params.max_depth ?? 4,
      leastUnits: leastUnits(spec, options.k),
      statistic: isClasses ? 'classes' : 'label',
      lambda: 0,
      bootstrap: multiplierFrom(next),
      allowed: splits,
      featuresOf: () => choice(count, chosen, next),
    });
    if (grown.leaves.length === 0) throw new TrainingRefused('few_units');
    trees.push(fittedTree(grown.tree, grown.leaves, leafValues(layout, options)));
  }
  const width = layout.label.kind === 'classes' ? layout.label.classes.length : 1;
  return { kind: 'trees', trees, base: new Array<number>(width).fill(0), finish: 'average' };
}

function choice(count: number, chosen: number, next: () => number): ReadonlySet<number> {
  const order = Array.from({ length: count }, (_, at) => ({ at, rank: next() })).sort((a, b) => a.rank - b.rank || a.at - b.at);
  return new Set(order.slice(0, chosen).map(({ at }) => at));
}

/** What boosting asks for besides the specification. */
export interface BoostOptions extends TreeOptions {
  readonly depth: number;
  readonly rounds: number;
  readonly rate: number;
  readonly lambda: number;
  readonly leastUnits: number;
  /** Sums have noise: a curvature may be next to nothing, and what is learnt from one leaf is bounded. */
  readonly isPrivate?: boolean;
}

const MOST_STEP = 4;

/** Boosting by Newton steps under logistic loss of two classes, or squared loss of a number. Source: models-and-audit.md §1.7; Chen and Guestrin 2016. */
export async function boosting(sums: Aggregates, layout: Layout, options: BoostOptions): Promise<TreesModel> {
  const isLogistic = layout.label.kind === 'classes';
  if (isLogistic && sums.classUnits.some((units) => units < options.k)) throw new TrainingRefused('class_units');
  const { low, high } = layout.label.kind === 'number' ? layout.label : { low: 0, high: 1 };
  const scale = isLogistic ? 1 : high - low;
  const base = roundToBits(
    isLogistic ? Math.log((sums.classUnits[1] ?? 1) / (sums.classUnits[0] ?? 1)) : await meanLabel(sums),
    options.bits,
  );
  await sums.startScores(base, isLogistic ? 'logistic' : 'identity');
  const splits = await allowed(sums, layout, options.k);
  const trees: FittedTree[] = [];
  for (let round = 0; round < options.rounds; round += 1) {
    const grown: Grown = await growTree(sums, layout, {
      depth: options.depth,
      leastUnits: options.leastUnits,
      statistic: 'gradients',
      lambda: options.lambda,
      allowed: splits,
    });
    // Rounded before they are added: what is released is what the next tree was learnt beside.
    const stepOf = ({ sums: [gradient = 0, curvature = 0] }: LeafSums): number => {
      if (options.isPrivate !== true) return roundToBits((options.rate * gradient) / (curvature + options.lambda + 1e-9), options.bits);
      const step = gradient / (Math.max(0, curvature) + Math.max(1, options.lambda));
      return roundToBits(options.rate * Math.max(-MOST_STEP, Math.min(MOST_STEP, step)), options.bits);
    };
    if (grown.leaves.length < 2) break;
    await sums.addScores(grown.tree, grown.leaves.map(stepOf));
    trees.push(fittedTree(grown.tree, grown.leaves, (leaf) => [roundToBits(stepOf(leaf) * scale, options.bits)]));
  }
  if (trees.length === 0) throw new TrainingRefused('no_features');
  return {
    kind: 'trees',
    trees,
    base: [roundToBits(low * (isLogistic ? 0 : 1) + base * scale, options.bits)],
    finish: isLogistic ? 'logistic' : 'none',
  };
}

async function meanLabel(sums: Aggregates): Promise<number> {
  const { xy } = await sums.crossProducts([]);
  return (xy[0]?.[0] ?? 0) / Math.max(1, sums.units);
}
