import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStatement } from '../../src/pipeline/read-statement.ts';
import { admit } from '../../src/pipeline.ts';
import { describe as describeProblem, problem } from '../../src/problems/problem.ts';
import { compile } from '../../src/sandbox/sql/compile/compile.ts';
import { readersAgree } from '../../src/sandbox/sql/cross-check.ts';
import { parse } from '../../src/sandbox/sql/read/parse.ts';
import { type GateBench, gateBench } from '../support/gate-bench.ts';
import { VICTIM_CITY_DECLARATION, victimCityFiles } from '../support/victim-city.ts';
import TABLE from './sql-language.json' with { type: 'json' };

let bench: GateBench;

beforeAll(async () => {
  bench = await gateBench(VICTIM_CITY_DECLARATION, victimCityFiles());
}, 60_000);

afterAll(() => bench.close());

async function read(sql: string): Promise<{ readonly tree: string; readonly plan: string }> {
  const reading = await readStatement(sql, bench.context.dataset, bench.enclave);
  if (!reading.ok) throw new Error(`${sql} cannot be read`);
  return reading.value;
}

/** One of everything the language has. */
const FULL = `WITH v AS (SELECT person_id, count(*) AS n, sum(cost) FILTER (WHERE hospital <> 'H3') AS c FROM visits GROUP BY person_id HAVING count(*) > 2)
  SELECT p.city, year(p.birth_date) AS y, CASE WHEN v.n > 5 THEN 'often' ELSE 'seldom' END AS k, count(*) AS n,
    count(DISTINCT p.person_id) AS u, avg(v.c) AS a, sum(CASE WHEN p.gender = 'F' THEN p.income * 2 ELSE 0 END) / count(*) AS f, median(p.income) AS m
  FROM persons p LEFT JOIN v ON p.person_id = v.person_id AND v.n < 100
  WHERE (p.income BETWEEN 10 AND 20.5 OR p.gender IN ('F', 'M')) AND NOT p.birth_date < DATE '1980-01-01'
    AND EXISTS (SELECT 1 FROM visits w WHERE w.person_id = p.person_id AND w.cost IS NOT NULL) AND p.income > (SELECT avg(income) FROM persons)
  GROUP BY GROUPING SETS ((p.city, y, k), (p.city)) HAVING count(*) > 10 ORDER BY n DESC LIMIT 5`;

type Refused = readonly [sql: string, code: string, what: string, line: number, column: number];

describe('the language', () => {
  test.each(TABLE.accepted)('has %s', async (sql) => {
    const admitted = await bench.admit(sql);
    expect(admitted.ok ? [] : admitted.error).toEqual([]);
  });

  test.each(TABLE.refused as unknown as readonly Refused[])('has no %s', async (sql, code, what, line, column) => {
    const refused = await bench.admit(sql);
    const items = refused.ok ? [] : refused.error;
    const [first] = items;
    const facts = Object.fromEntries(Object.entries(first?.facts ?? {}));
    expect([first?.code, facts.construct ?? facts.name ?? '', facts.line ?? 0, facts.column ?? 0]).toEqual([code, what, line, column]);
    for (const item of items) {
      const { detail } = describeProblem(item);
      // More than the place: what to write instead, in both languages.
      expect(detail.en.length).toBeGreaterThan(30);
      expect(detail.zh).toMatch(/请|见/);
    }
  });

  test('every construct outside it is refused with its place and with advice', () => {
    const constructs = TABLE.refused.filter(([, code]) => code === 'sql.construct_refused');
    expect(constructs.length).toBeGreaterThan(70);
    for (const [, , construct, line, column] of constructs as unknown as readonly Refused[]) {
      const { detail } = describeProblem(problem('sql.construct_refused', { construct, line, column }));
      expect(detail.en.split('. ').length).toBeGreaterThan(1);
      expect(detail.zh).toMatch(/请|见/);
      expect(line * column).toBeGreaterThan(0);
    }
  });
});

describe('the second reader', () => {
  const SQL = 'SELECT city, count(*) AS n, sum(income) AS s FROM persons WHERE income > 5 GROUP BY city';

  async function agreement(change: (plan: string) => string): Promise<boolean> {
    const { tree, plan } = await read(SQL);
    const parsed = parse(SQL, tree);
    const { dataset, grant, version } = bench.context;
    const compiled = parsed.ok ? compile(parsed.value, dataset, grant, version.profile) : parsed;
    if (!compiled.ok) throw new Error('The query is not admitted');
    return readersAgree(compiled.value, change(plan));
  }

  test('agrees with the plan of the engine', async () => {
    expect(await agreement((plan) => plan)).toBe(true);
  });

  test.each([
    ['another table', (plan: string) => plan.replaceAll('"table":"persons"', '"table":"visits"')],
    ['another aggregate', (plan: string) => plan.replaceAll('"name":"sum"', '"name":"max"')],
    ['one aggregate more', (plan: string) => plan.replace('"name":"count_star"', '"name":"arg_max"')],
    ['an operator that is not of the language', (plan: string) => plan.replace('LOGICAL_FILTER', 'LOGICAL_SAMPLE')],
    ['an error', () => '{"error":true}'],
    ['no JSON', () => 'Infinity'],
    ['nothing', () => ''],
    ['an empty plan', () => '{"error":false,"plans":[]}'],
  ])('disagrees with %s', async (_name, change) => {
    expect(await agreement(change)).toBe(false);
  });
});

describe('admission', () => {
  test('does not depend on what the data hold', async () => {
    const { context } = bench;
    const poor = { ...context.version, profile: { tables: [], units: [] } };
    const rich = {
      ...context.version,
      profile: {
        ...context.version.profile,
        units: context.version.profile.units.map((unit) => ({ ...unit, units: 9_000_000, maxRowsPerUnit: 77, columns: {} })),
      },
    };
    const texts = [
      FULL,
      'SELECT sum(income) AS s FROM persons',
      'SELECT sum(p.income) FROM persons p JOIN visits v USING (person_id)',
      'SELECT income FROM persons',
    ];
    for (const sql of texts) {
      const answers = [];
      for (const version of [context.version, poor, rich])
        answers.push(await admit(sql, { ...context, version }, { enclave: bench.enclave }));
      expect(answers[1]).toEqual(answers[0]);
      expect(answers[2]).toEqual(answers[0]);
    }
  });

  test('knows only what the grant names, and says no more of the rest', async () => {
    const grant = { ...bench.context.grant, tables: { persons: ['city', 'person_id'] } };
    const codes = async (sql: string) => {
      const answer = await admit(sql, { ...bench.context, grant }, { enclave: bench.enclave });
      if (answer.ok) return 'admitted';
      const near = answer.error.filter((item) => item.code === 'sql.nearest');
      // What is proposed instead knows no more than the grant either.
      expect(JSON.stringify(near.map((item) => item.facts.sql))).not.toMatch(/income|visits|gender/);
      return answer.error
        .filter((item) => item.code !== 'sql.nearest')
        .map((item) => item.code)
        .join();
    };
    expect(await codes('SELECT city, count(*) AS n FROM persons GROUP BY city')).toBe('admitted');
    expect(await codes('SELECT sum(income) AS s FROM persons')).toBe('sql.column_unknown');
    expect(await codes('SELECT sum(nothing) AS s FROM persons')).toBe('sql.column_unknown');
    expect(await codes('SELECT count(*) AS n FROM visits')).toBe('sql.table_unknown');
    expect(await codes('SELECT count(*) AS n FROM persons WHERE gender IS NULL')).toBe('sql.column_unknown');
  });
});
