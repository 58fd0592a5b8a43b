import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { madeTables } from '../../../../../src/sandbox/sql/statements/made-tables.ts';
import { preAggregated } from '../../../../../src/sandbox/sql/statements/pre-aggregated.ts';

const UNIQUE = new Set(['"c"."id"']);
const FEATURES = ['count(t1."o")', 'min(t1."v")', 'max(t1."o")', 'TRY_CAST(sum(t1."v") AS DECIMAL(38,2))'];
const CONDITIONS = ['', ' AND TRUE', ' AND FALSE', ` AND t1."s" <> 'a, b'`, ' AND (t1."v" < 3 OR t1."v" IS NULL)'];

function selectOf(features: readonly string[], condition: string): string {
  const own = features.map((feature, index) => `${feature} AS "f${index}"`);
  return `SELECT t0."u" AS "u", t0."id" AS "k0", ${own.join(', ')} FROM "c" AS t0 LEFT JOIN "o" AS t1 ON t0."id" = t1."c"${condition} GROUP BY 1, 2`;
}

test('aggregated before the join or after it, features are the same', { timeout: 60_000 }, async () => {
  const connection = await (await DuckDBInstance.create(':memory:')).connect();
  await connection.run('CREATE TABLE c AS SELECT i AS id, i % 3 AS u FROM range(6) t(i)');
  const row = fc.record({
    c: fc.option(fc.nat(7), { nil: null }),
    o: fc.option(fc.nat(3), { nil: null }),
    v: fc.option(fc.integer({ min: -2, max: 5 }), { nil: null }),
    s: fc.constantFrom('a, b', 'x'),
  });
  await fc.assert(
    fc.asyncProperty(
      fc.array(row, { maxLength: 12 }),
      fc.subarray(FEATURES, { minLength: 1 }),
      fc.constantFrom(...CONDITIONS),
      async (rows, features, condition) => {
        const values = rows.map(({ c, o, v, s }) => `(${c ?? 'NULL'}, ${o ?? 'NULL'}, ${v ?? 'NULL'}, '${s}')`);
        const listed = `SELECT * FROM (VALUES (0, 0, 0, 'x')${values.map((value) => `, ${value}`).join('')}) AS v(c, o, v, s)`;
        await connection.run(`CREATE OR REPLACE TABLE o AS SELECT c::INTEGER AS c, o, v::DECIMAL(9, 2) AS v, s FROM (${listed})`);
        const select = selectOf(features, condition);
        const other = preAggregated(select, UNIQUE);
        expect(other).not.toBe(select);
        const sorted = async (sql: string) => (await connection.runAndReadAll(`SELECT * FROM (${sql}) ORDER BY ALL`)).getRowsJson();
        expect(await sorted(other)).toEqual(await sorted(select));
      },
    ),
    { numRuns: 60, seed: 20_261_122 },
  );
});

test.each([
  ['a column that may repeat', selectOf(['count(t1."o")'], ''), new Set<string>()],
  ['rows of the left counted too', selectOf(['count(*)'], ''), UNIQUE],
  ['a feature of the left', selectOf(['max(t0."u")'], ''), UNIQUE],
  ['a feature with a condition of its own', selectOf([`count(t1."o") FILTER (WHERE t1."v" > 2)`], ''), UNIQUE],
  ['a condition on the left', selectOf(['count(t1."o")'], ' AND t0."u" = 1'), UNIQUE],
  ['a condition that reads other rows', selectOf(['count(t1."o")'], ' AND EXISTS (SELECT 1 FROM "o")'), UNIQUE],
])('stays as it was: %s', (_name, select, unique) => {
  expect(preAggregated(select, unique)).toBe(select);
});

const MADE = selectOf(['count(t1."o")'], '');

test.each([
  ['one', `SELECT 1 FROM (${MADE}) AS t2 WHERE t2."f0" > 1`, [MADE]],
  [
    'the outer of two',
    `SELECT 1 FROM (SELECT t2."u" AS "u" FROM (${MADE}) AS t2 GROUP BY 1) AS t3`,
    [`SELECT t2."u" AS "u" FROM (${MADE}) AS t2 GROUP BY 1`],
  ],
  [
    'none that looks out',
    `SELECT 1 FROM "c" AS t9, LATERAL (SELECT t0."u" AS "u" FROM "c" AS t0 WHERE t9."u" = t0."u" GROUP BY 1) AS t2`,
    [],
  ],
  ['none in a text', `SELECT ' (${MADE.replaceAll("'", '')}) AS t2'`, []],
  ['none of a sample', `SELECT 1 FROM (SELECT t0."u" AS "u" FROM (SELECT * FROM "c" WHERE "__u_person" < 400) AS t0 GROUP BY 1) AS t2`, []],
])('tables of features in a statement: %s', (_name, sql, selects) => {
  expect(madeTables(sql).map(({ select }) => select)).toEqual(selects);
  for (const { start, end, select } of madeTables(sql)) expect(sql.slice(start, end)).toBe(`(${select})`);
});
