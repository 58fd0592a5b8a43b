import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { AssessedCell, AssessedGate, CellFinding } from '../../../src/egress/assessed.ts';
import { withholdComplements } from '../../../src/egress/complements.ts';
import type { KeyValue } from '../../../src/egress/executed.ts';
import { TEST_POLICY } from '../../support/gate-bench.ts';

const SMALL: CellFinding = { rule: 'threshold.k', unitType: 'person', counted: 1 };

interface Part {
  readonly label: KeyValue;
  readonly units: number;
  readonly dropped?: readonly string[];
}

function gate(ids: readonly string[], cells: readonly (readonly [readonly KeyValue[], Part])[]): AssessedGate {
  return {
    shape: {
      name: '__g0',
      rowsId: 'persons',
      bundle: 0,
      oneRow: true,
      keys: ids.map((id) => ({ name: id, id, type: 'VARCHAR', sensitive: false, publicLabels: null })),
      outputs: [{ name: '__a0', shown: 'count(*)', type: 'BIGINT', terms: ['rows'], families: [] }],
    },
    cells: cells.map(
      ([key, part]): AssessedCell => ({
        key,
        isEmpty: part.units === 0,
        magnitudes: new Map(),
        units: part.units,
        dropped: part.dropped ?? [],
        answered: '',
        outputs: [{ value: part.units, rules: [] }],
        withheld: [part.units < TEST_POLICY.k ? [SMALL] : []],
      }),
    ),
  };
}

const total = (units: number): AssessedGate => gate([], [[[], { label: null, units }]]);
const parts = (list: readonly Part[]): AssessedGate =>
  gate(
    ['city'],
    list.map((part) => [[part.label], part]),
  );
const seen = (gates: readonly AssessedGate[]): readonly (readonly KeyValue[])[] =>
  gates.map((item) => item.cells.filter((cell) => cell.withheld[0]?.length === 0).map((cell) => cell.key.join()));

describe('a total beside its parts', () => {
  const CITIES: readonly Part[] = [
    { label: 'a', units: 125 },
    { label: 'b', units: 100 },
    { label: 'c', units: 1 },
  ];

  test('a second part goes, the one with the fewest units (D19)', () => {
    expect(seen(withholdComplements([], [total(226), parts(CITIES)], TEST_POLICY))).toEqual([[''], ['a']]);
  });

  test('a total that comes after its parts goes itself', () => {
    expect(seen(withholdComplements([parts(CITIES)], [total(226)], TEST_POLICY))).toEqual([[]]);
  });

  test('nothing more goes where the parts that are not seen hold k units, or nobody', () => {
    const many: readonly Part[] = [...CITIES.slice(0, 2), { label: 'c', units: 6 }, { label: 'd', units: 4 }];
    expect(seen(withholdComplements([], [total(235), parts(many)], TEST_POLICY))).toEqual([[''], ['a', 'b']]);
    expect(seen(withholdComplements([], [total(225), parts(CITIES.slice(0, 2))], TEST_POLICY))).toEqual([[''], ['a', 'b']]);
  });

  test('a part that lost an operand its total kept counts as one that is not seen (D2)', () => {
    const list: readonly Part[] = [
      { label: 'a', units: 125 },
      { label: 'b', units: 100, dropped: ['income >= 1'] },
    ];
    expect(seen(withholdComplements([], [total(220), parts(list)], TEST_POLICY))).toEqual([[''], ['a']]);
  });
});

test('whatever the parts, those that are not seen beside a seen total hold nobody or at least k units', () => {
  const units = fc.array(fc.integer({ min: 0, max: 40 }), { minLength: 1, maxLength: 8 });
  fc.assert(
    fc.property(units, (sizes) => {
      const list = sizes.map((size, index): Part => ({ label: `p${index}`, units: size }));
      const all = sizes.reduce((sum, size) => sum + size, 0);
      const [whole, split] = withholdComplements([], [total(all), parts(list)], TEST_POLICY);
      if (whole?.cells[0]?.withheld[0]?.length !== 0) return;
      const unseen = (split?.cells ?? []).filter((cell) => cell.withheld[0]?.length !== 0).reduce((sum, cell) => sum + cell.units, 0);
      expect(unseen === 0 || unseen >= TEST_POLICY.k).toBe(true);
    }),
    { numRuns: 300 },
  );
});

test('a margin that must not be seen cannot be added up from its parts (ROLLUP)', () => {
  const cells = (list: readonly (readonly [string, string, number])[]): AssessedGate =>
    gate(
      ['tariff', 'area'],
      list.map(([tariff, area, units]) => [[tariff, area], { label: area, units }]),
    );
  const margins = gate(
    ['tariff'],
    [
      [['flat'], { label: 'flat', units: 133 }],
      [['green'], { label: 'green', units: 134 }],
      [['night'], { label: 'night', units: 1 }],
    ],
  );
  const fine = cells([
    ['flat', 'n', 60],
    ['flat', 's', 73],
    ['green', 'n', 70],
    ['green', 's', 64],
    ['night', 'n', 1],
  ]);
  // The night margin is small; the flat one goes with it, and with it a part of its own.
  expect(seen(withholdComplements([], [total(268), margins, fine], TEST_POLICY))).toEqual([
    [''],
    ['green'],
    ['flat,s', 'green,n', 'green,s'],
  ]);
});

test('two groupings of the same rows share their total: one part that is not seen takes another along', () => {
  const genders = gate(
    ['gender'],
    [
      [['f'], { label: 'f', units: 120 }],
      [['m'], { label: 'm', units: 106 }],
    ],
  );
  const cities = parts([
    { label: 'a', units: 125 },
    { label: 'b', units: 100 },
    { label: 'c', units: 1 },
  ]);
  expect(seen(withholdComplements([], [genders, cities], TEST_POLICY))).toEqual([['f', 'm'], ['a']]);
});
