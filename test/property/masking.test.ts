import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type AnonymiseRequest, anonymise } from '../../src/masking/anonymity/anonymise.ts';
import { classesAt } from '../../src/masking/anonymity/classes.ts';
import { denseIds } from '../../src/masking/anonymity/dense-ids.ts';
import { riskReport } from '../../src/masking/risk/risk-report.ts';
import { adultRecords } from '../support/adult-records.ts';
import { SHARED_DATA } from '../support/shared-data.ts';

interface Row {
  readonly age: string;
  readonly area: string | null;
  readonly born: string;
  readonly disease: string;
  readonly person: string;
}

const row: fc.Arbitrary<Row> = fc.record({
  age: fc.integer({ min: 0, max: 40 }).map(String),
  area: fc.constantFrom('a', 'b', 'c', null),
  born: fc.constantFrom('1990-01-02', '1990-02-03', '1991-05-06', '2001-07-08'),
  disease: fc.constantFrom('x', 'y', 'z'),
  person: fc.integer({ min: 0, max: 25 }).map(String),
});
const request = (rows: readonly Row[], changes: Partial<AnonymiseRequest>): AnonymiseRequest => ({
  rows: rows.length,
  quasiIdentifiers: [
    { name: 'age', values: rows.map((item) => item.age), family: 'integer', bounds: null, hierarchy: null },
    { name: 'area', values: rows.map((item) => item.area), family: 'text', bounds: null, hierarchy: null },
    { name: 'born', values: rows.map((item) => item.born), family: 'date', bounds: null, hierarchy: null },
  ],
  carried: [
    { name: 'disease', values: rows.map((item) => item.disease), hierarchy: null },
    { name: 'person', values: rows.map((item) => item.person), hierarchy: null },
  ],
  units: rows.map((item) => item.person),
  k: 3,
  wishes: [],
  suppress: 0.1,
  algorithm: 'lattice',
  threshold: 0.2,
  ...changes,
});

/** What whoever has the file can count, read from the rows alone. The person is carried here only to be counted. */
function judge(made: { readonly columns: readonly (readonly (string | null)[])[]; readonly rows: number }) {
  const groups = new Map<string, { readonly people: Set<string>; readonly diseases: Set<string> }>();
  for (let index = 0; index < made.rows; index += 1) {
    const key = JSON.stringify(made.columns.slice(0, 3).map((column) => column[index]));
    const group = groups.get(key) ?? { people: new Set<string>(), diseases: new Set<string>() };
    group.diseases.add(made.columns[3]?.[index] ?? '');
    group.people.add(made.columns[4]?.[index] ?? '');
    groups.set(key, group);
  }
  return [...groups.values()];
}

describe.each(['lattice', 'mondrian'] as const)('a masked dataset by %s', (algorithm) => {
  test('has k people and l diseases in every class, whatever the rows', () => {
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 20, maxLength: 80 }),
        fc.integer({ min: 2, max: 5 }),
        fc.integer({ min: 1, max: 3 }),
        (rows, k, l) => {
          const made = anonymise(request(rows, { algorithm, k, wishes: [{ column: 'disease', diversity: { kind: 'distinct', l } }] }));
          if (!made.ok) return;
          const groups = judge(made.value);
          expect(groups.length).toBe(made.value.classes);
          for (const { people, diseases } of groups) {
            expect(people.size).toBeGreaterThanOrEqual(k);
            expect(diseases.size).toBeGreaterThanOrEqual(l);
          }
          expect(made.value.suppressedRows).toBe(rows.length - made.value.rows);
          expect(made.value.suppressedRows).toBeLessThanOrEqual(rows.length * 0.1);
          if (groups.length > 0)
            expect(made.value.risk.after.highest).toBeCloseTo(1 / Math.min(...groups.map(({ people }) => people.size)), 12);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('the risk report counts as a naive reader does', () => {
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (rows) => {
      const groups = Map.groupBy(rows, (item) => JSON.stringify([item.age, item.area, item.born]));
      const sizes = [...groups.values()].map((items) => new Set(items.map(({ person }) => person)).size);
      const { quasiIdentifiers, units } = request(rows, {});
      const base = {
        population: null,
        populationRows: null,
        weights: null,
        suda: false,
        hasDirectIdentifiers: false,
        threshold: 0.4,
        accepted: 0.05,
      };
      const report = riskReport({ rows: rows.length, quasiIdentifiers, units, ...base });
      const all = sizes.reduce((sum, size) => sum + size, 0);
      expect(report?.classes).toBe(sizes.length);
      expect(report?.units).toBe(all);
      expect(report?.highest).toBe(1 / Math.min(...sizes));
      expect(report?.uniqueness).toBeCloseTo(sizes.filter((size) => size === 1).length / all, 12);
      expect(report?.recordsAtRisk).toBeCloseTo(sizes.filter((size) => 1 / size > 0.4).reduce((sum, size) => sum + size, 0) / all, 12);
    }),
  );
});

test('combinations are numbered exactly, however many values the columns have', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3), fc.nat(2), fc.nat(4)), { minLength: 1, maxLength: 50 }), (rows) => {
      // Sizes far beyond 2^53 together: the numbering must begin anew in between.
      const columns = [0, 1, 2].map((index) => ({ codes: Int32Array.from(rows, (item) => item[index] ?? 0), size: 2 ** 30 }));
      const { ids, count } = denseIds(columns, rows.length);
      const keys = rows.map((item) => item.join());
      expect(count).toBe(new Set(keys).size);
      for (const [a, key] of keys.entries()) for (const [b, other] of keys.entries()) expect(ids[a] === ids[b]).toBe(key === other);
    }),
    { numRuns: 50 },
  );
});

test.skipIf(SHARED_DATA === null)('a coarser level never makes a class smaller', () => {
  const records = adultRecords();
  const levels = records.attributes.map(({ names }) => fc.nat(names.length - 1));
  fc.assert(
    fc.property(fc.tuple(...levels), fc.nat(8), (at, index) => {
      const height = (records.attributes[index]?.names.length ?? 1) - 1;
      if ((at[index] ?? 0) >= height) return;
      const [fine, coarse] = [classesAt(records, at), classesAt(records, at.with(index, (at[index] ?? 0) + 1))];
      for (const [entry, id] of fine.classOf.entries())
        if ((coarse.units[coarse.classOf[entry] ?? 0] ?? 0) < (fine.units[id] ?? 0)) throw new Error('A class became smaller');
    }),
    { numRuns: 15 },
  );
});
