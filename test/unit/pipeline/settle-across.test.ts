import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../src/catalog/disclosure-policy.ts';
import { integer } from '../../../src/kernel/decimal.ts';
import type { LedgerView, RegisteredFigure, RowFigure } from '../../../src/pipeline/ledger-port.ts';
import { settleRows } from '../../../src/pipeline/settle-rows.ts';
import { ledgerRow } from '../../support/ledger-row.ts';
import { keyedUnits, numbers, sketchOfUnits } from '../../support/unit-totals.ts';

const PEOPLE = 400;
const K = 10;
const UNITS = keyedUnits(PEOPLE, numbers(9));
const policy = { ...DEFAULT_POLICY, k: K };
const COEFFICIENTS = [1, -1, 2, -2];

interface Asked {
  readonly column: 'a' | 'b' | 'c';
  readonly totals: readonly number[];
}

function figure({ column, totals }: Asked, at: number): RowFigure {
  return {
    term: `figure ${at}`,
    namespace: 'linear',
    family: column,
    total: integer(totals.reduce((sum, value) => sum + value, 0)),
    value: null,
    isMagnitude: true,
    isOneSigned: true,
    units: totals.filter((value) => value !== 0).length,
    outputs: [at],
    sketches: [{ unitType: 'person', sketch: sketchOfUnits(UNITS, (unit) => BigInt(totals[unit] ?? 0), 'fine') }],
  };
}

/** An empty ledger, or one of these figures, in which `a` and `b` are kin. */
function view(entries: readonly Asked[] = []): LedgerView {
  const known = entries.map(
    (asked, at): RegisteredFigure => ({
      seq: at + 1,
      family: asked.column,
      state: 'released',
      row: `earlier/${at}`,
      isMagnitude: true,
      sketch: figure(asked, at).sketches[0]?.sketch ?? sketchOfUnits(UNITS, () => 0n, 'fine'),
      total: figure(asked, at).total,
      value: null,
      answered: 'an earlier query',
      labels: [],
    }),
  );
  return { near: () => known, family: () => known.toReversed(), mixed: () => known.toReversed(), span: () => [], kin: () => 'a' };
}

/** The two columns differ in so many people. */
function columns(differing: number): { readonly a: readonly number[]; readonly b: readonly number[] } {
  const a = Array.from({ length: PEOPLE }, (_, unit) => 100 + ((unit * 37) % 900));
  return { a, b: a.map((value, unit) => (unit % 41 === 5 && Math.floor(unit / 41) < differing ? value + 623 : value)) };
}

const below = (values: readonly number[], edge: number): readonly number[] => values.map((value, unit) => (unit % 10 < edge ? value : 0));
const from = (values: readonly number[], edge: number): readonly number[] => values.map((value, unit) => (unit % 10 >= edge ? value : 0));

/** All of one column, one part of it, and the other part of the other column. */
function wholeAndParts(a: readonly number[], b: readonly number[]): readonly RowFigure[] {
  const asked: readonly Asked[] = [
    { column: 'a', totals: a },
    { column: 'a', totals: below(a, 5) },
    { column: 'b', totals: from(b, 5) },
  ];
  return asked.map(figure);
}

/** In how many people a combination of up to four of the figures is not 0, the least of all that some people cancel out of and that is not nothing. */
function leastLeft(figures: readonly (readonly number[])[]): number {
  let least = PEOPLE;
  const visit = (next: number, parts: number, sum: readonly number[], seen: readonly boolean[]): void => {
    const left = sum.filter((value) => value !== 0).length;
    const cancelled = sum.filter((value, unit) => value === 0 && seen[unit] === true).length;
    if (parts > 1 && left > 0 && cancelled >= K) least = Math.min(least, left);
    if (parts === 4) return;
    for (let at = next; at < figures.length; at += 1)
      for (const coefficient of parts === 0 ? [1, 2] : COEFFICIENTS)
        visit(
          at + 1,
          parts + 1,
          sum.map((value, unit) => value + coefficient * (figures[at]?.[unit] ?? 0)),
          seen.map((was, unit) => was || figures[at]?.[unit] !== 0),
        );
  };
  const nothing = Array.from({ length: PEOPLE }, () => 0);
  visit(
    0,
    0,
    nothing,
    nothing.map(() => false),
  );
  return least;
}

