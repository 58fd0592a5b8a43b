import { describe, expect, test } from 'vitest';
import { deltaOfRho, epsilonOf, rhoOf } from '../../../../src/synthetic/privacy/zcdp.ts';

// Vectors: reference/synthetic-and-masking.md §4.0, from the formula of Canonne, Kamath and Steinke.
describe('zero-concentrated differential privacy', () => {
  test.each([
    [0.1, 1e-9, 0.00017713844718502086],
    [0.5, 1e-9, 0.003953191141217897],
    [1, 1e-9, 0.014973057673588523],
    [1, 1e-6, 0.024355970359538372],
    [1, 1e-5, 0.03055659519763956],
    [2, 1e-6, 0.08815268837994626],
    [3, 1e-9, 0.12058242891101999],
    [5, 1e-9, 0.31169326160725636],
    [8, 1e-6, 1.052358004556989],
    [10, 1e-9, 1.0907857043970155],
  ])('ε %d, δ %d gives ρ %d', (epsilon, delta, rho) => {
    expect(rhoOf(epsilon, delta)).toBeCloseTo(rho, 12);
    expect(deltaOfRho(rhoOf(epsilon, delta), epsilon)).toBeLessThanOrEqual(delta);
  });

  test.each([
    [0.01, 1e-6, 0.6216926545596025],
    [0.1, 1e-6, 2.141938928385474],
    [0.5, 1e-5, 4.728386984943314],
    [1, 1e-6, 7.7662166253117215],
  ])('ρ %d, δ %d gives ε %d', (rho, delta, epsilon) => expect(epsilonOf(rho, delta)).toBeCloseTo(epsilon, 10));

  test('parameters that bound nothing throw', () => {
    expect(() => rhoOf(0, 1e-9)).toThrow(RangeError);
    expect(() => rhoOf(1, 1)).toThrow(RangeError);
    expect(() => rhoOf(Number.NaN, 1e-9)).toThrow(RangeError);
  });
});
