import { describe, expect, test } from 'vitest';
import { FamilySpan } from '../../../../src/egress/ledger/family-span.ts';
import { combineSketches, type Sketch } from '../../../../src/egress/ledger/sketch.ts';
import { keyedUnits, numbers, sketchOfUnits } from '../../../support/unit-totals.ts';

const K = 5;
const UNITS = 60;

/** Sums of incomes over random halves of sixty people. */
function halves(count: number, units = UNITS): readonly Sketch[] {
  const random = numbers(17);
  const people = keyedUnits(units, numbers(4));
  return Array.from({ length: count }, () => {
    const isIn = people.map(() => random() < 0.5);
    return sketchOfUnits(people, (unit) => (isIn[unit] === true ? BigInt(100 + unit) : 0n), 'fine');
  });
}

describe('all that the figures of a family tell together', () => {
  test('of more figures than half of the people no more are taken, one by one or after others were released', () => {
    const all = halves(80);
    const span = new FamilySpan([], K, { figures: all.length, isOneTable: false });
    const taken = all.filter((sketch) => span.take(sketch) === undefined);
    expect(taken.length).toBeGreaterThan(15);
    expect(taken.length).toBeLessThanOrEqual(UNITS / 2);
    const later = new FamilySpan(taken, K, { figures: 1, isOneTable: false });
    for (const sketch of all.slice(40)) expect(later.take(sketch)).toEqual({ units: null });
  });

  test('a first table keeps no room; the same figures by themselves, or beside one that was told, do', () => {
    const all = halves(40);
    const takenBy = (earlier: readonly Sketch[], isOneTable: boolean): number => {
      const span = new FamilySpan(earlier, K, { figures: all.length, isOneTable });
      return all.filter((sketch) => span.take(sketch) === undefined).length;
    };
    expect(takenBy([], true)).toBeGreaterThan(takenBy([], false));
    expect(takenBy(halves(1), true)).toBeLessThanOrEqual(takenBy([], false));
  });

  test('what combines many figures and is off by two units, with any coefficients, is refused; off by nobody, too', () => {
    const people = keyedUnits(UNITS, numbers(4));
    const told = halves(14);
    const mixed = (more: bigint): Sketch => {
      const few = sketchOfUnits(people, (unit) => (unit < 2 ? more * BigInt(100 + unit) : 0n), 'fine');
      return combineSketches([...told.map((sketch, at) => ({ sketch, coefficient: 37 * at - 200 })), { sketch: few, coefficient: 1 }]);
    };
    expect(new FamilySpan(told, K, { figures: 1, isOneTable: false }).take(mixed(0n))).toEqual({ units: null });
    for (const more of [1n, 3n]) {
      const found = new FamilySpan(told, K, { figures: 1, isOneTable: false }).take(mixed(more));
      expect(found?.units).toBeGreaterThan(0);
      expect(found?.units).toBeLessThan(K);
    }
  });

  test('figures of one statement may add up to one another', () => {
    const [a, b] = halves(2);
    if (a === undefined || b === undefined) throw new Error('No figures');
    const span = new FamilySpan([], K, { figures: 3, isOneTable: false });
    const sum = combineSketches([
      { sketch: a, coefficient: 1 },
      { sketch: b, coefficient: 1 },
    ]);
    expect([a, b, sum].map((sketch) => span.take(sketch))).toEqual([undefined, undefined, undefined]);
  });

  test('where people share buckets, nothing is refused', () => {
    const all = halves(12, 3000);
    const span = new FamilySpan(all.slice(0, 10), K, { figures: 2, isOneTable: false });
    expect(all.slice(8).map((sketch) => span.take(sketch))).toEqual([undefined, undefined, undefined, undefined]);
  });
});
