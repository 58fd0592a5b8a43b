import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Decided } from '../../src/pipeline.ts';
import { type GateBench, gateBench } from '../support/gate-bench.ts';
import { VICTIM_CITY_DECLARATION, victimCityFiles } from '../support/victim-city.ts';

/** The worked examples of gate-examples.md that need neither ledger nor shares nor subqueries, with the figures there. */
let bench: GateBench;

beforeAll(async () => {
  bench = await gateBench(VICTIM_CITY_DECLARATION, victimCityFiles());
}, 60_000);

afterAll(() => bench.close());

async function ask(sql: string): Promise<Decided> {
  const answered = await bench.ask(sql);
  if (!answered.ok) throw new Error(JSON.stringify(answered.error));
  return answered.value;
}

function dropped(decided: Decided): Readonly<Record<string, string>> {
  return Object.fromEntries(decided.findings.filter((item) => item.rule === 'operand.neutral').map((item) => [item.cell ?? '', item.text]));
}

describe('example 1: averages by city', () => {
  test('four cities are answered, Lishui is withheld and not named to merchants', async () => {
    const decided = await ask('SELECT city, count(*) AS n, avg(income) AS a FROM persons GROUP BY city');
    expect(decided.table.rows).toEqual([
      ['Hangzhou', 125, 25_716],
      ['Jiaxing', 125, 26_445],
      ['Ningbo', 125, 27_151],
      ['Wenzhou', 125, 26_046],
    ]);
    expect(decided).toMatchObject({ verdict: 'releasable', withheldRows: 1, withheldCells: 2, publicLabelsWithheld: null });
    const lishui = decided.findings.filter((item) => item.cell === 'Lishui');
    expect(lishui.map((item) => item.column)).toEqual(['n', 'a']);
    expect(lishui[0]?.text).toContain('threshold.k (person): 1');
  });

  test('the sums behind the averages', async () => {
    const decided = await ask('SELECT city, sum(income) AS s FROM persons GROUP BY city');
    expect(decided.table.rows.map((row) => row[1])).toEqual([3_214_500, 3_305_625, 3_393_875, 3_255_750]);
  });
});

describe('example 1: shares', () => {
  test('a share is the quotient of two released counts', async () => {
    const decided = await ask(
      'SELECT city, count(*) AS n, avg(income) AS a, count(*) FILTER (income >= 20000) * 1.0 / count(*) AS share FROM persons GROUP BY city',
    );
    expect(decided.table.rows).toEqual([
      ['Hangzhou', 125, 25_716, 0.632],
      ['Jiaxing', 125, 26_445, 0.624],
      ['Ningbo', 125, 27_151, 0.648],
      ['Wenzhou', 125, 26_046, 0.632],
    ]);
  });
});

describe('example 2: neutral for one city only', () => {
  const SQL =
    "SELECT city, count(*) AS n, sum(income) AS s FROM persons WHERE income >= 7900 AND birth_date < DATE '1990-01-10' GROUP BY city";

  test('Ningbo is answered without the income condition, Jiaxing (9 buckets, 10 units) with it', async () => {
    const decided = await ask(SQL);
    expect(decided.table.rows).toEqual([
      ['Hangzhou', 86, 2_459_576],
      ['Jiaxing', 88, 2_536_124],
      ['Ningbo', 99, 2_649_257],
      ['Wenzhou', 87, 2_522_618],
    ]);
    const drops = dropped(decided);
    expect(Object.keys(drops).sort()).toEqual(['Lishui', 'Ningbo']);
    expect(drops.Ningbo).toBe('dropped here: "persons"."income" >= 8000');
  });

  test('what is shown is the rounded query', async () => {
    const { admitted } = await ask(SQL);
    expect(admitted.canonicalSql).toContain(`WHERE "persons"."birth_date" < DATE '1990-01-01' AND "persons"."income" >= 8000`);
    expect(admitted.roundings.map((item) => [item.column, item.to])).toEqual([
      ['income', '>= 8000'],
      ['birth_date', '< 1990-01-01'],
    ]);
  });

  test('a total under the same condition keeps it: 43 units move', async () => {
    const decided = await ask(
      "SELECT count(*) AS n, sum(income) AS s FROM persons WHERE income >= 7900 AND birth_date < DATE '1990-01-10'",
    );
    expect(decided.table.rows).toEqual([[352, 11_116_371]]);
  });

  test('arithmetic in a leaf is refused', async () => {
    const refused = await bench.ask('SELECT count(*) AS n FROM persons WHERE income * 2 + person_id >= 8000');
    expect(refused.ok ? [] : refused.error.map((item) => item.code)).toEqual(['sql.construct_refused']);
  });
});

