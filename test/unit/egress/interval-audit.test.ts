import { beforeAll, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../src/catalog/disclosure-policy.ts';
import { assess } from '../../../src/egress/assess.ts';
import type { Executed, ExecutedCell, GateShape } from '../../../src/egress/executed.ts';
import type { LinearSolver } from '../../../src/egress/ledger/feasibility.ts';
import { openLinearSolver } from '../../../src/instance/linear-solver.ts';
import { integer } from '../../../src/kernel/decimal.ts';
import { seal } from '../../../src/kernel/stage.ts';

let solver: LinearSolver;
beforeAll(async () => {
  solver = await openLinearSolver();
});

const COUNT = 'rows';

function gate(keys: readonly string[], counts: Readonly<Record<string, number>>): Executed {
  const shape: GateShape = {
    name: `by ${keys.join()}`,
    rowsId: 'rows',
    bundle: 0,
    oneRow: true,
    keys: keys.map((id) => ({ name: id, id, type: 'VARCHAR', sensitive: false, publicLabels: null })),
    outputs: [{ name: 'n', shown: 'count(*)', type: 'BIGINT', terms: [COUNT], families: [] }],
  };
  const cells = Object.entries(counts).map(([label, units]): ExecutedCell => {
    const outcome = units < DEFAULT_POLICY.k ? 'fail' : 'pass';
    return {
      key: keys.length === 0 ? [] : label.split(' '),
      isEmpty: false,
      units,
      magnitudes: new Map(),
      totals: new Map([[COUNT, integer(units)]]),
      dropped: [],
      answered: '',
      outputs: [{ value: units, rules: [{ rule: 'threshold.k', outcome, unitType: 'person' }] }],
    };
  });
  return seal<'executed', { shape: GateShape; cells: readonly ExecutedCell[] }>({ shape, cells });
}

/**
 * Rows A and B with ten cells' room, columns x, y, z. Small: A x (3), A y (9), B x (9), B y (4): every total leaves 12 or 13
 * people unseen, so that no single one is too little.
 */
const CUBE = {
  cells: { 'A x': 3, 'A y': 9, 'A z': 40, 'B x': 9, 'B y': 4, 'B z': 50 },
  rows: { A: 52, B: 63 },
  columns: { x: 12, y: 13, z: 90 },
};

const released = (gates: ReturnType<typeof assess>): readonly string[] =>
  gates.flatMap(({ cells }) => cells.flatMap((cell) => (cell.withheld[0]?.length === 0 ? [cell.key.join(' ')] : [])));

test('cells that all equations together leave an interval stay as they are', () => {
  const cube = [gate(['row'], CUBE.rows), gate(['column'], CUBE.columns), gate(['row', 'column'], CUBE.cells)];
  expect(released(assess(cube, [], DEFAULT_POLICY, solver))).toEqual(released(assess(cube, [], DEFAULT_POLICY)));
});

test('a small cell that only all equations together give away is protected by one more', () => {
  // B y is what rows A and B hold less what columns w and x hold; in each row and column at least twelve people are unseen.
  const small: Readonly<Record<string, number>> = {
    'A w': 6,
    'A x': 6,
    'B w': 6,
    'B x': 6,
    'B y': 4,
    'C y': 6,
    'C z': 6,
    'D y': 6,
    'D z': 6,
  };
  const [rows, columns] = [
    ['A', 'B', 'C', 'D'],
    ['w', 'x', 'y', 'z'],
  ];
  const names = rows.flatMap((row) => columns.map((column) => `${row} ${column}`));
  const cells = Object.fromEntries(names.map((name) => [name, small[name] ?? 30]));
  const total = (part: string): number =>
    names.filter((name) => name.split(' ').includes(part)).reduce((sum, name) => sum + (cells[name] ?? 0), 0);
  const totals = (parts: readonly string[]) => Object.fromEntries(parts.map((part) => [part, total(part)]));
  const tables = [gate(['row'], totals(rows)), gate(['column'], totals(columns)), gate(['row', 'column'], cells)];
  const [without, beside] = [released(assess(tables, [], DEFAULT_POLICY)), released(assess(tables, [], DEFAULT_POLICY, solver))];
  expect(without.length).toBe(4 + 4 + 16 - 9);
  expect(without.filter((name) => !beside.includes(name)).length).toBeGreaterThanOrEqual(1);
  expect(beside.every((name) => without.includes(name))).toBe(true);
  // The neighbour that goes stands in an equation with it.
  expect(without.filter((name) => !beside.includes(name)).every((name) => /B|y/.test(name))).toBe(true);
});

test('where the solver has no answer, everything that is connected with a withheld cell goes', () => {
  const cube = [gate(['row'], CUBE.rows), gate(['column'], CUBE.columns), gate(['row', 'column'], CUBE.cells)];
  const silent: LinearSolver = { ranges: () => undefined };
  expect(released(assess(cube, [], DEFAULT_POLICY, silent))).toEqual(['z']);
});
