import { roundToBits } from '../significant-bits.ts';
import type { LaidFeature, Layout } from '../spec/layout.ts';
import type { Aggregates } from './aggregates.ts';
import { type FittedTree, TrainingRefused, type TreesModel } from './fitted.ts';
import { allowedSplits } from './grow-tree.ts';
import { classShares } from './trees.ts';

/** Bins that are told apart as one, and what a row in them adds. */
interface Group {
  readonly bins: readonly number[];
  readonly units: number;
}

/** Bins between allowed splits; levels that may be told apart, and the others together. */
function groupsOf(feature: LaidFeature, allowed: readonly number[], counts: readonly number[]): readonly Group[] {
  const all = Array.from({ length: feature.bins }, (_, bin) => bin);
  const unitsOf = (bins: readonly number[]): number => bins.reduce((sum, bin) => sum + (counts[bin] ?? 0), 0);
  if (feature.kind === 'categorical') {
    const rest = all.filter((bin) => !allowed.includes(bin));
    return [...allowed.map((bin) => [bin]), rest].filter((bins) => bins.length > 0).map((bins) => ({ bins, units: unitsOf(bins) }));
  }
  const ends = [...allowed, feature.bins - 1];
  return ends.map((end, at) => {
    const bins = all.filter((bin) => bin > (at === 0 ? -1 : (ends[at - 1] ?? -1)) && bin <= end);
    return { bins, units: unitsOf(bins) };
  });
}

/** A feature's groups as a tree: numbers by halves, levels one after the other. */
function treeOf(feature: number, isLevel: boolean, groups: readonly (Group & { readonly values: readonly number[] })[]): FittedTree {
  const [first] = groups;
  if (first === undefined) throw new TrainingRefused('no_features');
  if (groups.length === 1) return { values: first.values, units: first.units };
  const middle = isLevel ? 1 : Math.ceil(groups.length / 2);
  const left = groups.slice(0, middle);
  const bin = left.at(-1)?.bins.at(-1) ?? 0;
  const [a, b] = [treeOf(feature, isLevel, left), treeOf(feature, isLevel, groups.slice(middle))];
  return { split: { feature, bin, isLevel }, units: a.units + b.units, left: a, right: b };
}

/**
 * Naive Bayes: log shares of the groups of each feature by class, each of at least k units; counts of a class under k stand for k/2.
 * Every class needs k units. Source: models-and-audit.md §1.7, M07, M15.
 *
 * @param binUnits  by class, feature and bin; noisy ones under differential privacy.
 */
export function naiveBayes(
  layout: Layout,
  classUnits: readonly number[],
  binUnits: readonly (readonly (readonly number[])[])[],
  { k, bits }: { readonly k: number; readonly bits: number },
): TreesModel {
  if (classUnits.length < 2 || classUnits.some((units) => units < k)) throw new TrainingRefused('class_units');
  const total = classUnits.reduce((sum, units) => sum + units, 0);
  const allowed = allowedSplits(layout, binUnits, k);
  const trees = layout.features.map((feature, at): FittedTree => {
    const counts = Array.from({ length: feature.bins }, (_, bin) => binUnits.reduce((sum, group) => sum + (group[at]?.[bin] ?? 0), 0));
    const groups = groupsOf(feature, allowed[at] ?? [], counts).filter((group, _, list) => group.units > 0 || list.length === 1);
    const byClass = classUnits.map((_, c) =>
      classShares(
        groups.map(({ bins }) => bins.reduce((sum, bin) => sum + (binUnits[c]?.[at]?.[bin] ?? 0), 0)),
        k,
      ),
    );
    const valued = groups.map((group, index) => ({
      ...group,
      values: byClass.map((shares) => roundToBits(Math.log(shares[index] ?? 1), bits)),
    }));
    return treeOf(at, feature.kind === 'categorical', valued);
  });
  return { kind: 'trees', trees, base: classUnits.map((units) => roundToBits(Math.log(units / total), bits)), finish: 'softmax' };
}

/**
 * A boosted model of stumps as points: one small tree for each feature, whose leaves are the sums of the stumps. A group is what no allowed split
 * tells apart, so each has at least k units. Source: models-and-audit.md §1.7; Siddiqi, Credit Risk Scorecards, ch. 6 (points by bin).
 */
export async function asScorecard(
  model: TreesModel,
  sums: Aggregates,
  layout: Layout,
  { k, bits }: { readonly k: number; readonly bits: number },
): Promise<TreesModel> {
  const binUnits = await sums.binUnits();
  const allowed = allowedSplits(layout, binUnits, k);
  const trees = layout.features.flatMap((feature, at): readonly FittedTree[] => {
    const stumps = model.trees.filter((tree) => 'split' in tree && tree.split.feature === at);
    if (stumps.length === 0) return [];
    const counts = Array.from({ length: feature.bins }, (_, bin) => binUnits.reduce((sum, group) => sum + (group[at]?.[bin] ?? 0), 0));
    const valued = groupsOf(feature, allowed[at] ?? [], counts).map((group) => ({
      ...group,
      values: [
        roundToBits(
          stumps.reduce((sum, stump) => sum + stumpValue(stump, group.bins[0] ?? 0), 0),
          bits,
        ),
      ],
    }));
    return [treeOf(at, feature.kind === 'categorical', valued)];
  });
  return { ...model, trees };
}

function stumpValue(stump: FittedTree, bin: number): number {
  if (!('split' in stump)) return stump.values[0] ?? 0;
  const { split } = stump;
  return stumpValue((split.isLevel ? bin === split.bin : bin <= split.bin) ? stump.left : stump.right, bin);
}
