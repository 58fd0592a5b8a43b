import { discreteGaussian, varianceFor } from '../../kernel/discrete-noise.ts';
import { ExactChance } from '../../kernel/exact-chance.ts';
import type { Rng } from '../../kernel/rng.ts';

/** Whole steps per unit of score; scores are rounded down to them. */
const SCORE_STEPS = 1024;
const BUDGET_STEPS = 2 ** 20;

/** What may happen to exact counts before anybody else sees them. */
export interface Noise {
  /** Adds discrete Gaussian noise in place to counts whose L2 sensitivity is `one`, for ρ. Gives the standard deviation. */
  measure(counts: Float64Array, one: number, rho: number): number;
  /** Index of a candidate, drawn with probability ∝ exp(ε·score/2), ε = √(8ρ), scores of sensitivity 1. */
  select(scores: readonly number[], rho: number): number;
}

/**
 * The noise of the product, from a cryptographic source. The seeds of sampling never come here: who knows the seed could
 * take the noise off again.
 * Source: Canonne, Kamath, Steinke 2020; Cesar and Rogers 2021 (ρ = ε²/8 of the exponential mechanism).
 */
export function privateNoise(rng: Rng): Noise {
  const chance = new ExactChance(rng);
  return {
    measure(counts, one, rho) {
      const variance = varianceFor(rho, one);
      for (let index = 0; index < counts.length; index += 1)
        counts[index] = (counts[index] ?? 0) + Number(discreteGaussian(variance, chance));
      return Math.sqrt(Number(variance));
    },
    select: (scores, rho) => exponentialMechanism(scores, rho, chance),
  };
}

/**
 * Exact by rejection: a candidate drawn uniformly stays with probability exp(−ε(max − score)/(2Δ)). Scores are rounded
 * down to 1/1024, which adds at most that to their sensitivity Δ; ε is rounded down.
 */
function exponentialMechanism(scores: readonly number[], rho: number, chance: ExactChance): number {
  const steps = scores.map((score) => Math.floor(score * SCORE_STEPS));
  const best = Math.max(...steps);
  const epsilon = BigInt(Math.floor(Math.sqrt(8 * rho) * BUDGET_STEPS));
  const under = 2n * BigInt(BUDGET_STEPS) * BigInt(SCORE_STEPS + 1);
  for (;;) {
    const index = chance.below(steps.length);
    const gap = BigInt(best - (steps[index] ?? best));
    if (chance.decaysBig({ over: gap * epsilon, under })) return index;
  }
}
