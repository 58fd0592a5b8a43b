import { describe, expect, test } from 'vitest';
import { describe as describeProblem } from '../../../../../src/problems/problem.ts';
import { type Dialect, type ForeignDialect, readDialect } from '../../../../../src/sandbox/sql/dialect/dialect.ts';
import { toDuckdb } from '../../../../../src/sandbox/sql/dialect/to-duckdb.ts';
import { columnTypes } from './translated-rows.ts';

async function refusal(sql: string, dialect: Dialect): Promise<unknown> {
  const translated = await toDuckdb(sql, dialect, columnTypes);
  if (translated.ok) return translated.value.sql;
  const [first] = translated.error;
  if (first?.code !== 'sql.dialect_construct') return first?.code;
  return `${first.facts.construct} ${first.facts.line}:${first.facts.column}`;
}

describe('constructs without a translation are named with their place', () => {
  test.each<readonly [ForeignDialect, string, string]>([
    // Each dialect's own
    ['mysql', 'SELECT a || b FROM t', '|| 1:10'],
    ['mysql', 'SELECT !a FROM t', '! 1:8'],
    ['mysql', 'SELECT a FROM t\nWHERE a XOR b', 'XOR 2:9'],
    ['mysql', "SELECT a FROM t WHERE 城市 REGEXP '^x'", 'REGEXP 1:26'],
    ['mysql', 'SELECT @a FROM t', 'the character @ 1:8'],
    ['mysql', 'SELECT a /*! , secret */ FROM t', 'an executable comment 1:10'],
    ['mysql', "SELECT _utf8'x'", 'a string prefixed by _utf8 1:8'],
    ['mysql', "SELECT 'a' 'b'", 'adjacent strings 1:12'],
    ['mysql', 'SELECT 0x1F', 'a number followed by letters 1:8'],
    ['mysql', "SELECT id FROM 订单 WHERE memo LIKE 'a\\_b'", 'LIKE with a backslash 1:25'],
    ['mysql', 'SELECT GROUP_CONCAT(memo) FROM 订单', 'group_concat() 1:8'],
    ['mysql', 'SELECT COUNT(DISTINCT a, b) FROM t', 'a row of values 1:23'],
    ['mysql', "SELECT DATE_FORMAT(d, '%u') FROM t", 'date_format() with these arguments 1:8'],
    ['mysql', 'SELECT EXTRACT(WEEK FROM d) FROM t', 'extract() with these arguments 1:8'],
    ['mysql', 'SELECT CAST(a AS UNSIGNED) FROM t', 'the type UNSIGNED 1:18'],
    ['mysql', 'SELECT d + INTERVAL a DAY FROM t', 'INTERVAL of an expression 1:12'],
    ['mysql', 'SELECT d + 1 FROM t', '+ between dates 1:8'],
    ['mysql', "SELECT SUM('5') + '1' FROM t", '+ with a value that is no number 1:12'],
    ['mysql', "SELECT COUNT(*) FROM t GROUP BY '城市'", 'a string in GROUP BY or ORDER BY 1:33'],
    ['mysql', 'SELECT SLEEP(1)', 'sleep() 1:8'],
    ['mysql', 'SELECT a = b = c FROM t', 'a comparison of a comparison 1:8'],
    ['mysql', 'SELECT a FROM t USE INDEX (i)', 'the text at INDEX 1:21'],
    ['postgresql', 'SELECT DISTINCT ON (a) a FROM t', 'DISTINCT with columns 1:21'],
    ['postgresql', 'SELECT amount / price / x FROM t', 'SELECT'],
    ['postgresql', 'SELECT a / b FROM t', '/ between values that may be whole numbers (cast one to DOUBLE) 1:8'],
    ['postgresql', "SELECT E'a\\n'", 'a string prefixed by E 1:8'],
    ['postgresql', 'SELECT $$a$$', 'the character $ 1:8'],
    ['postgresql', 'SELECT a ISNULL FROM t', 'ISNULL 1:10'],
    ['postgresql', 'SELECT a FROM ONLY t', 'ONLY 1:15'],
    ['postgresql', 'SELECT user FROM t', 'user 1:8'],
    ['postgresql', 'SELECT a::varchar(3) FROM t', 'the type VARCHAR 1:11'],
    ['postgresql', 'SELECT a[1] FROM t', 'the character [ 1:9'],
    ['postgresql', "SELECT a ~ 'x' FROM t", 'the character ~ 1:10'],
    ['postgresql', 'SELECT extract(second FROM ts) FROM t', 'extract() with these arguments 1:8'],
    ['postgresql', "SELECT to_char(d, 'Mon') FROM t", 'to_char() with these arguments 1:8'],
    ['postgresql', "SELECT d + INTERVAL '1 year 2 months' FROM t", 'INTERVAL other than a whole number of one unit 1:21'],
    ['postgresql', 'SELECT age(d) FROM t', 'age() 1:8'],
    ['postgresql', 'SELECT CURRENT_DATE', 'CURRENT_DATE 1:8'],
    ['postgresql', 'SELECT a FROM t JOIN u', 'JOIN without ON 1:1'],
    ['postgresql', 'SELECT * FROM generate_series(1, 3)', 'a table function 1:15'],
    ['trino', 'SELECT 城市 FROM t', '城市 without double quotes 1:8'],
    ['trino', 'SELECT amount / id FROM t', 'SELECT'],
    ['trino', 'SELECT approx_most_frequent(3, a, 10) FROM t', 'approx_most_frequent() 1:8'],
    ['trino', 'SELECT a FROM hive.sales.t', 'a table of a schema 1:26'],
    ['trino', 'SELECT x FROM UNNEST(a) AS u(x)', 'UNNEST 1:15'],
    ['trino', "SELECT DATE '2024-2-1'", 'a date that is not written as 2026-01-31 1:13'],
    ['trino', 'SELECT a::int FROM t', ':: 1:9'],
  ])('%s: %s', async (dialect, sql, expected) => {
    const found = await refusal(sql, dialect);
    if (expected === 'SELECT') expect(found).toMatch(/^SELECT/);
    else expect(found).toBe(expected);
  });

  test.each<readonly [string, string]>([
    ["SELECT a FROM t WHERE a LIKE 'x!%' ESCAPE '!'", 'ESCAPE 1:36'],
    ['SELECT a FROM t NATURAL JOIN u', 'NATURAL 1:17'],
    ['SELECT a FROM t FOR UPDATE', 'FOR 1:17'],
    ['SELECT a INTO b FROM t', 'INTO 1:10'],
    ['WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x', 'RECURSIVE 1:6'],
    ['SELECT (a, b) FROM t', 'a row of values 1:9'],
    ['SELECT a FROM t WHERE a = ANY (SELECT b FROM u)', 'ANY 1:27'],
    ['SELECT sum(a) OVER (ORDER BY b ROWS 2 PRECEDING) FROM t', 'the text at ROWS 1:32'],
    ['SELECT mystery(a) FROM t', 'mystery() 1:8'],
    ['SELECT t.mystery(a) FROM t', 'a call with schema 1:8'],
    ['SELECT a FROM t LIMIT a', 'the text at a 1:23'],
    [`SELECT ${'(1+'.repeat(60)}1${')'.repeat(60)}`, 'nesting deeper than 48 1:152'],
    ['SELECT a FROM t WHERE', 'the text at WHERE 1:17'],
    ["SELECT 'open", 'a quote that is not closed 1:8'],
    ['SELECT a /* open', 'a comment that is not closed 1:10'],
  ])('every dialect: %s', async (sql, expected) => {
    for (const dialect of ['mysql', 'postgresql', 'trino'] as const) expect(await refusal(sql, dialect), dialect).toBe(expected);
  });
});

