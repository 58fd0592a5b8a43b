import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { judgeReleased } from '../../conformance/oracle/judge-released.ts';
import { safeFigures } from '../../conformance/oracle/judge-withheld.ts';
import type { OracleInput } from '../../conformance/oracle/oracle-input.ts';
import type { Released, ReleasedGate } from '../../conformance/oracle/released.ts';
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

/** A statement of one gate whose table is the answer; the texts it starts with are its labels. */
function answer(sql: string, rows: readonly Row[]): Released {
  return { sql: null, canonicalSql: sql, gates: [gateOf('__g0', sql, rows)], rows, isWhole: false };
}

function gateOf(name: string, sql: string, rows: readonly Row[]): ReleasedGate {
  const keys = (rows[0] ?? []).filter((value) => typeof value === 'string').length;
  const columns = (rows[0] ?? []).map((value, index) => ({
    name: index < keys ? `__k${index}` : `__a${index - keys}`,
    type: typeof value === 'string' ? 'VARCHAR' : 'DOUBLE',
  }));
  return { name, keys, answered: [{ sql, rows: rows.map((row) => row.slice(0, keys)) }], table: { columns, rows } };
}

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

  test('the text of a cell that lost an operand, beside one that kept it', async () => {
    const released = answer(BY_G, [
      ['a', 30],
      ['b', 9],
    ]);
    const kept = `${BY_G.replace('GROUP', 'WHERE "v" < 209 GROUP')}`;
    const [gate] = released.gates;
    const answered = [
      { sql: BY_G, rows: [['a']] },
      { sql: kept, rows: [['b']] },
    ];
    const both = { ...released, gates: gate === undefined ? [] : [{ ...gate, answered }] };
    expect(await rulesOf(both)).toEqual(['difference', 'threshold']);
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
    ).toEqual(['difference', 'dominance', 'p-percent', 'threshold', 'victim']);
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
    expect(await rulesOf(answer(perHead, [[72, 1640]]))).toEqual(['combination', 'value-class']);
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
      'dominance',
      'p-percent',
      'threshold',
      'victim',
    ]);
  });

  test('a subquery is taken apart by taking every person out', async () => {
    const sql = 'SELECT avg(c) AS m FROM (SELECT "pid", sum("cost") AS c FROM visits JOIN t ON vid = pid WHERE g = \'c\' GROUP BY "pid")';
    expect(await rulesOf(answer(sql, [[220]]))).toContain('threshold');
  });
});

describe('aggregates that are no sums', () => {
  const from = 'FROM "t" AS "t" WHERE "g" = \'a\'';
  const TRIMMED = 114.5;

  test.each([
    ['a trimmed maximum', `SELECT max("v") AS "m" ${from}`, TRIMMED, []],
    ['the maximum itself', `SELECT max("v") AS "m" ${from}`, 129, ['raw-value']],
    ['a median of many', `SELECT median("v") AS "m" ${from}`, 114.5, []],
    ['a quantile that is none', `SELECT quantile_cont("v", 0.5) AS "m" ${from}`, 190, ['unexplained']],
    ['a deviation', `SELECT stddev_pop("v") AS "m" ${from}`, Math.sqrt((30 ** 2 - 1) / 12), []],
    ['a deviation that one makes', 'SELECT var_pop("v") AS "m" FROM "t" AS "t"', null, ['dominance', 'p-percent']],
    ['distinct values that k have', 'SELECT count(DISTINCT "g") AS "m" FROM "t" AS "t"', 3, []],
    ['distinct values with one of a single person', 'SELECT count(DISTINCT "g") AS "m" FROM "t" AS "t"', 4, ['unexplained']],
    ['a mode of many', 'SELECT mode("h") AS "m" FROM "t" AS "t"', 'no', []],
    ['a test that nobody meets', `SELECT bool_or("v" > 500) AS "m" ${from}`, false, ['threshold']],
  ])('%s', async (_name, sql, value, expected) => {
    const [[own] = []] = value === null ? await data.rows(sql) : [[value]];
    const type = typeof own === 'boolean' ? 'BOOLEAN' : typeof own === 'string' ? 'VARCHAR' : 'DOUBLE';
    const table = { columns: [{ name: '__a0', type }], rows: [[own ?? null]] };
    const gate: ReleasedGate = { name: '__g0', keys: 0, answered: [{ sql, rows: [[]] }], table };
    expect(await rulesOf({ sql: null, canonicalSql: sql, gates: [gate], rows: table.rows, isWhole: false })).toEqual(expected);
  });
});

