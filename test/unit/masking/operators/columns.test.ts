import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { microAggregate } from '../../../../src/masking/operators/micro-aggregate.ts';
import { addNoise } from '../../../../src/masking/operators/noise.ts';
import { rankSwap } from '../../../../src/masking/operators/rank-swap.ts';
import { suppressRare } from '../../../../src/masking/operators/suppress-rare.ts';
import { fixedRng } from '../../../support/fixed-rng.ts';

test('means of groups of three neighbours, the last group larger', () => {
  expect(microAggregate(3).mask(['1', '100', '2', '3', '7', '8', null, 'x'])).toEqual([
    '2',
    '38.33',
    '2',
    '2',
    '38.33',
    '38.33',
    null,
    '***',
  ]);
  expect(microAggregate(3).mask(['1', '2'])).toEqual(['***', '***']);
});

test('every mean stands for k or more', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -1000, max: 1000 }).map(String), { minLength: 4 }),
      fc.integer({ min: 2, max: 4 }),
      (values, k) => {
        const counts = new Map<string | null, number>();
        for (const value of microAggregate(k).mask(values)) counts.set(value, (counts.get(value) ?? 0) + 1);
        return [...counts.values()].every((count) => count >= k);
      },
    ),
  );
});

test('swapped values are those of the column, near their ranks', () => {
  const values = Array.from({ length: 200 }, (_, index) => String(index));
  const swapped = rankSwap(5, fixedRng('columns')).mask(values);
  const kept = swapped.filter((value): value is string => value !== null && value !== '***');
  expect(kept.length).toBeGreaterThan(180);
  expect(new Set(kept).size).toBe(kept.length);
  for (const [row, value] of swapped.entries()) if (value !== '***') expect(Math.abs(Number(value) - row)).toBeLessThanOrEqual(10);
  expect(swapped.filter((value, row) => value === String(row))).toEqual([]);
});

describe('noise', () => {
  test('is a multiple of its step and about nothing on average', () => {
    const noisy = addNoise('10', 2, fixedRng('columns')).mask(new Array<string>(4000).fill('1003'));
    const numbers = noisy.map(Number);
    expect(numbers.every((number) => number % 10 === 0)).toBe(true);
    expect(Math.abs(numbers.reduce((sum, number) => sum + number, 0) / numbers.length - 1000)).toBeLessThan(2);
    expect(new Set(numbers).size).toBeGreaterThan(10);
  });

  test('masks whole what is no number', () => {
    expect(addNoise('1', 1, fixedRng('columns')).mask(['abc', null, ''])).toEqual(['***', null, '***']);
  });
});

test('values of too few rows are taken out', () => {
  expect(suppressRare(2).mask(['a', 'b', 'a', null])).toEqual(['a', null, 'a', null]);
});

test('what by its form names somebody is no quantity: neither moved about nor moved a little', () => {
  const named = ['13812345678', '110105199003071234', '6222021234567890123', ' 13912345678 ', '+1234567890123.5'];
  for (const operator of [rankSwap(50, fixedRng('columns')), addNoise('1', 1, fixedRng('columns')), microAggregate(2)])
    expect(operator.mask(named)).toEqual(named.map(() => '***'));
});
