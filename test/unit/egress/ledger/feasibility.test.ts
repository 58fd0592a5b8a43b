import { beforeAll, describe, expect, test } from 'vitest';
import { DEFAULT_POLICY, type DisclosurePolicy } from '../../../../src/catalog/disclosure-policy.ts';
import {
  feasibleIntervals,
  type LinearSolver,
  protectionLevel,
  protects,
  secondarySuppression,
  type TableCell,
  type TableEquation,
} from '../../../../src/egress/ledger/feasibility.ts';
import { openLinearSolver } from '../../../../src/instance/linear-solver.ts';
import { integer } from '../../../../src/kernel/decimal.ts';

let solver: LinearSolver;
beforeAll(async () => {
  solver = await openLinearSolver();
});
const FAILING: LinearSolver = { ranges: () => undefined };

const OPEN = { low: 0, high: Number.POSITIVE_INFINITY };
const cell = (label: string, value: number, units: number, isWithheld = false, shares?: readonly [number, number]): TableCell => ({
  label,
  value: integer(value),
  units,
  spread: shares === undefined ? null : { total: integer(value), first: integer(shares[0]), second: integer(shares[1]) },
  bounds: OPEN,
  isWithheld,
});
const policy = (k: number, share = 0.9): DisclosurePolicy => ({ ...DEFAULT_POLICY, k, dominance: { units: 2, share } });
const rounded = (intervals: ReadonlyMap<number, { low: number; high: number }> | undefined) =>
  [...(intervals?.values() ?? [])].map(({ low, high }) => [Math.round(low * 1e6) / 1e6, Math.round(high * 1e6) / 1e6]);

describe('intervals of withheld cells', () => {
  test('E1: four cells of a table of three rows and two columns', () => {
    const values = [7, 5, 2, 3, 1, 2, 6, 3, 3, 9, 7]; // rows with their parts, then the columns' totals
    const cells = values.map((value, at) => cell(`${at}`, value, value, [1, 2, 4, 5].includes(at)));
    const equations = [
      { total: 0, parts: [1, 2] },
      { total: 3, parts: [4, 5] },
      { total: 6, parts: [7, 8] },
      { total: 9, parts: [1, 4, 7] },
      { total: 10, parts: [2, 5, 8] },
    ];
    expect(rounded(feasibleIntervals(cells, equations, solver))).toEqual([
      [3, 6],
      [1, 4],
      [0, 3],
      [0, 3],
    ]);
  });

  test('D9: a single withheld part is known', () => {
    const cells = [cell('sector', 56_600, 90), cell('I', 998, 3, true), cell('II', 47_600, 60), cell('III', 8002, 27)];
    const equations = [{ total: 0, parts: [1, 2, 3] }];
    expect(rounded(feasibleIntervals(cells, equations, solver))).toEqual([[998, 998]]);
    expect(secondarySuppression(cells, equations, policy(10), solver)).toEqual([3]);
  });

  test('without a total have no end', () => {
    const intervals = feasibleIntervals(
      [cell('t', 9, 9, true), cell('a', 4, 4, true), cell('b', 5, 5, true)],
      [{ total: 0, parts: [1, 2] }],
      solver,
    );
    expect([...(intervals?.values() ?? [])]).toEqual([OPEN, OPEN, OPEN]);
  });

  test('known bounds narrow them', () => {
    const cells = [cell('t', 100, 20), { ...cell('a', 40, 9, true), bounds: { low: 0, high: 50 } }, cell('b', 60, 11, true)];
    expect(rounded(feasibleIntervals(cells, [{ total: 0, parts: [1, 2] }], solver))).toEqual([
      [0, 50],
      [50, 100],
    ]);
  });

  test('of a table that nobody can have are none', () => {
    const cells = [cell('t', 3, 3), { ...cell('a', 3, 3, true), bounds: { low: 5, high: 9 } }];
    expect(feasibleIntervals(cells, [{ total: 0, parts: [1] }], solver)).toBeUndefined();
  });
});

