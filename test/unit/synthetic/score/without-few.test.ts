import fc from 'fast-check';
import { expect, test } from 'vitest';
import { rangeCoverage } from '../../../../src/synthetic/score/coverage-metrics.ts';
import type { ScoredTable } from '../../../../src/synthetic/score/scored-table.ts';
import { withoutFew } from '../../../../src/synthetic/score/without-few.ts';

const table = (numbers: readonly number[], words: readonly (string | null)[]): ScoredTable => ({
  table: 't',
  realRows: numbers.length,
  syntheticRows: 2,
  columns: [
    { name: 'n', kind: 'number', real: Float64Array.from(numbers), synthetic: Float64Array.of(0, 1_000_000) },
    { name: 'w', kind: 'category', real: words, synthetic: ['a', 'rare'] },
  ],
  cells: [],
});
const column = (of: ScoredTable, name: string) => of.columns.find((item) => item.name === name);

test('the one richest and the one rare word leave no trace', () => {
  const words = [...Array.from({ length: 50 }, () => 'a'), 'rare'];
  const rich = (most: number) => table([...Array.from({ length: 50 }, (_, at) => at), most], words);
  const [one, other] = [withoutFew(rich(1000), 10), withoutFew(rich(900_000), 10)];
  expect(one).toEqual(other);
  const numbers = column(one, 'n');
  expect(numbers?.kind === 'number' && rangeCoverage(numbers.real, numbers.synthetic)).toBe(1);
  expect(column(one, 'w')?.real.at(-1)).toBeNull();
});

test('whatever k − 1 rows say: changing them to anything changes no bound and brings no word', () => {
  const arbitrary = fc.array(fc.integer({ min: -1e6, max: 1e6 }), { minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(arbitrary, (extremes) => {
      const common = Array.from({ length: 40 }, (_, at) => Math.floor(at / 8));
      const seen = withoutFew(table([...common, ...extremes], [...common.map(() => 'a'), ...extremes.map(String)]), 5);
      const numbers = column(seen, 'n');
      if (numbers?.kind !== 'number') throw new Error('A number');
      expect([Math.min(...numbers.real) >= 0, Math.max(...numbers.real) <= 4]).toEqual([true, true]);
      const words = column(seen, 'w');
      expect(new Set(words?.kind === 'category' ? words.real : ['none', 'of', 'them']).size).toBeLessThanOrEqual(2);
    }),
  );
});

test('a column with fewer than k values says nothing', () => {
  const numbers = column(withoutFew(table([1, 2, Number.NaN], ['a', 'b', null]), 3), 'n');
  expect(numbers?.kind === 'number' && numbers.real.every((value) => Number.isNaN(value))).toBe(true);
});