describe('inner queries and several tables', () => {
  const features = '(SELECT "pid" AS "k0", sum("cost") AS "f0" FROM "visits" JOIN "t" ON "vid" = "pid" GROUP BY 1) AS "d"';

  test('a feature of everybody', async () => {
    const sql = `SELECT "t"."g" AS "g", sum("d"."f0") AS "s" FROM "t" JOIN ${features} ON "t"."pid" = "d"."k0" GROUP BY 1`;
    expect(await rulesOf(answer(sql, [['a', 600]]))).toEqual([]);
    expect(await rulesOf(answer(sql, [['c', 220]]))).toContain('threshold');
  });

  test('distinct people through a union', async () => {
    const union = '(SELECT "vid" AS "c0" FROM "visits" UNION ALL SELECT "pid" AS "c0" FROM "t") AS "d"';
    expect(await rulesOf(answer(`SELECT count(DISTINCT "d"."c0") AS "n" FROM ${union}`, [[72]]))).toEqual([]);
  });

  test('one person as either side of every pair', async () => {
    const sql =
      'SELECT count(*) AS "n" FROM "t" AS "a" JOIN "t" AS "b" ON ("a"."g" = \'c\' AND "b"."g" = \'a\') OR ("b"."g" = \'c\' AND "a"."g" = \'a\')';
    expect(await rulesOf(answer(sql, [[60]]))).toContain('dominance');
    const dominated = sql.replace('count(*)', 'sum("a"."v" + "b"."v")');
    expect(await rulesOf(answer(dominated, [[60 * 77_777 + 2 * SUM_A]]))).toContain('dominance');
  });

  test('EXISTS that reaches other people shows in what is lost without them', async () => {
    const sql =
      'SELECT count(*) AS "n" FROM "t" AS "t" WHERE EXISTS (SELECT 1 FROM "t" AS "o" WHERE "o"."g" = \'c\' AND "o"."v" > "t"."v")';
    expect(await rulesOf(answer(sql, [[71]]))).toContain('dominance');
  });
});

