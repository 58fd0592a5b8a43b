import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Combinations, fractionOf } from '../../../../src/egress/ledger/combinations.ts';
import type { Sketch } from '../../../../src/egress/ledger/sketch.ts';
import { inverseMod, mulMod, residueOf } from '../../../../src/kernel/modular.ts';
import { keyedUnits, numbers, sketchOfUnits } from '../../../support/unit-totals.ts';

const K = 10;
const COUNT = 3000;
const UNITS = keyedUnits(COUNT, numbers(21));
const random = numbers(22);
const INCOMES = UNITS.map(() => BigInt(Math.floor(2000 + 60000 * random() ** 3)));
const ATTRIBUTES = Array.from({ length: 80 }, (_, at) => UNITS.map(() => random() < (at % 3 === 0 ? 0.5 : 0.1)));
const figure = (at: number): readonly bigint[] => INCOMES.map((income, unit) => (ATTRIBUTES[at]?.[unit] === true ? income : 0n));
const FIGURES = ATTRIBUTES.map((_, at) => figure(at));
const sketchOf = (totals: readonly bigint[], kind: 'fine' | 'lanes'): Sketch => sketchOfUnits(UNITS, (unit) => totals[unit] ?? 0n, kind);
const FINE = FIGURES.map((totals, id) => ({ id, sketch: sketchOf(totals, 'fine') }));
const COARSE = FIGURES.map((totals, id) => ({ id, sketch: sketchOf(totals, 'lanes') }));

function combined(parts: ReadonlyMap<number, number>, changed: readonly number[]): readonly bigint[] {
  const totals = UNITS.map((_, unit) => [...parts].reduce((sum, [at, c]) => sum + BigInt(c) * (FIGURES[at]?.[unit] ?? 0n), 0n));
  for (const unit of changed) totals[unit] = (totals[unit] ?? 0n) + 777n;
  return totals;
}

const coefficients = fc.integer({ min: -3, max: 3 }).filter((value) => value !== 0);
const units = (max: number) => fc.uniqueArray(fc.nat(COUNT - 1), { maxLength: max });
const wholes = (combination: {
  readonly parts: readonly { readonly id: number; readonly coefficient?: { numerator: number; denominator: number } | undefined }[];
}) => new Map(combination.parts.map((part) => [part.id, part.coefficient?.denominator === 1 ? part.coefficient.numerator : Number.NaN]));

