import fc from 'fast-check';
import { expect, test } from 'vitest';
import { externalFindings, linkExternal } from '../../../../src/egress/rows/external-linkage.ts';

const decade = (value: string): readonly string[] => [value, `${value.slice(0, 3)}0s`, '*'];
const same = (value: string): readonly string[] => [value];
const list = (columns: Readonly<Record<string, readonly (string | null)[]>>, labelsOf = decade) => ({
  id: 'ext_1',
  people: Object.values(columns)[0]?.length ?? 0,
  columns: new Map(Object.entries(columns).map(([name, values]) => [name, { values, labelsOf }])),
});

// Source: Sweeney 2002, table 1 in small: quasi-identifiers of six patients, three voters.
test('voters are joined with the rows they may be', () => {
  const cells = new Map([
    ['born', ['1960s', '1960s', '1960s', '1970s', '1970s', '1970s']],
    ['cost', ['7', '7', '9', '7', '8', '9']],
  ]);
  const keys = Int32Array.from([1, 2, 3, 4, 5, 6]);
  const known = linkExternal(cells, keys, list({ born: ['1965', '1971', '1999'] }), 3);
  expect(known).toEqual({ id: 'ext_1', columns: ['born'], linked: 2 / 3, highest: 1 / 3, average: 1 / 3, belowK: 0 });
  // Who knows the cost, too, is left with one row.
  const more = linkExternal(cells, keys, list({ born: ['1965', '1971'], cost: ['9', '8'] }), 3);
  expect(more).toMatchObject({ linked: 1, highest: 1, belowK: 1 });
  expect(externalFindings(more === null ? [] : [more], 3, 0.05)).toMatchObject([{ rule: 'linkage.external', severity: 'hard' }]);
  expect(linkExternal(cells, keys, list({ other: ['x'] }), 3)).toBeNull();
  // One person of several rows is one.
  expect(linkExternal(cells, Int32Array.from([1, 1, 1, 2, 2, 2]), list({ born: ['1965'] }), 3)).toMatchObject({ highest: 1, belowK: 1 });
});

test('a chance above what is accepted asks for a reason, where enough of the list finds rows', () => {
  const found = { id: 'ext_1', columns: ['born'], linked: 0.5, highest: 0.1, average: 0.05, belowK: 0 };
  expect(externalFindings([found], 10, 0.05)).toMatchObject([{ rule: 'linkage.external-chance', severity: 'soft', threshold: '0.05' }]);
  expect(externalFindings([found], 10, 0.1)).toEqual([]);
  expect(externalFindings([{ ...found, linked: 0.04 }], 10, 0.05)).toEqual([]);
});

test('ranges, and what a list does not know', () => {
  const cells = new Map([
    ['age', ['[20,29]', '[20,29]', '[30,39]']],
    ['sex', ['f', 'm', 'f']],
  ]);
  const keys = Int32Array.from([1, 2, 3]);
  expect(linkExternal(cells, keys, list({ age: ['25'], sex: [null] }, same), 2)).toMatchObject({ highest: 1 / 2, belowK: 0 });
  expect(linkExternal(cells, keys, list({ age: ['25'], sex: ['f'] }, same), 2)).toMatchObject({ highest: 1, belowK: 1 });
  expect(linkExternal(cells, keys, list({ age: ['40'], sex: ['f'] }, same), 2)).toMatchObject({ linked: 0, belowK: 0 });
});

test('counts as whoever compares everybody with every row', () => {
  const row = fc.tuple(fc.nat(3), fc.nat(2), fc.nat(6));
  fc.assert(
    fc.property(
      fc.array(row, { minLength: 1, maxLength: 30 }),
      fc.array(fc.tuple(fc.nat(39), fc.nat(2)), { minLength: 1 }),
      (rows, people) => {
        const cells = new Map([
          ['born', rows.map(([ten]) => `19${ten}0s`)],
          ['sex', rows.map(([, sex]) => String(sex))],
        ]);
        const born = people.map(([year]) => `19${String(year).padStart(2, '0')}`);
        const external = list({ born, sex: people.map(([, sex]) => String(sex)) }, (value) => [...decade(value)]);
        const made = linkExternal(
          cells,
          Int32Array.from(rows, ([, , unit]) => unit),
          external,
          3,
        );
        const sizes = people.flatMap(([year, sex]) => {
          const found = new Set(rows.flatMap(([ten, other, unit]) => (ten === Math.floor(year / 10) && other === sex ? [unit] : [])));
          return found.size === 0 ? [] : [found.size];
        });
        expect(made?.linked).toBeCloseTo(sizes.length / people.length, 12);
        expect(made?.highest).toBe(Math.max(0, ...sizes.map((size) => 1 / size)));
        expect(made?.belowK).toBeCloseTo(sizes.filter((size) => size < 3).length / people.length, 12);
      },
    ),
  );
});
