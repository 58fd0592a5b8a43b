import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkText, MAX_SQL_CHARACTERS } from '../../../../../src/sandbox/sql/read/parse.ts';
import { type ParseEngine, parseEngine } from '../../../../support/sql-text/parse-engine.ts';

let engine: ParseEngine;

beforeAll(async () => {
  engine = await parseEngine();
});

afterAll(() => engine.close());

async function problemsOf(sql: string): Promise<unknown> {
  const read = await engine.read(sql);
  return read.ok ? 'read' : read.error;
}

const FROM_CLAUSE: readonly (readonly [string, string, number, number])[] = [
  ['SELECT count(*) FROM persons TABLESAMPLE 10%', 'TABLESAMPLE', 1, 22],
  ['SELECT count(*) FROM persons USING SAMPLE 3', 'TABLESAMPLE', 1, 8],
  ['SELECT count(*) FROM range(3)', 'table function range', 1, 22],
  ["SELECT * FROM read_csv('x.csv')", 'table function read_csv', 1, 15],
  ["SELECT * FROM query('SELECT 1')", 'table function query', 1, 15],
  ['SELECT * FROM t, unnest([1])', 'table function unnest', 1, 18],
  ['SUMMARIZE persons', 'DESCRIBE/SUMMARIZE/SHOW', 1, 11],
  ['SELECT * FROM (DESCRIBE persons)', 'DESCRIBE/SUMMARIZE/SHOW', 1, 25],
  ['SELECT count(*) FROM persons p FULL JOIN visits v USING (x)', 'FULL JOIN', 1, 32],
  ['SELECT count(*) FROM persons p ASOF JOIN visits v USING (x)', 'ASOF JOIN', 1, 32],
  ['SELECT count(*) FROM persons p POSITIONAL JOIN visits', 'POSITIONAL JOIN', 1, 32],
  ['SELECT * FROM a RIGHT JOIN b USING (x)', '* over a RIGHT JOIN', 1, 8],
  ['SELECT * FROM other.t', 'table of a schema', 1, 15],
  ['SELECT * FROM db.main.t', 'table of a catalog', 1, 15],
  ['SELECT * FROM t AT (VERSION => 1)', 'AT (time travel)', 1, 15],
  ['UNPIVOT t ON a, b INTO NAME n VALUE v', 'UNPIVOT', 1, 1],
];

const CLAUSES: readonly (readonly [string, string, number, number])[] = [
  ['SELECT DISTINCT ON (city) city FROM t', 'DISTINCT ON', 1, 21],
  ['SELECT a FROM t LIMIT 10%', 'LIMIT of a percentage', 1, 8],
  ['SELECT a FROM t LIMIT 1 + 1', 'LIMIT of an expression', 1, 25],
  ['SELECT a FROM t LIMIT 2.5', 'LIMIT of an expression', 1, 23],
  ['SELECT a FROM t LIMIT -1', 'LIMIT of an expression', 1, 23],
  ['SELECT a FROM t OFFSET (SELECT 1)', 'OFFSET of an expression', 1, 24],
  ['SELECT a FROM t ORDER BY *', 'ORDER BY *', 1, 26],
  ['SELECT a FROM t ORDER BY ALL NULLS LAST', 'ORDER BY ALL with NULLS', 1, 8],
  ['SELECT a FROM t GROUP BY CUBE (a, b, c, d, e)', 'more than 16 GROUPING SETS', 1, 8],
  ['SELECT 1 UNION BY NAME SELECT 2', 'UNION BY NAME', 1, 8],
  ['WITH RECURSIVE x(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM x) SELECT * FROM x', 'WITH RECURSIVE', 1, 32],
  ["SELECT COLUMNS('a.*') FROM t", 'COLUMNS', 1, 8],
  ['SELECT COLUMNS(*) FROM t', 'COLUMNS', 1, 8],
  ['SELECT max(COLUMNS(*)) FROM t', '* inside an expression', 1, 12],
  ['SELECT * RENAME (a AS b) FROM t', 'RENAME', 1, 8],
  ['SELECT t.* EXCLUDE (t.a) FROM t', 'EXCLUDE of a qualified name', 1, 8],
  ['SELECT t.* AS x FROM t', 'alias of *', 1, 8],
  ["SELECT * LIKE 'a%' FROM t", '* inside an expression', 1, 8],
];

