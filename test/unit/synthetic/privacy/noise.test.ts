import { describe, expect, test } from 'vitest';
import { discreteGaussian, varianceFor } from '../../../../src/kernel/discrete-noise.ts';
import { ExactChance } from '../../../../src/kernel/exact-chance.ts';
import { privateNoise } from '../../../../src/synthetic/privacy/noise.ts';
import { fixedRng } from '../../../support/fixed-rng.ts';

/** Probability of a whole number under the discrete Gaussian, by its definition. */
function probability(value: number, variance: number): number {
  let total = 0;
  for (let other = -2000; other <= 2000; other += 1) total += Math.exp(-(other ** 2) / (2 * variance));
  return Math.exp(-(value ** 2) / (2 * variance)) / total;
}

describe('the discrete Gaussian', () => {
  test.each([1, 4, 30])('of variance %d has the frequencies of its definition', (variance) => {
    const chance = new ExactChance(fixedRng(`v${variance}`));
    const draws = 60_000;
    const counts = new Map<number, number>();
    for (let draw = 0; draw < draws; draw += 1) {
      const value = Number(discreteGaussian(BigInt(variance), chance));
      counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    for (let value = -6; value <= 6; value += 1) {
      const expected = probability(value, variance) * draws;
      expect(Math.abs((counts.get(value) ?? 0) - expected)).toBeLessThan(4.5 * Math.sqrt(expected) + 3);
    }
  });

  test('on the long way too: variances beyond what a double holds', () => {
    const chance = new ExactChance(fixedRng('big'));
    const variance = 10n ** 13n;
    let square = 0;
    const draws = 3000;
    for (let draw = 0; draw < draws; draw += 1) square += Number(discreteGaussian(variance, chance)) ** 2;
    expect(square / draws / 1e13).toBeGreaterThan(0.9);
    expect(square / draws / 1e13).toBeLessThan(1.1);
  });

  test('never has less noise than the budget asks for', () => {
    expect(varianceFor(0.5, 1)).toBe(2n);
    expect(varianceFor(0.02, 1)).toBeGreaterThanOrEqual(25n);
    expect(Number(varianceFor(0.01, 2 ** 20))).toBeGreaterThanOrEqual(2 ** 40 / 0.02);
    expect(() => varianceFor(0, 1)).toThrow(RangeError);
    expect(() => discreteGaussian(0n, new ExactChance(fixedRng('x')))).toThrow(RangeError);
  });
});

test('the exponential mechanism draws in proportion to exp(εs/2)', () => {
  const noise = privateNoise(fixedRng('em'));
  const scores = [10, 12, 8];
  const draws = 20_000;
  const counts = [0, 0, 0];
  for (let draw = 0; draw < draws; draw += 1) {
    const index = noise.select(scores, 0.125);
    counts[index] = (counts[index] ?? 0) + 1;
  }
  const weights = scores.map((score) => Math.exp(score / 2));
  const total = weights.reduce((sum, value) => sum + value, 0);
  for (const [index, weight] of weights.entries()) {
    expect((counts[index] ?? 0) / draws).toBeCloseTo(weight / total, 1);
  }
});

test('a source of randomness that is stuck is noticed, not waited for', () => {
  const noise = privateNoise({ bytes: (length) => new Uint8Array(length) });
  expect(() => noise.measure(new Float64Array(3), 1, 0.01)).toThrow('stuck');
});