describe('what goes besides', () => {
  const table = (
    cells: readonly TableCell[],
    equations: readonly TableEquation[],
    rules: DisclosurePolicy,
    by = solver,
  ): readonly string[] => secondarySuppression(cells, equations, rules, by).map((at) => cells[at]?.label ?? '?');

  test('E4: two cells of one contributor each protect nobody', () => {
    const cells = [cell('total', 4, 4), cell('a', 1, 1, true), cell('b', 2, 2), cell('c', 1, 1, true)];
    const equations = [{ total: 0, parts: [1, 2, 3] }];
    expect(rounded(feasibleIntervals(cells, equations, solver))).toEqual([
      [0, 2],
      [0, 2],
    ]);
    expect(table(cells, equations, policy(2))).toEqual(['b']);
    expect(table(cells, equations, policy(3))).toEqual(['b']);
    expect(table(cells, equations, policy(5))).toEqual(['total', 'b']);
  });

  test('E6: withheld counts that together are under the threshold take the next smallest along', () => {
    const cells = [cell('total', 65, 65), cell('a', 3, 3, true), cell('b', 4, 4, true), cell('c', 30, 30), cell('d', 28, 28)];
    expect(table(cells, [{ total: 0, parts: [1, 2, 3, 4] }], policy(8))).toEqual(['d']);
    expect(table(cells, [{ total: 0, parts: [1, 2, 3, 4] }], policy(7))).toEqual([]);
  });

  test('E7: where one firm still dominates all withheld cells together, the next smallest goes', () => {
    const cells = [
      cell('B', 2000, 100),
      cell('B05', 900, 8, true, [850, 20]),
      cell('B06', 30, 4, true, [20, 8]),
      cell('B07', 40, 4, true, [30, 8]),
      cell('B08', 400, 30, false, [40, 30]),
      cell('B09', 630, 54, false, [60, 30]),
    ];
    expect(table(cells, [{ total: 0, parts: [1, 2, 3, 4, 5] }], policy(3, 0.8))).toEqual(['B08']);
  });

  test('a magnitude keeps its protection level: the smallest part alone is not enough', () => {
    // X = 330, x1 = 300, x2 = 20: known to less than 30 - 10 on either side.
    const spread = { total: integer(330), first: integer(300), second: integer(20) };
    expect(protectionLevel(spread, DEFAULT_POLICY)).toBeCloseTo(25.56, 2);
    const cells = [
      cell('t', 1000, 90),
      cell('a', 330, 12, true, [300, 20]),
      cell('b', 5, 10, false, [1, 1]),
      cell('c', 265, 30, false, [20, 20]),
      cell('d', 400, 40, false, [20, 20]),
    ];
    expect(table(cells, [{ total: 0, parts: [1, 2, 3, 4] }], policy(10))).toEqual(['b', 'c']);
  });

  test('B3: 300, 20 and 10 under (1, 85) would need 352.94', () => {
    const spread = { total: integer(330), first: integer(300), second: integer(0) };
    expect(330 + protectionLevel(spread, { ...policy(3, 0.85), pShare: 0 })).toBeCloseTo(352.94, 2);
  });

  test('a cell in two equations is protected in both', () => {
    // Rows a and b, columns 1 and 2: the withheld corner takes one cell of its row, one of its column, and the fourth.
    const cells = [
      cell('row a', 60, 60),
      cell('row b', 60, 60),
      cell('col 1', 40, 40),
      cell('col 2', 80, 80),
      cell('a1', 4, 4, true),
      cell('a2', 56, 56),
      cell('b1', 36, 36),
      cell('b2', 24, 24),
    ];
    const equations = [
      { total: 0, parts: [4, 5] },
      { total: 1, parts: [6, 7] },
      { total: 2, parts: [4, 6] },
      { total: 3, parts: [5, 7] },
    ];
    expect([...table(cells, equations, policy(10))].sort()).toEqual(['a2', 'b1', 'b2']);
  });

  test('without a solver everything connected goes, and nothing else', () => {
    const cells = [cell('t', 20, 20), cell('a', 4, 4, true), cell('b', 16, 16), cell('u', 30, 30), cell('c', 10, 10), cell('d', 20, 20)];
    const equations = [
      { total: 0, parts: [1, 2] },
      { total: 3, parts: [4, 5] },
    ];
    expect(table(cells, equations, policy(10), FAILING)).toEqual(['t', 'b']);
  });
});

test('intervals protect by their level on both sides, and must have some width', () => {
  expect(protects({ low: 3, high: 3 }, 3, 0)).toBe(false);
  expect(protects({ low: 3, high: 4 }, 3, 0)).toBe(true);
  expect(protects({ low: 0, high: 12 }, 10, 2)).toBe(true);
  expect(protects({ low: 0, high: 11.9 }, 10, 2)).toBe(false);
  expect(protects({ low: 8.1, high: 99 }, 10, 2)).toBe(false);
});

test('one equation is solved by hand as the solver solves it', () => {
  const equation = {
    terms: new Map([
      [0, 1],
      [1, 1],
      [2, -1],
    ]),
    value: 3,
  };
  const lower = [0, -5, 2];
  for (const upper of [
    [Number.POSITIVE_INFINITY, 4, 10],
    [20, Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
    [9, 1, 3],
  ]) {
    const [alone, twice] = [[equation], [equation, equation]].map((equations) => solver.ranges({ lower, upper, equations }));
    expect(alone).toBeDefined();
    expect(alone).toEqual(twice);
  }
});
