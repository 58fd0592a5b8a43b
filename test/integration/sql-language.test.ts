import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readStatement } from '../../src/pipeline/read-statement.ts';
import { admit } from '../../src/pipeline.ts';
import { describe as describeProblem } from '../../src/problems/problem.ts';
import { analyse } from '../../src/sandbox/sql/analyse.ts';
import { bind } from '../../src/sandbox/sql/bind.ts';
import { readersAgree } from '../../src/sandbox/sql/cross-check.ts';
import { parse } from '../../src/sandbox/sql/parse.ts';
import { type GateBench, gateBench } from '../support/gate-bench.ts';
import { VICTIM_CITY_DECLARATION, victimCityFiles } from '../support/victim-city.ts';

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
const FULL = `SELECT p.city, year(p.birth_date) AS y, count(*) AS n, count(DISTINCT v.person_id) AS u, avg(v.cost) AS a
  FROM persons p JOIN visits v ON p.person_id = v.person_id
  WHERE (p.income BETWEEN 10 AND 20.5 OR p.gender IN ('F', 'M')) AND NOT p.birth_date < DATE '1980-01-01' AND v.cost IS NOT NULL
  GROUP BY p.city, y ORDER BY n DESC`;

/** The paths of all objects in a tree. */
function objects(value: unknown, path: readonly (string | number)[] = []): readonly (readonly (string | number)[])[] {
  if (typeof value !== 'object' || value === null) return [];
  const inner = Object.entries(value).flatMap(([key, item]) => objects(item, [...path, Array.isArray(value) ? Number(key) : key]));
  return Array.isArray(value) ? inner : [path, ...inner];
}

function withField(tree: string, path: readonly (string | number)[], field: unknown): string {
  const copy = JSON.parse(tree);
  const target = path.reduce((node, step) => node[step], copy);
  target.from_the_next_release = field;
  return JSON.stringify(copy);
}

describe('the syntax tree is read by a closed list', () => {
  test('a field that nobody knows refuses, in whatever node it stands, unless it holds the default', async () => {
    const { tree } = await read(FULL);
    expect(parse(FULL, tree).ok).toBe(true);
    const overlooked = objects(JSON.parse(tree)).filter((path) =>
      [true, 'x', 1, ['x'], { x: 1 }].some((field) => parse(FULL, withField(tree, path, field)).ok),
    );
    expect(overlooked.map((path) => path.join('.'))).toEqual([]);
    const refused = objects(JSON.parse(tree)).filter((path) => !parse(FULL, withField(tree, path, null)).ok);
    expect(refused).toEqual([]);
  });

  test.each([
    ['no JSON', '{'],
    ['a number beyond the range', '{"error":false,"statements":[Infinity]}'],
    ['a list', '[]'],
    ['no error flag', '{"statements":[]}'],
    ['no statement', '{"error":false,"statements":[]}'],
    ['a statement that is none', '{"error":false,"statements":[1]}'],
    ['an empty statement', '{"error":false,"statements":[{}]}'],
    ['another node', '{"error":false,"statements":[{"node":{"type":"SET_OPERATION_NODE"}}]}'],
  ])('%s is refused', (_name, tree) => {
    expect(parse('SELECT 1', tree).ok).toBe(false);
  });
});

