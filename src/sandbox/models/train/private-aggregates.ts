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
      once(`histograms ${JSON.stringify(request)}`, async () => {
        if (request.statistic === 'gradients' || request.bootstrap !== undefined) return never();
        const isClasses = request.statistic === 'classes';
        const width = isClasses ? sums.classUnits.length : 2;
        const cells = new Map((await sums.histograms(request)).map((cell) => [`${cell.leaf} ${cell.feature} ${cell.bin}`, cell]));
        const places = placesOf(leafCount(request.tree), layout);
        const exact = places.flatMap(({ leaf, feature, bin }) => {
          const cell = cells.get(`${leaf} ${feature} ${bin}`);
          return isClasses ? Array.from({ length: width }, (_, c) => cell?.sums[c] ?? 0) : [cell?.units ?? 0, cell?.sums[0] ?? 0];
        });
        const sensitivity = Math.sqrt((isClasses ? 1 : 2) * features);
        const { values } = noise.add(exact, { sensitivity, rho: share, unit: isClasses ? 1 : FRACTION });
        return places.map((place, at): HistogramCell => {
          const own = values.slice(at * width, (at + 1) * width).map((value) => Math.max(0, value));
          return isClasses
            ? { ...place, units: own.reduce((sum, value) => sum + value, 0), sums: own }
            : { ...place, units: own[0] ?? 0, sums: [Math.min(own[0] ?? 0, own[1] ?? 0)] };
        });
      }),
    softmaxGradient: never,
    assign: never,
    startScores: never,
    addScores: never,
  };
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
