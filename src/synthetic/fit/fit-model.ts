import type { Noise } from '../privacy/noise.ts';
import { chooseTree } from './choose-tree.ts';
import type { Attribute, CountSource, Grouping } from './count-source.ts';
import { BUDGET_SHARES, type FittedModel, type MarginalError } from './fitted-model.ts';
import { groupCells } from './group-cells.ts';
import { type MeasuredPair, makeConsistent } from './make-consistent.ts';
import { projectToSimplex } from './simplex.ts';

export interface FitOptions {
  readonly attributes: readonly Attribute[];
  /** Index of the attribute that every marginal is conditioned on. */
  readonly target?: number;
  readonly rho: number;
  /** How many attributes, the first ones, are known when rows are drawn: no edge leads to them. Default 0. */
  readonly given?: number;
  /** One-way marginals only, with the whole budget. */
  readonly independent?: boolean;
}

/** Groups of one attribute in pair tables: a bound for time and noise. */
const MOST_GROUPS = 32;

/**
 * Below so many times the noise of a pair's cell, a tree is worse than one-way marginals with the whole budget: measured on
 * Adult at n from 1,000 to 30,000 and ε from 0.3 to 3 (`npm run -s bench -- synth`).
 * Source: synthetic-and-masking.md §4.3, §5.2 (rule n·ε, here for merged cells).
 */
const LEAST_ROWS_PER_NOISE = 170;

/** Noisy one-way marginals, each per slice of the target. */
interface OneWays {
  /** Per attribute (slice, cell); empty for the target. */
  readonly noisy: readonly Float64Array[];
  readonly sigma: number;
}

/** What is public once the one-way marginals are measured. */
interface Head {
  readonly attributes: readonly Attribute[];
  readonly target: number | null;
  readonly slices: Float64Array;
  readonly groupings: readonly Grouping[];
}

/**
 * Fits a model to counts under ρ-zCDP for one unit's rows: one-way marginals, a tree of pairs drawn by the exponential
 * mechanism, its pairs measured, all made consistent in closed form. Where the noisy size of the table says that a tree would
 * drown in noise, the rest of the budget goes to the one-way marginals (mode `independent`). Bins come from the catalogue
 * or from noisy counts, never from the data. Every exact count is asked for here and noised here.
 * Source: McKenna, Miklau, Sheldon 2021 (MST); synthetic-and-masking.md §4.1, §4.3.
 */
export async function fitModel(source: CountSource, noise: Noise, options: FitOptions): Promise<FittedModel> {
  const { attributes, rho } = options;
  const target = options.target ?? null;
  const features = attributes.flatMap((_, index) => (index === target ? [] : [index]));
  const share = rho * BUDGET_SHARES.oneWay;
  const first = await measureOneWays(source, noise, attributes, features, target, share);
  const pairSigma = Math.sqrt(Math.max(1, features.length - 1) / (2 * rho * BUDGET_SHARES.pairs));
  const size = sliceSizes(first, attributes, features, target).reduce((sum, value) => sum + value, 0);
  const alone = options.independent === true || features.length < 2 || size < LEAST_ROWS_PER_NOISE * pairSigma;
  const second = alone ? await measureOneWays(source, noise, attributes, features, target, rho - share) : undefined;
  const oneWays = second === undefined ? first : combined(first, second);
  const slices = sliceSizes(oneWays, attributes, features, target);
  const total = slices.reduce((sum, value) => sum + value, 0);
  const groupings = attributes.map((attribute, index) =>
    groupsOf(attribute, oneWays, index, slices.length, total, pairSigma, index === target),
  );
  const head: Head = { attributes, target, slices, groupings };
  if (!alone) return fitTree(source, noise, head, oneWays, features, options);
  const { fine } = makeConsistent({ ...head, oneWays: oneWays.noisy, oneWaySigma: oneWays.sigma, pairs: [], pairSigma: 0 });
  return {
    mode: 'independent',
    ...head,
    fine,
    edges: [],
    ledger: [{ step: 'oneWay', rho, marginals: 2 * features.length }],
    errors: errorsOf(attributes, oneWays.sigma, features, [], 0, total),
  };
}

async function fitTree(
  source: CountSource,
  noise: Noise,
  head: Head,
  oneWays: OneWays,
  features: readonly number[],
  { rho, given = 0 }: FitOptions,
): Promise<FittedModel> {
  const { attributes, target, slices } = head;
  const grouped = await source.regrouped(head.groupings);
  const selectionRho = rho * BUDGET_SHARES.selection;
  const tree = await chooseTree({ source: grouped, noise, features, given, rho: selectionRho, margins: marginsOf(oneWays, head), ...head });
  const pairRho = rho * BUDGET_SHARES.pairs;
  const measured = await measurePairs(grouped, noise, tree, target, pairRho / Math.max(1, tree.length));
  const inputs = { oneWays: oneWays.noisy, oneWaySigma: oneWays.sigma, pairs: measured.pairs, pairSigma: measured.sigma };
  const { fine, edges } = makeConsistent({ ...head, ...inputs });
  return {
    mode: target === null ? 'tree' : 'target',
    ...head,
    fine,
    edges,
    ledger: [
      { step: 'oneWay', rho: rho * BUDGET_SHARES.oneWay, marginals: features.length },
      { step: 'selection', rho: selectionRho, marginals: tree.length },
      { step: 'pairs', rho: pairRho, marginals: tree.length },
    ],
    errors: errorsOf(
      attributes,
      oneWays.sigma,
      features,
      measured.pairs,
      measured.sigma,
      slices.reduce((sum, value) => sum + value, 0),
    ),
  };
}