describe('figures of several columns of one row', () => {
  test('parts of two columns beside the whole of one: nobody sees in whom the columns differ, nor whether in anybody', () => {
    const answers = [0, 1, 9].map((differing) => {
      const { a, b } = columns(differing);
      const asked = wholeAndParts(a, b);
      const [verdicts = []] = settleRows([ledgerRow(asked)], view(), policy).verdicts;
      return verdicts.map((verdict, at) =>
        verdict.kind === 'replace' ? verdict.total : verdict.kind === 'keep' ? asked[at]?.total : null,
      );
    });
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });

  test('the whole was released before', () => {
    const { a, b } = columns(3);
    const asked = [
      { column: 'a' as const, totals: below(a, 5) },
      { column: 'b' as const, totals: from(b, 5) },
    ].map(figure);
    const [verdicts = []] = settleRows([ledgerRow(asked)], view([{ column: 'a', totals: a }]), policy).verdicts;
    const totals = verdicts.map((verdict, at) => (verdict.kind === 'replace' ? verdict.total : asked[at]?.total));
    expect(totals).toEqual([figure({ column: 'a', totals: below(a, 5) }, 0).total, figure({ column: 'a', totals: from(a, 5) }, 0).total]);
  });

  test('columns that differ in k people stay as they are', () => {
    const { a } = columns(0);
    const b = a.map((value, unit) => (unit % 3 === 0 ? value + 100 + (unit % 50) : value));
    const asked = wholeAndParts(a, b);
    const [verdicts = []] = settleRows([ledgerRow(asked)], view(), policy).verdicts;
    expect(verdicts.map(({ kind }) => kind)).toEqual(['keep', 'keep', 'keep']);
  });

  test('whatever parts are asked for, no combination of up to four that are kept rests on fewer than k people', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 9 }),
        fc.array(
          fc.record({ column: fc.constantFrom('a', 'b'), side: fc.constantFrom('all', 'below', 'from'), edge: fc.constantFrom(3, 5) }),
          {
            minLength: 3,
            maxLength: 5,
          },
        ),
        (differing, questions) => {
          const known = columns(differing);
          const asked = questions.map(({ column, side, edge }): Asked => {
            const values = known[column === 'a' ? 'a' : 'b'];
            const totals = side === 'all' ? values : side === 'below' ? below(values, edge) : from(values, edge);
            return { column: column === 'a' ? 'a' : 'b', totals };
          });
          const [verdicts = []] = settleRows([ledgerRow(asked.map(figure))], view(), policy).verdicts;
          const kept = asked.filter((_, at) => verdicts[at]?.kind === 'keep').map(({ totals }) => totals);
          expect(leastLeft(kept)).toBeGreaterThanOrEqual(K);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('columns that are made of others', () => {
  /** A column, and its answer where b and c were released before, and so many people are off what they make. */
  function answer(made: (unit: number) => number, off: number): unknown {
    const values = (column: (unit: number) => number): readonly number[] => Array.from({ length: PEOPLE }, (_, unit) => column(unit));
    const isOff = (unit: number): boolean => unit % 41 === 5 && Math.floor(unit / 41) < off;
    const asked = figure({ column: 'a', totals: values((unit) => made(unit) + (isOff(unit) ? 54_321 + unit : 0)) }, 0);
    const earlier = [
      { column: 'b' as const, totals: values(net) },
      { column: 'c' as const, totals: values(tax) },
    ];
    const known = { ...view(earlier), near: () => [], family: () => [] };
    const [[verdict] = []] = settleRows([ledgerRow([asked])], known, policy).verdicts;
    return verdict?.kind === 'keep' ? asked.total : verdict?.kind === 'replace' ? verdict.total : verdict?.kind;
  }
  const net = (unit: number): number => 2000 + ((unit * 7919) % 9001);
  const tax = (unit: number): number => 100 + ((unit * 613) % 701);

  test.each([
    ['a sum', (unit: number) => net(unit) + tax(unit)],
    ['a difference', (unit: number) => net(unit) - tax(unit)],
    ['a hundred times one', (unit: number) => 100 * net(unit)],
    ['seven times one and twice the other', (unit: number) => 7 * net(unit) + 2 * tax(unit)],
  ])('%s: nobody sees in whom it is not, nor whether in anybody', (_, made) => {
    const whole = integer(Array.from({ length: PEOPLE }, (__, unit) => made(unit)).reduce((sum, value) => sum + value, 0));
    for (const off of [0, 1, 9]) expect(answer(made, off)).toEqual(whole);
  });

  test('a multiple that is no simple fraction is withheld, off or not', () => {
    for (const off of [0, 1, 9]) expect(answer((unit) => 1_234_567 * net(unit), off)).toBe('withhold');
  });

  test('where more than k are off by next to nothing and one of them by nearly all, it is withheld', () => {
    const left = (unit: number): number => (unit === 66 ? 5_000_000 : unit % 33 === 0 ? 1 : 0);
    expect(answer((unit) => 100 * net(unit) + left(unit), 0)).toBe('withhold');
  });

  test('where k people or more are off, it is what it is', () => {
    const made = (unit: number): number => net(unit) + tax(unit) + (unit % 13 === 0 ? 900 + (unit % 77) : 0);
    expect(answer(made, 0)).toEqual(
      integer(Array.from({ length: PEOPLE }, (_, unit) => made(unit)).reduce((sum, value) => sum + value, 0)),
    );
  });
});
