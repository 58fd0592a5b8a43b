import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../src/catalog/disclosure-policy.ts';
import type { LedgerView, RegisteredFigure, RowFigure } from '../../../src/pipeline/ledger-port.ts';
import { settleRows } from '../../../src/pipeline/settle-rows.ts';
import { ledgerRow } from '../../support/ledger-row.ts';
import { keyedUnits, numbers, sketchOfUnits } from '../../support/unit-totals.ts';

const PEOPLE = 300;
const UNITS = keyedUnits(PEOPLE, numbers(5));
const policy = { ...DEFAULT_POLICY, k: 10 };

/** The largest value of a column that is another one's but for so many people. */
function largest(column: string, differing: number, value: number): RowFigure {
  return {
    term: `quantile | max | ${column}`,
    namespace: 'quantile | max',
    family: column,
    total: null,
    value,
    isMagnitude: false,
    isOneSigned: false,
    units: PEOPLE,
    outputs: [0],
    sketches: [
      {
        unitType: 'person',
        sketch: sketchOfUnits(UNITS, (unit) => BigInt(unit % 29 === 3 && Math.floor(unit / 29) < differing ? 7 : 1000 + unit), 'fine'),
      },
    ],
  };
}

function settled(figures: readonly RowFigure[], view: Partial<LedgerView> = {}): readonly unknown[] {
  const [verdicts = []] = settleRows(
    [ledgerRow(figures)],
    { near: () => [], family: () => [], mixed: () => [], span: () => [], ...view },
    policy,
  ).verdicts;
  return verdicts.map((verdict) => (verdict.kind === 'replace' ? verdict.value : verdict.kind));
}

describe('largest values of two columns of a row', () => {
  test.each([
    [1, 900],
    [9, 900],
  ])('that differ in %i people are one', (differing, answer) => {
    expect(settled([largest('a', 0, 900), largest('b', differing, 950)])).toEqual(['keep', answer]);
  });

  test('that differ in many people, or in nobody, are two', () => {
    expect(settled([largest('a', 0, 900), largest('b', 10, 950)])).toEqual(['keep', 'keep']);
    expect(settled([largest('a', 0, 900), largest('b', 0, 900)])).toEqual(['keep', 'keep']);
  });

  test('another functional is not compared', () => {
    expect(settled([largest('a', 0, 900), { ...largest('b', 1, 950), namespace: 'quantile | min' }])).toEqual(['keep', 'keep']);
  });

  test('one that is answered by an earlier release is nobody else’s answer', () => {
    const { sketches } = largest('a', 2, 1);
    const [{ sketch } = { sketch: undefined }] = sketches;
    if (sketch === undefined) throw new Error('No sketch');
    const earlier: RegisteredFigure = {
      seq: 4,
      family: 'b',
      state: 'released',
      row: 'earlier/0',
      isMagnitude: false,
      sketch,
      total: null,
      value: 877,
      answered: 'an earlier query',
      labels: [],
    };
    const near: LedgerView['near'] = (_, namespace) => (namespace === 'quantile | max' ? [earlier] : []);
    expect(settled([largest('a', 0, 900), largest('b', 1, 950)], { near })).toEqual([877, 877]);
  });
});
