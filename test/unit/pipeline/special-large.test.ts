import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { quoteText } from '../../../src/catalog/identifier.ts';
import { integer, parseDecimal } from '../../../src/kernel/decimal.ts';
import { fractionNumber } from '../../../src/pipeline/special/fraction.ts';
import { rankPosition } from '../../../src/pipeline/special/ranks.ts';
import { specialAnswers } from '../../../src/pipeline/special-answers.ts';
import type { QueryRows } from '../../../src/sandbox/enclave/port.ts';
import { readsOnlySealedTables } from '../../../src/sandbox/enclave/sealed-statement.ts';
import { NOTHING_DROPPED } from '../../../src/sandbox/sql/model/condition.ts';
import type { Functional, QuantileName } from '../../../src/sandbox/sql/model/program.ts';
import { figureOf } from '../../../src/sandbox/sql/statements/special/figure.ts';
import { productsStatement } from '../../../src/sandbox/sql/statements/special/products-statement.ts';
import { rankStatement } from '../../../src/sandbox/sql/statements/special/rank-statement.ts';
import {
  A,
  ENTERPRISE,
  LABEL,
  M,
  OTHER_PERSON,
  PERSON,
  policyOf,
  programOf,
  type SpecialBench,
  specialBench,
  TOUCHED,
} from './special-bench.ts';

let bench: SpecialBench;

beforeAll(async () => {
  bench = await specialBench();
});

afterAll(() => bench.close());

const VARIANT = { reduction: NOTHING_DROPPED, selection: null };

/** 60,000 rows from a whole-number expression of `i`, ten rows a person; two cities, one of them small. */
async function fill(a: string, type = 'INTEGER'): Promise<void> {
  await bench.run(
    `CREATE OR REPLACE TABLE t AS SELECT CASE WHEN i % 20 = 0 THEN 'y' ELSE 'x' END AS city, (i // 10)::INTEGER AS u, (hash(i // 10) % 256)::USMALLINT AS ub,
     (i % 700)::INTEGER AS v, ((i % 700) % 256)::USMALLINT AS vb, TRUE AS flag, CAST(${a} AS ${type}) AS a, (((i * 7919) % 100003) * 0.01::DECIMAL(3,2))::DECIMAL(18,2) AS m,
     ('l' || (i % 11)) AS label FROM range(60000) AS r(i)`,
  );
}

const quantile = (name: QuantileName, q: number): Functional => ({ kind: 'quantile', terms: [], name, q, piece: null, value: A });

describe('large cells are read near the position only', () => {
  const tables: Readonly<Record<string, string>> = {
    spread: '(i * 7919) % 60013',
    'two values': 'i % 2',
    'mostly one value': 'CASE WHEN i % 10 < 8 THEN 5 ELSE i END',
    'sorted by person': 'i',
    'one person at the position': 'CASE WHEN i BETWEEN 20000 AND 20009 THEN 30000 ELSE CASE WHEN i % 2 = 0 THEN i ELSE 60000 - i END END',
    'values of other buckets than the sample': 'CASE WHEN hash(i // 10) % 256 < 16 THEN i ELSE 1000000 + i END',
  };
  for (const [name, sql] of Object.entries(tables)) {
    test(name, async () => {
      await fill(sql);
      const functionals = [
        quantile('median', 0.5),
        quantile('quantile_cont', 0.05),
        quantile('quantile_cont', 0.9),
        quantile('min', 0),
        quantile('max', 1),
      ];
      for (const units of [[PERSON], [PERSON, ENTERPRISE]]) {
        const program = programOf(functionals, units, true);
        const answers = await specialAnswers(program, VARIANT, policyOf(10), bench.run);
        for (const [index, functional] of functionals.entries()) {
          const position = functional.kind === 'quantile' ? rankPosition(functional.name, functional.q) : rankPosition('median', 0.5);
          const figure = figureOf('INTEGER');
          if (figure === undefined) throw new Error('No figure');
          const whole = await bench.run(rankStatement(program, VARIANT, { piece: null, column: A, figure, position, k: 10, near: false }));
          for (const row of whole.rows) {
            const total = parseDecimal(String(row[4]));
            if (total === undefined) throw new Error('No total');
            const expected = fractionNumber({ over: total, under: integer(Number(row[2])) });
            expect({ index, key: row[0], value: answers.get(index)?.get(JSON.stringify([row[0]]))?.value }).toEqual({
              index,
              key: row[0],
              value: expected,
            });
          }
        }
      }
    });
  }
});

