import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { areaUnderCurve } from '../../../../../src/sandbox/models/check/attack-metrics.ts';
import { modelReportPage } from '../../../../../src/sandbox/models/check/report-page.ts';
import { attackCurve } from '../../../../../src/sandbox/models/check/report-pictures.ts';
import { finding } from '../../../../../src/sandbox/models/check/rule.ts';

describe('the report of a release check', () => {
  test('a curve goes from nothing to everything, and the area below it is the AUC', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.boolean()), { minLength: 200, maxLength: 400 }), (rows) => {
        const isMember = rows.map(([, is]) => is);
        fc.pre(isMember.includes(true) && isMember.includes(false));
        const scores = Float64Array.from(rows, ([score]) => score);
        const { points } = attackCurve('M17', scores, isMember);
        expect([points[0], points.at(-1)]).toEqual([
          [0, 0],
          [1, 1],
        ]);
        const area = points.slice(1).reduce((sum, [x, y], at) => {
          const [before = 0, below = 0] = points[at] ?? [];
          expect(x >= before && y >= below).toBe(true);
          return sum + ((x - before) * (y + below)) / 2;
        }, 0);
        expect(Math.abs(area - areaUnderCurve(scores, isMember))).toBeLessThan(0.05);
      }),
      { numRuns: 20 },
    );
  });

  test('says verdict, every rule, what mends it, and draws attacks, units and risk; nothing in it is run or fetched', () => {
    const findings = [
      { ...finding('M17', 0.7, { seed: 3 }), title: { en: 'Membership', zh: '成员' }, fix: { en: 'Take less', zh: '更少' } },
      { ...finding('M04', null, { seed: 3 }), title: { en: '<script>alert(1)</script>', zh: '"' } },
    ];
    const page = modelReportPage('<b>', {
      verdict: 'fail',
      algorithm: 'gbdt_classifier',
      features: 2,
      metrics: { accuracy: 0.81 },
      findings,
      files: [{ name: 'model.onnx', bytes: 12 }],
      pictures: {
        attacks: [
          {
            rule: 'M17',
            points: [
              [0, 0],
              [1, 1],
            ],
          },
        ],
        support: { of: 'leaves', units: [9, 40], least: 10 },
      },
    });
    for (const part of ['fail', '0.81', 'M17', '0.7', 'Take less', 'k = 10', 'version']) expect(page).toContain(part);
    expect(page.match(/<svg/g)?.length).toBe(3);
    expect(page).not.toMatch(/<script|<b>|https?:|src=|href=/);
    // A leaf of fewer units than the line is drawn as one that failed.
    expect(page).toMatch(/fill="#b42318"/);
  });
});