describe('combinations of earlier figures', () => {
  const newest = new Combinations(FINE.slice(0, 24), K);

  test('of the newest 24 figures are found, whichever nine units are off', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(23), { minLength: 1, maxLength: 24 }), coefficients, units(9), (chosen, c, changed) => {
        const parts = new Map(chosen.map((at, index) => [at, index % 2 === 0 ? c : -1] as const));
        const [best] = newest.find(sketchOf(combined(parts, changed), 'fine'), K);
        expect(best?.units ?? 99).toBeLessThanOrEqual(changed.length);
        expect(new Map([...wholes(best ?? { parts: [] })].sort())).toEqual(new Map([...parts].sort()));
      }),
      { numRuns: 60 },
    );
  });

  test('of three among 80 figures with ±1 and ±2 are found, whichever nine units are off', () => {
    const all = [new Combinations(FINE, K), new Combinations(COARSE, K)];
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(79), { minLength: 1, maxLength: 3 }),
        fc.array(fc.constantFrom(1, -1, 2, -2), { minLength: 3, maxLength: 3 }),
        units(9),
        (chosen, c, changed) => {
          const parts = new Map(chosen.map((at, index) => [at, c[index] ?? 1] as const));
          const totals = combined(parts, changed);
          for (const [at, combinations] of all.entries()) {
            const found = combinations.find(sketchOf(totals, at === 0 ? 'fine' : 'lanes'), K);
            expect(found.map((item) => JSON.stringify([...wholes(item)].sort()))).toContain(JSON.stringify([...parts].sort()));
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  test('of many among 80 figures are found where two units are off', () => {
    const all = new Combinations(FINE, K);
    fc.assert(
      fc.property(fc.uniqueArray(fc.nat(79), { minLength: 4, maxLength: 60 }), units(2), (chosen, changed) => {
        const totals = combined(new Map(chosen.map((at) => [at, 1] as const)), changed);
        expect(all.find(sketchOf(totals, 'fine'), K)[0]?.units).toBeLessThanOrEqual(2);
      }),
      { numRuns: 20 },
    );
  });

  test('of three, some of them added for a while, are found, whichever nine units are off', () => {
    const all = new Combinations(COARSE.slice(0, 60), K, 20);
    for (let round = 0; round < 2; round += 1) {
      all.forget();
      for (const figure of COARSE.slice(60)) all.add(figure);
      fc.assert(
        fc.property(
          fc.tuple(
            fc.uniqueArray(fc.nat(59), { maxLength: 3 }),
            fc.uniqueArray(fc.integer({ min: 60, max: 79 }), { minLength: 1, maxLength: 3 }),
          ),
          fc.array(fc.constantFrom(1, -1, 2, -2), { minLength: 3, maxLength: 3 }),
          units(9),
          ([stay, pass], c, changed) => {
            const chosen = [...pass, ...stay].slice(0, 3);
            const parts = new Map(chosen.map((at, index) => [at, c[index] ?? 1] as const));
            const found = all.find(sketchOf(combined(parts, changed), 'lanes'), K);
            expect(found.map((item) => JSON.stringify([...wholes(item)].sort()))).toContain(JSON.stringify([...parts].sort()));
          },
        ),
        { numRuns: 30 },
      );
    }
  });

  test('are those of the earlier figures again once added ones are given back', () => {
    const [fresh, used] = [new Combinations(FINE.slice(0, 30), K, 10), new Combinations(FINE.slice(0, 30), K, 10)];
    const asked = sketchOf(combined(new Map([...Array(12).keys()].map((at) => [at * 3, at % 2 === 0 ? 1 : -1])), [5]), 'fine');
    for (const figure of FINE.slice(30, 40)) used.add(figure);
    expect(used.find(asked, K)[0]?.parts.map((part) => part.id)).toContain(33);
    used.forget();
    expect(used.find(asked, K)).toEqual(fresh.find(asked, K));
    for (const figure of FINE.slice(30, 40)) for (const each of [fresh, used]) each.add(figure);
    expect(used.find(asked, K)).toEqual(fresh.find(asked, K));
    expect(used.find(asked, K)[0]?.units).toBe(1);
  });

  test('a figure that is none is not taken for one', () => {
    const all = new Combinations(FINE.slice(0, 60), K);
    for (let at = 60; at < 80; at += 1) {
      expect(all.find(sketchOf(FIGURES[at] ?? [], 'fine'), 32)).toEqual([]);
      expect(new Combinations(COARSE.slice(0, 60), K).find(sketchOf(FIGURES[at] ?? [], 'lanes'), K)).toEqual([]);
    }
  });

  test('a reach beyond k shows differences that have to be weighed', () => {
    const changed = Array.from({ length: 15 }, (_, at) => at * 31);
    const sketch = sketchOf(
      combined(
        new Map([
          [1, 1],
          [2, 1],
          [5, -1],
        ]),
        changed,
      ),
      'fine',
    );
    expect(newest.find(sketch, K)).toEqual([]);
    expect(newest.find(sketch, 32)[0]?.units).toBeGreaterThanOrEqual(12);
  });

  test('small cells in the basis do not hide a sum of large ones', () => {
    const small = Array.from({ length: 20 }, (_, cell) =>
      UNITS.map((_, unit) => (unit >= cell * 12 && unit < cell * 12 + 12 ? (INCOMES[unit] ?? 0n) : 0n)),
    );
    const total = INCOMES;
    const basis = [total, ...small].map((totals, id) => ({ id, sketch: sketchOf(totals, 'fine') }));
    // The total without the 20 small cells and without four persons.
    const rest = total.map((value, unit) => (unit < 244 ? 0n : value));
    const found = new Combinations(basis, K).find(sketchOf(rest, 'fine'), K);
    expect(found[0]?.units).toBe(4);
    expect(found[0]?.parts).toHaveLength(21);
  });

  test('figures of few units agree with nothing by chance', () => {
    const cells = Array.from({ length: 24 }, (_, cell) => UNITS.map((_, unit) => (unit % 250 === cell ? 1n : 0n)));
    const basis = cells.map((totals, id) => ({ id, sketch: sketchOf(totals, 'fine') }));
    const other = UNITS.map((_, unit) => (unit % 250 === 99 ? 1n : 0n));
    expect(new Combinations(basis, K).find(sketchOf(other, 'fine'), K)).toEqual([]);
    expect(new Combinations(basis, K).find(sketchOf(other, 'lanes'), K)).toEqual([]);
  });
});

test('simple fractions are read from residues', () => {
  fc.assert(
    fc.property(fc.integer({ min: -60, max: 60 }), fc.integer({ min: 1, max: 24 }), (numerator, denominator) => {
      const fraction = fractionOf(mulMod(residueOf(numerator), inverseMod(denominator)));
      expect((fraction?.numerator ?? Number.NaN) / (fraction?.denominator ?? 1)).toBeCloseTo(numerator / denominator, 12);
    }),
  );
  expect(fractionOf(1234567891)).toBeUndefined();
});
