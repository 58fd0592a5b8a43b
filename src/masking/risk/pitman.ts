import { classesIn, type SizeCount, unitsIn } from './class-sizes.ts';
import { logGamma } from './gamma.ts';

const ROUNDS = 200;
const TOLERANCE = 1e-11;

/**
 * Share of the population that is unique, by Pitman's sampling formula: parameters by Newton's method on the likelihood of the class sizes. Null where there is nothing to fit (no unique, or no pair)
 * or the fit leaves the model's range. `population`: units in it. Source: Hoshino 2001; synthetic-and-masking.md §7.1.
 */
export function pitmanUniqueness(sizes: readonly SizeCount[], population: number): number | null {
  const fitted = fitPitman(sizes);
  if (fitted === null) return null;
  const { theta, alpha } = fitted;
  const uniques = Math.exp(logGamma(theta + 1) - logGamma(theta + alpha) + alpha * Math.log(population));
  const share = uniques / population;
  return Number.isFinite(share) && share >= 0 && share <= 1 ? share : null;
}

/** θ and α of the class sizes; null where they cannot be fitted. Source: Hoshino 2001, §3. */
export function fitPitman(sizes: readonly SizeCount[]): { readonly theta: number; readonly alpha: number } | null {
  const n = unitsIn(sizes);
  const classes = classesIn(sizes);
  const [one, two] = [countOf(sizes, 1), countOf(sizes, 2)];
  if (one === 0 || two === 0 || n === one) return null;
  const c = (one * (one - 1)) / two;
  let theta = (n * classes * c - one * (n - 1) * (2 * classes + c)) / (2 * one * classes + one * c - n * c);
  let alpha = (theta * (one - n) + (n - 1) * one) / (n * classes);
  if (!isInRange(theta, alpha)) [theta, alpha] = [Math.max(1, classes / 2), 0.5];
  for (let round = 0; round < ROUNDS; round += 1) {
    const step = newtonStep(sizes, n, classes, theta, alpha);
    if (step === null) return null;
    let scale = 1;
    while (scale > 1e-6 && !isInRange(theta - scale * step[0], alpha - scale * step[1])) scale /= 2;
    theta -= scale * step[0];
    alpha -= scale * step[1];
    if (Math.abs(step[0]) < TOLERANCE * Math.max(1, theta) && Math.abs(step[1]) < TOLERANCE) return { theta, alpha };
  }
  return null;
}

function countOf(sizes: readonly SizeCount[], wanted: number): number {
  return sizes.find(({ size }) => size === wanted)?.classes ?? 0;
}

function isInRange(theta: number, alpha: number): boolean {
  return alpha > 0 && alpha < 1 && theta > -alpha;
}

/** Gradient by the inverse Hessian of the logarithm of Pitman's likelihood. */
function newtonStep(
  sizes: readonly SizeCount[],
  n: number,
  classes: number,
  theta: number,
  alpha: number,
): readonly [number, number] | null {
  let [gt, ga, tt, ta, aa] = [0, 0, 0, 0, 0];
  for (let i = 1; i < classes; i += 1) {
    const d = theta + i * alpha;
    gt += 1 / d;
    ga += i / d;
    tt -= 1 / (d * d);
    ta -= i / (d * d);
    aa -= (i * i) / (d * d);
  }
  for (let i = 1; i < n; i += 1) {
    gt -= 1 / (theta + i);
    tt += 1 / (theta + i) ** 2;
  }
  for (const { size, classes: count } of sizes) {
    for (let j = 1; j < size; j += 1) {
      ga -= count / (j - alpha);
      aa -= count / (j - alpha) ** 2;
    }
  }
  const determinant = tt * aa - ta * ta;
  if (!Number.isFinite(determinant) || determinant === 0) return null;
  return [(aa * gt - ta * ga) / determinant, (tt * ga - ta * gt) / determinant];
}
