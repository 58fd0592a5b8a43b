import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ParseEngine, parseEngine } from '../../../../support/sql-text/parse-engine.ts';
import { printQuery } from '../../../../support/sql-text/print-query.ts';
import { speller } from '../../../../support/sql-text/speller.ts';

let engine: ParseEngine;

beforeAll(async () => {
  engine = await parseEngine();
  await engine.rows('CREATE TABLE t (g VARCHAR, h INTEGER, c VARCHAR, d INTEGER, v INTEGER, day DATE, yes BOOLEAN)');
  await engine.rows(`INSERT INTO t VALUES ('x', 1, 'a', 1, 10, '2026-01-01', true), ('x', 1, 'b', 2, 20, '2026-01-02', false),
    ('y', 2, 'a', 1, 5, '2026-01-01', NULL), ('z', 2, NULL, NULL, 7, NULL, true), ('y', 1, 'zz', 2, 8, NULL, true), (NULL, 3, 'b', 1, NULL, NULL, false)`);
});

afterAll(() => engine.close());

const MANY = Array.from({ length: 25 }, (_item, index) => `'${String.fromCharCode(97 + index)}'`)
  .filter((text) => text !== "'g'")
  .join(', ');

describe('PIVOT means, to the reader, what it means to the engine', () => {
  test.each([
    "PIVOT t ON c IN ('a', 'b') USING sum(v) GROUP BY g",
    "PIVOT t ON c IN ('a', 'b') GROUP BY g",
    "PIVOT t ON c IN ('a', 'b') USING sum(v) AS s GROUP BY g",
    "PIVOT t ON c IN ('a' AS first, 'b') USING sum(v) AS s, count(*) AS n GROUP BY g, h",
    "PIVOT t ON c IN ('a', 'b'), d IN (1, 2) USING sum(v) GROUP BY g",
    "PIVOT t ON c IN ('a', 'b'), d IN (1, 2) USING sum(v) AS s, max(v) AS m GROUP BY g",
    "PIVOT t ON day IN (DATE '2026-01-01') USING count(*) GROUP BY g",
    'PIVOT t ON yes IN (true, false) USING count(*) GROUP BY g',
    "PIVOT t ON c || d IN ('a1', 'b2') USING count(*) GROUP BY g",
    'PIVOT t ON c IN (a, b) USING sum(v) GROUP BY g',
    "PIVOT (SELECT * FROM t WHERE v > 5) ON c IN ('a', 'b') USING count(DISTINCT v) GROUP BY g",
    "SELECT x, z + 1 AS w FROM t PIVOT (count(*) FOR c IN ('a', 'b') d IN (1, 2) GROUP BY g) AS p(x, y, z)",
    "WITH s AS (SELECT * FROM t) SELECT p.* EXCLUDE (a) FROM (PIVOT s ON c IN ('a', 'b') USING sum(v) GROUP BY g ORDER BY g LIMIT 2) p",
    // Beyond twenty values the engine takes another way.
    `PIVOT t ON c IN (${MANY}) USING sum(v) AS s, count(*) AS n GROUP BY g`,
  ])('%s', async (sql) => {
    const read = await engine.read(sql);
    if (!read.ok) throw new Error(`Refused: ${JSON.stringify(read.error)}`);
    const ours = await engine.rows(`FROM (${printQuery(read.value.query, speller(1))}) ORDER BY ALL`);
    const theirs = await engine.rows(`FROM (${sql}) ORDER BY ALL`);
    expect(theirs.rows.length).toBeGreaterThan(0);
    expect(ours).toEqual(theirs);
  });
});

describe('PIVOT whose columns or groups the text does not say', () => {
  test.each([
    ['PIVOT t ON c USING sum(v)', 'PIVOT without IN list of values'],
    ['SELECT *\nFROM t PIVOT (sum(v) FOR c IN (SELECT 1) GROUP BY g)', undefined],
    ["PIVOT t ON c IN ('a') USING sum(v)", 'PIVOT without GROUP BY'],
    ["PIVOT t ON c IN ('a') USING sum(v), count(*) GROUP BY g", 'PIVOT with several aggregates of which one has no alias'],
    ["PIVOT t ON c IN ('a') USING sum(v) FILTER (WHERE v > 5) GROUP BY g", 'PIVOT with FILTER'],
    ["PIVOT t ON c IN ('a') USING sum(v) / 2 GROUP BY g", 'PIVOT with an expression of aggregates'],
    ["PIVOT t ON (c, d) IN (('a', 1)) USING sum(v) GROUP BY g", 'row value'],
    ['PIVOT t ON d IN (1.5) USING sum(v) GROUP BY g', 'PIVOT on a decimal value'],
    ["PIVOT t ON c IN ('a', NULL) USING sum(v) GROUP BY g", 'PIVOT on a null value'],
    ["PIVOT t ON c IN ('a', 'A') USING sum(v) GROUP BY g", 'PIVOT that repeats a column name'],
    ["PIVOT t ON c IN ('g') USING sum(v) GROUP BY g", 'PIVOT that repeats a column name'],
    [`PIVOT t ON c IN (${MANY}), d IN (${MANY}) USING sum(v) GROUP BY g`, 'more than 256 columns of PIVOT'],
  ])('%s', async (sql, construct) => {
    const read = await engine.read(sql);
    const code = construct === undefined ? 'sql.syntax' : 'sql.construct_refused';
    expect(read.ok ? 'read' : read.error).toMatchObject([{ code, facts: construct === undefined ? {} : { construct } }]);
  });
});