test('a name that the query gives itself has no type from the catalog', async () => {
  const hidden = [
    'SELECT price / 2 FROM (SELECT count(*) AS price FROM t) s',
    'WITH s(price) AS (SELECT count(*) FROM t) SELECT price / 2 FROM s',
    'SELECT Price / 2 FROM (SELECT count(*) AS price FROM t) s',
  ];
  for (const sql of hidden) expect(await refusal(sql, 'postgresql')).toMatch(/^\/ between values/);
  expect(await refusal('SELECT price / 2 FROM t', 'postgresql')).toBe('SELECT ("price" / 2) FROM "t"');
  expect(await refusal('SELECT SUM(vip) FROM (SELECT COUNT(*) AS vip FROM t) s', 'mysql')).toMatch(/^SELECT sum\("vip"\)/);
});

test('long expressions are refused before they are walked', async () => {
  for (const dialect of ['mysql', 'postgresql', 'trino'] as const) {
    expect(await refusal(`SELECT ${'1+'.repeat(700)}1`, dialect)).toMatch(/^an expression of more than 600 operators 1:/);
    expect(await refusal(`SELECT ${'a,'.repeat(3500)}1`, dialect)).toMatch(/^more than 6000 words and signs 1:/);
    expect(await refusal(`SELECT ${'- '.repeat(5000)}1`, dialect)).toMatch(/^(an expression of more|the text at)/);
    expect(await refusal(`SELECT 1${' UNION SELECT 1'.repeat(1300)}`, dialect)).toMatch(/^SELECT 1 UNION/);
  }
});

