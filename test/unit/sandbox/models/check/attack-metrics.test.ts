import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalTail } from '../../../../../src/kernel/normal-tail.ts';
import {
  areaUnderCurve,
  attackMetrics,
  nullDeviation,
  tailMetrics,
  truePositivesAt,
} from '../../../../../src/sandbox/models/check/attack-metrics.ts';

const PROBS = Float64Array.from([0.1, 0.6, 0.2, 0.45, 0.9, 0.99]);
const TRUTH = [0, 0, 0, 1, 1, 1].map(Boolean);

describe('metrics of membership attacks (vectors of models-and-audit.md §1.3 b)', () => {
  test('six scores', () => {
    const metrics = attackMetrics(PROBS, TRUTH);
    expect(metrics).toMatchObject({ members: 3, others: 3 });
    expect([metrics.auc, metrics.truePositiveRate, metrics.falsePositiveRate, metrics.accuracy, metrics.advantage]).toEqual(
      [8 / 9, 2 / 3, 1 / 3, 4 / 6, 1 / 3].map((share) => expect.closeTo(share, 12)),
    );
    expect([0, 0.001, 0.1, 0.4, 1].map((rate) => truePositivesAt(PROBS, TRUTH, rate))).toEqual([2 / 3, 2 / 3, 2 / 3, 1, 1]);
    expect(tailMetrics(PROBS, TRUTH, 0.1)).toMatchObject({ highest: 1, lowest: 0, difference: 1 });
    expect(tailMetrics(PROBS, TRUTH, 0.5).difference).toBeCloseTo(1 / 3, 12);
  });

  test('25 of 50,000 ranked first, and last', () => {
    const scores = Float64Array.from({ length: 50_000 }, (_, at) => at);
    const first = scores.length - 25;
    expect(
      tailMetrics(
        scores,
        Array.from(scores, (score) => score >= first),
        0.1,
      ).surprise,
    ).toBe(115.13);
    expect(
      tailMetrics(
        scores,
        Array.from(scores, (score) => score < 25),
        0.1,
      ).surprise,
    ).toBeCloseTo(0, 5);
  });

  test.each([
    [398, 171, 0.026418],
    [199, 86, 0.037318],
  ])('the deviation of an AUC that says nothing: %i against %i', (members, others, deviation) =>
    expect(nullDeviation(members, others)).toBeCloseTo(deviation, 6),
  );

  test('tails of the normal distribution', () => {
    for (const [z, tail] of [
      [0, 0.5],
      [1, 0.15865525393145707],
      [-1, 0.8413447460685429],
      [3, 0.0013498980316300933],
      [6, 9.865876450376946e-10],
      [10, 7.61985302416053e-24],
    ] as const) {
      expect(normalTail(z) / tail).toBeCloseTo(1, 12);
    }
  });

  test('AUC is the share of pairs that are told apart', () => {
    const scored = fc.array(fc.tuple(fc.integer({ min: 0, max: 6 }), fc.boolean()), { minLength: 2, maxLength: 30 });
    fc.assert(
      fc.property(scored, (cases) => {
        const members = cases.filter(([, member]) => member);
        const others = cases.filter(([, member]) => !member);
        fc.pre(members.length > 0 && others.length > 0);
        const won = members.flatMap(([a]) => others.map(([b]) => (a > b ? 1 : a === b ? 0.5 : 0)));
        const auc = areaUnderCurve(
          Float64Array.from(cases, ([score]) => score),
          cases.map(([, member]) => member),
        );
        expect(auc).toBeCloseTo(won.reduce<number>((sum, each) => sum + each, 0) / won.length, 12);
      }),
    );
  });
});

const VECTORS = resolve(import.meta.dirname, '../../../../../../shared/conformance/models/mia_metric_vectors.json');

describe.skipIf(!existsSync(VECTORS))('569 scores of a forest (skipped where ../shared/conformance is not there)', () => {
  interface Vectors {
    readonly labels: readonly number[];
    readonly scores: readonly number[];
    readonly scores_jitter: readonly number[];
    readonly expect: Readonly<Record<string, number>>;
    readonly expect_jitter: Readonly<Record<string, number>>;
  }
  const vectors: Vectors = JSON.parse(readFileSync(VECTORS, 'utf8'));
  const members = vectors.labels.map((label) => label === 1);

  test.each([
    ['with ties', vectors.scores, vectors.expect],
    ['without', vectors.scores_jitter, vectors.expect_jitter],
  ] as const)('%s', (_, list, expected) => {
    const scores = Float64Array.from(list);
    const metrics = attackMetrics(scores, members);
    expect(metrics.auc).toBeCloseTo(expected.AUC ?? Number.NaN, 7);
    expect(metrics.truePositiveRate).toBeCloseTo(expected.TPR ?? Number.NaN, 7);
    expect(metrics.falsePositiveRate).toBeCloseTo(expected.FPR ?? Number.NaN, 7);
    expect(metrics.accuracy).toBeCloseTo(expected.ACC ?? Number.NaN, 7);
    expect(metrics.advantage).toBeCloseTo(expected.Advantage ?? Number.NaN, 7);
    for (const rate of [0.5, 0.2, 0.1, 0.01, 0.001]) {
      expect(truePositivesAt(scores, members, rate / 100)).toBeCloseTo(expected[`TPR@${rate}%`] ?? Number.NaN, 10);
    }
  });

  test.each([
    [0.1, '01'],
    [0.2, '02'],
    [0.01, '001'],
  ])('tails of %f', (share, name) => {
    const tails = tailMetrics(Float64Array.from(vectors.scores_jitter), members, share);
    const expected = vectors.expect_jitter;
    expect(tails.highest).toBeCloseTo(expected[`FMAX${name}`] ?? Number.NaN, 10);
    expect(tails.lowest).toBeCloseTo(expected[`FMIN${name}`] ?? Number.NaN, 10);
    expect(tails.difference).toBeCloseTo(expected[`FDIF${name}`] ?? Number.NaN, 10);
    expect(tails.surprise).toBeCloseTo(expected[`PDIF${name}`] ?? Number.NaN, 6);
  });
});
