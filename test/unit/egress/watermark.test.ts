import { describe, expect, test } from 'vitest';
import type { ReleaseTable } from '../../../src/egress/release-content.ts';
import { matchMarks, withMark } from '../../../src/egress/watermark.ts';

const KEY = Buffer.alloc(32, 9);
const PLAN = { columns: ['income', 'rent'], anchors: ['code', 'area'] };
const RECIPIENTS = ['rel_a', 'rel_b', 'rel_c', 'rel_d'];

function table(rows: number, seed = 1): ReleaseTable {
  let state = seed;
  const next = (below: number): number => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
  return {
    columns: [
      { name: 'code', type: 'VARCHAR' },
      { name: 'area', type: 'VARCHAR' },
      { name: 'income', type: 'DECIMAL(12,2)' },
      { name: 'rent', type: 'INTEGER' },
      { name: 'note', type: 'VARCHAR' },
    ],
    rows: Array.from({ length: rows }, (_unused, at) => [
      `c${at}`,
      `区${next(7)}`,
      at % 50 === 0 ? null : `${next(90000) + 1000}.${String(next(100)).padStart(2, '0')}`,
      next(9000) + 100,
      null,
    ]),
  };
}

const ORIGINAL = table(1200);
const COPY = withMark(ORIGINAL, PLAN, KEY, 'rel_b');
const accused = (copy: ReleaseTable) =>
  matchMarks(copy, PLAN, KEY, RECIPIENTS).flatMap((match) => (match.isMarked ? [match.recipient] : []));

describe('the watermark of a recipient', () => {
  test('changes a number by one unit of its last digit at most, and nothing else', () => {
    let changed = 0;
    for (const [at, row] of COPY.rows.entries()) {
      for (const [column, cell] of row.entries()) {
        const before = ORIGINAL.rows[at]?.[column];
        if (cell === before) continue;
        changed += 1;
        const name = ORIGINAL.columns[column]?.name ?? '';
        expect(PLAN.columns).toContain(name);
        expect(typeof cell).toBe(typeof before);
        const unit = name === 'income' ? 0.01 : 1;
        expect(Math.abs(Number(cell) - Number(before))).toBeLessThan(unit * 1.01);
      }
    }
    expect(changed).toBeGreaterThan(100);
    expect(changed).toBeLessThan(500);
  });

  test.each<[string, (copy: ReleaseTable) => ReleaseTable]>([
    ['as it is', (copy) => copy],
    ['sorted by another column', (copy) => ({ ...copy, rows: [...copy.rows].sort((a, b) => Number(a[3]) - Number(b[3])) })],
    ['cut to a quarter', (copy) => ({ ...copy, rows: copy.rows.slice(100, 400) })],
    ['every third row', (copy) => ({ ...copy, rows: copy.rows.filter((_row, at) => at % 3 === 0) })],
    ['without one of the number columns', (copy) => withoutColumn(copy, 3)],
    ['with its columns in another order', (copy) => reversed(copy)],
    ['among as many rows of a stranger', (copy) => ({ ...copy, rows: [...copy.rows, ...table(1200, 77).rows.map(renamed)] })],
    ['with every tenth number rounded', (copy) => ({ ...copy, rows: copy.rows.map((row, at) => (at % 10 === 0 ? rounded(row) : row)) })],
    ['as texts, as a CSV gives them', (copy) => ({ ...copy, rows: copy.rows.map((row) => row.map((cell) => cell && String(cell))) })],
  ])('is read from a copy %s, and from nobody else’s', (_name, attack) => {
    expect(accused(attack(COPY))).toEqual(['rel_b']);
  });

  test('is not found in the original, in a short piece, or without its key', () => {
    expect(accused(ORIGINAL)).toEqual([]);
    expect(accused({ ...COPY, rows: COPY.rows.slice(0, 20) })).toEqual([]);
    expect(matchMarks(COPY, PLAN, Buffer.alloc(32, 8), RECIPIENTS).some((match) => match.isMarked)).toBe(false);
    expect(accused(withoutColumn(COPY, 0))).toEqual([]);
  });

  test('accuses nobody of 400 whose table it is not', () => {
    const strangers = Array.from({ length: 400 }, (_unused, at) => `rel_${at}`);
    expect(matchMarks(COPY, PLAN, KEY, strangers).filter((match) => match.isMarked)).toEqual([]);
  });

  test('does not go into columns that cannot keep it', () => {
    const double = { ...ORIGINAL, columns: ORIGINAL.columns.map((column) => ({ ...column, type: 'DOUBLE' })) };
    expect(() => withMark(double, PLAN, KEY, 'rel_b')).toThrow(RangeError);
    expect(() => withMark(ORIGINAL, { columns: ['none'], anchors: ['code'] }, KEY, 'rel_b')).toThrow(RangeError);
    expect(() => withMark(ORIGINAL, { columns: ['rent'], anchors: ['rent'] }, KEY, 'rel_b')).toThrow(RangeError);
    expect(() => withMark(ORIGINAL, { columns: ['rent'], anchors: [] }, KEY, 'rel_b')).toThrow(RangeError);
  });
});

function withoutColumn(copy: ReleaseTable, gone: number): ReleaseTable {
  return {
    columns: copy.columns.filter((_column, at) => at !== gone),
    rows: copy.rows.map((row) => row.filter((_cell, at) => at !== gone)),
  };
}

function reversed(copy: ReleaseTable): ReleaseTable {
  return { columns: copy.columns.toReversed(), rows: copy.rows.map((row) => row.toReversed()) };
}

function renamed(row: ReleaseTable['rows'][number]): ReleaseTable['rows'][number] {
  return row.map((cell, at) => (at === 0 ? `x${String(cell)}` : cell));
}

function rounded(row: ReleaseTable['rows'][number]): ReleaseTable['rows'][number] {
  return row.map((cell, at) =>
    at === 2 && cell !== null ? `${Math.round(Number(cell))}.00` : at === 3 ? Math.round(Number(cell) / 10) * 10 : cell,
  );
}
