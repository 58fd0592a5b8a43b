import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cellKey, perturbedCount } from '../../../../src/egress/modes/cell-key.ts';
import { perturbationTable } from '../../../../src/egress/modes/perturbation-table.ts';
import { midpointCount, roundedCount, totalOfRounded } from '../../../../src/egress/modes/rounding.ts';
import { keyedUnits, numbers, sketchOfUnits } from '../../../support/unit-totals.ts';

describe('rounded counts', () => {
  test('to base 5 are those of the handbook, totals those of the parts (A13)', () => {
    expect([1, 0, 3, 6, 12, 20, 32, 16, 23, 39].map(roundedCount)).toEqual([0, 0, 5, 5, 10, 20, 30, 15, 25, 40]);
    expect(totalOfRounded([3, 3].map(roundedCount))).toBe(10);
  });

  test('to the midpoint of six are those of the source (A10)', () => {
    expect([0, 1, 6, 7, 12, 13, 18, 19].map(midpointCount)).toEqual([0, 3, 3, 9, 9, 15, 15, 21]);
  });

  test('never tell more than their class', () => {
    fc.assert(
      fc.property(fc.nat(1_000_000), (count) => {
        expect(Math.abs(roundedCount(count) - count)).toBeLessThanOrEqual(2);
        expect(Math.abs(midpointCount(count) - count)).toBeLessThanOrEqual(3);
        expect(midpointCount(count) === 0).toBe(count === 0);
      }),
    );
    for (const bad of [-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
      for (const round of [roundedCount, midpointCount]) expect(() => round(bad)).toThrow(RangeError);
  });
});

describe('a perturbation table', () => {
  test('is bounded, unbiased, of the given variance, never below zero, and leaves 0 alone', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.double({ min: 0.2, max: 0.9, noNaN: true }), (most, part) => {
        const variance = part * most;
        const table = perturbationTable({ most, variance });
        expect(table[0]).toEqual({ least: 0, chances: [1] });
        expect(table).toHaveLength(most + 1);
        for (const [count, { least, chances }] of table.entries()) {
          if (count === 0) continue;
          const moment = (power: number): number => chances.reduce((sum, chance, at) => sum + chance * (least + at) ** power, 0);
          expect(count + least).toBeGreaterThanOrEqual(0);
          expect([least, least + chances.length - 1]).toEqual([-Math.min(count, most), most]);
          expect(chances.every((chance) => chance >= 0)).toBe(true);
          expect(moment(0)).toBeCloseTo(1, 10);
          expect(moment(1)).toBeCloseTo(0, 9);
          expect(moment(2)).toBeCloseTo(variance, 9);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('has the greatest entropy under its rules: no small change that keeps them has more', () => {
    const row = perturbationTable({ most: 5, variance: 2 })[5];
    const chances = row?.chances ?? [];
    const entropy = (values: readonly number[]): number => -values.reduce((sum, value) => sum + value * Math.log(value), 0);
    // Third differences keep total, mean and second moment.
    for (let at = 0; at + 3 < chances.length; at += 1)
      for (const size of [1e-4, -1e-4]) {
        const other = chances.map((chance, index) => chance + size * ([1, -3, 3, -1][index - at] ?? 0));
        expect(entropy(other)).toBeLessThan(entropy(chances));
      }
  });

  test('is refused where the rules contradict each other', () => {
    for (const rules of [
      { most: 5, variance: 5 },
      { most: 5, variance: 0 },
      { most: 0, variance: 1 },
      { most: 2.5, variance: 1 },
      { most: 51, variance: 2 },
    ])
      expect(() => perturbationTable(rules)).toThrow(RangeError);
  });
});

describe('a perturbed count', () => {
  const table = perturbationTable({ most: 5, variance: 2 });
  const units = keyedUnits(4000, numbers(11));
  const sketch = (chosen: (unit: number) => boolean) => sketchOfUnits(units, (unit) => (chosen(unit) ? 1n : 0n), 'fine');

  test('is the same for the same units however they were asked for, and of fine and coarse sketches', () => {
    const some = (unit: number): boolean => unit % 3 === 0;
    const lanes = sketchOfUnits(units, (unit) => (some(unit) ? 1n : 0n), 'lanes');
    expect(cellKey(sketch(some))).toBe(cellKey(lanes));
    expect(cellKey(sketch((unit) => unit % 3 === 0 && unit !== 0))).not.toBe(cellKey(lanes));
  });

  test('follows the table over many cells', () => {
    const moved = Array.from({ length: 2000 }, (_, cell) => {
      const key = cellKey(sketch((unit) => unit >= cell && unit < cell + 40));
      return perturbedCount(40, key, table) - 40;
    });
    const mean = moved.reduce((sum, value) => sum + value, 0) / moved.length;
    const variance = moved.reduce((sum, value) => sum + value * value, 0) / moved.length - mean * mean;
    expect(Math.max(...moved.map(Math.abs))).toBeLessThanOrEqual(5);
    expect(Math.abs(mean)).toBeLessThan(0.2); // six standard errors
    expect(Math.abs(variance - 2)).toBeLessThan(0.5);
  });

  test('is 0 for 0, and never below', () => {
    for (const key of [0, 0.5, 1 - 2 ** -31]) {
      expect(perturbedCount(0, key, table)).toBe(0);
      for (const count of [1, 2, 3, 4]) expect(perturbedCount(count, key, table)).toBeGreaterThanOrEqual(0);
    }
    expect(() => perturbedCount(1.5, 0, table)).toThrow(RangeError);
  });
});
