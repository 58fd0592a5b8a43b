import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  coarseDistance,
  coarsen,
  combineSketches,
  differingUnits,
  sketchOfBuckets,
  supportOf,
} from '../../../../src/egress/ledger/sketch.ts';
import { decodeCoarse, decodeSketch, encodeSketch } from '../../../../src/egress/ledger/sketch-bytes.ts';
import { addMod, inverseMod, MODULUS, mulMod, residueOf, subMod } from '../../../../src/kernel/modular.ts';
import { keyedUnits, numbers, sketchOfUnits } from '../../../support/unit-totals.ts';

const residue = fc.oneof(
  fc.integer({ min: 0, max: MODULUS - 1 }),
  fc.integer({ min: 0, max: 40 }),
  fc.integer({ min: MODULUS - 40, max: MODULUS - 1 }),
);
const units = keyedUnits(300, numbers(7));
/** Totals of 300 units: mostly zero, some large, some negative. */
const totals = fc.array(
  fc.oneof(
    { arbitrary: fc.constant(0n), weight: 3 },
    { arbitrary: fc.bigInt({ min: -5n, max: 5n }), weight: 1 },
    { arbitrary: fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }), weight: 1 },
  ),
  { minLength: 300, maxLength: 300 },
);
const coefficient = fc.integer({ min: -7, max: 7 });
const kind = fc.constantFrom('fine' as const, 'lanes' as const);

describe('residues', () => {
  test('are those of exact arithmetic', () => {
    const modulus = BigInt(MODULUS);
    fc.assert(
      fc.property(residue, residue, (a, b) => {
        expect(mulMod(a, b)).toBe(Number((BigInt(a) * BigInt(b)) % modulus));
        expect(addMod(a, b)).toBe((a + b) % MODULUS);
        expect(addMod(subMod(a, b), b)).toBe(a);
        if (a !== 0) expect(mulMod(a, inverseMod(a))).toBe(1);
      }),
      { numRuns: 5000 },
    );
  });

  test('of negative numbers are positive, and of fractions there are none', () => {
    expect(residueOf(-1)).toBe(MODULUS - 1);
    expect(residueOf(-MODULUS * 3)).toBe(0);
    expect(() => residueOf(0.5)).toThrow();
    expect(() => inverseMod(0)).toThrow();
  });
});

