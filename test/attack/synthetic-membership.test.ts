import { describe, expect, test } from 'vitest';
import { memoryCounts } from '../../src/synthetic/fit/count-source.ts';
import { fitModel } from '../../src/synthetic/fit/fit-model.ts';
import type { FittedModel } from '../../src/synthetic/fit/fitted-model.ts';
import { SeededRandom } from '../../src/synthetic/fit/seeded-random.ts';
import { auditMembership, membershipBound } from '../../src/synthetic/privacy/membership-audit.ts';
import { type Noise, privateNoise } from '../../src/synthetic/privacy/noise.ts';
import { rhoOf } from '../../src/synthetic/privacy/zcdp.ts';
import { fixedRng } from '../support/fixed-rng.ts';

const CELLS = [6, 5, 4, 20];
const ATTRIBUTES = CELLS.map((cells, index) => ({ name: `a${index}`, cells, ordered: index === 3 ? cells : 0 }));
/** The canary: a category and an extreme that nobody else has. */
const CANARY = [5, 4, 3, 19];

/** Everybody but one, whom the attacker knows by heart. */
function others(rows: number): readonly Int32Array[] {
  const random = new SeededRandom('others');
  return CELLS.map((cells) => Int32Array.from({ length: rows }, () => random.below(cells - 1)));
}

const withCanary = (codes: readonly Int32Array[]): readonly Int32Array[] =>
  codes.map((column, index) => Int32Array.from([...column, CANARY[index] ?? 0]));

/** How much of the release stands where the canary would. */
const suspicion = (model: FittedModel): number => CANARY.reduce((sum, cell, index) => sum + (model.fine[index]?.[cell] ?? 0), 0);

/** What a fit would be without its noise: the fault that an audit is there for. */
const SILENT: Noise = { measure: (_counts, one, rho) => Math.sqrt((one * one) / (2 * rho)), select: () => 0 };

const PROMISE = { epsilon: 1, delta: 1e-6 };

async function audit(rows: number, noise: Noise, epsilon = PROMISE.epsilon, runs = 400) {
  const without = others(rows);
  const sources = { true: memoryCounts(withCanary(without), CELLS), false: memoryCounts(without, CELLS) };
  const rho = rhoOf(epsilon, PROMISE.delta);
  return auditMembership({
    fit: (present) => fitModel(sources[`${present}`], noise, { attributes: ATTRIBUTES, rho }),
    suspicion,
    runs,
    epsilon: PROMISE.epsilon,
    delta: PROMISE.delta,
  });
}

describe('an attacker who is given everything but one person', () => {
  test('stays within the bound that differential privacy gives: independent marginals', async () => {
    const outcome = await audit(200, privateNoise(fixedRng('independent')));
    expect(outcome).toMatchObject({ passed: true, accuracyBound: expect.closeTo(0.7311, 3) });
    expect(outcome.epsilonAtLeast).toBeLessThanOrEqual(1);
  });

  test('stays within the bound: a tree of pairs', async () => {
    const outcome = await audit(2000, privateNoise(fixedRng('tree')), 1, 120);
    expect(outcome.passed).toBe(true);
  });

  test('is caught to win where the noise is missing (planted fault)', async () => {
    const outcome = await audit(200, SILENT, 1, 200);
    expect(outcome).toMatchObject({ passed: false, accuracy: 1 });
    expect(outcome.epsilonAtLeast).toBeGreaterThan(3);
  });

  test('is caught to win where the budget is overspent a hundredfold (planted fault)', async () => {
    const outcome = await audit(200, privateNoise(fixedRng('overspent')), 60, 60);
    expect(outcome.passed).toBe(false);
  });
});

test('a category that one person has does not show in what is released', async () => {
  const noise = privateNoise(fixedRng('canary'));
  const source = memoryCounts(withCanary(others(6000)), CELLS);
  const rho = rhoOf(1, 1e-6);
  let shown = 0;
  for (let run = 0; run < 40; run += 1) {
    const model = await fitModel(source, noise, { attributes: ATTRIBUTES, rho });
    const sigma = Math.sqrt(4 / (2 * 0.3 * rho));
    if ((model.fine[0]?.[CANARY[0] ?? 0] ?? 0) > 3 * sigma) shown += 1;
  }
  expect(shown).toBeLessThanOrEqual(1);
});

test('the bound is e^ε/(1 + e^ε)', () => {
  expect([0.1, 0.5, 1, 2, 5].map((epsilon) => Number(membershipBound(epsilon).toFixed(4)))).toEqual([
    0.525, 0.6225, 0.7311, 0.8808, 0.9933,
  ]);
});
