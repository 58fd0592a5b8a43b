import { describe, expect, test } from 'vitest';
import { describe as describeProblem } from '../../../../../src/problems/problem.ts';
import type { Expression, Query, Select } from '../../../../../src/sandbox/sql/ast.ts';
import { checkOpen } from '../../../../../src/sandbox/sql/open/check-open.ts';
import { by, call, cast, choice, col, compare, dec, derived, int, item, over, query, select, star, str, table } from './build.ts';

const place = { line: 3, column: 7 };
const of = (expression: Expression, more: Partial<Select> = {}): Query => query(select([item(expression, 'x')], table('__g0'), more));
const codes = (input: Query): readonly string[] => checkOpen(input).map((problem) => problem.code);
const n = col('n');
const month = { kind: 'interval', amount: 1, unit: 'month', at: place } as const;

describe('the closed list', () => {
  test.each([
    ['medain', 'median'],
    ['row_numbr', 'row_number'],
    ['nvl', 'coalesce'],
    ['to_char', 'strftime'],
    ['rank', 'rank() OVER (…)'],
    ['random', undefined],
    ['read_csv', undefined],
    ['getenv', undefined],
    ['list_transform', undefined],
    ['unnest', undefined],
    ['now', undefined],
  ])('%s is unknown', (name, suggestion) => {
    const [problem, ...more] = checkOpen(of(call(name, [n], { at: place })));
    expect(more).toEqual([]);
    expect(problem?.code).toBe('sql.function_unknown');
    expect(problem?.facts).toEqual({ name, ...place, ...(suggestion === undefined ? {} : { suggestion }) });
    if (problem !== undefined) expect(describeProblem(problem).detail.en).toContain('line 3, column 7');
  });

  test.each<[string, Expression]>([
    ['too many arguments', call('round', [n, int(1), int(2)])],
    ['digits from a column', call('round', [n, n])],
    ['digits out of range', call('round', [n, int(99)])],
    ['a pattern from a column', call('regexp_matches', [col('s'), col('s')])],
    ['a long padding', call('lpad', [col('s'), int(1_000_000), str('x')])],
    ['a format from a column', call('strftime', [col('m'), col('s')])],
    ['an unknown part', call('date_trunc', [str('fortnight'), col('m')])],
    ['first without an order', call('first', [n])],
    ['texts without an order', call('string_agg', [n, str(',')])],
    ['a fraction above one', call('quantile_cont', [n, dec('1.5')])],
    ['DISTINCT of no aggregate', call('abs', [n], { distinct: true })],
    ['FILTER of no aggregate', call('abs', [n], { filter: compare(n, '>', int(0)) })],
    ['an aggregate that has no window', over('corr', [n, n])],
    ['a scalar function with a window', over('abs', [n])],
    ['an offset from a column', over('lag', [n, n])],
    ['no buckets', over('ntile', [int(0)])],
    ['squares among equal ranks', over('stddev', [n], { orderBy: [by(n)] })],
    [
      'a frame from a column',
      over('sum', [n], { orderBy: [by(n)], frame: { mode: 'rows', start: { kind: 'preceding', offset: n }, end: { kind: 'currentRow' } } }),
    ],
    [
      'a frame turned round',
      over('sum', [n], {
        orderBy: [by(n)],
        frame: { mode: 'rows', start: { kind: 'currentRow' }, end: { kind: 'preceding', offset: int(1) } },
      }),
    ],
    [
      'a range of two orders',
      over('sum', [n], {
        orderBy: [by(n), by(n)],
        frame: { mode: 'range', start: { kind: 'preceding', offset: int(1) }, end: { kind: 'currentRow' } },
      }),
    ],
    ['an interval times a number', call('*', [month, int(2)])],
    ['an interval minus a date', call('-', [month, col('m')])],
  ])('%s', (_, expression) => {
    expect(codes(of(expression))).toEqual(['sql.function_arguments']);
  });

  test('casts and intervals that lead out of scalar types', () => {
    expect(codes(of(cast(n, 'INTEGER[]')))).toEqual(['sql.construct_refused']);
    expect(codes(of(cast(n, 'BLOB')))).toEqual(['sql.construct_refused']);
    expect(codes(of(month))).toEqual(['sql.construct_refused']);
    expect(codes(of(call('+', [col('m'), month])))).toEqual([]);
  });

  test('looks everywhere in the tree', () => {
    const bad = call('getenv', [str('HOME')]);
    const inner = query(select([item(bad, 'x')], null));
    const subquery = { kind: 'subquery', form: 'scalar', query: inner, input: null, operator: '=', at: place } as const;
    const join = {
      kind: 'join',
      join: 'left',
      left: table('__g0'),
      right: derived(inner, 'd'),
      on: compare(bad, '=', n),
      using: [],
      at: place,
    } as const;
    const values = { kind: 'values', rows: [[bad]], alias: 'v', columns: [], at: place } as const;
    const ordered = over('rank', [], { orderBy: [by(bad)], partitionBy: [bad], filter: null });
    const hidden: readonly (readonly [Query, number])[] = [
      [of(n, { where: compare(bad, '=', n) }), 1],
      [of(n, { having: bad }), 1],
      [of(n, { qualify: bad }), 1],
      [of(n, { grouping: { expressions: [bad], sets: [[0]] } }), 1],
      [of(call('sum', [n], { filter: bad })), 1],
      [of(call('string_agg', [n, str(',')], { orderBy: [by(bad)] })), 1],
      [of(ordered), 2],
      [of(subquery), 1],
      [of(choice(bad, bad, bad)), 3],
      [of({ kind: 'in', input: n, items: [bad], negated: false, at: place }), 1],
      [query(select([item(star)], join)), 2],
      [query(select([item(star)], values)), 1],
      [query(select([item(star)], table('c')), { commonTables: [{ name: 'c', columns: [], query: inner, at: place }] }), 1],
      [query({ kind: 'union', all: true, left: inner, right: inner, at: place }), 2],
      [query(select([item(star)], table('__g0')), { orderBy: [by(bad)] }), 1],
      [
        query(
          select([item({ kind: 'star', table: '', exclude: [], replace: [{ name: 'n', expression: bad }], at: place })], table('__g0')),
        ),
        1,
      ],
    ];
    for (const [input, count] of hidden) expect(codes(input)).toEqual(Array.from({ length: count }, () => 'sql.function_unknown'));
  });

  test('SELECT DISTINCT is ordered by what it shows', () => {
    const body = select([item(n, 'people'), item(call('+', [n, int(1)]))], table('__g0'), { distinct: true });
    expect(codes(query(body, { orderBy: [by(col('PEOPLE')), by(int(1)), by(call('+', [col('N'), int(1)]))] }))).toEqual([]);
    expect(codes(query(body, { orderBy: [by(col('total'))] }))).toEqual(['sql.construct_refused']);
  });
});