describe('constructs outside the language', () => {
  test.each([
    ['SELECT *\nFROM persons', 'STAR', 1, 8],
    ['SELECT count(*)\nFROM persons\nHAVING count(*) > 1', 'HAVING', 3, 17],
    ['SELECT count(*) FROM persons LIMIT 3', 'LIMIT', 1, 1],
    ['SELECT DISTINCT count(*) FROM persons', 'DISTINCT', 1, 1],
    ['SELECT count(*) FROM persons TABLESAMPLE 10%', 'table: sample', 1, 22],
    ['SELECT count(*) FROM persons USING SAMPLE 3', 'TABLESAMPLE', 1, 1],
    ['WITH x AS (SELECT 1) SELECT count(*) FROM x', 'WITH', 1, 1],
    ['SELECT count(*) FROM (SELECT 1)', 'subquery in FROM', 1, 1],
    ['SELECT count(*) FROM persons UNION SELECT 1', 'SET OPERATION', 1, 1],
    ['SELECT count(*) FROM range(3)', 'table function', 1, 22],
    ['SELECT count(*) FROM (VALUES (1)) t', 'subquery in FROM', 1, 1],
    ['SELECT 1', 'SELECT without FROM', 1, 1],
    ['SUMMARIZE persons', 'DESCRIBE/SUMMARIZE', 1, 1],
    ['SELECT count(*) FROM persons p LEFT JOIN visits v USING (person_id)', 'LEFT JOIN', 1, 32],
    ['SELECT count(*) FROM persons p SEMI JOIN visits v USING (person_id)', 'SEMI JOIN', 1, 32],
    ['SELECT count(*) FROM persons NATURAL JOIN visits', 'NATURAL JOIN', 1, 30],
    ['SELECT count(*) FROM persons p POSITIONAL JOIN visits', 'POSITIONAL JOIN', 1, 32],
    ['SELECT city, count(*) FROM persons GROUP BY ROLLUP (city)', 'GROUPING SETS', 1, 1],
    ['SELECT count(*) FILTER (WHERE income > 5) FROM persons', 'FILTER', 1, 8],
    ['SELECT sum(income ORDER BY city) FROM persons', 'ORDER BY inside an aggregate', 1, 8],
    ['SELECT sum(income) OVER () FROM persons', 'WINDOW', 1, 8],
    ['SELECT sum(CASE WHEN income > 5 THEN 1 END) FROM persons', 'CASE', 1, 12],
    ['SELECT sum(income + 1) FROM persons', 'arithmetic operator', 1, 19],
    ['SELECT sum(income::DOUBLE) FROM persons', 'CAST', 1, 18],
    ['SELECT sum(DISTINCT income) FROM persons', 'sum(DISTINCT)', 1, 8],
    ['SELECT min(income) FROM persons', 'min()', 1, 8],
    ['SELECT count(abs(income)) FROM persons', 'count() of an expression', 1, 8],
    ['SELECT count(*), 5 FROM persons', 'constant in the select list', 1, 18],
    ["SELECT count(*) FROM persons\nWHERE city LIKE 'L%'", 'arithmetic operator', 2, 12],
    ['SELECT count(*) FROM persons WHERE city IN (SELECT city FROM persons)', 'SUBQUERY', 1, 41],
    ['SELECT count(*) FROM persons WHERE EXISTS (SELECT 1)', 'SUBQUERY', 1, 36],
    ['SELECT count(*) FROM persons WHERE income IS DISTINCT FROM 5', 'comparison COMPARE_DISTINCT_FROM', 1, 43],
    ['SELECT count(*) FROM persons WHERE income = NULL', 'comparison with NULL', 1, 45],
    ['SELECT count(*) FROM persons WHERE 1 = 1', 'comparison without a bare column', 1, 36],
    ['SELECT count(*) FROM persons WHERE gender', 'condition without a comparison', 1, 36],
    ['SELECT count(*) FROM persons WHERE (income + 1) IS NULL', 'arithmetic operator', 1, 44],
    ['SELECT count(*) FROM persons WHERE income = $1', 'parameters: named_param_map', 1, 1],
    ['SELECT count(*) FROM persons WHERE income > 1::HUGEINT', 'CAST', 1, 46],
    ["SELECT count(*) FROM persons WHERE city = 'Lish' COLLATE NOCASE", 'COLLATE', 1, 43],
    ['SELECT count(*) FROM persons WHERE [income] = [5]', 'list_value() in a condition', 1, 37],
    ["SELECT {'a': income} FROM persons", 'struct_pack()', 1, 9],
    ['SELECT count(*) FROM persons ORDER BY city', 'ORDER BY of something that is not an output column', 1, 39],
    ['SELECT city, count(*) AS n FROM persons GROUP BY city ORDER BY n NULLS LAST', 'NULLS FIRST/LAST', 1, 1],
    ['SELECT upper(city) AS c, count(*) FROM persons GROUP BY c', 'upper() as a grouping key', 1, 8],
    ['SELECT income < 5 AS c, count(*) FROM persons GROUP BY c', 'expression as a grouping key', 1, 15],
  ])('%s', async (sql, construct, line, column) => {
    const refused = await bench.admit(sql);
    const items = refused.ok ? [] : refused.error;
    expect(items[0]).toEqual({ code: 'sql.construct_refused', facts: { construct, line, column } });
    for (const item of items) {
      const { detail } = describeProblem(item);
      // More than the place: what to write instead, in both languages.
      expect(detail.en.split('. ').length).toBeGreaterThan(1);
      expect(detail.zh).toMatch(/请/);
    }
  });
});

describe('the second reader', () => {
  const SQL = 'SELECT city, count(*) AS n, sum(income) AS s FROM persons WHERE income > 5 GROUP BY city';

  async function agreement(change: (plan: string) => string): Promise<boolean> {
    const { tree, plan } = await read(SQL);
    const parsed = parse(SQL, tree);
    const bound = parsed.ok ? bind(parsed.value, bench.context.dataset, bench.context.grant) : parsed;
    const analysed = bound.ok ? analyse(bound.value) : bound;
    if (!analysed.ok) throw new Error('The query is not admitted');
    const changed = change(plan);
    return readersAgree(analysed.value, changed);
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
      return answer.ok ? 'admitted' : answer.error.map((item) => item.code).join();
    };
    expect(await codes('SELECT city, count(*) AS n FROM persons GROUP BY city')).toBe('admitted');
    expect(await codes('SELECT sum(income) AS s FROM persons')).toBe('sql.column_unknown');
    expect(await codes('SELECT sum(nothing) AS s FROM persons')).toBe('sql.column_unknown');
    expect(await codes('SELECT count(*) AS n FROM visits')).toBe('sql.table_unknown');
    expect(await codes('SELECT count(*) AS n FROM persons WHERE gender IS NULL')).toBe('sql.column_unknown');
  });
});
