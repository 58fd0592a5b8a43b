/**
 * Chance that a sampled unit is named right, when `f` units of the sample share its values and, by the weights, `F` of the population do. Approximate for f > 2.
 * Throws where F is below f or f below 1. Source: Franconi and Polettini 2004; synthetic-and-masking.md §7.2 (sdcMicro).
 */
export function individualRisk(f: number, F: number): number {
  if (f < 1 || F < f) throw new RangeError('A population holds its sample');
  if (f === F) return 1 / f;
  const p = f / F;
  const odds = p / (1 - p);
  if (f === 1) return odds * Math.log(1 / p);
  if (f === 2) return odds - odds * odds * Math.log(1 / p);
  return p / (f - (1 - p));
}
