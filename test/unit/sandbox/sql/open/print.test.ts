import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Expression, Query } from '../../../../../src/sandbox/sql/ast.ts';
import { checkOpen } from '../../../../../src/sandbox/sql/open/check-open.ts';
import { printOpenQuery } from '../../../../../src/sandbox/sql/open/print.ts';
import { releasedRelation } from '../../../../../src/sandbox/sql/open/relation.ts';
import type { OpenTable } from '../../../../../src/sandbox/sql/open/scope.ts';
import {
  at,
  by,
  call,
  cast,
  col,
  compare,
  dec,
  derived,
  groupedBy,
  int,
  item,
  nil,
  over,
  query,
  select,
  star,
  str,
  table,
} from './build.ts';
import { type Answer, TestEngine } from './engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await TestEngine.open(2);
});
afterAll(() => {
  engine.close();
});

const COLUMNS = [
  { name: 'city', type: 'VARCHAR' },
  { name: 'm', type: 'DATE' },
  { name: 'n', type: 'BIGINT' },
  { name: 'total', type: 'DECIMAL(38,2)' },
  { name: 'a', type: 'DOUBLE' },
];
const ROWS = [
  ['Hangzhou', '2024-01-31', 125, '3214500.00', 25716],
  ['Jiaxing', '2024-01-31', 125, '3305625.00', 26445.5],
  ['Ningbo', '2024-02-29', 120, '3393875.50', 27151.25],
  ['Wenzhou', null, 0, '0.00', null],
] as const;

const G0: OpenTable = { sql: `(${releasedRelation(COLUMNS, ROWS)})`, columns: COLUMNS };
const tables = (name: string): OpenTable | undefined => (name === '__g0' ? G0 : undefined);
const untyped = (name: string): string | undefined => (name === '__g0' ? G0.sql : undefined);

/** Runs the query with known and with unknown columns; both must agree. */
async function run(input: Query): Promise<Answer> {
  expect(checkOpen(input)).toEqual([]);
  const answer = await engine.ask(printOpenQuery(input, tables));
  expect(await engine.ask(printOpenQuery(input, untyped))).toEqual(answer);
  return answer;
}

/** The value of one expression over the first row. */
async function value(expression: Expression): Promise<unknown> {
  const inside = select([item(expression, 'x')], table('__g0'), { where: compare(col('city'), '=', str('Hangzhou')) });
  const answer = await run(query(inside));
  return answer.rows[0]?.[0];
}

/** The value of one expression over all rows. */
async function total(expression: Expression): Promise<unknown> {
  return (await run(query(select([item(expression, 'x')], table('__g0'))))).rows[0]?.[0];
}

const [n, a, city, m, sum] = [col('n'), col('a'), col('city'), col('m'), col('total')];
const big = int('9223372036854775807');

describe('values are those of DuckDB, or NULL where it would fail', () => {
  test.each<[string, Expression, unknown]>([
    ['n + 1', call('+', [n, int(1)]), '126'],
    ['n * n', call('*', [n, n]), '15625'],
    ['n * big', call('*', [n, big]), null],
    ['-n', call('-', [n]), '-125'],
    ['n / 2', call('/', [n, int(2)]), 62.5],
    ['n / 0', call('/', [n, int(0)]), null],
    ['n // 0', call('//', [n, int(0)]), null],
    ['n % 7', call('%', [n, int(7)]), '6'],
    ['total * 1.5', call('*', [sum, dec('1.5')]), '4821750.000'],
    ['total / n', call('/', [sum, n]), 25716],
    ['round(total / 7, 2)', call('round', [call('/', [sum, int(7)]), int(2)]), 459214.29],
    ['exp(n * 100)', call('exp', [call('*', [n, int(100)])]), null],
    ['ln(-n)', call('ln', [call('-', [n])]), null],
    ['sqrt(n)', call('sqrt', [n]), 11.180339887498949],
    ['power(n, 1000)', call('power', [n, int(1000)]), null],
    ['n ^ 2', call('^', [n, int(2)]), 15625],
    ['city as number', cast(city, 'INTEGER'), null],
    ['n as text', cast(n, 'VARCHAR'), '125'],
    ['n as tinyint', cast(call('+', [n, int(100)]), 'TINYINT'), null],
    ['city = 1', compare(city, '=', int(1)), null],
    ['n > 100', compare(n, '>', int(100)), true],
    ['greatest', call('greatest', [n, sum]), '3214500.00'],
    ['coalesce', call('coalesce', [nil, n]), '125'],
    ['nullif', call('nullif', [n, int(125)]), null],
    ['if', call('if', [compare(n, '>', int(5)), str('many'), str('few')]), 'many'],
    ['concat', call('||', [city, call('||', [str('-'), n])]), 'Hangzhou-125'],
    ['upper', call('upper', [city]), 'HANGZHOU'],
    ['substr', call('substr', [city, int(2), int(3)]), 'ang'],
    ['substr far', call('substr', [city, big]), null],
    ['lpad', call('lpad', [city, int(10), str('*')]), '**Hangzhou'],
    ['like', call('~~', [city, str('Hang%')]), true],
    ['regexp', call('regexp_replace', [city, str('[aeiou]'), str('_'), str('g')]), 'H_ngzh__'],
    ['date_trunc', call('date_trunc', [str('month'), m]), '2024-01-01 00:00:00'],
    ['strftime', call('strftime', [m, str('%Y-%m')]), '2024-01'],
    ['year', call('year', [m]), '2024'],
    ['date + interval', call('+', [m, { kind: 'interval', amount: 1, unit: 'month', at }]), '2024-02-29 00:00:00'],
    ['date too far', call('+', [m, { kind: 'interval', amount: 10_000_000, unit: 'year', at }]), null],
    ['date_add', call('date_add', [m, { kind: 'interval', amount: 1, unit: 'day', at }]), '2024-02-01 00:00:00'],
    ['make_date', call('make_date', [int(2024), n, int(1)]), null],
    ['last_day', call('last_day', [m]), '2024-01-31'],
    ['split_part', call('split_part', [city, str('z'), int(2)]), 'hou'],
  ])('%s', async (_, expression, expected) => {
    expect(await value(expression)).toEqual(expected);
  });
});

