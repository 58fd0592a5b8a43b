import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../src/catalog/disclosure-policy.ts';
import { type KinFamilies, NO_KIN } from '../../../src/catalog/kin-families.ts';
import { LedgerIndex } from '../../../src/egress/ledger/ledger-index.ts';
import { encodeSketch } from '../../../src/egress/ledger/sketch-bytes.ts';
import type { LedgerEntry } from '../../../src/operations/ledger-store.ts';
import { kinInForce, recheckEntries } from '../../../src/operations/recheck-entries.ts';
import { keyedUnits, numbers, sketchOfUnits } from '../../support/unit-totals.ts';

const PEOPLE = 400;
const UNITS = keyedUnits(PEOPLE, numbers(11));
const a = (unit: number): bigint => BigInt(1000 + ((unit * 37) % 500));
/** As `a`, but for three people. */
const b = (unit: number): bigint => a(unit) + (unit % 100 === 51 && unit > 100 ? 77n : 0n);
const isLow = (unit: number): boolean => unit % 100 < 40;

/** All of one column, one part of it, and the other part of the other column. */
const FIGURES: readonly { readonly family: string; readonly total: (unit: number) => bigint }[] = [
  { family: 'stays.a', total: a },
  { family: 'stays.a', total: (unit) => (isLow(unit) ? a(unit) : 0n) },
  { family: 'stays.b', total: (unit) => (isLow(unit) ? 0n : b(unit)) },
];

const ENTRIES = FIGURES.map(({ family, total }, at): LedgerEntry => {
  const shape = { isTotal: true, isMagnitude: true, isOneSigned: true, units: 100, policy: DEFAULT_POLICY };
  return {
    seq: at + 1,
    dataset: 'stays',
    version: 'v1',
    job: `job_${at}`,
    ordinal: 0,
    cell: 0,
    unitType: 'person',
    namespace: 'linear',
    family,
    state: 'released',
    at: '2026-01-01T00:00:00.000Z',
    sketch: encodeSketch(sketchOfUnits(UNITS, total, 'fine')),
    body: { gate: 'g', key: [], term: 'sum', ...shape, figure: '1', answered: '' },
  };
});

function clashes(kin: KinFamilies) {
  const index = new LedgerIndex();
  index.apply(ENTRIES.map((entry, at) => ({ ...entry, coarse: sketchOfUnits(UNITS, FIGURES[at]?.total ?? a, 'fine') })));
  const ledger = { entries: async (_: string, seqs: readonly number[]) => ENTRIES.filter(({ seq }) => seqs.includes(seq)) };
  return recheckEntries({ ledger } as unknown as Parameters<typeof recheckEntries>[0], {
    dataset: 'stays',
    policy: DEFAULT_POLICY,
    seqs: [3],
    index,
    kin,
    isBeside: (other) => other.seq < 3,
  });
}

describe('an entry that is looked at again', () => {
  test('is held against combinations of columns that are alike', async () => {
    expect(await clashes(() => 'stays.a')).toMatchObject([{ rule: 'ledger.combination', figure: 3, entries: [1, 2] }]);
    expect(await clashes(NO_KIN)).toEqual([]);
  });
});

describe('the kin of a dataset', () => {
  test('are those of the version in force; without one, nobody has any', async () => {
    const asked: unknown[] = [];
    const datasets = {
      version: async (...of: readonly unknown[]) => {
        asked.push(of);
        return null;
      },
    };
    const view = { datasets } as unknown as Parameters<typeof kinInForce>[0];
    const record = { name: 'stays', dataset: {} as never };
    expect(await kinInForce(view, { ...record, currentVersion: null })).toBe(NO_KIN);
    expect(await kinInForce(view, { ...record, currentVersion: 'v2' })).toBe(NO_KIN);
    expect(asked).toEqual([['stays', 'v2']]);
  });
});
