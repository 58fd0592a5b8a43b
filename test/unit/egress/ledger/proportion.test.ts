import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fractionSketch, fractionTotal } from '../../../../src/egress/ledger/fractions.ts';
import { proportionTo } from '../../../../src/egress/ledger/proportion.ts';
import { differingUnits, type Sketch } from '../../../../src/egress/ledger/sketch.ts';
import { integer } from '../../../../src/kernel/decimal.ts';
import { keyedUnits, numbers, sketchOfUnits } from '../../../support/unit-totals.ts';

const PEOPLE = 400;
const K = 10;
const UNITS = keyedUnits(PEOPLE, numbers(3));

function sketch(total: (unit: number) => number, kind: 'fine' | 'lanes' = 'fine'): Sketch {
  return sketchOfUnits(UNITS, (unit) => BigInt(total(unit)), kind);
}

const income = (unit: number): number => 2000 + ((unit * 7919) % 9001);

describe('one figure as the multiple of another', () => {
  test('is found whatever it is, and whoever of fewer than k people is off', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 100_000 }),
        fc.uniqueArray(fc.nat(PEOPLE - 1), { maxLength: 9 }),
        fc.constantFrom('fine' as const, 'lanes' as const),
        (by, off, kind) => {
          fc.pre(kind === 'fine' || off.length < 7);
          const found = proportionTo(
            sketch((unit) => by * income(unit) + (off.includes(unit) ? 4321 + unit : 0), kind),
            sketch(income, kind),
            7,
            K,
          );
          expect(found?.parts.map(({ id }) => id)).toEqual([7]);
          expect(found?.units).toBeLessThanOrEqual(off.length);
          if (by <= 10_000) expect(found?.parts[0]?.coefficient).toEqual({ numerator: by, denominator: 1 });
        },
      ),
      { numRuns: 200 },
    );
  });

  test('is turned round as well', () => {
    const found = proportionTo(
      sketch(income),
      sketch((unit) => 100 * income(unit)),
      7,
      K,
    );
    expect(found).toEqual({ parts: [{ id: 7, coefficient: { numerator: 1, denominator: 100 } }], units: 0 });
  });

  test('is none where k people are off, and of columns that have nothing to do with one another', () => {
    const spread = Array.from({ length: 30 }, (_, index) => index * 13);
    expect(
      proportionTo(
        sketch((unit) => 3 * income(unit) + (spread.includes(unit) ? 50 + unit : 0)),
        sketch(income),
        7,
        K,
      ),
    ).toBeUndefined();
    expect(
      proportionTo(
        sketch((unit) => 1 + ((unit * 31) % 997)),
        sketch(income),
        7,
        K,
      ),
    ).toBeUndefined();
  });
});

describe('what fractions of figures add up to', () => {
  test('is the figure itself where it is exact', () => {
    const cents = {
      total: integer(100 * 51),
      sketch: sketch((unit) => 100 * income(unit)),
      coefficient: { numerator: 1, denominator: 100 },
    };
    expect(fractionTotal([cents], 0)).toEqual(integer(51));
    expect(differingUnits(fractionSketch([cents]), sketch(income))).toBe(0);
  });

  test('is rounded to the digits of the figure, half away from zero', () => {
    const third = (total: number): unknown =>
      fractionTotal([{ total: integer(total), coefficient: { numerator: 1, denominator: 4 } }], 0).digits;
    expect([third(1202), third(-1202), third(1201)]).toEqual([301n, -301n, 300n]);
  });
});
