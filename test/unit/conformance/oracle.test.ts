import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeReleased, type Released } from '../../conformance/oracle/judge-released.ts';
import type { OracleInput } from '../../conformance/oracle/oracle-input.ts';
import { RealData, type Row } from '../../conformance/real-data.ts';

/**
 * The oracle is given tables as a broken gate might release them. 60 persons: 30 in a, 29 in b, one in c, who earns most;
 * in d twelve of whom two hold nearly everything; e with one label for a sensitive column.
 */
const CATALOG = {
  t: {
    visibility: 'protected' as const,
    units: { person: ['pid'] },
    columns: { pid: 'unitId' as const, g: 'dimension' as const, v: 'measure' as const, h: 'sensitive' as const },
  },
  visits: { visibility: 'protected' as const, units: { person: ['vid -> t.pid', 'pid'] }, columns: { cost: 'measure' as const } },
};
const SETUP = [
  'CREATE TABLE t(pid INTEGER, g VARCHAR, v INTEGER, h VARCHAR)',
  "INSERT INTO t SELECT i, 'a', 100 + i, ['yes', 'no'][1 + i % 2] FROM range(30) r(i)",
  "INSERT INTO t SELECT 100 + i, 'b', 200 + i, ['yes', 'no'][1 + i % 2] FROM range(29) r(i)",
  "INSERT INTO t VALUES (999, 'c', 77777, 'yes')",
  "INSERT INTO t SELECT 200 + i, 'd', CASE WHEN i < 2 THEN 5000 + i ELSE 1 + i END, 'no' FROM range(12) r(i)",
  'CREATE TABLE visits AS SELECT pid AS vid, 10 AS cost FROM t, range(2)',
  'INSERT INTO visits SELECT 999, 10 FROM range(20)',
];
let data: RealData;
let input: OracleInput;

beforeAll(async () => {
  data = await RealData.build({ catalog: CATALOG, setup: SETUP, tpch: null });
  input = { catalog: CATALOG, data, policy: { k: 10, dominance: { units: 2, share: 0.9 }, pShare: 0.1 }, victim: { pid: 999, g: 'c' } };
});
afterAll(() => data.close());

const answer = (canonicalSql: string, rows: readonly Row[], dropped: Released['dropped'] = []): Released => ({
  canonicalSql,
  rows,
  dropped,
});

async function rulesOf(...statements: readonly Released[]): Promise<readonly string[]> {
  const judgement = await judgeReleased(statements, input);
  expect(judgement.unjudged).toBe(0);
  return [...new Set(judgement.violations.map((violation) => violation.rule))].sort();
}

const BY_G = 'SELECT "g" AS "g", count(*) AS "n" FROM "t" AS "t" GROUP BY "g"';
const SUM_A = 30 * 100 + (29 * 30) / 2;
const SUM_B = 29 * 200 + (28 * 29) / 2;

describe('good answers pass', () => {
  test('cells of at least k', async () => {
    expect(
      await rulesOf(
        answer(BY_G, [
          ['a', 30],
          ['b', 29],
        ]),
      ),
    ).toEqual([]);
  });

  test('sums and averages that nobody dominates, a withheld figure beside them', async () => {
    const sql = 'SELECT "g" AS "g", sum("v") AS "s", avg("v") AS "m" FROM "t" AS "t" GROUP BY "g"';
    expect(
      await rulesOf(
        answer(sql, [
          ['a', SUM_A, SUM_A / 30],
          ['b', SUM_B, null],
        ]),
      ),
    ).toEqual([]);
  });

  test('the neighbouring row set, where its operand was dropped', async () => {
    const sql = 'SELECT count(*) AS "n" FROM "t" AS "t" WHERE ("g" <> \'c\' AND "v" < 10000)';
    expect(await rulesOf(answer(sql, [[71]], [{ cell: '(all)', operands: ['"v" < 10000'] }]))).toEqual([]);
  });

  test('a second question that differs by enough people', async () => {
    const both = 'SELECT count(*) AS "n" FROM "t" AS "t" WHERE ("g" = \'a\' OR "g" = \'b\')';
    expect(await rulesOf(answer(both, [[59]]), answer('SELECT count(*) AS "n" FROM "t" AS "t" WHERE "g" = \'a\'', [[30]]))).toEqual([]);
  });
});

