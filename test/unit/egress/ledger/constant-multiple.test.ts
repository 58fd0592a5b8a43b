import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { constantMultiple, timesConstant } from '../../../../src/egress/ledger/constant-multiple.ts';
import { coarsen, differingUnits } from '../../../../src/egress/ledger/sketch.ts';
import { keyedUnits, numbers, sketchOfUnits } from '../../../support/unit-totals.ts';

const K = 10;
const count = fc.integer({ min: 40, max: 400 });
const kind = fc.constantFrom('fine' as const, 'lanes' as const);
const constant = fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n });
const scale = fc.integer({ min: 0, max: 6 });
const rowsOf = (unit: number): bigint => BigInt(1 + (unit % 3));

describe('a column that is the same in all rows', () => {
  test('is told by the sketches of its sum and of the rows', () => {
    fc.assert(
      fc.property(count, kind, constant, scale, fc.integer(), (units, how, value, digits, seed) => {
        const people = keyedUnits(units, numbers(seed));
        const rows = sketchOfUnits(people, rowsOf, how);
        const sum = sketchOfUnits(people, (unit) => rowsOf(unit) * value, how, digits);
        expect(constantMultiple(sum, rows, K)).toEqual({ digits: value, scale: digits });
      }),
      { numRuns: 300 },
    );
  });

  test('may differ for fewer than k units, among many', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: K - 1 }), fc.integer(), (others, seed) => {
        const people = keyedUnits(200, numbers(seed));
        const rows = sketchOfUnits(people, rowsOf, 'fine');
        const sum = sketchOfUnits(people, (unit) => rowsOf(unit) * (unit < others ? BigInt(1000 + unit) : 30n), 'fine');
        expect(constantMultiple(sum, rows, K)).toEqual({ digits: 30n, scale: 0 });
      }),
      { numRuns: 100 },
    );
  });

  test('is none where values vary, in buckets and in lanes, though totals may divide', () => {
    fc.assert(
      fc.property(kind, fc.integer(), (how, seed) => {
        const people = keyedUnits(200, numbers(seed));
        const rows = sketchOfUnits(people, rowsOf, how);
        const sum = sketchOfUnits(people, (unit) => rowsOf(unit) * (unit % 2 === 0 ? 30n : 32n), how);
        expect(constantMultiple(sum, rows, K)).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  test('is none of nobody, and none where one has it', () => {
    const people = keyedUnits(12, numbers(3));
    const nobody = sketchOfUnits(people, () => 0n, 'fine');
    expect(constantMultiple(nobody, nobody, K)).toBeNull();
    const rows = sketchOfUnits(people, () => 1n, 'fine');
    expect(constantMultiple(sketchOfUnits(people, BigInt, 'fine'), rows, K)).toBeNull();
  });
});

describe('a figure times a number', () => {
  test('has the sketch of the product, also when it is made coarse', () => {
    fc.assert(
      fc.property(
        kind,
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }).filter((value) => value !== 0n),
        fc.integer(),
        (how, value, seed) => {
          const people = keyedUnits(100, numbers(seed));
          const figure = sketchOfUnits(people, (unit) => BigInt(unit * unit), how, 2);
          const product = sketchOfUnits(people, (unit) => BigInt(unit * unit) * value, how, 5);
          const made = timesConstant(figure, { digits: value, scale: 3 });
          expect(differingUnits(made, product)).toBe(0);
          expect(made.totals).toEqual(product.totals);
          expect(differingUnits(coarsen(made), coarsen(product))).toBe(0);
        },
      ),
      { numRuns: 200 },
    );
  });
});
