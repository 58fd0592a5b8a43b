/**
 * P(Z > z) for a standard normal Z, to about 14 digits relative: the Taylor series of erf near the middle, the continued
 * fraction of erfc in the tails. NaN for NaN. Source: Abramowitz and Stegun 7.1.6 and 7.1.14.
 */
export function normalTail(z: number): number {
  const x = z / Math.SQRT2;
  if (Math.abs(x) < 2) return 0.5 - erfSeries(x) / 2;
  return x > 0 ? erfcFraction(x) / 2 : 1 - erfcFraction(-x) / 2;
}

/** erf(x) = 2/√π · e^{−x²} · Σ 2ⁿ x^{2n+1} / (2n+1)!! */
function erfSeries(x: number): number {
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n += 1) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

/** erfc(x) = e^{−x²}/√π · 1/(x + (1/2)/(x + 1/(x + (3/2)/(x + …)))), evaluated from the inside. */
function erfcFraction(x: number): number {
  let below = x;
  for (let n = 120; n >= 1; n -= 1) below = x + n / 2 / below;
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / below;
}