describe('sketches', () => {
  test('of combinations are the combinations of sketches', () => {
    fc.assert(
      fc.property(totals, totals, coefficient, coefficient, kind, (x, y, c, d, how) => {
        const combined = combineSketches([
          { sketch: sketchOfUnits(units, (unit) => x[unit] ?? 0n, how), coefficient: c },
          { sketch: sketchOfUnits(units, (unit) => y[unit] ?? 0n, how), coefficient: d },
        ]);
        const exact = sketchOfUnits(units, (unit) => BigInt(c) * (x[unit] ?? 0n) + BigInt(d) * (y[unit] ?? 0n), how);
        expect(combined.fine).toEqual(exact.fine);
        expect(combined.lanes).toEqual(exact.lanes);
        expect(combined.totals).toEqual(exact.totals);
        for (const [word, bits] of exact.mask.entries()) {
          const isSubset = c !== 0 && d !== 0 ? ((combined.sure[word] ?? 0) & ~bits) === 0 : true;
          expect([isSubset, (bits & ~(combined.mask[word] ?? 0)) === 0]).toEqual([true, true]);
        }
      }),
    );
  });

  test('never count more differing units than there are', () => {
    fc.assert(
      fc.property(totals, fc.array(fc.tuple(fc.nat(299), fc.bigInt({ min: -9n, max: 9n })), { maxLength: 30 }), (x, changes) => {
        const y = [...x];
        for (const [unit, by] of changes) y[unit] = (y[unit] ?? 0n) + by;
        const exact = units.filter((_, unit) => x[unit] !== y[unit]).length;
        const [a, b] = [sketchOfUnits(units, (unit) => x[unit] ?? 0n, 'fine'), sketchOfUnits(units, (unit) => y[unit] ?? 0n, 'fine')];
        const [p, q] = [sketchOfUnits(units, (unit) => x[unit] ?? 0n, 'lanes'), sketchOfUnits(units, (unit) => y[unit] ?? 0n, 'lanes')];
        expect(differingUnits(a, b)).toBeLessThanOrEqual(exact);
        expect(differingUnits(p, q)).toBeLessThanOrEqual(differingUnits(a, b));
        expect(differingUnits(a, q)).toBe(coarseDistance(a, b));
        expect(differingUnits(a, b) > 0).toBe(exact > 0);
        const difference = [
          { sketch: a, coefficient: 1 },
          { sketch: b, coefficient: -1 },
        ];
        expect(supportOf(combineSketches(difference))).toBeLessThanOrEqual(exact);
        expect(supportOf(combineSketches(difference.map((share) => ({ ...share, sketch: coarsen(share.sketch) }))))).toBeLessThanOrEqual(
          exact,
        );
      }),
    );
  });

  test('refunds that cancel out in a sum of coarse cells are no difference', () => {
    const [january, february, both] = [10n, -10n, 0n].map((value) => sketchOfUnits(units, (unit) => (unit < 9 ? value : 5n), 'lanes'));
    const year = sketchOfUnits(units, (unit) => (unit < 9 ? 0n : 10n), 'lanes');
    if (january === undefined || february === undefined || both === undefined) throw new Error('No sketch');
    const sum = combineSketches([
      { sketch: january, coefficient: 1 },
      { sketch: february, coefficient: 1 },
    ]);
    expect(differingUnits(sum, year)).toBe(0);
  });

  test('of the same values at another scale are the same', () => {
    const whole = sketchOfUnits(units, (unit) => BigInt(unit), 'fine');
    const cents = sketchOfUnits(units, (unit) => BigInt(unit) * 100n, 'fine', 2);
    expect(differingUnits(whole, cents)).toBe(0);
  });

  test('a total of the modulus itself is seen by its exact total', () => {
    const without = sketchOfUnits(units, () => 0n, 'fine');
    const sentinel = sketchOfUnits(units, (unit) => (unit === 3 ? BigInt(MODULUS) : 0n), 'fine');
    expect(differingUnits(without, sentinel)).toBe(1);
  });

  test('out of range are bugs', () => {
    const digits = Array.from({ length: 256 }, () => 0n);
    expect(() => sketchOfBuckets(new Uint32Array(256).fill(MODULUS), { scale: 0, digits })).toThrow();
    expect(() => sketchOfBuckets(new Uint32Array(255), { scale: 0, digits })).toThrow();
    expect(() => sketchOfBuckets(new Uint32Array(256), { scale: -1, digits })).toThrow();
  });
});

describe('bytes of a sketch', () => {
  test('give it back', () => {
    fc.assert(
      fc.property(totals, kind, fc.nat(38), (x, how, scale) => {
        const sketch = sketchOfUnits(units, (unit) => x[unit] ?? 0n, how, scale);
        const bytes = encodeSketch(sketch);
        expect(decodeSketch(bytes)).toEqual(sketch);
        expect(decodeCoarse(bytes)).toEqual({ lanes: sketch.lanes, mask: sketch.mask, sure: sketch.sure });
      }),
    );
  });

  test('that were cut, lengthened or changed are refused or are another sketch, never the same', () => {
    const x = numbers(3);
    const values = units.map(() => BigInt(Math.floor(x() * 1000)));
    for (const how of ['fine', 'lanes'] as const) {
      const sketch = sketchOfUnits(units, (unit) => values[unit] ?? 0n, how);
      const bytes = encodeSketch(sketch);
      for (let length = 0; length < bytes.length; length += 1) expect(decodeSketch(bytes.subarray(0, length))).toBeUndefined();
      expect(decodeSketch(Uint8Array.from([...bytes, 0]))).toBeUndefined();
      for (let at = 0; at < bytes.length; at += 1) {
        const changed = bytes.slice();
        changed[at] = (changed[at] ?? 0) ^ 0x81;
        const read = decodeSketch(changed);
        if (read !== undefined) expect(encodeSketch(read)).toEqual(changed);
        // Mask, lanes and vector of a fine sketch vouch for one another.
        if (how === 'fine' && at >= 4 && at < 100) expect(read).toBeUndefined();
      }
    }
  });
});
