/** Row of a table: probability of each perturbation, from `least` upwards. */
export interface PerturbationRow {
  readonly least: number;
  /** They add up to 1. */
  readonly chances: readonly number[];
}

/** What the perturbations of a table keep to; all of it may be published. */
export interface PerturbationRules {
  /** No count moves by more, 1 to 50. */
  readonly most: number;
  /** Variance of every perturbation of a count from 1, if a bounded unbiased one can have it. */
  readonly variance: number;
}

const STEPS = 200;
const TOLERANCE = 1e-12;

/**
 * Row i of the table is for the count i, the last one for all larger counts. Row 0 does nothing. Every other is the
 * distribution of greatest entropy that is bounded by `most`, leaves no count below 0, has mean 0 and the given variance:
 * chance ∝ exp(a·v + b·v²), a and b by Newton's method. Throws where the rules contradict each other: a count i that
 * may fall by i and rise by `most` has at most the variance i·most without bias.
 *
 * Plain tables, one for all; which entry a cell gets is its key's to say. Totals of perturbed parts are not perturbed
 * totals: additive margins are not promised. Source: Fraser and Wooton 2005 (cell key method); gate.md §8.
 */
export function perturbationTable(rules: PerturbationRules): readonly PerturbationRow[] {
  const { most, variance } = rules;
  if (!Number.isInteger(most) || most < 1 || most > 50) throw new RangeError('The largest perturbation is a whole number from 1 to 50');
  if (!(variance > 0) || variance >= most) throw new RangeError('The variance lies between 0 and the largest perturbation');
  const rows = Array.from({ length: most }, (_, at) => entropyRow(-Math.min(at + 1, most), most, variance));
  return [{ least: 0, chances: [1] }, ...rows];
}

function entropyRow(least: number, most: number, variance: number): PerturbationRow {
  const values = Array.from({ length: most - least + 1 }, (_, at) => least + at);
  let [a, b] = [0, 0];
  for (let step = 0; step < STEPS; step += 1) {
    const { mean, square, gradient } = momentsOf(values, a, b);
    const [offMean, offSquare] = [mean, square - variance];
    if (Math.abs(offMean) < TOLERANCE && Math.abs(offSquare) < TOLERANCE) return { least, chances: chancesOf(values, a, b) };
    const { ofMean, across, ofSquare } = gradient;
    const scale = ofMean * ofSquare - across * across;
    const [stepA, stepB] = [(offMean * ofSquare - offSquare * across) / scale, (offSquare * ofMean - offMean * across) / scale];
    const damp = dampingOf(values, { a, b, stepA, stepB, variance });
    a -= damp * stepA;
    b -= damp * stepB;
  }
  throw new RangeError('No bounded unbiased perturbation has this variance');
}

function chancesOf(values: readonly number[], a: number, b: number): readonly number[] {
  const powers = values.map((value) => a * value + b * value * value);
  const largest = Math.max(...powers);
  const weights = powers.map((power) => Math.exp(power - largest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

interface Moments {
  readonly mean: number;
  readonly square: number;
  /** Covariances of v and v²: how the two move with a and b. */
  readonly gradient: { readonly ofMean: number; readonly across: number; readonly ofSquare: number };
}

function momentsOf(values: readonly number[], a: number, b: number): Moments {
  let [mean, square, cube, fourth] = [0, 0, 0, 0];
  for (const [at, chance] of chancesOf(values, a, b).entries()) {
    const value = values[at] ?? 0;
    mean += chance * value;
    square += chance * value ** 2;
    cube += chance * value ** 3;
    fourth += chance * value ** 4;
  }
  const gradient = { ofMean: square - mean * mean, across: cube - mean * square, ofSquare: fourth - square * square };
  return { mean, square, gradient };
}

/** Halves the step until the convex dual, log Σ exp(a·v + b·v²) − b·variance, falls. */
function dampingOf(
  values: readonly number[],
  at: { readonly a: number; readonly b: number; readonly stepA: number; readonly stepB: number; readonly variance: number },
): number {
  const dual = (a: number, b: number): number => {
    const powers = values.map((value) => a * value + b * value * value);
    const largest = Math.max(...powers);
    return largest + Math.log(powers.reduce((sum, power) => sum + Math.exp(power - largest), 0)) - b * at.variance;
  };
  const now = dual(at.a, at.b);
  let damp = 1;
  while (damp > 1e-6 && dual(at.a - damp * at.stepA, at.b - damp * at.stepB) > now + TOLERANCE) damp /= 2;
  return damp;
}
