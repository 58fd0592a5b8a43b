import { createHash } from 'node:crypto';
import { discreteGaussian, varianceFor } from '../../../kernel/discrete-noise.ts';
import type { ExactChance } from '../../../kernel/exact-chance.ts';
import type { Layout } from '../spec/layout.ts';
import { privateQuestions, privateRho } from '../spec/private-form.ts';
import type { TrainingSpec } from '../spec/training-spec.ts';
import type { Aggregates, HistogramCell } from './aggregates.ts';
import { leafCount } from './split-tree.ts';

/** Part of the budget for the numbers of units and of classes. */
const COUNTING = 0.05;
/** Sums are told in steps of this part of one. */
const FRACTION = 2 ** 20;

/**
 * Sums over units with discrete Gaussian noise: whatever is learnt from them is ρ-zCDP for the unit that one row is of, neighbours being cohorts
 * with and without it. Sensitivities come from the declared layout alone (values are shares of declared bounds, one level a feature), never from data. A
 * question that was asked before has the same answer and costs nothing; one beyond the plan of the algorithm throws, whatever it is. The number of supported
 * columns is not told: all are taken. Source: models-and-audit.md §1.4 (perturbed sufficient statistics; bounds declared, not computed); Canonne, Kamath, Steinke 2020.
 */
