import { describe, expect, test } from 'vitest';
import { climbLattice } from '../../../../src/masking/anonymity/climb-lattice.ts';
import type { PrivacyModels } from '../../../../src/masking/anonymity/criteria.ts';
import { lossAt, lossTable } from '../../../../src/masking/anonymity/loss.ts';
import { partition } from '../../../../src/masking/anonymity/mondrian.ts';
import { checkNode, suppressionLimit } from '../../../../src/masking/anonymity/node-check.ts';
import { searchLattice } from '../../../../src/masking/anonymity/search-lattice.ts';
import { utilityOf } from '../../../../src/masking/anonymity/utility.ts';
import { adultRecords } from '../../../support/adult-records.ts';
import { SHARED_DATA } from '../../../support/shared-data.ts';

const forK = (k: number): PrivacyModels => ({ k, sensitive: [] });
const OTHERS = ['sex', 'age', 'race', 'marital-status', 'education', 'native-country', 'workclass', 'salary-class'];

// Source of all figures: the tests of ARX (Apache-2.0) as quoted in synthetic-and-masking.md §7.1.
describe.skipIf(SHARED_DATA === null)('UCI Adult, nine quasi-identifiers', () => {
  const records = adultRecords();
  const loss = lossTable(records);

  test.each([
    [5, 0.04, [1, 0, 1, 1, 3, 2, 2, 0, 1], 255_559.854_557_310_67, 906],
    [100, 0.04, [1, 1, 1, 1, 3, 2, 2, 1, 1], 379_417.346_057_098_8, 866],
    [5, 0, [1, 2, 1, 1, 3, 2, 2, 1, 1], 407_289.538_892_529_3, 0],
    [100, 0, [0, 4, 1, 1, 3, 2, 2, 1, 1], 453_196.893_245_874_3, 0],
  ])('k = %i with %f suppressed: the optimum of ARX', (k, share, levels, entropy, suppressed) => {
    const limit = suppressionLimit(records, share);
    const found = searchLattice(records, loss, forK(k), limit);
    expect(found).toMatchObject({ levels, optimal: true });
    expect(lossAt(loss, levels)).toBeCloseTo(entropy, 5);
    expect(checkNode(records, levels, forK(k), limit)).toMatchObject({ suppressedRows: suppressed, holds: true });
  });

  test('climbing finds levels that hold and lose little more', () => {
    const limit = suppressionLimit(records, 0.04);
    const found = climbLattice(records, loss, forK(5), limit);
    expect(checkNode(records, found?.levels ?? [], forK(5), limit).holds).toBe(true);
    expect(lossAt(loss, found?.levels ?? [])).toBeLessThan(1.25 * 255_559);
  });

  test('Mondrian keeps every row in classes of k, far smaller ones than the lattice', () => {
    const classes = partition(records, forK(5));
    expect(Math.min(...(classes?.units ?? []))).toBeGreaterThanOrEqual(5);
    expect(classes?.units.reduce((sum, units) => sum + units, 0)).toBe(30_162);
    expect(classes?.count).toBeGreaterThan(1500);
  });
});

describe.skipIf(SHARED_DATA === null)('UCI Adult with occupation sensitive', () => {
  const records = adultRecords(OTHERS, 'occupation');
  const loss = lossTable(records);
  const closeness: PrivacyModels = { k: 5, sensitive: [{ sensitive: 0, model: { closeness: { kind: 'equal', t: 0.2 } } }] };

  test.each([
    [0.04, [1, 4, 1, 0, 3, 2, 2, 1], 311_880_088],
    [0, [1, 4, 1, 1, 3, 2, 2, 1], 456_853_172],
  ])('t = 0.2 with %f suppressed holds where ARX found it to', (share, levels, discernibility) => {
    const check = checkNode(records, levels, closeness, suppressionLimit(records, share));
    expect(check.holds).toBe(true);
    expect(utilityOf(records, check.classes, check.failing, loss, levels).monotoneDiscernibility).toBe(discernibility);
  });

  test('entropy l = 5 with 4 % suppressed: the optimum of ARX; l = 100: none', () => {
    const diversity = (l: number): PrivacyModels => ({ k: 1, sensitive: [{ sensitive: 0, model: { diversity: { kind: 'entropy', l } } }] });
    const found = searchLattice(records, loss, diversity(5), suppressionLimit(records, 0.04));
    expect(found?.levels).toEqual([1, 0, 1, 1, 2, 2, 2, 1]);
    expect(searchLattice(records, loss, diversity(100), suppressionLimit(records, 0.04))).toBeUndefined();
  }, 120_000);
});
