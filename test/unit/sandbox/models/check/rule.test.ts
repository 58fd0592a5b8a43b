import { expect, test } from 'vitest';
import { besideChance, finding } from '../../../../../src/sandbox/models/check/rule.ts';

const of = (value: number | null) => finding('M23', value, { seed: 1 });

test.each([
  ['what chance explains', 0.06, false, 'review'],
  ['what chance explains, below the limit', 0.03, false, 'pass'],
  ['what it does not', 0.06, true, 'fail'],
  ['what it does not, below the limit', 0.03, true, 'review'],
  ['what was not measured', null, false, 'fail'],
  ['what was no number', Number.NaN, false, 'fail'],
])('%s: %s', (_, value, isSignificant, verdict) => {
  expect(besideChance(of(value), isSignificant).verdict).toBe(verdict);
});
