import { expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../../src/catalog/disclosure-policy.ts';
import { weigh, weighPair } from '../../../../src/egress/ledger/difference.ts';
import { combineSketches, type Sketch } from '../../../../src/egress/ledger/sketch.ts';
import { sketchOfUnits } from '../../../support/unit-totals.ts';

/** Fifty units in buckets of their own; the first one is as large as asked. */
const UNITS = Array.from({ length: 50 }, (_, at) => ({ key: 1_000_003 * (at + 1), bucket: at * 5 }));
const figure = (members: number, first: bigint): Sketch =>
  sketchOfUnits(UNITS, (unit) => (unit >= members ? 0n : unit === 0 ? first : 10n), 'fine');
const ONE = { isMagnitude: true, signs: 'one' } as const;
const nothing = figure(0, 0n);

test('fewer than k units are near, none included', () => {
  expect(weigh(figure(9, 10n), DEFAULT_POLICY, ONE)).toEqual({ verdict: 'near', units: 9 });
  expect(weigh(nothing, DEFAULT_POLICY, ONE)).toEqual({ verdict: 'near', units: 0 });
  expect(weigh(figure(10, 10n), DEFAULT_POLICY, ONE)).toEqual({ verdict: 'far', units: 10 });
});

test('the border of (2, 90 %) is withheld, a unit less is not; counts are not weighed', () => {
  // 20 others of 10: x1 + 10 against 0.9 (x1 + 200).
  expect(weigh(figure(21, 1700n), DEFAULT_POLICY, ONE).verdict).toBe('dominated');
  expect(weigh(figure(21, 1699n), DEFAULT_POLICY, ONE).verdict).toBe('far');
  expect(weigh(figure(21, 999_999n), DEFAULT_POLICY, { isMagnitude: false, signs: 'one' }).verdict).toBe('far');
});

test('where signs are mixed thresholds are wider', () => {
  expect(weigh(figure(21, 900n), DEFAULT_POLICY, ONE).verdict).toBe('far');
  expect(weigh(figure(21, 900n), DEFAULT_POLICY, { isMagnitude: true, signs: 'mixed' }).verdict).toBe('dominated');
});

test('a pair is weighed like its difference, beyond what a double can hold too', () => {
  const large = 10n ** 25n;
  for (const first of [1699n, 1700n, 999_999n]) {
    const [a, b] = [(unit: number) => large + (unit === 0 ? first : unit < 21 ? 10n : 0n), () => large].map((total) =>
      sketchOfUnits(UNITS, total, 'fine'),
    );
    if (a === undefined || b === undefined) throw new Error('No sketch');
    const difference = combineSketches([
      { sketch: a, coefficient: 1 },
      { sketch: b, coefficient: -1 },
    ]);
    expect(weighPair(a, b, DEFAULT_POLICY, ONE)).toEqual(weigh(difference, DEFAULT_POLICY, ONE));
  }
});

test('a figure beside one that has nothing to do with it tells no more than alone', () => {
  const skewed = figure(40, 6000n);
  const other = sketchOfUnits(UNITS, () => 1n, 'fine');
  expect(weigh(skewed, DEFAULT_POLICY, ONE).verdict).toBe('dominated'); // on buckets; units may have cleared it
  expect(weighPair(skewed, other, DEFAULT_POLICY, ONE).verdict).toBe('far');
});
