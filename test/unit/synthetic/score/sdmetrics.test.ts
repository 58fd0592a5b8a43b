import { describe, expect, test } from 'vitest';
import { childCounts, columnShape, ksComplement } from '../../../../src/synthetic/score/column-metrics.ts';
import { pairTrend } from '../../../../src/synthetic/score/pair-metrics.ts';
import { EVERY_PAIR, scoreTable } from '../../../../src/synthetic/score/score-report.ts';
import type { ScoredColumn } from '../../../../src/synthetic/score/scored-table.ts';
import { readSharedCsv, SHARED_DATA } from '../../../support/shared-data.ts';

// Golden scores: reference/synthetic-and-masking.md §2.4 (SDMetrics 0.29, thresholds 0).
const COMPAT = { bins: 'compat', ...EVERY_PAIR } as const;

type Values = readonly (string | null)[];
const number = (name: string, real: Values, synthetic: Values, read: (value: string) => number = Number): ScoredColumn => {
  const values = (list: Values): Float64Array => Float64Array.from(list, (value) => (value === null ? Number.NaN : read(value)));
  return { name, kind: 'number', real: values(real), synthetic: values(synthetic) };
};
const category = (name: string, real: Values, synthetic: Values): ScoredColumn => ({ name, kind: 'category', real, synthetic });
const seconds = (value: string): number => Date.parse(`${value.replace(' ', 'T')}${value.includes(' ') ? 'Z' : 'T00:00:00Z'}`) / 1000;

describe.skipIf(SHARED_DATA === null)('published scores of SDMetrics are reproduced', () => {
  test('student placements', () => {
    const [real, synthetic] = ['real', 'synthetic'].map((side) =>
      readSharedCsv(`sdmetrics-demo/single_table/student_placements_${side}.csv`),
    );
    const of = (name: string): readonly [Values, Values] => [real?.get(name) ?? [], synthetic?.get(name) ?? []];
    const columns = [
      number('start_date', ...of('start_date'), seconds),
      number('second_perc', ...of('second_perc')),
      category('work_experience', ...of('work_experience')),
      category('degree_type', ...of('degree_type')),
    ];
    const score = scoreTable({ table: 'students', realRows: 215, syntheticRows: 215, columns, cells: [] }, COMPAT);
    expect(score.columns.map((column) => column.shape)).toEqual(
      [0.6621621621621622, 0.8976744186046511, 0.9953488372093023, 0.9395348837209302].map((value) => expect.closeTo(value, 12)),
    );
    expect(score.pairs.map((pair) => pair.score)).toEqual(
      [0.9187918131436303, 0.6744186046511629, 0.7162790697674419, 0.813953488372093, 0.772093023255814, 0.9348837209302325].map((value) =>
        expect.closeTo(value, 12),
      ),
    );
    expect(score.quality).toBeCloseTo(0.8393750143888287, 12);
  });

  test('three linked tables', () => {
    const table = (name: string) =>
      ['real', 'synthetic'].map((side) => readSharedCsv(`sdmetrics-demo/multi_table/${name}_${side}.csv`)) as [
        ReadonlyMap<string, Values>,
        ReadonlyMap<string, Values>,
      ];
    const [users, sessions, transactions] = [table('users'), table('sessions'), table('transactions')];
    type Pair = readonly [ReadonlyMap<string, Values>, ReadonlyMap<string, Values>];
    const of = (pair: Pair, name: string): readonly [Values, Values] => [pair[0].get(name) ?? [], pair[1].get(name) ?? []];
    const make = (pair: Pair, name: string, kind: 'n' | 'c' | 't'): ScoredColumn =>
      kind === 'c' ? category(name, ...of(pair, name)) : number(name, ...of(pair, name), kind === 't' ? seconds : Number);
    const columns = [
      [make(users, 'country', 'c'), make(users, 'gender', 'c'), make(users, 'age', 'n')],
      [make(sessions, 'device', 'c'), make(sessions, 'os', 'c')],
      [make(transactions, 'timestamp', 't'), make(transactions, 'amount', 'n'), make(transactions, 'approved', 'c')],
    ];
    const shapes = columns.flat().map(columnShape);
    const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(average(shapes)).toBeCloseTo(0.7978174603174604, 12);
    const pairs = columns.flatMap((own) =>
      own.flatMap((left, at) => own.slice(at + 1).map((right) => pairTrend(left, right, COMPAT).score)),
    );
    expect(average(pairs)).toBeCloseTo(0.45654629583521095, 12);
    const cardinality = (parent: Pair, key: string, child: Pair, reference: string): number =>
      ksComplement(childCounts(of(parent, key)[0], of(child, reference)[0]), childCounts(of(parent, key)[1], of(child, reference)[1]));
    expect(
      average([cardinality(users, 'user_id', sessions, 'user_id'), cardinality(sessions, 'session_id', transactions, 'session_id')]),
    ).toBeCloseTo(0.95, 12);
  });
});

test('inline case of two tables', () => {
  const dates = (values: Values): Values => values;
  const col4 = number(
    'col4',
    dates(['2020-10-01', '2021-01-02', '2021-09-12', '2022-10-01']),
    dates(['2020-11-04', '2021-02-01', '2021-08-01', '2022-12-01']),
    seconds,
  );
  const col5 = number(
    'col5',
    dates(['2020-09-13', '2020-12-01', '2021-01-12', '2022-08-13']),
    dates(['2020-10-13', '2020-02-04', '2021-03-11', '2022-07-23']),
    seconds,
  );
  const col7 = number('col7', ['0.1', '0.2', '0.3', '0.4'], ['0.1', '0.2', '0.3', '0.4']);
  expect(pairTrend(col4, col5, COMPAT).score).toBeCloseTo(0.9901306731066666, 12);
  expect(pairTrend(col4, col7, COMPAT).score).toBeCloseTo(0.9853027960145061, 12);
  expect(pairTrend(col5, col7, COMPAT).score).toBeCloseTo(0.9678805694257717, 12);
  expect(
    pairTrend(
      category('col2', ['a', 'b', 'c', 'd'], ['a', 'c', 'c', 'b']),
      category('col3', ['T', 'F', 'F', 'T'], ['F', 'F', 'F', 'T']),
      COMPAT,
    ).score,
  ).toBe(0.25);
});

test('a column ten times too large is seen with shared bins, and not in compat mode', () => {
  const values = Array.from({ length: 100 }, (_, index) => String(index));
  const right = category(
    'b',
    values.map((value) => String(Number(value) % 4)),
    values.map((value) => String(Number(value) % 4)),
  );
  const left = number(
    'a',
    values,
    values.map((value) => `${value}0`),
  );
  expect(pairTrend(left, right, COMPAT).score).toBe(1);
  expect(pairTrend(left, right, { bins: 'shared' }).score).toBeLessThan(0.2);
});