describe('planted bad answers are caught', () => {
  test('a cell under k', async () => {
    expect(
      await rulesOf(
        answer(BY_G, [
          ['a', 30],
          ['c', 1],
        ]),
      ),
    ).toEqual(['difference', 'threshold', 'victim']);
  });

  test('twenty rows of one person', async () => {
    expect(
      await rulesOf(
        answer('SELECT count(*) AS "n" FROM "visits" AS "visits" JOIN "t" AS "t" ON "visits"."vid" = "t"."pid" WHERE "t"."g" = \'c\'', [
          [22],
        ]),
      ),
    ).toContain('threshold');
  });

  test('a dominated sum', async () => {
    const total = 10_001 + [...Array(10).keys()].reduce((sum, index) => sum + 3 + index, 0);
    expect(await rulesOf(answer('SELECT "g" AS "g", sum("v") AS "s" FROM "t" AS "t" GROUP BY "g"', [['d', total]]))).toEqual([
      'dominance',
      'p-percent',
    ]);
  });

  test('a difference of one person between two statements', async () => {
    const all = answer('SELECT count(*) AS "n" FROM "t" AS "t"', [[72]]);
    expect(await rulesOf(all, answer('SELECT count(*) AS "n" FROM "t" AS "t" WHERE "g" <> \'c\'', [[71]]))).toContain('difference');
  });

  test('a total from which the parts leave one person', async () => {
    const parts = answer(BY_G, [
      ['a', 30],
      ['b', 29],
      ['d', 12],
    ]);
    expect(await rulesOf(parts, answer('SELECT count(*) AS "n" FROM "t" AS "t"', [[72]]))).toEqual(['combination', 'difference']);
  });

  test('figures of which no pair but a combination shows one person', async () => {
    const of = (labels: readonly string[], n: number): Released =>
      answer(`SELECT count(*) AS "n" FROM "t" AS "t" WHERE (${labels.map((g) => `"g" = '${g}'`).join(' OR ')})`, [[n]]);
    expect(await rulesOf(of(['a', 'b', 'c'], 60), of(['a', 'd'], 42), of(['b', 'd'], 41), of(['d', 'a', 'b'], 71))).toContain(
      'combination',
    );
  });

  test('a raw value', async () => {
    const rules = await rulesOf(answer('SELECT max("v") AS "m" FROM "t" AS "t"', [[77777]]));
    expect(rules).toEqual(['raw-value', 'victim']);
  });

  test('a figure that no row set of the statement gives', async () => {
    expect(await rulesOf(answer(BY_G, [['a', 31]]))).toEqual(['unexplained']);
  });

  test('a constant per head beside the one who differs', async () => {
    const sql =
      'SELECT count(*) AS "n", sum("visits"."cost") AS "s" FROM "visits" AS "visits" JOIN "t" AS "t" ON "visits"."vid" = "t"."pid"';
    expect(await rulesOf(answer(sql, [[164, 1640]]))).toEqual([]);
    const perHead =
      'SELECT count(DISTINCT "t"."pid") AS "u", sum("visits"."cost") AS "s" FROM "visits" AS "visits" JOIN "t" AS "t" ON "visits"."vid" = "t"."pid"';
    expect(await rulesOf(answer(perHead, [[72, 1640]]))).toEqual(['value-class']);
  });

  test('a sensitive label that everybody has', async () => {
    const sql = 'SELECT "g" AS "g", "h" AS "h", count(*) AS "n" FROM "t" AS "t" GROUP BY "g", "h"';
    expect(
      await rulesOf(
        answer(sql, [
          ['a', 'yes', 15],
          ['d', 'no', 12],
        ]),
      ),
    ).toEqual(['class-disclosure']);
  });

  test('labels alone', async () => {
    expect(await rulesOf(answer('SELECT DISTINCT "g" AS "g" FROM "t" AS "t"', [['a'], ['c']]))).toEqual([
      'difference',
      'threshold',
      'victim',
    ]);
  });

  test('a subquery is taken apart by taking every person out', async () => {
    const sql = 'SELECT avg(c) AS m FROM (SELECT "pid", sum("cost") AS c FROM visits JOIN t ON vid = pid WHERE g = \'c\' GROUP BY "pid")';
    expect(await rulesOf(answer(sql, [[220]]))).toContain('threshold');
  });
});

describe('what the oracle does not claim', () => {
  test('a statement of another shape is counted as unjudged', async () => {
    const judgement = await judgeReleased(
      [answer('SELECT count(*) AS n FROM t UNION ALL SELECT count(*) FROM visits', [[72], [164]])],
      input,
    );
    expect(judgement.unjudged).toBe(1);
  });
});