describe('example 3: a feature aggregated outside', () => {
  test('a sum over rows that the join repeats', async () => {
    const refused = await bench.ask('SELECT sum(p.income) AS s FROM persons p JOIN visits v USING (person_id)');
    expect(refused.ok ? [] : refused.error).toEqual([{ code: 'sql.fan_out', facts: { name: 'income', line: 1, column: 12 } }]);
  });

  const VISITS = '(SELECT person_id, count(*) AS n FROM visits GROUP BY person_id) v USING (person_id)';

  test('a feature averaged by city: six for everybody', async () => {
    const decided = await ask(`SELECT p.city, avg(v.n) AS a FROM persons p JOIN ${VISITS} GROUP BY p.city`);
    expect(decided.table.rows).toEqual(['Hangzhou', 'Jiaxing', 'Ningbo', 'Wenzhou'].map((city) => [city, 6]));
  });

  test('over all cities one person alone is off the commonest number: withheld (value classes)', async () => {
    const decided = await ask(`SELECT avg(v.n) AS a FROM persons p JOIN ${VISITS}`);
    expect(decided.table.rows).toEqual([]);
    expect(decided.findings.map((finding) => finding.text).join()).toContain('value-class');
  });

  test('a sum is released, its product with a feature that one person alone has otherwise is not (D15)', async () => {
    const decided = await ask(`SELECT sum(p.income) AS s, sum(p.income * v.n) AS w FROM persons p JOIN ${VISITS}`);
    expect(decided.table.rows).toEqual([[14_169_749, null]]);
  });

  test('a constant inside a feature is refused', async () => {
    const refused = await bench.ask('SELECT avg(n) AS a FROM (SELECT person_id, count(*) + 1 AS n FROM visits GROUP BY person_id)');
    expect(refused.ok ? refused.value.table.rows : 'refused').toEqual([]);
  });

  test('a count over the joined rows is answered', async () => {
    const decided = await ask('SELECT p.city, count(*) AS n FROM persons p JOIN visits v USING (person_id) GROUP BY p.city');
    expect(decided.table.rows.map((row) => row[1])).toEqual([750, 750, 750, 750]);
  });
});

describe('example 4: what needs no ledger', () => {
  test.each([
    ['T', 'SELECT sum(income) AS s FROM persons', 14_169_749, []],
    [
      '2: the gender leaf moves one person, then NOT(month) two: both dropped',
      "SELECT sum(income) AS s FROM persons WHERE NOT (birth_date = DATE '1961-02-03' AND gender = 'F')",
      14_169_749,
      ['gender', 'birth_date'],
    ],
    ['P', "SELECT sum(income) AS s FROM persons WHERE birth_date >= DATE '1951-03-01'", 13_896_095, []],
    ['4 before it is snapped', "SELECT sum(income) AS s FROM persons WHERE birth_date >= DATE '1951-04-05'", 13_892_067, []],
    ['Q', 'SELECT sum(income) AS s FROM persons WHERE income >= 5000', 14_081_320, []],
    [
      'PQ before it is combined',
      "SELECT sum(income) AS s FROM persons WHERE birth_date >= DATE '1951-03-01' AND income >= 5000",
      13_811_180,
      [],
    ],
  ])('%s', async (_name, sql, sum, neutral) => {
    const decided = await ask(sql);
    expect(decided.table.rows).toEqual([[sum]]);
    for (const column of neutral) expect(dropped(decided)['(all)']).toContain(`"${column}"`);
    if (neutral.length === 0) expect(dropped(decided)).toEqual({});
  });
});
