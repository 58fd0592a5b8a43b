import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ParseEngine, parseEngine } from '../../../../support/sql-text/parse-engine.ts';

let engine: ParseEngine;

beforeAll(async () => {
  engine = await parseEngine();
});

afterAll(() => engine.close());

const NOWHERE = { line: 1, column: 1 };

/** The tree without its places. */
async function treeOf(sql: string): Promise<unknown> {
  const read = await engine.read(sql);
  if (!read.ok) return read.error;
  return JSON.parse(JSON.stringify(read.value.query, (key, item: unknown) => (key === 'at' ? NOWHERE : item)));
}

/** Texts of which each line has one meaning. */
const SAME: readonly (readonly string[])[] = [
  [
    "SELECT INTERVAL '3' MONTH",
    'SELECT INTERVAL 3 MONTHS',
    "SELECT INTERVAL '3 months'",
    "SELECT '3 Month'::INTERVAL",
    'SELECT to_months(3)',
    'SELECT INTERVAL (3) MONTH',
    "SELECT INTERVAL '1' QUARTER",
    "SELECT TRY_CAST('3 months' AS INTERVAL)",
  ],
  ["SELECT INTERVAL '10' YEAR", 'SELECT INTERVAL 1 DECADE', 'SELECT to_decades(1)', "SELECT INTERVAL '1 decade'"],
  ["SELECT INTERVAL '-90' MINUTE", "SELECT INTERVAL '-90 minutes'", 'SELECT INTERVAL (-90) MINUTE', 'SELECT to_minutes(-90)'],
  ["SELECT DATE '2026-01-31'", "SELECT '2026-01-31'::DATE", "SELECT CAST('2026-01-31' AS DATE)", "SELECT TRY_CAST('2026-01-31' AS DATE)"],
  ["SELECT TIMESTAMP '2026-01-31 10:00'", "SELECT TIMESTAMP '2026-01-31T10:00'", "SELECT CAST('2026-01-31 10:00' AS DATETIME)"],
  ['SELECT true', "SELECT 'true'::BOOLEAN", "SELECT CAST('t' AS BOOL)"],
  ['SELECT 1.5', 'SELECT 1.50', 'SELECT +1.5', 'SELECT -(-1.5)'],
  ['SELECT a::INTEGER FROM t', 'SELECT CAST(a AS INT) FROM t', 'SELECT TRY_CAST(a AS int4) FROM t'],
  ['SELECT a::DECIMAL FROM t', 'SELECT a::NUMERIC(18, 3) FROM t'],
  ['SELECT a::VARCHAR FROM t', 'SELECT a::TEXT FROM t', 'SELECT a::VARCHAR(3) FROM t'],
  ['SELECT CASE WHEN a THEN 1 END', 'SELECT CASE WHEN a THEN 1 ELSE NULL END'],
  ['SELECT CASE WHEN a = 1 THEN 2 ELSE 3 END', 'SELECT CASE a WHEN 1 THEN 2 ELSE 3 END', 'SELECT if(a = 1, 2, 3)'],
  ['SELECT coalesce(a, b)', 'SELECT ifnull(a, b)', 'SELECT COALESCE(a, b)'],
  ['SELECT a IS TRUE', 'SELECT CAST(a AS BOOLEAN) IS NOT DISTINCT FROM true'],
  ['SELECT a IS NOT FALSE', 'SELECT a::BOOLEAN IS DISTINCT FROM false'],
  ['SELECT a IS NULL', 'SELECT a ISNULL', 'SELECT a IS UNKNOWN'],
  ['SELECT a <> 1', 'SELECT a != 1', 'SELECT NOT a = 1'],
  ["SELECT a LIKE 'x%'", "SELECT a ~~ 'x%'"],
  ["SELECT a NOT ILIKE 'x%'", "SELECT a !~~* 'x%'"],
  ["SELECT a SIMILAR TO 'x'", "SELECT a ~ 'x'", "SELECT regexp_full_match(a, 'x')"],
  ['SELECT extract(YEAR FROM a)', "SELECT date_part('year', a)", "SELECT main.date_part('year', a)"],
  ['SELECT count(*) FROM t', 'SELECT COUNT() FROM t', 'SELECT count_star() FROM t', 'SELECT system.main.count(*) FROM t'],
  ['SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) FROM t', 'SELECT quantile_cont(0.5 ORDER BY a) FROM t'],
  ['SELECT grouping(a) FROM t GROUP BY a', 'SELECT grouping_id(a) FROM t GROUP BY a'],
  ['SELECT a IN (SELECT 1)', 'SELECT a = ANY (SELECT 1)', 'SELECT a = SOME (SELECT 1)'],
  ['SELECT a NOT IN (SELECT 1)', 'SELECT a <> ALL (SELECT 1)', 'SELECT NOT a IN (SELECT 1)'],
  ['SELECT a > ALL (SELECT 1)', 'SELECT NOT (a <= ANY (SELECT 1))'],
  ['SELECT row_number() OVER (PARTITION BY a) FROM t', 'SELECT row_number() OVER w FROM t WINDOW w AS (PARTITION BY a)'],
  ['SELECT sum(a) OVER (ORDER BY b) FROM t', 'SELECT sum(a) OVER (ORDER BY b RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) FROM t'],
  ['SELECT first_value(a) OVER () FROM t', 'SELECT first(a) OVER () FROM t'],
  ['SELECT * FROM t', 'FROM t', 'TABLE t', 'SELECT * FROM main.t', 'SELECT ALL * FROM t'],
  ['SELECT a FROM t LIMIT 3', 'SELECT a FROM t FETCH FIRST 3 ROWS ONLY'],
  ['SELECT a FROM t', 'SELECT a FROM t LIMIT ALL', 'SELECT a FROM t LIMIT NULL'],
  ['SELECT 1 FROM a, b', 'SELECT 1 FROM a CROSS JOIN b'],
  ['SELECT 1 FROM a LEFT JOIN b USING (x)', 'SELECT 1 FROM b RIGHT JOIN a USING (x)', 'SELECT 1 FROM b RIGHT OUTER JOIN a USING (x)'],
  ['SELECT * FROM (VALUES (1)) v(a)', 'SELECT * FROM (FROM (VALUES (1))) v(a)', 'SELECT * FROM VALUES (1) v(a)'],
  ['SELECT a FROM t GROUP BY ALL', 'SELECT a FROM t GROUP BY *'],
  ['SELECT 1 FROM t GROUP BY ROLLUP (a, b)', 'SELECT 1 FROM t GROUP BY GROUPING SETS (ROLLUP (a, b))'],
  [
    'WITH x AS (SELECT 1) SELECT * FROM x',
    'WITH x AS NOT MATERIALIZED (SELECT 1) SELECT * FROM x',
    'WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x',
  ],
  ['SELECT * EXCLUDE (b, a) FROM t', 'SELECT * EXCLUDE (a, b) FROM t'],
];

