import type { PrivateMode } from '../../catalog/disclosure-mode.ts';
import { discreteGaussian, discreteLaplace, scaleFor, varianceFor } from '../../kernel/discrete-noise.ts';
import type { ExactChance } from '../../kernel/exact-chance.ts';

/** What one unit may change of a figure: its share of one cell, in whole steps, and in how many cells it counts. */
export interface Sensitivity {
  readonly perCell: number;
  readonly cells: number;
}

/**
 * Noise for the cells of one figure, all together for ρ: discrete Gaussian for the L2 sensitivity perCell·√cells, or
 * discrete Laplace for the L1 sensitivity perCell·cells. Whole steps, drawn exactly from the chance given.
 * Throws where there is no budget. Source: gate.md §8; Canonne, Kamath, Steinke 2020; Bun, Steinke 2016.
 */
export function privateNoise(noise: PrivateMode['noise'], { perCell, cells }: Sensitivity, rho: number, chance: ExactChance): () => bigint {
  if (noise === 'gaussian') {
    const variance = varianceFor(rho / cells, perCell);
    return () => discreteGaussian(variance, chance);
  }
  const scale = scaleFor(rho, perCell * cells);
  return () => discreteLaplace(scale, chance);
}

/** What the noise of a figure is for people: its standard deviation in whole steps. Source: gate.md §8 (parameters are public). */
export function deviationOf(noise: PrivateMode['noise'], { perCell, cells }: Sensitivity, rho: number): number {
  if (noise === 'gaussian') return Math.sqrt(Number(varianceFor(rho / cells, perCell)));
  return Math.SQRT2 * Number(scaleFor(rho, perCell * cells));
}
