import { describe, expect, test } from 'vitest';
import type { Expression, Query } from '../../../../../src/sandbox/sql/ast.ts';
import { printOpenQuery } from '../../../../../src/sandbox/sql/open/print.ts';
import { by, call, col, compare, dec, derived, groupedBy, int, item, over, query, select, star, str, table } from './build.ts';
import { TestEngine } from './engine.ts';

const ROWS = 300_000;
/** Many equal keys, and numbers whose sum depends on the order in which they are added. */
const FILL = `CREATE TABLE wide AS SELECT i::BIGINT AS i, (hash(i) % 50)::BIGINT AS g, (hash(i + 3) % 7)::VARCHAR AS s,
  ((hash(i * 7 + 1) % 1000003) * pow(10.0, (hash(i + 5) % 12) - 4.0))::DOUBLE AS x, ((hash(i + 9) % 1000) / 8)::DECIMAL(38,2) AS d
  FROM range(${ROWS}) r(i)`;
const COLUMNS = [
  { name: 'i', type: 'BIGINT' },
  { name: 'g', type: 'BIGINT' },
  { name: 's', type: 'VARCHAR' },
  { name: 'x', type: 'DOUBLE' },
  { name: 'd', type: 'DECIMAL(38,2)' },
];
const [g, s, x, d] = [col('g'), col('s'), col('x'), col('d')];
const whole = { kind: 'unboundedPreceding' } as const;

const grouped = (...values: readonly Expression[]): Query =>
  query(select([item(g), ...values.map((value, index) => item(value, `v${index}`))], table('wide'), { grouping: groupedBy(g) }));

/** A window over all rows, looked at through figures that change with any of its values. */
const through = (value: Expression, where: Expression | null = null): Query => {
  const inner = query(select([item(col('i'), 'i'), item(value, 'v')], table('wide'), { where }));
  const weighted = call('sum', [call('*', [call('%', [col('i'), int(1009)]), call('coalesce', [col('v'), int(0)])])]);
  return query(select([item(weighted, 'a'), item(call('count', [col('v')], { distinct: true }), 'b')], derived(inner, 'z')));
};

const QUERIES: readonly (readonly [string, Query])[] = [
  ['sums and averages', grouped(call('sum', [x]), call('avg', [x]), call('stddev', [x]), call('var_pop', [x]), call('sum', [d]))],
  ['pairs', grouped(call('corr', [x, d]), call('regr_slope', [x, d]), call('covar_samp', [d, x]))],
  ['order', grouped(call('first', [x], { orderBy: [by(s)] }), call('arg_max', [x, s]), call('mode', [s]), call('median', [x]))],
  [
    'texts',
    grouped(call('string_agg', [s, str('')], { orderBy: [by(call('%', [col('i'), int(3)]))], filter: compare(col('i'), '<', int(5000)) })),
  ],
  ['whole partition', through(over('sum', [x]))],
  [
    'whole partition, ordered',
    through(over('avg', [x], { orderBy: [by(g)], frame: { mode: 'range', start: whole, end: { kind: 'unboundedFollowing' } } })),
  ],
  ['partitions', through(over('stddev', [x], { partitionBy: [g] }))],
  ['running, by rows', through(over('sum', [x], { orderBy: [by(g)], frame: { mode: 'rows', start: whole, end: { kind: 'currentRow' } } }))],
  ['running, by peers', through(over('sum', [x], { orderBy: [by(g)] }), compare(call('%', [col('i'), int(30)]), '=', int(0)))],
  ['numbered', through(over('row_number', [], { orderBy: [by(g)] }))],
  ['neighbours', through(over('lag', [x], { orderBy: [by(g)] }))],
  ['picked', through(over('first_value', [x], { orderBy: [by(s)], partitionBy: [g] }))],
  ['top rows', query(select([item(star)], table('wide')), { orderBy: [by(g)], limit: 100 })],
  [
    'top rows inside',
    query(
      select([item(call('sum', [x]), 'v')], derived(query(select([item(star)], table('wide')), { orderBy: [by(s)], limit: 1000 }), 'z')),
    ),
  ],
  [
    'distinct',
    query(select([item(call('round', [call('/', [x, int(1_000_000)]), int(0)]), 'r')], table('wide'), { distinct: true }), { limit: 50 }),
  ],
  [
    'rollup',
    query(
      select([item(g), item(s), item(call('sum', [call('*', [x, dec('1.1')])]), 'v')], table('wide'), {
        grouping: { expressions: [g, s], sets: [[0, 1], [0], []] },
      }),
    ),
  ],
];

describe('many rows', () => {
  test('give the same bytes at one and at four threads, run after run', async () => {
    const seen = new Map<string, Set<string>>();
    for (const threads of [1, 4, 4]) {
      const engine = await TestEngine.open(threads);
      await engine.ask(FILL);
      for (const [name, input] of QUERIES) {
        const sql = printOpenQuery(input, (asked) => (asked === 'wide' ? { sql: '"wide"', columns: COLUMNS } : undefined));
        const answer = JSON.stringify((await engine.ask(sql)).rows);
        seen.set(name, (seen.get(name) ?? new Set()).add(answer));
      }
      engine.close();
    }
    expect([...seen].filter(([, answers]) => answers.size !== 1).map(([name]) => name)).toEqual([]);
  }, 300_000); // a busy machine is no finding

  test('without known columns rows are compared as a whole', async () => {
    const sql = printOpenQuery(through(over('row_number', [], { orderBy: [by(g)] })), () => '"wide"');
    expect(sql).toContain('"g" ASC NULLS LAST, "wide" ASC NULLS LAST');
  });
});