describe('what is computed above the gates', () => {
  const canonical = `WITH __g0 AS (\n${BY_G.replace('AS "g",', 'AS "__k0",').replace('AS "n"', 'AS "__a0"')}\n)\nSELECT "__k0" AS "g", "__a0" * 2 AS "n" FROM "__g0" ORDER BY 1`;
  const released = (rows: readonly Row[], canonicalSql = canonical): Released => ({
    ...answer(BY_G, [
      ['a', 30],
      ['b', 29],
    ]),
    canonicalSql,
    rows,
  });

  test('is computed again from what was released', async () => {
    expect(
      await rulesOf(
        released([
          ['a', 60],
          ['b', 58],
        ]),
      ),
    ).toEqual([]);
    expect(await rulesOf(released([['a', 60]]))).toEqual(['unexplained']);
    expect(
      await rulesOf(
        released([
          ['a', 60],
          ['b', 60],
        ]),
      ),
    ).toEqual(['unexplained']);
  });

  test('may not read protected rows', async () => {
    const reads = canonical.replace('FROM "__g0" ORDER', 'FROM "__g0" JOIN "t" ON true ORDER');
    expect(await rulesOf(released([['a', 60]], reads))).toEqual(['unexplained']);
    expect(await rulesOf({ ...answer('SELECT "g" AS "g" FROM "t"', []), gates: [], rows: [['a']] })).toEqual(['unexplained']);
  });

  test('a released value in the text of a later gate', async () => {
    const first = gateOf('__g0', 'SELECT avg("v") AS "__a0" FROM "t" AS "t" WHERE "g" = \'a\'', [[114.5]]);
    const second = gateOf('__g2', 'SELECT count(*) AS "__a0" FROM "t" AS "t" WHERE "g" = \'a\' AND "v" > (__s1)', [[15]]);
    const sql = `WITH __g0 AS (${first.answered[0]?.sql}), __s1 AS (SELECT "__a0" AS "m" FROM "__g0"), __g2 AS (SELECT 1 AS "__a0") SELECT "__a0" AS "n" FROM "__g2"`;
    expect(await rulesOf({ sql: null, canonicalSql: sql, gates: [first, second], rows: [[15]], isWhole: false })).toEqual([]);
  });

  test('the whole answer is what the question gives', async () => {
    const rows: readonly Row[] = [
      ['a', 30],
      ['b', 29],
    ];
    const sql = `SELECT g, count(*) FROM t WHERE g < 'c' GROUP BY g`;
    expect(await rulesOf({ ...answer(BY_G, rows), sql, isWhole: true })).toEqual([]);
    expect(await rulesOf({ ...answer(BY_G, rows), sql: sql.replace('count(*)', 'count(*) + 1'), isWhole: true })).toEqual(['unexplained']);
  });
});

