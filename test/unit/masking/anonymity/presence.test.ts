import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AnonymiseRequest, anonymise } from '../../../../src/masking/anonymity/anonymise.ts';
import type { Hierarchy } from '../../../../src/masking/hierarchy.ts';

const AREAS = Array.from({ length: 8 }, (_, at) => `a${at}`);
const hierarchy: Hierarchy = {
  levels: 3,
  names: new Map(AREAS.map((area, at) => [area, [`h${at >> 1}`, `q${at >> 2}`, '*']])),
};

function request(table: readonly number[], population: readonly number[], least: number, most: number): AnonymiseRequest {
  const values = table.map((at) => AREAS[at] ?? '');
  return {
    rows: table.length,
    quasiIdentifiers: [{ name: 'area', values, family: 'text', bounds: null, hierarchy }],
    carried: [],
    units: null,
    k: 1,
    wishes: [],
    presence: { least, most, population: [population.map((at) => AREAS[at] ?? '')] },
    suppress: 0,
    algorithm: 'lattice',
    threshold: 0.2,
  };
}

// Source: Nergiz, Atzori and Clifton 2007: of nine people in the public table four are in the private one.
test('levels rise until nobody of the population is too surely in the table, or too surely not', () => {
  const population = [0, 0, 1, 2, 3, 4, 5, 6, 7];
  const made = anonymise(request([0, 1, 4, 6], population, 0.4, 0.67));
  expect(made.ok && made.value.levels).toEqual({ area: 2 });
  expect(anonymise(request([0, 1, 4, 6], population, 0.9, 1)).ok).toBe(false);
});

test('whoever is in the table is in the population', () => {
  const made = anonymise(request([0, 0], [0, 1, 2], 0, 1));
  expect(made.ok ? [] : made.error.map(({ code }) => code)).toEqual(['masking.population']);
});

test('what comes out keeps the bounds, counted naively', () => {
  const person = fc.record({ area: fc.nat(7), inTable: fc.boolean() });
  fc.assert(
    fc.property(
      fc.array(person, { minLength: 3, maxLength: 40 }),
      fc.constantFrom(0, 0.1, 0.3),
      fc.constantFrom(0.5, 0.7, 1),
      (people, least, most) => {
        const table = people.filter(({ inTable }) => inTable).map(({ area }) => area);
        fc.pre(table.length > 0);
        const made = anonymise(
          request(
            table,
            people.map(({ area }) => area),
            least,
            most,
          ),
        );
        if (!made.ok) return table.length / people.length < least || table.length / people.length > most;
        const level = made.value.levels?.['area'] ?? 0;
        const nameOf = (area: number): string =>
          level === 0 ? (AREAS[area] ?? '') : (hierarchy.names.get(AREAS[area] ?? '')?.[level - 1] ?? '');
        return Object.entries(Object.groupBy(people, ({ area }) => nameOf(area))).every(([, group = []]) => {
          const share = group.filter(({ inTable }) => inTable).length / group.length;
          return share >= least - 1e-9 && share <= most + 1e-9;
        });
      },
    ),
  );
});