describe('aggregates over released rows', () => {
  test.each<[string, Expression, unknown]>([
    ['count(*)', call('count_star'), '4'],
    ['count(a)', call('count', [a]), '3'],
    ['sum(n)', call('sum', [n]), '370'],
    ['sum(total)', call('sum', [sum]), '9914000.50'],
    ['sum(a)', call('sum', [a]), 79312.75],
    ['sum of too much', call('sum', [cast(str('9'.repeat(38)), 'DECIMAL(38,0)')]), null],
    ['avg(n)', call('avg', [n]), 92.5],
    ['share', call('/', [call('sum', [n]), call('count_star')]), 92.5],
    ['sum * big', call('*', [call('*', [call('sum', [n]), big]), call('*', [call('sum', [n]), big])]), null],
    ['median', call('median', [n]), 122.5],
    ['quantile', call('quantile_cont', [n, dec('0.25')]), 90],
    ['within group', call('quantile_cont', [dec('0.25')], { orderBy: [by(n, true)] }), 125],
    ['mode', call('mode', [n]), '125'],
    ['stddev', call('stddev', [a]), 717.6577497897824],
    ['stddev of much', call('stddev', [call('*', [a, { kind: 'literal', type: 'double', text: '1e300', at }])]), null],
    ['corr', call('round', [call('corr', [n, sum]), int(6)]), 0.996834],
    ['regr_count', call('regr_count', [n, a]), 3],
    ['string_agg', call('string_agg', [city, str('/')], { orderBy: [by(n, true)] }), 'Hangzhou/Jiaxing/Ningbo/Wenzhou'],
    ['first', call('first', [city], { orderBy: [by(sum, true)] }), 'Ningbo'],
    ['arg_max', call('arg_max', [city, n]), 'Hangzhou'],
    ['count distinct', call('count', [n], { distinct: true }), '3'],
    ['sum distinct', call('sum', [n], { distinct: true }), '245'],
    ['filter', call('sum', [n], { filter: compare(city, '>', str('I')) }), '245'],
    ['bool_or', call('bool_or', [compare(n, '=', int(0))]), true],
  ])('%s', async (_, expression, expected) => {
    expect(await total(expression)).toEqual(expected);
  });
});