const EXPRESSIONS: readonly (readonly [string, string, number, number])[] = [
  ["SELECT {'a': income} FROM persons", 'struct literal', 1, 9],
  ['SELECT 1 FROM persons WHERE [income] = [5]', 'list literal', 1, 30],
  ['SELECT ARRAY[1]', 'list literal', 1, 14],
  ["SELECT MAP {'a': 1}", 'map literal', 1, 13],
  ['SELECT row(1, 2)', 'row value', 1, 8],
  ['SELECT a[1] FROM t', 'subscript', 1, 8],
  ['SELECT a[1:2] FROM t', 'slice', 1, 8],
  ['SELECT x -> x + 1', 'lambda', 1, 10],
  ['SELECT list_transform(a, lambda x: x + 1) FROM t', 'lambda', 1, 33],
  ['SELECT unnest(a) FROM t', 'UNNEST', 1, 8],
  ['SELECT a FROM t WHERE a = ANY ([1, 2])', 'UNNEST', 1, 33],
  ['SELECT ARRAY (SELECT 1)', 'positional reference', 1, 14],
  ['SELECT #1 FROM t', 'positional reference', 1, 8],
  ['SELECT count(*) FROM persons WHERE income = $1', 'parameter', 1, 43],
  ['SELECT count(*) FROM persons WHERE income = ?', 'parameter', 1, 43],
  ["SELECT count(*) FROM persons\nWHERE city = 'Lish' COLLATE NOCASE", 'COLLATE', 2, 14],
  ['SELECT f(a := 1)', 'named argument', 1, 8],
  ['SELECT other.f(a) FROM t', 'function of a schema', 1, 8],
  ['SELECT db.main.f(a) FROM t', 'function of a catalog', 1, 8],
  ['SELECT a.b.c.d FROM t', 'column path', 1, 8],
  ["SELECT a LIKE 'x' ESCAPE '!' FROM t", 'LIKE ESCAPE', 1, 10],
  ['SELECT TRY(a) FROM t', 'TRY', 1, 12],
  ['SELECT count(DISTINCT *) FROM t', '* inside an expression', 1, 23],
  ['SELECT a BETWEEN SYMMETRIC 2 AND 1 FROM t', 'BETWEEN SYMMETRIC', 1, 10],
  ['SELECT 123456789012345678901234567890', 'literal of type HUGEINT', 1, 8],
  ['SELECT 12345678901234567890.5', 'literal of more than 18 digits', 1, 8],
  ['SELECT 1e400', 'literal that is not a finite number', 1, 1],
  ["SELECT DATE '2026-02-30'", 'malformed DATE literal', 1, 13],
  ["SELECT TIMESTAMP 'now'", 'malformed TIMESTAMP literal', 1, 18],
  ["SELECT TRY_CAST('maybe' AS BOOLEAN)", 'malformed BOOLEAN literal', 1, 8],
  ['SELECT a::TIME FROM t', 'CAST to TIME', 1, 9],
  ['SELECT a::INTEGER[] FROM t', 'CAST to LIST', 1, 9],
  ['SELECT a::JSON FROM t', 'CAST to an unknown type', 1, 9],
  ['SELECT a::INTERVAL FROM t', 'CAST to INTERVAL', 1, 9],
];

const INTERVALS_AND_WINDOWS: readonly (readonly [string, string, number, number])[] = [
  ['SELECT INTERVAL (a) DAY FROM t', 'INTERVAL of an expression', 1, 18],
  ['SELECT to_days(a) FROM t', 'INTERVAL of an expression', 1, 8],
  ["SELECT INTERVAL '1.5' DAY", 'INTERVAL of a fraction', 1, 17],
  ["SELECT INTERVAL '1 year 2 months'", 'INTERVAL of several units or of none', 1, 17],
  ["SELECT INTERVAL '3'", 'INTERVAL of several units or of none', 1, 17],
  ["SELECT INTERVAL '3 constructor'", 'INTERVAL of several units or of none', 1, 17],
  ['SELECT INTERVAL 3 MILLISECOND', 'INTERVAL below a second', 1, 17],
  ['SELECT sum(a) OVER (ORDER BY b GROUPS 2 PRECEDING) FROM t', 'GROUPS of a window frame', 1, 8],
  ['SELECT sum(a) OVER (ORDER BY b ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES) FROM t', 'EXCLUDE of a window frame', 1, 8],
  ['SELECT first_value(a IGNORE NULLS) OVER () FROM t', 'IGNORE NULLS', 1, 8],
  ['SELECT sum(DISTINCT a) OVER () FROM t', 'DISTINCT in a window', 1, 8],
  ['SELECT sum(a ORDER BY b) OVER () FROM t', 'ORDER BY inside a window function', 1, 8],
  ['SELECT fill(a) OVER (ORDER BY b) FROM t', 'WINDOW FILL', 1, 8],
];

