import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CellEvidence, Requirement, Spread } from '../../../src/egress/evidence.ts';
import { checkOutput, combine, isDominated, passesOutput } from '../../../src/egress/evidence-rules.ts';
import type { Decimal } from '../../../src/kernel/decimal.ts';
import { TEST_POLICY } from '../../support/gate-bench.ts';

const COUNT = fc.oneof(fc.constantFrom(0, 9, 10, 11), fc.nat(300));

/** Spreads at the edges of both rules, exactly and by one in the last of up to 25 digits, beside any others. */
const SPREAD: fc.Arbitrary<Spread> = fc
  .tuple(
    fc.constantFrom(1n, 7n, 10n ** 9n, 10n ** 22n + 3n),
    fc.constantFrom([900n, 600n, 300n], [890n, 600n, 290n], [9n, 5n, 3n], [1000n, 800n, 120n], [0n, 0n, 0n], [100n, 3n, 2n]),
    fc.constantFrom(-1n, 0n, 1n),
    fc.constantFrom(10n, 1n),
    fc.nat(4),
  )
  .map(([factor, [top = 0n, first = 0n, second = 0n], off, tenth, scale]): Spread => {
    const decimal = (digits: bigint): Decimal => ({ digits, scale });
    const [one, two] = [first * factor * 9n, second * factor * 9n];
    // So that x1 + x2 is nine tenths of the total, or the rest a tenth of x1, give or take one.
    const total = tenth === 10n ? top * factor * 10n + off : one + two + one / 10n + off;
    return { total: decimal(total < one + two ? one + two : total), first: decimal(one), second: decimal(two) };
  });

const EVIDENCE: fc.Arbitrary<CellEvidence> = fc
  .record({
    basis: fc.constantFrom('buckets' as const, 'units' as const),
    contributors: COUNT,
    spreads: fc.array(SPREAD, { maxLength: 3 }),
    nulls: COUNT,
    rowsOff: fc.option(COUNT),
    totalsOff: fc.option(COUNT),
    oneValue: fc.boolean(),
  })
  .map(({ basis, ...term }) => ({ basis, unitType: 'person', units: term.contributors, terms: [term] }));

const REQUIREMENT: fc.Arbitrary<Requirement> = fc.record({
  term: fc.constantFrom(0, 0, 0, 1),
  kind: fc.constantFrom('rows' as const, 'present' as const, 'value' as const, 'unit' as const),
  sensitive: fc.boolean(),
  unitsAreCounted: fc.boolean(),
});

describe('rules on evidence', () => {
  test('a column passes exactly where every one of its rules does', () => {
    fc.assert(
      fc.property(EVIDENCE, REQUIREMENT, (evidence, requirement) => {
        expect(passesOutput(evidence, requirement, TEST_POLICY)).toBe(combine(checkOutput(evidence, requirement, TEST_POLICY)) === 'pass');
      }),
      { numRuns: 2000 },
    );
  });

  test('dominance is exact at its edges, however many digits there are', () => {
    const asked: Requirement = { term: 0, kind: 'rows', sensitive: false, unitsAreCounted: false };
    fc.assert(
      fc.property(SPREAD, (spread) => {
        const term = { contributors: 100, spreads: [spread], nulls: 0, rowsOff: null, totalsOff: null, oneValue: false };
        const evidence: CellEvidence = { basis: 'units', unitType: 'person', units: 100, terms: [term] };
        expect(passesOutput(evidence, asked, TEST_POLICY)).toBe(!isDominated(spread, TEST_POLICY));
      }),
      { numRuns: 2000 },
    );
  });

  test('one unit more than the edge in the last digit is told apart', () => {
    const at = (total: bigint): Spread => ({
      total: { digits: total, scale: 2 },
      first: { digits: 6n * 10n ** 24n, scale: 2 },
      second: { digits: 3n * 10n ** 24n, scale: 2 },
    });
    expect(isDominated(at(10n ** 25n), TEST_POLICY)).toBe(true);
    expect(isDominated(at(10n ** 25n + 1n), TEST_POLICY)).toBe(false);
  });
});