export async function privateAggregates(
  sums: Aggregates,
  layout: Layout,
  spec: TrainingSpec,
  chance: ExactChance,
): Promise<Aggregates & { readonly spentRho: () => number }> {
  const rho = privateRho(spec);
  const questions = privateQuestions(spec);
  if (rho === null || questions === null) throw new Error('No private form');
  const noise = new BoundedNoise(chance, rho);
  const share = ((1 - COUNTING) * rho) / questions;
  const counts = noise.add(sums.classUnits.length > 0 ? sums.classUnits : [sums.units], { sensitivity: 1, rho: COUNTING * rho, unit: 1 });
  const units = Math.max(
    0,
    counts.values.reduce((sum, value) => sum + value, 0),
  );
  const features = layout.features.length;
  // A leading one, numbers of at most one, and one level of each category.
  const design = 1 + features;
  const isNumber = layout.label.kind === 'number';
  const answers = new Map<string, Promise<unknown>>();
  const once = <T>(key: string, ask: () => Promise<T>): Promise<T> => {
    const known = (answers.get(key) as Promise<T> | undefined) ?? ask();
    answers.set(key, known);
    // Learners change what they are given.
    return known.then((answer) => structuredClone(answer));
  };
  const never = (): never => {
    throw new Error('A sum without a private form');
  };
  const boosted = new BoostedBounds();
  const crossProducts: Aggregates['crossProducts'] = (columns) =>
    once(`cross ${columns}`, async () => {
      const { xx, xy, yy } = await sums.crossProducts(columns);
      const width = columns.length + 1;
      const upper = upperOf(xx, width);
      // ‖xxᵀ‖ ≤ D. Of a number, a share of its bounds: ‖x·y‖ ≤ √D, y² ≤ 1; classes are not asked for here.
      const targets = isNumber ? [...xy.flatMap((each) => [...each]), yy] : [];
      const sensitivity = Math.sqrt(design ** 2 + (isNumber ? design + 1 : 0));
      const { values, deviation } = noise.add([...upper, ...targets], { sensitivity, rho: share, unit: FRACTION });
      let at = upper.length;
      const products = isNumber ? xy.map((each) => Float64Array.from(each, () => values[at++] ?? 0)) : [];
      return { xx: ridged(values, width, deviation), xy: products, yy: Math.max(0, values[at] ?? 0) };
    });
  return {
    units,
    classUnits: sums.classUnits.length > 0 ? counts.values.map((value) => Math.max(0, value)) : [],
    support: sums.support.map(() => units),
    spentRho: () => noise.spent,
    binUnits: () => once('bins', () => noisyBins(sums, noise, { sensitivity: Math.sqrt(features), rho: share, unit: 1 })),
    crossProducts,
    newton: (columns, coefficients, mean) =>
      once(`newton ${columns} ${mean} ${coefficients}`, async () => {
        if (mean !== 'logistic') return never();
        // ¼XᵀX bounds the curvature everywhere: it is asked once, and each step asks for a gradient only. Residuals are at most one.
        const { xx } = await crossProducts(columns);
        const { gradient } = await sums.newton(columns, coefficients, mean);
        const { values } = noise.add([...gradient], { sensitivity: Math.sqrt(design), rho: share, unit: FRACTION });
        return { gradient: Float64Array.from(values), hessian: xx.map((value) => value / 4) };
      }),
    histograms: (request) =>
      once(`histograms ${request.statistic === 'gradients' ? boosted.state : ''} ${JSON.stringify(request)}`, async () => {
        const { statistic } = request;
        const isClasses = statistic === 'classes';
        const width = isClasses ? sums.classUnits.length : statistic === 'label' ? 2 : 3;
        const cells = new Map((await sums.histograms(request)).map((cell) => [`${cell.leaf} ${cell.feature} ${cell.bin}`, cell]));
        const places = placesOf(leafCount(request.tree), layout);
        const exact = places.flatMap(({ leaf, feature, bin }) => {
          const cell = cells.get(`${leaf} ${feature} ${bin}`);
          return isClasses ? own(width, cell?.sums) : [cell?.units ?? 0, ...own(width - 1, cell?.sums)];
        });
        // One cell a feature: a count, and a share of the label or what is left of it and its curvature.
        const cellSquare = isClasses ? 1 : statistic === 'label' ? 2 : 1 + boosted.cellSquare;
        const sensitivity = Math.sqrt(cellSquare * features);
        const { values } = noise.add(exact, { sensitivity, rho: share, unit: isClasses ? 1 : FRACTION });
        return places.map((place, at): HistogramCell => {
          const told = values.slice(at * width, (at + 1) * width);
          const [units = 0, second = 0, third = 0] = told.map((value) => Math.max(0, value));
          if (statistic === 'gradients') return { ...place, units, sums: [told[1] ?? 0, third] };
          if (statistic === 'label') return { ...place, units, sums: [Math.min(units, second)] };
          const counted = told.map((value) => Math.max(0, value));
          return { ...place, units: counted.reduce((sum, value) => sum + value, 0), sums: counted };
        });
      }),
    softmaxGradient: (columns, coefficients) =>
      once(`softmax ${columns} ${coefficients.join(' ')}`, async () => {
        const exact = await sums.softmaxGradient(columns, coefficients);
        // ‖p − e‖ ≤ √2 for shares p of the classes and the class e of the unit.
        const { values } = noise.add(
          exact.flatMap((each) => [...each]),
          { sensitivity: Math.sqrt(2 * design), rho: share, unit: FRACTION },
        );
        const width = columns.length + 1;
        return coefficients.map((_, c) => Float64Array.from(values.slice(c * width, (c + 1) * width)));
      }),
    assign: (centres) =>
      once(`assign ${centres.join(' ')}`, async () => {
        const exact = await sums.assign(centres);
        const flat = exact.units.flatMap((units, c) => [units, ...(exact.sums[c] ?? [])]);
        // A unit adds one to the count of one cluster, and at most one for each feature to its sums.
        const { values } = noise.add(flat, { sensitivity: Math.sqrt(1 + features), rho: share, unit: FRACTION });
        const width = layout.design.length + 1;
        const parts = centres.map((_, c) => values.slice(c * width, (c + 1) * width));
        const units = parts.map(([count = 0]) => Math.max(0, count));
        const told = parts.map((part, c) => Float64Array.from(part.slice(1), (sum) => Math.min(Math.max(0, sum), units[c] ?? 0)));
        // How far units lie from their centres is not told.
        return { units, sums: told, inertia: 0 };
      }),
    startScores: async (base, mean) => {
      boosted.start(base, mean === 'logistic');
      await sums.startScores(base, mean);
    },
    addScores: async (tree, leaves) => {
      boosted.add(JSON.stringify(tree), leaves);
      await sums.addScores(tree, leaves);
    },
  };
}

