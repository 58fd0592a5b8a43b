import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compositionFindings, type Membership, openNumbers, sealNumbers } from '../../../../src/egress/rows/composition.ts';
import { rowLinkageFindings } from '../../../../src/egress/rows/row-linkage.ts';

/** One row for each person: its class, and what it carries. */
function release(rows: readonly (readonly [person: number, group: number, value: string])[]): Membership {
  return {
    keys: Int32Array.from(rows, ([person]) => person),
    classes: Int32Array.from(rows, ([, group]) => group),
    values: new Map([['diag', rows.map(([, , value]) => value)]]),
  };
}
const rulesOf = (current: Membership, earlier: readonly Membership[], k: number) =>
  compositionFindings(current, earlier, k).map(({ rule }) => rule);
const people = Array.from({ length: 8 }, (_, at) => at);
const value = (at: number): string => (at % 2 === 0 ? 'flu' : 'cold');

test('two groupings of the same people, each of four, whose intersections are of two', () => {
  const one = release(people.map((at) => [at, at >> 2, value(at)]));
  const two = release(people.map((at) => [at, (at >> 1) & 1, value(at)]));
  expect(rulesOf(one, [], 4)).toEqual([]);
  expect(rulesOf(two, [one], 4)).toEqual(['composition.intersection']);
  expect(rulesOf(two, [one], 2)).toEqual([]);
  expect(rulesOf(one, [one, one], 4)).toEqual([]);
  const coarser = release(people.map((at) => [at, 0, value(at)]));
  expect(rulesOf(coarser, [one], 4)).toEqual([]);
});

test('three releases of which no two intersect too far', () => {
  const [one, two, three] = [0, 1, 2].map((bit) => release(people.map((at) => [at, (at >> bit) & 1, 'x']))) as [
    Membership,
    Membership,
    Membership,
  ];
  expect(rulesOf(two, [one], 2)).toEqual([]);
  expect(rulesOf(three, [one, two], 2)).toEqual(['composition.intersection']);
});

test('whoever is in one and not in another stands alone in the difference', () => {
  const one = release(people.slice(0, 7).map((at) => [at, 0, 'x']));
  const two = release(people.map((at) => [at, 0, 'x']));
  expect(rulesOf(two, [one], 4)).toEqual(['composition.intersection']);
  expect(compositionFindings(one, [two], 4).map(({ rule, severity }) => `${rule} ${severity}`)).toEqual(['composition.departed soft']);
});

test('groups of enough people that have one value in common', () => {
  const one = release(people.map((at) => [at, 0, at < 4 ? 'flu' : 'cold']));
  const two = release(people.map((at) => [at, 0, at < 4 ? 'flu' : 'gout']));
  expect(rulesOf(two, [one], 4)).toEqual(['composition.values']);
  expect(rulesOf(two, [{ ...one, values: new Map() }], 4)).toEqual([]);
});

test('agrees with an attacker who intersects person by person', () => {
  const group = fc.array(fc.option(fc.nat(2), { nil: null }), { minLength: 6, maxLength: 14 });
  fc.assert(
    fc.property(group, group, fc.integer({ min: 1, max: 4 }), (first, second, k) => {
      const of = (groups: readonly (number | null)[]) => groups.flatMap((id, person) => (id === null ? [] : [[person, id, 'x'] as const]));
      const everybody = [...new Set([...of(first), ...of(second)].map(([person]) => person))];
      const alike = (a: number, b: number): boolean =>
        (first[a] ?? null) === (first[b] ?? null) && (second[a] ?? null) === (second[b] ?? null);
      const isSafe = everybody.every((person) => everybody.filter((other) => alike(person, other)).length >= k);
      return (rulesOf(release(of(second)), [release(of(first))], k).length === 0) === isSafe;
    }),
  );
});

test('numbers are read as they were sealed', () => {
  expect([...openNumbers(sealNumbers(Int32Array.of(0, -1, 2 ** 31 - 1)))]).toEqual([0, -1, 2 ** 31 - 1]);
});

test('rows that are alone with what they carry, here and before, are linked', () => {
  const cells = Array.from({ length: 40 }, (_, at) => String(at * 37));
  const before = new Map([['cost', cells]]);
  expect(rowLinkageFindings(new Map([['cost', cells.toReversed()]]), [before]).map(({ measuredBand }) => measuredBand)).toEqual([
    'half of the rows or more',
  ]);
  expect(rowLinkageFindings(new Map([['cost', cells.map((cell) => cell.slice(0, 1))]]), [before])).toEqual([]);
  expect(rowLinkageFindings(new Map([['price', cells]]), [before])).toEqual([]);
});
