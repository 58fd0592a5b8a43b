import { DuckDBInstance } from '@duckdb/node-api';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ForeignDialect } from '../../../../../src/sandbox/sql/dialect/dialect.ts';
import { toDuckdb } from '../../../../../src/sandbox/sql/dialect/to-duckdb.ts';

/** Expressions that all four engines read and compute alike, as words without more parentheses than drawn. */
const { number, condition } = fc.letrec<{ number: string; condition: string }>((tie) => ({
  number: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.constantFrom('1', '2', '3', 'a', 'b', 'c'),
    fc.tuple(tie('number'), fc.constantFrom('+', '-', '*'), tie('number')).map((parts) => parts.join(' ')),
    tie('number').map((item) => `(${item})`),
    fc.constantFrom('a', 'b', '2').map((item) => `- ${item}`),
    fc.tuple(tie('condition'), tie('number')).map(([when, then]) => `CASE WHEN ${when} THEN ${then} ELSE 0 END`),
  ),
  condition: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    fc.tuple(tie('number'), fc.constantFrom('=', '<>', '<', '>='), tie('number')).map((parts) => parts.join(' ')),
    fc.tuple(tie('number'), tie('number'), tie('number')).map(([x, low, high]) => `${x} BETWEEN ${low} AND ${high}`),
    fc.tuple(tie('number'), fc.constantFrom('IN', 'NOT IN'), tie('number')).map(([x, operator, y]) => `${x} ${operator} (${y}, 2)`),
    tie('number').map((item) => `${item} IS NOT NULL`),
    fc.tuple(tie('condition'), fc.constantFrom('AND', 'OR'), tie('condition')).map((parts) => parts.join(' ')),
    tie('condition').map((item) => `NOT ${item}`),
    tie('condition').map((item) => `(${item})`),
  ),
}));

const ROWS = '(VALUES (1, 2, 3), (2, 1, NULL), (3, 3, 0), (0, -1, 2)) AS t(a, b, c)';

test('what is grouped by precedence alone computes what the engine computes from the same words', async () => {
  const connection = await (await DuckDBInstance.create()).connect();
  await connection.run(`CREATE TABLE t AS SELECT * FROM ${ROWS}`);
  const run = async (sql: string): Promise<unknown> => (await connection.runAndReadAll(sql)).getRowsJson();
  await fc.assert(
    fc.asyncProperty(number, condition, fc.constantFrom<ForeignDialect>('mysql', 'postgresql', 'trino'), async (value, where, dialect) => {
      const sql = `SELECT ${value} AS x FROM t WHERE ${where}`;
      const translated = await toDuckdb(sql, dialect);
      if (!translated.ok) throw new Error(`${dialect}: ${sql}\n${JSON.stringify(translated.error)}`);
      expect(await run(translated.value.sql), translated.value.sql).toEqual(await run(sql));
    }),
    { numRuns: 400, seed: 20260131 },
  );
});
