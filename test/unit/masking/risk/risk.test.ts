import { describe, expect, test } from 'vitest';
import { classesAt } from '../../../../src/masking/anonymity/classes.ts';
import { populationRisk, prosecutorRisk, sizeCounts, unitsIn } from '../../../../src/masking/risk/class-sizes.ts';
import { logGamma } from '../../../../src/masking/risk/gamma.ts';
import { gradeOf } from '../../../../src/masking/risk/grade.ts';
import { individualRisk } from '../../../../src/masking/risk/individual.ts';
import { fitPitman } from '../../../../src/masking/risk/pitman.ts';
import { populationUniqueness } from '../../../../src/masking/risk/population-uniqueness.ts';
import { snbUniqueness } from '../../../../src/masking/risk/snb.ts';
import { sudaScores } from '../../../../src/masking/risk/suda.ts';
import { adultRecords } from '../../../support/adult-records.ts';
import { SHARED_DATA } from '../../../support/shared-data.ts';

// Source of the figures: TestRiskMetrics of ARX, as quoted in synthetic-and-masking.md §7.1.
describe.skipIf(SHARED_DATA === null)('UCI Adult, nine quasi-identifiers', () => {
  const sizes = sizeCounts(classesAt(adultRecords(), new Array<number>(9).fill(0)).units);
  const n = 30_162;

  test('classes and the prosecutor', () => {
    expect(sizes.slice(0, 10).map(({ classes }) => classes)).toEqual([15512, 2098, 754, 375, 189, 155, 97, 73, 39, 37]);
    expect(sizes.at(-1)?.size).toBe(45);
    expect(unitsIn(sizes)).toBe(n);
    const risk = prosecutorRisk(sizes, 0.2);
    expect(risk.average).toBeCloseTo(0.6465751607983555, 14);
    expect(risk.uniqueness).toBeCloseTo(0.5142895033485844, 14);
    expect(risk.highest).toBe(1);
    expect(risk.lowest).toBeCloseTo(1 / 45, 14);
    expect(risk.recordsAtRisk).toBeCloseTo((15512 + 2 * 2098 + 3 * 754 + 4 * 375) / n, 14);
  });

  test('population uniqueness', () => {
    expect(fitPitman(sizes)?.theta).toBeCloseTo(3176.2335179, 5);
    expect(fitPitman(sizes)?.alpha).toBeCloseTo(0.71794894825, 9);
    const tenth = populationUniqueness(sizes, n / 0.1);
    expect(tenth.pitman).toBeCloseTo(0.27684993883653597, 9);
    expect(tenth.zayatz).toBeCloseTo(0.3207402393466189, 7);
    expect(tenth.dankar).toBe(tenth.pitman);
    expect(populationUniqueness(sizes, n / 0.01).dankar).toBeCloseTo(0.1446083531167384, 9);
    expect(populationUniqueness(sizes, n / 0.2).dankar).toBeCloseTo(0.3577099234829125, 7);
    expect(populationUniqueness(sizes, n).dankar).toBeCloseTo(0.5142895033485844, 14);
  });
});

test('the slide negative binomial gives back what it was made of', () => {
  // α = 0.5, β = 0.01, 100,000 classes, sampled at 0.3: expected class sizes up to 400.
  const [alpha, beta, rate, classes] = [0.5, 0.01, 0.3, 100_000];
  const population = Math.round(classes * ((alpha * (1 - beta)) / beta + 1));
  const expected: number[] = new Array<number>(400).fill(0);
  let p = beta ** alpha;
  for (let j = 1; j < 3000; j += 1) {
    let q = (1 - rate) ** j;
    for (let i = 0; i < Math.min(j + 1, expected.length); i += 1) {
      expected[i] = (expected[i] ?? 0) + classes * p * q;
      q *= ((j - i) / (i + 1)) * (rate / (1 - rate));
    }
    p *= ((alpha + j - 1) / j) * (1 - beta);
  }
  const sizes = expected.flatMap((count, size) => (size === 0 ? [] : [{ size, classes: count }]));
  expect(snbUniqueness(sizes, population)).toBeCloseTo((classes * beta ** alpha) / population, 3);
});

test('the small example of ARX before and after', () => {
  expect(prosecutorRisk(sizeCounts([1, 1, 1, 1, 1, 1, 1]), 0.2)).toMatchObject({ average: 1, highest: 1 });
  const after = prosecutorRisk(sizeCounts([2, 3, 2]), 0.2);
  expect(after.average).toBeCloseTo(0.42857142857142855, 15);
  expect(after.highest).toBe(0.5);
});

test('journalist and marketer', () => {
  expect(
    populationRisk([
      { units: 1, population: 4 },
      { units: 3, population: 6 },
    ]),
  ).toEqual({
    journalist: { highest: 0.25, average: 0.2 },
    marketer: 0.1875,
  });
  expect(() => populationRisk([{ units: 2, population: 1 }])).toThrow(RangeError);
});

test('individual risk as sdcMicro has it', () => {
  const f = [3, 1, 3, 1, 2, 2, 1, 3];
  const F = [108, 45.5, 108, 17, 100, 100, 123.5, 108];
  // Source: synthetic-and-masking.md §7.2, the second and fourth to seventh by its formulas.
  const expected = [0.01369863, 0.08579129, 0.01369863, 0.17707583, 0.01877883, 0.01877883, 0.03931625, 0.01369863];
  for (const [index, risk] of expected.entries()) expect(individualRisk(f[index] ?? 0, F[index] ?? 0)).toBeCloseTo(risk, 7);
  expect(individualRisk(4, 4)).toBe(0.25);
});

test('SUDA2 scores of the ten rows of the SDC practice guide', () => {
  const rows = [
    'urban female secondary-incomplete employed',
    'urban female secondary-incomplete employed',
    'urban female primary-incomplete inactive',
    'urban male secondary-complete employed',
    'rural female secondary-complete unemployed',
    'urban male secondary-complete employed',
    'urban female primary-complete inactive',
    'urban male post-secondary unemployed',
    'urban female secondary-incomplete inactive',
    'urban female secondary-incomplete inactive',
  ].map((row) => row.split(' '));
  const columns = [0, 1, 2, 3].map((column) => {
    const names = [...new Set(rows.map((row) => row[column]))];
    return Int32Array.from(rows, (row) => names.indexOf(row[column]));
  });
  expect([...sudaScores(columns, 3)]).toEqual([0, 0, 6, 0, 12, 0, 6, 10, 0, 0]);
});

test('grades', () => {
  expect([gradeOf(true, 0, 0.05), gradeOf(false, 0.2, 0.05), gradeOf(false, 0.05, 0.05)]).toEqual([1, 2, 3]);
});

test('ln Γ', () => {
  expect(logGamma(1)).toBeCloseTo(0, 13);
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
  expect(logGamma(101)).toBeCloseTo(363.73937555556347, 9);
});
