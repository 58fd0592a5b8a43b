import { classesIn, type SizeCount, unitsIn } from './class-sizes.ts';

const STEPS = 80;

/**
 * Share of the population that is unique if class sizes are 1 plus a negative binomial number (slide negative binomial), its two parameters set so that as many classes, and as many of one unit, are
 * expected in the sample as there are. Null where no parameters do. Source: Chen and Keller-McNulty 1998; synthetic-and-masking.md §7.1 (SNB).
 */
export function snbUniqueness(sizes: readonly SizeCount[], population: number): number | null {
  const n = unitsIn(sizes);
  const one = sizes.find(({ size }) => size === 1)?.classes ?? 0;
  if (n === 0 || population < n || one === 0) return null;
  const sample: Sample = { rate: n / population, population, classes: classesIn(sizes), one };
  if (sample.rate === 1) return one / n;
  const excess = (logAlpha: number): number | null => {
    const beta = betaFor(sample, Math.exp(logAlpha));
    return beta === null ? null : expected(sample, Math.exp(logAlpha), beta).one - one;
  };
  const bracket = bracketOf(excess);
  if (bracket === null) return null;
  let { low, high } = bracket;
  const sign = Math.sign(bracket.atLow);
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    const value = excess(middle);
    if (value === null) return null;
    if (Math.sign(value) === sign) low = middle;
    else high = middle;
  }
  const alpha = Math.exp(low);
  const beta = betaFor(sample, alpha);
  return beta === null ? null : Math.min(1, (expected(sample, alpha, beta).populationClasses * beta ** alpha) / population);
}

interface Sample {
  readonly rate: number;
  readonly population: number;
  readonly classes: number;
  readonly one: number;
}

/** Classes and uniques that a Bernoulli sample of such a population has on average. */
function expected({ rate, population }: Sample, alpha: number, beta: number) {
  const populationClasses = population / ((alpha * (1 - beta)) / beta + 1);
  const rest = 1 - (1 - beta) * (1 - rate);
  const power = (beta / rest) ** alpha;
  return {
    populationClasses,
    classes: populationClasses * (1 - (1 - rate) * power),
    one: populationClasses * rate * power * (1 + ((1 - rate) * alpha * (1 - beta)) / rest),
  };
}

/** β at which the expected number of classes is the sample's, for one α: it grows with β. */
function betaFor(sample: Sample, alpha: number): number | null {
  let [low, high] = [1e-12, 1 - 1e-12];
  if (expected(sample, alpha, low).classes > sample.classes || expected(sample, alpha, high).classes < sample.classes) return null;
  for (let step = 0; step < STEPS; step += 1) {
    const middle = (low + high) / 2;
    if (expected(sample, alpha, middle).classes < sample.classes) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function bracketOf(excess: (logAlpha: number) => number | null) {
  let before: { readonly at: number; readonly value: number } | null = null;
  for (let at = -12; at <= 8; at += 0.25) {
    const value = excess(at);
    if (value !== null && before !== null && Math.sign(value) !== Math.sign(before.value))
      return { low: before.at, high: at, atLow: before.value };
    before = value === null ? null : { at, value };
  }
  return null;
}