test('one SELECT and nothing else', async () => {
  for (const sql of ['SELECT 1; SELECT 2', 'INSERT INTO t VALUES (1)', 'EXPLAIN SELECT 1', '', ';', '-- nothing', 'DROP TABLE t']) {
    expect(await refusal(sql, 'mysql'), sql).toBe('sql.not_one_select');
  }
  expect(await refusal(`SELECT ${'1'.repeat(20_000)}`, 'trino')).toBe('sql.too_long');
});

test('DuckDB text is handed on as it is', async () => {
  const sql = 'SELECT anything // 2 -- even this';
  expect(await toDuckdb(sql, 'duckdb')).toEqual({ ok: true, value: { sql, differences: [] } });
});

test('nothing of the text but names and literals comes through, quoted anew', async () => {
  const sql = "SELECT `a\"; DROP TABLE x; --`, 'it\\'s; --' FROM `t``u` -- comment";
  const translated = await toDuckdb(sql, 'mysql');
  expect(translated.ok && translated.value.sql).toBe(`SELECT "a""; DROP TABLE x; --", 'it''s; --' FROM "t\`u"`);
});

test('what a translation cannot keep is named', async () => {
  const differences = async (sql: string, dialect: ForeignDialect): Promise<unknown> => {
    const translated = await toDuckdb(sql, dialect, columnTypes);
    return translated.ok ? translated.value.differences : translated.error;
  };
  expect(await differences("SELECT COUNT(*) FROM 订单 WHERE 城市 = 'x'", 'mysql')).toEqual(['text-is-case-sensitive']);
  expect(await differences("SELECT COUNT(*) FROM 订单 WHERE d >= '2024-01-01'", 'mysql')).toEqual([]);
  expect(await differences('SELECT SUM(amount) / 2, TIMESTAMPDIFF(MONTH, d, ts) FROM 订单', 'mysql')).toEqual([
    'last-day-completes-month',
    'quotients-are-not-rounded',
  ]);
  expect(await differences('SELECT sum(amount) / count(*) FROM "订单"', 'trino')).toEqual(['division-by-zero-does-not-fail']);
  expect(await differences('SELECT d + INTERVAL \'1\' MONTH FROM "订单"', 'trino')).toEqual(['date-becomes-timestamp']);
  expect(await differences("SELECT count(*) FROM 订单 WHERE 城市 = 'x'", 'postgresql')).toEqual([]);
});

test('a dialect by its name', () => {
  expect(readDialect('trino')).toEqual({ ok: true, value: 'trino' });
  const unknown = readDialect('oracle');
  expect(unknown.ok ? '' : unknown.error.map((item) => describeProblem(item).detail.en).join()).toBe(
    'Choose one of duckdb, mysql, postgresql, trino.',
  );
});

test('a refusal says where and what to do', async () => {
  const refused = await toDuckdb('SELECT mystery(a) FROM t', 'trino');
  const [first] = refused.ok ? [] : refused.error;
  expect(first && describeProblem(first).detail.en).toMatch(/^mystery\(\) \(line 1, column 8\) is not translated from Trino\./);
});
