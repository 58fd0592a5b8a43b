import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkExternal } from '../../src/egress/rows/external-linkage.ts';
import { anonymise, type QuasiIdentifier } from '../../src/masking/anonymity/anonymise.ts';
import { possibleLabels } from '../../src/masking/anonymity/possible-labels.ts';

const person = fc.record({
  age: fc.integer({ min: 0, max: 99 }).map(String),
  born: fc
    .date({ min: new Date('1940-01-01'), max: new Date('1999-12-31'), noInvalidDate: true })
    .map((date) => date.toISOString().slice(0, 10)),
  home: fc.constantFrom('110105', '110108', '310101', '440104', '440106'),
  sex: fc.constantFrom('f', 'm'),
});

/* Whoever knows every quasi-identifier of everybody, truly, and that all of them are in the file: the strongest prosecutor there is. Source: Sweeney 2002; issue "Masking" (re-identification with side knowledge). */
test.each(['lattice', 'mondrian'] as const)('side knowledge of everybody names nobody with a chance above 1/k, by %s', (algorithm) => {
  let made = 0;
  fc.assert(
    fc.property(
      fc.array(person, { minLength: 40, maxLength: 90 }),
      fc.integer({ min: 2, max: 6 }),
      fc.integer({ min: 1, max: 3 }),
      (people, k, rows) => {
        // Each person has the same number of rows; people are counted, not rows.
        const all = Array.from({ length: rows }, () => people).flat();
        const units = all.map((_, row) => String(row % people.length));
        const column = (name: keyof (typeof people)[number], family: QuasiIdentifier['family'], semantic?: string): QuasiIdentifier => {
          return { name, values: all.map((item) => item[name]), family, bounds: null, hierarchy: null, semantic };
        };
        const quasiIdentifiers = [
          column('age', 'integer'),
          column('born', 'date'),
          column('home', 'text', 'region'),
          column('sex', 'text'),
        ];
        const more = { carried: [], units, wishes: [], suppress: 0.1, threshold: 0.2 };
        const result = anonymise({ rows: all.length, quasiIdentifiers, k, algorithm, ...more });
        if (!result.ok) return;
        made += 1;
        const { header, columns, order } = result.value;
        const cells = new Map(header.map((name, at) => [name, columns[at] ?? []]));
        const knowledge = new Map(quasiIdentifiers.map((item) => [item.name, { values: item.values, labelsOf: possibleLabels(item) }]));
        const owners = order.map((row) => Number(units[row]));
        const attack = linkExternal(cells, owners, { id: 'side', people: all.length, columns: knowledge }, k);
        expect(attack?.highest).toBeLessThanOrEqual(1 / k);
        expect(attack?.belowK).toBe(0);
        // The join is no blind one: whoever is in the file is found among those he may be.
        expect(attack?.linked).toBeGreaterThanOrEqual(order.length / all.length - 1e-9);
      },
    ),
    { numRuns: 60 },
  );
  expect(made).toBeGreaterThan(30);
});