test.each(SAME)('%s is one tree in every spelling', async (first, ...others) => {
  const tree = await treeOf(String(first));
  expect(tree).toMatchObject({ body: { kind: 'select' } });
  for (const other of others) expect({ other, tree: await treeOf(other) }).toEqual({ other, tree });
});

/** The first item of a SELECT without FROM. */
async function itemOf(expression: string): Promise<unknown> {
  const tree = await treeOf(`SELECT ${expression}`);
  const { body } = tree as { readonly body?: { readonly items: readonly { readonly expression: unknown }[] } };
  return body?.items[0]?.expression ?? tree;
}

const literal = (type: string, text: string) => ({ kind: 'literal', type, text, at: NOWHERE });
const column = (...path: readonly string[]) => ({ kind: 'column', path, at: NOWHERE });

describe('expressions', () => {
  test.each([
    ['9223372036854775807', literal('integer', '9223372036854775807')],
    ['-9223372036854775808', literal('integer', '-9223372036854775808')],
    ['0.10', literal('decimal', '0.1')],
    ['1e-3', literal('double', '0.001')],
    ["'it''s'", literal('string', "it's")],
    ['NULL', literal('null', '')],
    ["DATE '0001-01-01'", literal('date', '0001-01-01')],
    ["TIMESTAMP '2026-01-31 10:00:00.5'", literal('timestamp', '2026-01-31 10:00:00.5')],
    ["INTERVAL '2' WEEK", { kind: 'interval', amount: 2, unit: 'week', at: NOWHERE }],
    ['"A b"."C"', column('A b', 'C')],
    ['a::DECIMAL(12,2)', { kind: 'cast', input: column('a'), type: 'DECIMAL(12,2)', at: NOWHERE }],
    ['a::REAL', { kind: 'cast', input: column('a'), type: 'FLOAT', at: NOWHERE }],
    ["'5'::INTEGER", { kind: 'cast', input: literal('string', '5'), type: 'INTEGER', at: NOWHERE }],
    ['a IS DISTINCT FROM b', { kind: 'compare', operator: 'is distinct from', left: column('a'), right: column('b'), at: NOWHERE }],
  ])('%s', async (text, expected) => {
    expect(await itemOf(text)).toEqual(expected);
  });

  test('names of functions are folded, names of columns and aliases are not', async () => {
    expect(await treeOf('SELECT ABS(Foo) AS Bar')).toMatchObject({
      body: { items: [{ expression: { name: 'abs', operator: false, arguments: [{ path: ['Foo'] }] }, alias: 'Bar' }] },
    });
  });
});

describe('queries', () => {
  test('CUBE and the product of groupings are spelled out', async () => {
    expect(await treeOf('SELECT 1 FROM t GROUP BY CUBE (a, b)')).toMatchObject({ body: { grouping: { sets: [[], [0], [0, 1], [1]] } } });
    expect(await treeOf('SELECT 1 FROM t GROUP BY a, ROLLUP (b)')).toMatchObject({ body: { grouping: { sets: [[0], [0, 1]] } } });
    expect(await treeOf('SELECT 1 FROM t GROUP BY ()')).toMatchObject({ body: { grouping: { expressions: [], sets: [[]] } } });
  });

  test('WITH, ORDER BY and LIMIT stand with the query they belong to', async () => {
    const tree = await treeOf('WITH c(n) AS (SELECT 1 LIMIT 2) (SELECT a FROM c ORDER BY a) EXCEPT SELECT 2 ORDER BY ALL DESC OFFSET 3');
    expect(tree).toMatchObject({
      commonTables: [{ name: 'c', columns: ['n'], query: { limit: 2 } }],
      body: { kind: 'except', all: false, left: { orderBy: [{ descending: false, nulls: 'default' }] }, right: { orderBy: [] } },
      orderBy: { all: 'descending' },
      limit: null,
      offset: 3,
    });
  });

  test('every node has its place, those the engine made up that of what they stand around', async () => {
    const read = await engine.read("SELECT a,\n  coalesce(\n    b, c) FROM t\nWHERE d > DATE '2026-01-01'");
    expect(read).toMatchObject({
      value: {
        query: {
          body: {
            at: { line: 1, column: 8 },
            items: [{ expression: { at: { line: 1, column: 8 } } }, { expression: { at: { line: 3, column: 5 } } }],
            from: { at: { line: 3, column: 16 } },
            where: { at: { line: 4, column: 9 }, right: { at: { line: 4, column: 16 } } },
          },
        },
      },
    });
  });
});
