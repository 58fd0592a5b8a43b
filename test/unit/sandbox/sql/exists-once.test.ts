import { describe, expect, test } from 'vitest';
import { selectExistsOnce } from '../../../../src/sandbox/sql/statements/exists-once.ts';

const E = `EXISTS (SELECT 1 FROM "visits" AS t1 WHERE t1."id" = t0."id" AND t1."kind" = ') EXISTS (')`;

describe('EXISTS in several columns', () => {
  test('is computed once, and what stands beside it reads the same rows', () => {
    expect(
      selectExistsOnce([`t0."a" AS __k0`, `${E} AS p0`, `(NOT ${E}) AND t0."b" = 't0."a"' AS p1`], '"people" AS t0 WHERE t0."c"'),
    ).toBe(
      `SELECT r0 AS __k0, e0 AS p0, (NOT e0) AND r1 = 't0."a"' AS p1 FROM (SELECT t0."a" AS r0, t0."b" AS r1, ${E} AS e0 FROM "people" AS t0 WHERE t0."c")`,
    );
  });

  test.each([
    ['none', [`t0."a" AS x`]],
    ['one', [`${E} AS x`, `t0."a" = 'EXISTS (' AS y`]],
    ['in a text only', [`'EXISTS (a)' AS x`, `'EXISTS (a)' AS y`]],
    ['beside another query', [`${E} AS x`, `${E} OR t0."a" = (SELECT 1) AS y`]],
    ['not closed', ['EXISTS (a AS x', 'EXISTS (a AS y']],
  ])('%s: the plain text', (_, columns) => {
    expect(selectExistsOnce(columns, '"people" AS t0')).toBe(`SELECT ${columns.join(', ')} FROM "people" AS t0`);
  });
});
