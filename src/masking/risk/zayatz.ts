import { classesIn, type SizeCount, unitsIn } from './class-sizes.ts';
import { logGamma } from './gamma.ts';

/**
 * Share of the population that is unique, by Zayatz: how likely a class of one in the sample is one in the population. Null for a table without units, or a population below them.
 * Source: Zayatz 1991; synthetic-and-masking.md §7.1.
 */
export function zayatzUniqueness(sizes: readonly SizeCount[], population: number): number | null {
  const n = unitsIn(sizes);
  if (n === 0 || population < n) return null;
  const one = sizes.find(({ size }) => size === 1)?.classes ?? 0;
  if (one === 0) return 0;
  const classes = classesIn(sizes);
  const drawnOnce = (size: number): number => {
    // Hypergeometric: one of `size` among n drawn from the population.
    if (population - size < n - 1) return 0;
    return Math.exp(Math.log(size) + logChoose(population - size, n - 1) - logChoose(population, n));
  };
  const all = sizes.reduce((sum, item) => sum + (item.classes / classes) * drawnOnce(item.size), 0);
  const conditional = ((one / classes) * drawnOnce(1)) / all;
  return Math.min(1, (one * conditional) / (n / population) / population);
}

function logChoose(n: number, k: number): number {
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