describe('constructs outside the language', () => {
  test.each([...FROM_CLAUSE, ...CLAUSES, ...EXPRESSIONS, ...INTERVALS_AND_WINDOWS])('%s', async (sql, construct, line, column) => {
    expect(await problemsOf(sql)).toEqual([{ code: 'sql.construct_refused', facts: { construct, line, column } }]);
  });

  test('are placed by character, not by byte, behind letters of any alphabet', async () => {
    expect(await problemsOf("SELECT '𝄞上海é',\n  '上海' COLLATE NOCASE")).toEqual([
      { code: 'sql.construct_refused', facts: { construct: 'COLLATE', line: 2, column: 3 } },
    ]);
  });
});

describe('what is no query', () => {
  test.each(['', 'SELECT 1; SELECT 2', 'CREATE TABLE t (a INTEGER)', 'DELETE FROM t', "COPY t TO 'x'", 'PRAGMA version'])(
    '%s is not one SELECT',
    async (sql) => {
      expect(await problemsOf(sql)).toEqual([{ code: 'sql.not_one_select', facts: {} }]);
    },
  );

  test('a mistake of syntax has its place', async () => {
    expect(await problemsOf('SELECT a\nFROM t WHERE WHERE')).toEqual([{ code: 'sql.syntax', facts: { line: 2, column: 14 } }]);
  });
});

describe('sizes', () => {
  const repeat = (text: string, times: number) => text.repeat(times);

  test.each([
    ['an expression', `SELECT ${repeat('NOT ', 70)}a`, 'expression nested too deeply'],
    ['an expression that is too much for the engine', `SELECT ${repeat('- ', 5000)}a`, 'expression nested too deeply'],
    ['calls', `SELECT ${repeat('f(', 66)}a${repeat(')', 66)}`, 'expression nested too deeply'],
    ['queries', `SELECT ${repeat('(SELECT ', 20)}1${repeat(')', 20)}`, 'query nested too deeply'],
    ['queries in FROM', `SELECT 1 FROM ${repeat('(SELECT 1 FROM ', 20)}t${repeat(')', 20)}`, 'query nested too deeply'],
    ['queries in WITH', `${repeat('WITH a AS (', 20)}SELECT 1${repeat(') SELECT 1', 20)}`, 'query nested too deeply'],
    ['EXCEPT', `${repeat('SELECT 1 EXCEPT ', 20)}SELECT 1`, 'query nested too deeply'],
    ['UNION', `${repeat('SELECT 1 UNION ', 64)}SELECT 1`, 'more than 64 SELECTs'],
    ['tables', `SELECT 1 FROM ${repeat('t, ', 32)}t`, 'more than 32 tables'],
    ['joins', `SELECT 1 FROM ${repeat('(SELECT 1), ', 65)}t`, 'more than 64 JOINs'],
    ['select items', `SELECT ${repeat('a, ', 256)}a FROM t`, 'more than 256 select items'],
  ])('too many or too deep: %s', async (_name, sql, construct) => {
    expect(await problemsOf(sql)).toMatchObject([{ code: 'sql.construct_refused', facts: { construct } }]);
  });

  test.each([
    ['an expression', `SELECT ${repeat('NOT ', 60)}a`],
    ['queries', `SELECT ${repeat('(SELECT ', 15)}1${repeat(')', 15)}`],
    ['UNION', `${repeat('SELECT 1 UNION ', 63)}SELECT 1`],
    ['tables', `SELECT 1 FROM ${repeat('t, ', 31)}t`],
    ['an IN list', `SELECT a IN (${repeat('1, ', 5000)}1)`],
  ])('as many or as deep as may be: %s', async (_name, sql) => {
    expect(await problemsOf(sql)).toBe('read');
  });

  test('the text itself', () => {
    expect(checkText('x'.repeat(MAX_SQL_CHARACTERS))).toEqual([]);
    expect(checkText('x'.repeat(MAX_SQL_CHARACTERS + 1))).toEqual([{ code: 'sql.too_long', facts: { characters: MAX_SQL_CHARACTERS } }]);
    const character = [{ code: 'sql.construct_refused', facts: { construct: 'character', line: 1, column: 1 } }];
    expect(checkText('SELECT 1\0')).toEqual(character);
    expect(checkText('SELECT \ud800')).toEqual(character);
  });
});