/** Two readings of the same marginals, weighted by their precision. */
function combined(first: OneWays, second: OneWays): OneWays {
  const [a, b] = [first.sigma ** -2, second.sigma ** -2];
  const noisy = first.noisy.map((values, index) => values.map((value, at) => (a * value + b * (second.noisy[index]?.[at] ?? 0)) / (a + b)));
  return { noisy, sigma: (a + b) ** -0.5 };
}

async function measureOneWays(
  source: CountSource,
  noise: Noise,
  attributes: readonly Attribute[],
  features: readonly number[],
  target: number | null,
  rho: number,
): Promise<OneWays> {
  const noisy: Float64Array[] = attributes.map(() => new Float64Array());
  let sigma = 0;
  for (const index of features) {
    const counts = await source.counts(target === null ? [index] : [target, index]);
    sigma = noise.measure(counts, source.one, rho / features.length) / source.one;
    noisy[index] = counts.map((value) => value / source.one);
  }
  return { noisy, sigma };
}

/** Rows per slice: the mean of what every one-way marginal says, the smaller ones trusted more. */
function sliceSizes(oneWays: OneWays, attributes: readonly Attribute[], features: readonly number[], target: number | null): Float64Array {
  const slices = target === null ? 1 : (attributes[target]?.cells ?? 1);
  const sums = new Float64Array(slices);
  let weight = 0;
  for (const index of features) {
    const cells = attributes[index]?.cells ?? 1;
    const values = oneWays.noisy[index] ?? new Float64Array();
    weight += 1 / cells;
    for (let slice = 0; slice < slices; slice += 1) {
      let sum = 0;
      for (let cell = 0; cell < cells; cell += 1) sum += values[slice * cells + cell] ?? 0;
      sums[slice] = (sums[slice] ?? 0) + sum / cells;
    }
  }
  const means = sums.map((value) => value / weight);
  return projectToSimplex(
    means,
    Math.max(
      1,
      means.reduce((sum, value) => sum + value, 0),
    ),
  );
}

function groupsOf(
  attribute: Attribute,
  oneWays: OneWays,
  index: number,
  slices: number,
  total: number,
  pairSigma: number,
  isTarget: boolean,
): Grouping {
  const identity = { groupOf: Int32Array.from({ length: attribute.cells }, (_, cell) => cell), groups: attribute.cells };
  if (isTarget) return identity;
  const summed = new Float64Array(attribute.cells);
  for (const [at, value] of (oneWays.noisy[index] ?? new Float64Array()).entries()) {
    summed[at % attribute.cells] = (summed[at % attribute.cells] ?? 0) + value;
  }
  const least = Math.max(3 * oneWays.sigma * Math.sqrt(slices), total / MOST_GROUPS, GROUP_NOISE * pairSigma * slices);
  return groupCells(attribute, summed, least, MOST_GROUPS);
}

/** How many times the noise of a pair's cell a group should hold. */
const GROUP_NOISE = 20;

/** Grouped one-way margins per slice, not negative, for the scores of pairs. */
function marginsOf(oneWays: OneWays, head: Head): readonly Float64Array[] {
  return makeConsistent({ ...head, target: null, oneWays: oneWays.noisy, oneWaySigma: oneWays.sigma, pairs: [], pairSigma: 0 }).margins;
}

async function measurePairs(
  source: CountSource,
  noise: Noise,
  tree: readonly (readonly [number, number])[],
  target: number | null,
  rho: number,
): Promise<{ readonly pairs: readonly MeasuredPair[]; readonly sigma: number }> {
  const pairs: MeasuredPair[] = [];
  let sigma = 0;
  for (const [parent, child] of tree) {
    const counts = await source.counts(target === null ? [parent, child] : [target, parent, child]);
    sigma = noise.measure(counts, source.one, rho) / source.one;
    pairs.push({ parent, child, noisy: counts.map((value) => value / source.one) });
  }
  return { pairs, sigma };
}

/** Source: synthetic-and-masking.md §4.3: the expected distance of one noisy table is σ·cells·√(2/π)/(2n). */
function errorsOf(
  attributes: readonly Attribute[],
  oneWaySigma: number,
  features: readonly number[],
  pairs: readonly MeasuredPair[],
  pairSigma: number,
  total: number,
): readonly MarginalError[] {
  const name = (index: number): string => attributes[index]?.name ?? '';
  const expected = (sigma: number, cells: number): number => Math.min(1, (sigma * cells * Math.sqrt(2 / Math.PI)) / (2 * total));
  return [
    ...features.map((index) => ({
      attributes: [name(index)],
      noise: oneWaySigma,
      expectedTvd: expected(oneWaySigma, attributes[index]?.cells ?? 1),
    })),
    ...pairs.map((pair) => ({
      attributes: [name(pair.parent), name(pair.child)],
      noise: pairSigma,
      expectedTvd: expected(pairSigma, pair.noisy.length),
    })),
  ];
}