describe('releasing nothing', () => {
  test('is right where no figure could be released', async () => {
    const only = 'SELECT sum("v") AS "s" FROM "t" AS "t" WHERE "g" = \'d\'';
    expect(await safeFigures(only, [gateOf('__g0', only, [])], input)).toBe(0);
    expect(await safeFigures(BY_G, [gateOf('__g0', BY_G, [])], input)).toBe(3);
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

describe('figures that were released before', () => {
  const where = (labels: readonly string[]): string =>
    labels.length === 0 ? '' : ` WHERE (${labels.map((g) => `"g" = '${g}'`).join(' OR ')})`;
  const counted = (labels: readonly string[], n: number): Released =>
    answer(`SELECT count(*) AS "n" FROM "t" AS "t"${where(labels)}`, [[n]]);
  const again = (released: Released): Released => ({
    ...released,
    gates: released.gates.map((gate) => ({
      ...gate,
      replaced: gate.table.rows.flatMap((row) =>
        gate.table.columns.slice(gate.keys).map(({ name }) => ({ labels: row.slice(0, gate.keys), column: name })),
      ),
    })),
  });

  test('stand as they were', async () => {
    expect(await rulesOf(counted(['a', 'b'], 59), again(counted(['a', 'b', 'c'], 59)))).toEqual([]);
    // The same without saying so is what the text does not give.
    expect(await rulesOf(counted(['a', 'b'], 59), counted(['a', 'b', 'c'], 59))).toContain('unexplained');
  });

  test('are sums of a column, and combinations', async () => {
    const byG = answer(BY_G, [
      ['a', 30],
      ['b', 29],
      ['d', 12],
    ]);
    expect(await rulesOf(byG, again(counted([], 71)))).toEqual([]);
    const [ab, ad, d] = [counted(['a', 'b'], 59), counted(['a', 'd'], 42), counted(['d'], 12)];
    expect(await rulesOf(ab, ad, d, again(counted(['b', 'c'], 29)))).toEqual([]);
  });

  test('may not be their own figure under that name', async () => {
    // What their own text gives is judged as their own, whatever it is called: beside the other it tells one person.
    expect(await rulesOf(counted(['a', 'b'], 59), again(counted(['a', 'b', 'c'], 60)))).toContain('difference');
    expect(await rulesOf(again(counted(['a', 'b'], 59)))).toEqual([]);
    expect(await rulesOf(counted(['a', 'b'], 59), again(counted(['a', 'b', 'c'], 58)))).toContain('unexplained');
    expect(await rulesOf(again(counted(['a', 'b'], 58)))).toContain('unexplained');
  });

  test('rest on nearly the same persons: equal numbers prove nothing', async () => {
    const half = 'SELECT count(*) AS "n" FROM "t" AS "t" WHERE "g" = \'b\'';
    const other = 'SELECT count(*) AS "n" FROM "t" AS "t" WHERE "g" = \'a\'';
    expect(await rulesOf(answer(half, [[29]]), again(answer(other, [[29]])))).toContain('unexplained');
  });

  test('are averages of them; an average and its count then show the sum', async () => {
    const mean = (labels: readonly string[], m: number): Released =>
      answer(`SELECT avg("v") AS "m" FROM "t" AS "t"${where(labels)}`, [[m]]);
    const m = (SUM_A + SUM_B) / 59;
    expect(await rulesOf(mean(['a', 'b'], m), again(mean(['a', 'b', 'c'], m)))).toEqual([]);
    expect(await rulesOf(mean(['a', 'b'], m), again(mean(['a', 'b', 'c'], m + 1)))).toContain('unexplained');
    expect(await rulesOf(mean(['a', 'b'], m), again(counted(['a', 'b', 'c'], 59)))).toEqual([]);
  });

  test('a label of few is none of them', async () => {
    const alone = answer('SELECT "g" AS "g", count(*) AS "n" FROM "t" AS "t" WHERE "g" = \'d\' GROUP BY "g"', [['d', 12]]);
    const hers = again(answer('SELECT "g" AS "g", count(*) AS "n" FROM "t" AS "t" WHERE "g" = \'c\' GROUP BY "g"', [['c', 12]]));
    expect(await rulesOf(alone, hers)).toContain('threshold');
  });

  test('a median is one of before, of nearly the same rows', async () => {
    const middle = (labels: readonly string[], value: number): Released =>
      answer(`SELECT median("v") AS "m" FROM "t" AS "t"${where(labels)}`, [[value]]);
    expect(await rulesOf(middle(['a'], 114.5), again(middle(['a', 'c'], 114.5)))).toEqual([]);
    expect(await rulesOf(middle(['a'], 114.5), again(middle(['b', 'd'], 114.5)))).toContain('unexplained');
  });

  test('of several parts have each part of before, and nothing else', async () => {
    const shifted = (labels: readonly string[], value: number): Released =>
      answer(`SELECT 3 * coalesce(sum("v"), 0) + -2 * coalesce(count("v"), 0) AS "s" FROM "t" AS "t"${where(labels)}`, [[value]]);
    const s = 3 * (SUM_A + SUM_B) - 2 * 59;
    expect(await rulesOf(shifted(['a', 'b'], s), again(shifted(['a', 'b', 'c'], s)))).toEqual([]);
    expect(await rulesOf(shifted(['a', 'b'], s), again(shifted(['a', 'b', 'c'], s + 5)))).toContain('unexplained');
    expect(await rulesOf(shifted(['a', 'b'], s), shifted(['a', 'b', 'c'], s + 3 * 77777 - 2))).toContain('difference');
  });

  test('a variance with its average and number tells the sum of squares', async () => {
    const [squares] = await data.rows("SELECT var_pop(v), avg(v), count(*) FROM t WHERE g IN ('a', 'b')");
    const moments = answer(`SELECT var_pop("v") AS "d", avg("v") AS "m", count(*) AS "n" FROM "t" AS "t"${where(['a', 'b'])}`, [
      squares ?? [],
    ]);
    const [total] = await data.rows("SELECT sum(CAST(v AS BIGINT) * v) FROM t WHERE g IN ('a', 'b', 'c')");
    const all = answer(`SELECT sum("v" * "v") AS "q" FROM "t" AS "t"${where(['a', 'b', 'c'])}`, [total ?? []]);
    const wide = { ...input, wide: true };
    const { violations } = await judgeReleased([moments, all], wide);
    expect(violations.map(({ rule }) => rule)).toContain('difference');
  });
});
