import type { ExactChance } from './exact-chance.ts';

/** Above it, products of the sampler could leave the whole numbers that a double holds. */
const PLAIN_SIGMA = 4096;

/** More than rounding could take away: noise is never less than the ledger says. */
const ROUNDING = 2 ** -40;

/**
 * One draw of the discrete Gaussian on the whole numbers with parameter σ² = `variance` (a positive whole number): exact,
 * by rejection from a discrete Laplace. Its ρ for a count of sensitivity Δ is Δ²/(2σ²).
 * Source: Canonne, Kamath, Steinke 2020, Algorithms 2 and 3; synthetic-and-masking.md §4.0.
 */
export function discreteGaussian(variance: bigint, chance: ExactChance): bigint {
  if (variance < 1n) throw new RangeError('A variance is a positive whole number');
  const sigma = Math.sqrt(Number(variance));
  if (sigma <= PLAIN_SIGMA) return BigInt(plainGaussian(Number(variance), Math.floor(sigma) + 1, chance));
  const scale = rootOf(variance) + 1n;
  for (;;) {
    const proposal = bigLaplace(scale, chance);
    const size = proposal < 0n ? -proposal : proposal;
    const over = (size * scale - variance) ** 2n;
    if (chance.decaysBig({ over, under: 2n * variance * scale * scale })) return proposal;
  }
}

/** The smallest whole variance that ρ allows for sensitivity `one` (the mass of one unit): ⌈one²/(2ρ)⌉. */
export function varianceFor(rho: number, one: number): bigint {
  if (!(rho > 0)) throw new RangeError('No budget');
  const wanted = (one * one) / (2 * rho);
  return BigInt(Math.ceil(wanted * (1 + ROUNDING)));
}

/**
 * One draw of the discrete Laplace on the whole numbers, probability ∝ exp(−|x|/scale), exact. Throws where the scale is
 * no positive whole number. Its ε for a count of sensitivity Δ is Δ/scale, and ε²/2 bounds its ρ.
 * Source: Canonne, Kamath, Steinke 2020, Algorithm 2; Bun, Steinke 2016, Proposition 1.4; gate.md §8.
 */
export function discreteLaplace(scale: bigint, chance: ExactChance): bigint {
  if (scale < 1n) throw new RangeError('A scale is a positive whole number');
  return bigLaplace(scale, chance);
}

/** The smallest whole scale of a discrete Laplace that ρ allows for sensitivity `one` (L1): ⌈one/√(2ρ)⌉. Throws without budget. Source: Bun, Steinke 2016. */
export function scaleFor(rho: number, one: number): bigint {
  if (!(rho > 0)) throw new RangeError('No budget');
  return BigInt(Math.max(1, Math.ceil((one / Math.sqrt(2 * rho)) * (1 + ROUNDING))));
}

function plainGaussian(variance: number, scale: number, chance: ExactChance): number {
  for (;;) {
    const proposal = plainLaplace(scale, chance);
    const over = (Math.abs(proposal) * scale - variance) ** 2;
    const under = 2 * variance * scale * scale;
    // A proposal so far out that its terms leave the exact range goes the long way, which is exact for any.
    const accepted =
      over < 2 ** 53 && under < 2 ** 46
        ? chance.decays(over, under)
        : chance.decaysBig({
            over: (BigInt(Math.abs(proposal)) * BigInt(scale) - BigInt(variance)) ** 2n,
            under: 2n * BigInt(variance) * BigInt(scale) * BigInt(scale),
          });
    if (accepted) return proposal;
  }
}

function plainLaplace(scale: number, chance: ExactChance): number {
  for (;;) {
    const offset = chance.below(scale);
    if (!chance.decays(offset, scale)) continue;
    let blocks = 0;
    while (chance.decays(1, 1)) blocks += 1;
    const size = offset + scale * blocks;
    const negative = chance.below(2) === 1;
    if (!(negative && size === 0)) return negative ? -size : size;
  }
}

function bigLaplace(scale: bigint, chance: ExactChance): bigint {
  for (;;) {
    const offset = chance.belowBig(scale);
    if (!chance.decaysBig({ over: offset, under: scale })) continue;
    let blocks = 0n;
    while (chance.decays(1, 1)) blocks += 1n;
    const size = offset + scale * blocks;
    const negative = chance.below(2) === 1;
    if (!(negative && size === 0n)) return negative ? -size : size;
  }
}

/** ⌊√value⌋, exact. */
function rootOf(value: bigint): bigint {
  let root = BigInt(Math.floor(Math.sqrt(Number(value))));
  while (root * root > value) root -= 1n;
  while ((root + 1n) * (root + 1n) <= value) root += 1n;
  return root;
}