test('the same bytes with one thread and with four', async () => {
  const functionals: readonly Functional[] = [
    { kind: 'moment', terms: [], name: 'stddev_samp', piece: null, value: M },
    { kind: 'pair', terms: [], name: 'corr', piece: null, y: M, x: A },
    quantile('median', 0.5),
    quantile('max', 1),
    { kind: 'mode', terms: [], piece: null, value: LABEL },
    { kind: 'distinct', terms: [], piece: null, value: LABEL },
  ];
  const program = programOf(functionals, [PERSON, ENTERPRISE], true);
  const texts = new Set<string>();
  await fill('(i * 7919) % 60013');
  for (const threads of [1, 4, 4, 1]) {
    await bench.run(`SET threads = ${threads}`);
    const answers = await specialAnswers(program, VARIANT, policyOf(10), bench.run);
    texts.add(JSON.stringify([...answers].map(([index, cells]) => [index, [...cells].sort(([a], [b]) => (a < b ? -1 : 1))])));
  }
  expect(texts.size).toBe(1);
});

describe('figures at the edge of their type', () => {
  const asked: readonly Functional[] = [
    { kind: 'moment', terms: [], name: 'var_pop', piece: null, value: A },
    { kind: 'pair', terms: [], name: 'covar_pop', piece: null, y: M, x: A },
    quantile('median', 0.5),
    quantile('max', 1),
  ];
  const values: Readonly<Record<string, readonly [string, string]>> = {
    'BIGINT ends': ['BIGINT', 'CASE WHEN i % 2 = 0 THEN 9223372036854775807 ELSE -9223372036854775807 END'],
    'UBIGINT ends': ['UBIGINT', 'CASE WHEN i % 2 = 0 THEN 18446744073709551615 ELSE 0 END'],
    'HUGEINT ends': [
      'HUGEINT',
      "CASE WHEN i % 2 = 0 THEN '170141183460469231731687303715884105727'::HUGEINT ELSE '-170141183460469231731687303715884105727'::HUGEINT END",
    ],
    'DECIMAL(38,6) ends': [
      'DECIMAL(38,6)',
      "CASE WHEN i % 2 = 0 THEN '99999999999999999999999999999999.999999'::DECIMAL(38,6) ELSE '-99999999999999999999999999999999.999999'::DECIMAL(38,6) END",
    ],
    'DECIMAL(38,30)': ['DECIMAL(38,30)', '1.5'],
    'DECIMAL(18,18)': [
      'DECIMAL(18,18)',
      "CASE WHEN i % 2 = 0 THEN '0.999999999999999999'::DECIMAL(18,18) ELSE '-0.999999999999999999'::DECIMAL(18,18) END",
    ],
    DOUBLE: ['DOUBLE', "CASE WHEN i % 2 = 0 THEN 'nan'::DOUBLE ELSE 'inf'::DOUBLE END"],
    VARCHAR: ['VARCHAR', "'text'"],
  };
  for (const [name, [type, sql]] of Object.entries(values)) {
    test(`${name}: no statement fails`, async () => {
      await fill(sql, type);
      const answers = await specialAnswers(programOf(asked, [PERSON], false), VARIANT, policyOf(10), bench.run);
      const variance = answers.get(0)?.get('[]');
      expect(variance?.rules.some((rule) => rule.outcome === 'fail')).toBe(true);
      expect(variance?.value).toBeNull();
    });
  }

  test('one figure far away in one cell does not touch the other', async () => {
    await fill("CASE WHEN i = 20 THEN '4000000000000000000'::HUGEINT ELSE (i * 7919) % 60013 END", 'BIGINT');
    const answers = await specialAnswers(programOf(asked.slice(0, 1), [PERSON], true), VARIANT, policyOf(10), bench.run);
    expect(
      answers
        .get(0)
        ?.get('["y"]')
        ?.rules.some((rule) => rule.outcome === 'fail'),
    ).toBe(true);
    expect(
      answers
        .get(0)
        ?.get('["x"]')
        ?.rules.every((rule) => rule.outcome === 'pass'),
    ).toBe(true);
    const [[expected]] = (await bench.run("SELECT var_pop(a) FROM t WHERE city = 'x'")).rows as [[number]];
    expect(Math.abs(Number(answers.get(0)?.get('["x"]')?.value) / expected - 1)).toBeLessThan(1e-12);
  });
});

