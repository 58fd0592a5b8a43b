import { expect, test } from 'vitest';
import { closestDistances, newRows } from '../../../../src/synthetic/score/coverage-metrics.ts';
import { disclosureProtection } from '../../../../src/synthetic/score/disclosure.ts';
import type { ScoredColumn, ScoredTable } from '../../../../src/synthetic/score/scored-table.ts';

// Vectors: reference/synthetic-and-masking.md §2.4.
const number = (name: string, real: readonly number[], synthetic: readonly number[]): ScoredColumn => ({
  name,
  kind: 'number',
  real: Float64Array.from(real),
  synthetic: Float64Array.from(synthetic),
});
const table = (columns: readonly ScoredColumn[]): ScoredTable => ({
  table: 't',
  realRows: columns[0]?.real.length ?? 0,
  syntheticRows: columns[0]?.synthetic.length ?? 0,
  columns,
  cells: [],
});

test('distance to the closest record', () => {
  expect([...closestDistances(table([number('a', [0, 5, 8, 9, 10], [3, 5])]))]).toEqual([expect.closeTo(0.2, 12), 0]);
  const day = (text: string): number => Date.parse(`${text}T00:00:00Z`);
  const dates = ['2025-01-01', '2025-01-02', '2025-01-03', '2025-01-04', '2025-01-05'].map(day);
  expect([...closestDistances(table([number('num', [5], [1, 2, 3, 5, 5]), number('date', [day('2025-01-05')], dates)]))]).toEqual([
    1, 1, 1, 0.5, 0,
  ]);
});

test('disclosure protection', () => {
  const letters = Array.from({ length: 20 }, () => ['a', 'b', 'c', 'd', 'e']).flat();
  const swapped = Array.from({ length: 20 }, () => ['a', 'b', 'c', 'e', 'd']).flat();
  const hundred = Array.from({ length: 100 }, (_, index) => index);
  const category = (name: string, real: readonly string[], synthetic: readonly string[]): ScoredColumn => ({
    name,
    kind: 'category',
    real,
    synthetic,
  });
  const found = disclosureProtection(
    [category('key1', letters, letters), number('key2', hundred, hundred)],
    [category('s1', letters, swapped), number('s2', hundred, hundred)],
  );
  expect(found.protection).toBeCloseTo(0.4, 12);
  expect(found.baseline).toBeCloseTo(0.98, 12);
  expect(found.score).toBeCloseTo(0.40816326530612246, 12);
});

test('rows like no real row: numbers within one percent are the same', () => {
  expect(newRows(table([number('a', [100, 200, Number.NaN], [100.5, 150, Number.NaN])]))).toBeCloseTo(1 / 3, 12);
});