const own = (length: number, values: readonly number[] | undefined): readonly number[] =>
  Array.from({ length }, (_, at) => values?.[at] ?? 0);

/** What released trees alone say of a unit's residual: how large it may be. A question about it is the same where the trees before it are. */
class BoostedBounds {
  #isLogistic = true;
  #low = 0;
  #high = 0;
  state = '';

  start(base: number, isLogistic: boolean): void {
    this.#isLogistic = isLogistic;
    [this.#low, this.#high] = [base, base];
    this.state = String(base);
  }

  add(tree: string, leaves: readonly number[]): void {
    this.#low += Math.min(...leaves);
    this.#high += Math.max(...leaves);
    this.state = createHash('sha256')
      .update(`${this.state} ${tree} ${leaves.join(' ')}`)
      .digest('hex');
  }

  /** Squares of a residual and a curvature at most: |y − p| ≤ 1 and p(1 − p) ≤ ¼ of classes; of a number, a share of its bounds, |y − f| by the bounds of f. */
  get cellSquare(): number {
    if (this.#isLogistic) return 1 + 1 / 16;
    return Math.max(1 - this.#low, this.#high, 0) ** 2 + 1;
  }
}

interface Release {
  /** L2, of one unit. */
  readonly sensitivity: number;
  readonly rho: number;
  /** Whole steps that one is told in. */
  readonly unit: number;
}

/** Noise that counts what it spends and never spends more than it has. */
class BoundedNoise {
  readonly #chance: ExactChance;
  readonly #rho: number;
  #spent = 0;

  constructor(chance: ExactChance, rho: number) {
    this.#chance = chance;
    this.#rho = rho;
  }

  get spent(): number {
    return this.#spent;
  }

  add(values: readonly number[], { sensitivity, rho, unit }: Release): { readonly values: readonly number[]; readonly deviation: number } {
    if (this.#spent + rho > this.#rho * (1 + 1e-9)) throw new Error('Sums beyond the budget');
    this.#spent += rho;
    // Rounding to whole steps moves each value by half a step at most, in either cohort.
    const one = Math.ceil(sensitivity * unit * (1 + 1e-12)) + (unit === 1 ? 0 : Math.ceil(Math.sqrt(values.length)));
    const variance = varianceFor(rho, unit === 1 ? sensitivity : one);
    const noisy = values.map((value) => Number(BigInt(Math.round(value * unit)) + discreteGaussian(variance, this.#chance)) / unit);
    return { values: noisy, deviation: Math.sqrt(Number(variance)) / unit };
  }
}

async function noisyBins(sums: Aggregates, noise: BoundedNoise, release: Release): Promise<number[][][]> {
  const exact = await sums.binUnits();
  const { values } = noise.add(exact.flat(2), release);
  let at = 0;
  return exact.map((group) => group.map((bins) => bins.map(() => Math.max(0, values[at++] ?? 0))));
}

function placesOf(
  leaves: number,
  { features }: Layout,
): readonly { readonly leaf: number; readonly feature: number; readonly bin: number }[] {
  return Array.from({ length: leaves }, (_, leaf) =>
    features.flatMap(({ bins }, feature) => Array.from({ length: bins }, (__, bin) => ({ leaf, feature, bin }))),
  ).flat();
}

function upperOf(matrix: Float64Array, width: number): readonly number[] {
  return Array.from({ length: width }, (_, i) => [...matrix.subarray(i * width + i, (i + 1) * width)]).flat();
}

/** The symmetric matrix of noisy entries, with as much on its diagonal as noise may have taken from its least eigenvalue. */
function ridged(upper: readonly number[], width: number, deviation: number): Float64Array {
  const matrix = new Float64Array(width * width);
  let at = 0;
  for (let i = 0; i < width; i += 1)
    for (let k = i; k < width; k += 1, at += 1) {
      matrix[i * width + k] = upper[at] ?? 0;
      matrix[k * width + i] = upper[at] ?? 0;
    }
  for (let i = 0; i < width; i += 1) matrix[i * width + i] = (matrix[i * width + i] ?? 0) + 3 * deviation * Math.sqrt(width);
  return matrix;
}
