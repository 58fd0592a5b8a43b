import { beforeAll, describe, expect, test } from 'vitest';
import { loadWitness, type Witness, witnessAgrees } from '../../../../../src/sandbox/sql/dialect/witness.ts';

let witness: Witness;
beforeAll(async () => {
  witness = await loadWitness();
});

describe('what the witness sees', () => {
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['SELECT "city", avg("income") FROM "persons" GROUP BY "city"', ['persons'], ['city', 'income']],
    ['SELECT count(*) FILTER (WHERE ("income" >= 20000)) * 1.0 / count(*) AS "share" FROM "Persons" AS "p"', ['persons'], ['income']],
    [
      'SELECT p."city", avg(v."n") FROM "persons" AS p JOIN (SELECT "id", count(*) AS "n" FROM "visits" GROUP BY "id") AS v ON p."id" = v."id" GROUP BY p."city"',
      ['persons', 'visits'],
      ['city', 'id'],
    ],
    ['SELECT "城市", sum("收入") FROM "人员" WHERE "备注" <> \'it\'\'s \\\' GROUP BY ROLLUP ("城市")', ['人员'], ['城市', '备注', '收入']],
    [
      'SELECT "a" FROM "t" WHERE EXISTS (SELECT 1 FROM "u" WHERE "u"."k" = "t"."k") AND "z" IN (SELECT "w" FROM "v")',
      ['t', 'u', 'v'],
      ['a', 'k', 'w', 'z'],
    ],
    [
      'SELECT "a" FROM "t" LEFT JOIN "u" ON "t"."k" = "u"."k" CROSS JOIN "v" UNION ALL SELECT "b" FROM "w"',
      ['t', 'u', 'v', 'w'],
      ['a', 'b', 'k'],
    ],
    [
      'SELECT sum("x") OVER (PARTITION BY "k" ORDER BY "d" NULLS LAST) FROM "t" WHERE "d" < ("e" + INTERVAL \'3\' MONTH)',
      ['t'],
      ['d', 'e', 'k', 'x'],
    ],
    ['SELECT CASE WHEN ("a" > 1) THEN "b" ELSE NULL END, CAST("x" AS DOUBLE) FROM "t" WHERE "a" BETWEEN 1 AND 2', ['t'], ['a', 'b', 'x']],
  ])('%s', (sql, tables, columns) => {
    expect(witness(sql)).toEqual({ tables, columns });
  });

  test('a name of WITH hides a table after it, and not within itself', () => {
    const sql = 'WITH "t" AS (SELECT "a" FROM "t"), "s"("n") AS (SELECT "b" FROM "t") SELECT "n" FROM "s" UNION SELECT "c" FROM "u"';
    expect(witness(sql)).toEqual({ tables: ['t', 'u'], columns: ['a', 'b', 'c'] });
    const hidden = 'SELECT "a" FROM (WITH "u" AS (SELECT 1 AS "x") SELECT "x" FROM "u") AS "s", "u"';
    expect(witness(hidden)).toEqual({ tables: ['u'], columns: ['a'] });
  });

  test('nothing where it cannot read', () => {
    for (const sql of [
      'SELECT "a" // 2 FROM "t"',
      'SELECT "a" FROM "t" QUALIFY 1',
      'SELECT "a""b" FROM "t"',
      'SELECT',
      'DELETE FROM "t"',
      '',
    ]) {
      expect(witness(sql), sql).toBeUndefined();
    }
  });
});

describe('agreement', () => {
  const sql = 'SELECT "city", avg("income") AS "i" FROM "persons" JOIN "visits" USING ("id") GROUP BY "city" ORDER BY "i"';
  const ours = { tables: ['Persons', 'visits'], columns: ['id', 'City', 'income'] };
  const agrees = (other: Partial<typeof ours>): boolean | undefined => {
    const seen = witness(sql);
    return seen && witnessAgrees(seen, { ...ours, ...other });
  };

  test('the same tables and no strange column', () => {
    expect(agrees({})).toBe(true);
    expect(agrees({ columns: [...ours.columns, 'unseen'] })).toBe(true);
  });

  test('a planted disagreement is caught', () => {
    expect(agrees({ tables: ['persons'] })).toBe(false);
    expect(agrees({ tables: ['persons', 'visits', 'cards'] })).toBe(false);
    expect(agrees({ tables: ['persons', 'cards'] })).toBe(false);
    expect(agrees({ columns: ['id', 'city'] })).toBe(false);
  });
});