describe('queries', () => {
  test('shares, ranks and running sums, sorted by the query and then by everything', async () => {
    const share = call('round', [call('/', [call('*', [dec('100.0'), n]), over('sum', [n])]), int(1)]);
    const body = select(
      [
        item(city),
        item(share, 'share'),
        item(over('row_number', [], { orderBy: [by(n, true)] }), 'place'),
        item(over('rank', [], { orderBy: [by(n, true)] }), 'rank'),
        item(over('sum', [a], { orderBy: [by(n)] }), 'running'),
        item(over('lag', [n], { orderBy: [by(n)] }), 'before'),
      ],
      table('__g0'),
    );
    const answer = await run(query(body, { orderBy: [by(col('share'), true)] }));
    expect(answer.names).toEqual(['city', 'share', 'place', 'rank', 'running', 'before']);
    expect(answer.rows).toEqual([
      ['Hangzhou', 33.8, '1', '1', 79312.75, '120'],
      ['Jiaxing', 33.8, '2', '1', 79312.75, '125'],
      ['Ningbo', 32.4, '3', '3', 27151.25, '0'],
      ['Wenzhou', 0, '4', '4', null, null],
    ]);
  });

  test('grouping with aliases, HAVING, windows over groups and LIMIT with ties', async () => {
    const body = select(
      [
        item(call('year', [m]), 'y'),
        item(call('sum', [n]), 'people'),
        item(call('/', [col('people'), over('sum', [call('sum', [n])])]), 'share'),
        item(over('row_number', [], { orderBy: [by(call('count_star'), true)] }), 'place'),
      ],
      table('__g0'),
      { grouping: groupedBy(col('y')), having: compare(col('people'), '>', int(-1)) },
    );
    expect((await run(query(body, { limit: 5 }))).rows).toEqual([
      ['2024', '370', 1, '1'],
      [null, '0', 0, '2'],
    ]);
  });

  test('a grouping key under an operator', async () => {
    const key = call('+', [n, int(1)]);
    const body = select([item(call('*', [key, int(2)]), 'x'), item(call('count_star'), 'c')], table('__g0'), { grouping: groupedBy(key) });
    expect((await run(query(body))).rows).toEqual([
      ['2', '1'],
      ['242', '1'],
      ['252', '2'],
    ]);
  });

  test('ROLLUP with grouping()', async () => {
    const body = select([item(n, 'n'), item(call('grouping', [n]), 'all'), item(call('count_star'), 'c')], table('__g0'), {
      grouping: { expressions: [n], sets: [[0], []] },
    });
    expect((await run(query(body))).rows).toEqual([
      ['0', '0', '1'],
      ['120', '0', '1'],
      ['125', '0', '2'],
      [null, '1', '4'],
    ]);
  });

  test('common tables, joins, subqueries and set operations', async () => {
    const top = query(select([item(star)], table('__g0')), { orderBy: [by(n, true)], limit: 1 });
    const joined = query(
      select(
        [item(col('x', 'city'), 'city'), item(call('-', [col('x', 'n'), col('t', 'n')]), 'gap')],
        {
          kind: 'join',
          join: 'left',
          left: table('__g0', 'x'),
          right: table('top', 't'),
          on: compare(col('x', 'm'), '=', col('t', 'm')),
          using: [],
          at,
        },
        {
          where: compare(col('x', 'n'), '>=', {
            kind: 'subquery',
            form: 'scalar',
            query: query(select([item(call('avg', [n]))], table('__g0'))),
            input: null,
            operator: '=',
            at,
          }),
        },
      ),
    );
    const union = query(
      { kind: 'union', all: true, left: joined, right: query(select([item(str('end'), 'city'), item(int(0), 'gap')], null)), at },
      { commonTables: [{ name: 'top', columns: [], query: top, at }] },
    );
    expect((await run(union)).rows).toEqual([
      ['Hangzhou', '0'],
      ['Jiaxing', '0'],
      ['Ningbo', null],
      ['end', '0'],
    ]);
  });

  test('a scalar subquery of several rows is NULL', async () => {
    const inner = query(select([item(n)], table('__g0')));
    expect(await total({ kind: 'subquery', form: 'scalar', query: inner, input: null, operator: '=', at })).toBe(null);
  });

  test('semi-joins by IN', async () => {
    const inner = query(select([item(n)], derived(query(select([item(star)], table('__g0'), { where: compare(n, '>', int(120)) })), 'd')));
    const body = select([item(city)], table('__g0'), {
      where: { kind: 'subquery', form: 'any', query: inner, input: n, operator: '=', at },
    });
    expect((await run(query(body))).rows).toEqual([['Hangzhou'], ['Jiaxing']]);
  });

  test('a star over columns that are not known', async () => {
    const body = select([item(star)], table('__g0'), { distinct: true });
    expect((await run(query(body, { orderBy: [by(n)], limit: 2 }))).rows.map((row) => row[0])).toEqual(['Wenzhou', 'Ningbo']);
  });

  test('moving windows by rows and by range', async () => {
    const rows = { mode: 'rows', start: { kind: 'preceding', offset: int(1) }, end: { kind: 'currentRow' } } as const;
    const range = { mode: 'range', start: { kind: 'preceding', offset: int(5) }, end: { kind: 'currentRow' } } as const;
    const body = select(
      [
        item(city),
        item(over('avg', [a], { orderBy: [by(n)], frame: rows }), 'r'),
        item(over('sum', [sum], { orderBy: [by(n)], frame: range }), 's'),
        item(over('last_value', [city], { orderBy: [by(n)] }), 'l'),
        item(over('median', [n]), 'm'),
      ],
      table('__g0'),
    );
    expect((await run(query(body))).rows).toEqual([
      ['Hangzhou', 26433.625, '9914000.50', 'Jiaxing', 122.5],
      ['Jiaxing', 26080.75, '9914000.50', 'Jiaxing', 122.5],
      ['Ningbo', 27151.25, '3393875.50', 'Ningbo', 122.5],
      ['Wenzhou', null, '0.00', 'Wenzhou', 122.5],
    ]);
  });

  test('no other table is ever named', () => {
    expect(() => printOpenQuery(query(select([item(star)], table('persons'))), tables)).toThrow('not released');
    const hidden = query(
      select([item(star)], table('__g0'), {
        where: { kind: 'subquery', form: 'exists', query: query(select([item(star)], table('persons'))), input: null, operator: '=', at },
      }),
    );
    expect(() => printOpenQuery(hidden, tables)).toThrow('not released');
  });
});
