import { describe, expect, test } from 'vitest';
import type { DataProfile, Dataset } from '../../../src/catalog/dataset.ts';
import { readDeclaration } from '../../../src/catalog/declaration.ts';
import { kinFamilies, NO_KIN } from '../../../src/catalog/kin-families.ts';
import { LedgerIndex } from '../../../src/egress/ledger/ledger-index.ts';
import { DECLARED_HEAD } from '../../support/declared-head.ts';
import { keyedUnits, numbers, sketchOfUnits } from '../../support/unit-totals.ts';

function dataset(): Dataset {
  const measure = { type: 'INTEGER', label: 'personal', role: 'measure' };
  const read = readDeclaration({
    dataset: 'stays',
    ...DECLARED_HEAD,
    title: { zh: '停车', en: 'Stays' },
    tables: {
      stays: {
        file: 'stays.csv',
        visibility: 'protected',
        primaryKey: ['id'],
        units: { person: ['id'] },
        columns: { id: { type: 'INTEGER', label: 'personal', role: 'unitId' }, a: measure, b: measure, c: measure, d: measure, e: measure },
      },
    },
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value.dataset;
}

const profile = (alike: readonly (readonly [string, string])[]): DataProfile => ({
  tables: [{ table: 'stays', rows: 100, uniqueColumns: [], leastUnitsPerValue: {}, nulls: {}, alike }],
  units: [],
});

describe('families that are kin', () => {
  const kin = kinFamilies(
    dataset(),
    profile([
      ['c', 'b'],
      ['a', 'b'],
    ]),
  );

  test('have one name, whichever columns are compared first, and of how many they are', () => {
    expect(['stays.a', 'stays.b', 'stays.c'].map(kin)).toEqual(['stays.a', 'stays.a', 'stays.a']);
    expect(kin('stays.b, stays.d')).toBe('stays.a, stays.d');
    expect(kin('stays.a, stays.b')).toBe('stays.a');
  });

  test('others keep theirs, also those that no column has', () => {
    expect(['stays.d', 'derived.x', 'count "stays"', ''].map(kin)).toEqual(['stays.d', 'derived.x', 'count "stays"', '']);
    expect(kinFamilies(dataset(), profile([]))).toBe(NO_KIN);
    expect(kinFamilies(dataset(), profile([['a', 'gone']]))('stays.a')).toBe('stays.a');
  });

  test('are listed together, newest first, under whichever of their names', () => {
    const units = keyedUnits(50, numbers(1));
    const index = new LedgerIndex();
    const families = ['stays.a', 'stays.d', 'stays.b', 'stays.c', 'stays.a'];
    index.apply(
      families.map((family, at) => ({
        seq: at + 1,
        job: 'j',
        unitType: 'person',
        namespace: 'linear',
        family,
        state: 'released' as const,
        coarse: sketchOfUnits(units, (unit) => BigInt(unit + at), 'fine'),
      })),
    );
    expect(index.family('person', 'stays.c', 80, kin)).toEqual([5, 4, 3, 1]);
    expect(index.family('person', 'stays.a', 2, kin)).toEqual([5, 4]);
    expect(index.family('person', 'stays.c', 80)).toEqual([4]);
    expect(index.family('household', 'stays.c', 80, kin)).toEqual([]);
    // Of each family the newest first, whatever was released of one over and over.
    expect(index.mixed('person', 80).slice().sort()).toEqual([1, 2, 3, 4, 5]);
    expect(index.mixed('person', 3)).toEqual([5, 4, 3]);
    expect(index.mixed('household', 80)).toEqual([]);
  });
});