describe('answers of a hostile worker', () => {
  const program = programOf([{ kind: 'moment', terms: [], name: 'var_pop', piece: null, value: A }], [PERSON], true);
  const tampered = (change: (rows: QueryRows) => QueryRows, which: string) => (sql: string) =>
    bench.run(sql).then((rows) => (sql.startsWith(which) ? change(rows) : rows));
  beforeAll(() => fill('(i * 7919) % 60013'));

  test('a cell that came twice, a row of another width, a text for a number: the job fails', async () => {
    const changes: readonly ((rows: QueryRows) => QueryRows)[] = [
      (rows) => ({ ...rows, rows: [...rows.rows, ...rows.rows] }),
      (rows) => ({ ...rows, rows: rows.rows.map((row) => row.slice(1)) }),
      (rows) => ({ ...rows, rows: rows.rows.map((row) => [row[0] ?? null, ...row.slice(1).map(() => 'x')]) }),
    ];
    for (const change of changes) await expect(specialAnswers(program, VARIANT, policyOf(10), tampered(change, 'WITH'))).rejects.toThrow();
  });

  test('a cell about which nothing is said is withheld', async () => {
    const answers = await specialAnswers(
      program,
      VARIANT,
      policyOf(10),
      tampered((rows) => ({ ...rows, rows: [] }), 'WITH'),
    );
    expect([...(answers.get(0) ?? [])].map(([, answer]) => answer.rules.some((rule) => rule.outcome === 'fail'))).toEqual([true, true]);
  });
});

test('a sealed session takes every statement', async () => {
  await fill('(i * 7919) % 60013');
  const functionals: readonly Functional[] = [
    { kind: 'moment', terms: [], name: 'stddev_samp', piece: 0, value: M },
    { kind: 'pair', terms: [], name: 'corr', piece: null, y: M, x: A },
    quantile('median', 0.5),
    quantile('max', 1),
    { kind: 'quantile', terms: [], name: 'max', q: 1, piece: null, value: { ...A, open: true } },
    { kind: 'mode', terms: [], piece: null, value: LABEL },
    { kind: 'distinct', terms: [], piece: null, value: LABEL },
  ];
  const statements: string[] = [];
  const run = (sql: string): Promise<QueryRows> => {
    statements.push(sql);
    return bench.run(sql);
  };
  await specialAnswers(programOf(functionals, [PERSON, OTHER_PERSON, TOUCHED], true), VARIANT, policyOf(10), run);
  const catalog = { tables: new Set(['t']), kept: new Set<string>(), systemViews: new Set(['duckdb_logs']) };
  const refused: string[] = [];
  for (const sql of statements) {
    const { rows } = await bench.run(`SELECT json_serialize_sql(${quoteText(sql)})::VARCHAR`);
    if (!readsOnlySealedTables(String(rows[0]?.[0]), catalog)) refused.push(sql);
  }
  expect(statements.length).toBeGreaterThan(15);
  expect(refused).toEqual([]);
});

test('only quantiles on the grid are asked for', () => {
  const asked = [0.0001, 0.05, 0.075, 0.0751, 0.1, 0.175, 0.3, 0.375, 0.4, 0.625, 0.63, 0.82, 0.825, 0.83, 0.925, 0.93, 0.99];
  const found = asked
    .map((q) => rankPosition('quantile_cont', q))
    .map((position) => (position.kind === 'quantile' ? position.twentieths * 5 : 0));
  expect(found).toEqual([5, 5, 5, 10, 10, 10, 25, 25, 50, 50, 75, 75, 75, 90, 90, 95, 95]);
});

test('statements group by names of their own only', async () => {
  const figure = figureOf('INTEGER');
  if (figure === undefined) throw new Error('No figure');
  const program = programOf([], [PERSON], true);
  const texts = [
    productsStatement(program, 0, 'unit', VARIANT, [{ x: { piece: null, column: A, figure, small: true }, y: null }]),
    rankStatement(program, VARIANT, { piece: null, column: A, figure, position: { kind: 'trimmed', end: 'max' }, k: 10, near: true }),
  ];
  for (const text of texts) {
    const names = [...text.matchAll(/(?:GROUP|PARTITION) BY ([^)]*?)(?: ORDER| HAVING|\)|$)/g)].flatMap((match) =>
      (match[1] ?? '').split(', '),
    );
    expect(names.filter((name) => !/^(__\w+\.)?__\w+$/.test(name))).toEqual([]);
  }
});
