import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { csv, type GateBench, gateBench } from '../support/gate-bench.ts';

/** Cells that pass every classical rule and still give one unit away. */
const DECLARATION = {
  dataset: 'hidden-unit',
  title: { zh: '隐藏单元', en: 'Hidden unit' },
  provider: 'test',
  collectedBy: 'test',
  verifiedBy: 'test',
  grade: 'general',
  shareType: 'conditional',
  openness: 'conditional',
  updateFrequency: 'monthly',
  tables: {
    spending: {
      file: 'spending.csv',
      visibility: 'protected',
      primaryKey: ['row_id'],
      foreignKeys: [],
      units: { person: ['person_id'] },
      columns: {
        row_id: { type: 'INTEGER', label: 'personal', role: 'directId' },
        person_id: { type: 'INTEGER', label: 'personal', role: 'unitId' },
        story: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        code: { type: 'BIGINT', label: 'none', role: 'dimension' },
        flag: { type: 'VARCHAR', label: 'sensitivePersonal', role: 'sensitive', domain: ['yes', 'no'] },
        amount: { type: 'INTEGER', label: 'personal', role: 'measure', nullable: true },
        extra: { type: 'INTEGER', label: 'personal', role: 'measure' },
      },
    },
  },
};

interface Row {
  readonly person: number;
  readonly story: string;
  readonly code?: string;
  readonly flag?: string;
  readonly amount: number | null;
  readonly extra?: number;
}

const each = (count: number, make: (index: number) => Row): readonly Row[] => Array.from({ length: count }, (_, index) => make(index));

/** @param secrets  how many of the people of "few" are flagged: they are the only ones to match a condition on it. */
function rows(secrets: number): readonly Row[] {
  return [
    // Twenty people with one row of 9, one with a hundred rows of 5: 5 is the commonest value, 9 everybody else's.
    ...each(20, (i) => ({ person: i, story: 'heavy', amount: 9 })),
    ...each(100, () => ({ person: 20, story: 'heavy', amount: 5 })),
    // Two rows of 7 each, one person with 7 and 30; ten without any amount.
    ...each(40, (i) => ({ person: 100 + Math.floor(i / 2), story: 'nulls', amount: 7 })),
    { person: 120, story: 'nulls', amount: 7 },
    { person: 120, story: 'nulls', amount: 30 },
    ...each(20, (i) => ({ person: 130 + Math.floor(i / 2), story: 'nulls', amount: null })),
    // The least INTEGER has no positive twin.
    ...each(14, (i) => ({ person: 200 + i, story: 'least', amount: i === 0 ? -2_147_483_648 : i - 7 })),
    ...['9', '10', '100', '9007199254740993'].flatMap((code, at) =>
      each(12, (i) => ({ person: 300 + 20 * at + i, story: 'codes', code, amount: i })),
    ),
    // Twelve people of whom `secrets` are flagged; only nine have an extra.
    ...each(12, (i) => ({ person: 400 + i, story: 'few', flag: i < secrets ? 'yes' : 'no', amount: 50 + i, extra: i < 9 ? 5 + i : 0 })),
    // Forty, of whom `secrets` are flagged: twice k and more, so that only one of the two sides is small.
    ...each(40, (i) => ({ person: 600 + i, story: 'big', flag: i < secrets ? 'yes' : 'no', amount: 50 + i, extra: 5 + i })),
    ...each(60, (i) => ({ person: 500 + i, story: 'many', flag: i % 2 === 0 ? 'yes' : 'no', amount: 50 + i, extra: 5 + i })),
  ];
}

function files(secrets: number): Readonly<Record<string, string>> {
  const lines = rows(secrets).map((row, index) => [
    index,
    row.person,
    row.story,
    row.code ?? '1',
    row.flag ?? 'no',
    row.amount,
    row.extra ?? index,
  ]);
  return { 'spending.csv': csv(['row_id', 'person_id', 'story', 'code', 'flag', 'amount', 'extra'], lines) };
}

let benches: readonly GateBench[] = [];

beforeAll(async () => {
  const made: GateBench[] = [];
  for (const secrets of [0, 1, 9]) made.push(await gateBench(DECLARATION, files(secrets)));
  benches = made;
}, 60_000);

afterAll(async () => {
  for (const bench of benches) await bench.close();
});

async function released(sql: string, bench = benches[0]): Promise<readonly (readonly unknown[])[]> {
  const answered = await bench?.ask(sql);
  if (answered?.ok !== true) throw new Error(JSON.stringify(answered?.error));
  return answered.value.table.rows;
}

describe('value classes', () => {
  test('one unit with most of the rows does not hide that it alone differs', async () => {
    expect(await released("SELECT count(*) AS n, sum(amount) AS s FROM spending WHERE story = 'heavy'")).toEqual([[120, null]]);
  });

  test('units without a value do not hide that one total differs', async () => {
    expect(
      await released("SELECT count(DISTINCT person_id) AS u, count(amount) AS c, sum(amount) AS s FROM spending WHERE story = 'nulls'"),
    ).toEqual([[31, 42, null]]);
  });
});

describe('failures', () => {
  test('the least whole number of a type is a number like any other', async () => {
    expect(await released("SELECT count(*) AS n, sum(amount) AS s FROM spending WHERE story = 'least'")).toEqual([[14, null]]);
  });
});

describe('nobody, one and nine give the same answer', () => {
  test.each([
    [
      'two aggregates, one of few contributors',
      "SELECT story, count(*) AS n, sum(extra) AS s FROM spending WHERE flag = 'yes' GROUP BY story",
    ],
    ['a sensitive key', 'SELECT story, flag, count(*) AS n, count(amount) AS c FROM spending WHERE amount < 20 GROUP BY story, flag'],
    ['two comparisons', "SELECT story, count(*) AS n, sum(extra) AS s FROM spending WHERE flag = 'yes' AND amount >= 10 GROUP BY story"],
    ['an OR', "SELECT story, count(*) AS n FROM spending WHERE flag = 'yes' OR amount >= 1000 GROUP BY story"],
    ['no key', "SELECT count(*) AS n FROM spending WHERE story = 'few' AND flag <> 'yes'"],
  ])('%s', async (_name, sql) => {
    const few = [];
    for (const bench of benches) few.push((await released(sql, bench)).filter((row) => row.includes('few') || sql.includes("'few'")));
    expect(few[1]).toEqual(few[0]);
    expect(few[2]).toEqual(few[0]);
  });

  test.each([
    ['a FILTER', "SELECT count(*) AS n, count(*) FILTER (WHERE flag = 'yes') AS y, sum(amount) FILTER (WHERE flag <> 'yes') AS s FROM big"],
    ['a CASE', "SELECT sum(CASE WHEN flag = 'yes' THEN amount ELSE 1 END) AS s FROM big"],
    ['a CASE of several pieces', "SELECT sum(CASE WHEN flag = 'yes' THEN 1000 WHEN extra >= 30 THEN extra ELSE 0 END) AS s FROM big"],
    ['labels', "SELECT CASE WHEN flag = 'yes' THEN 'y' ELSE 'n' END AS g, count(*) AS n FROM big GROUP BY g"],
    ['a label of a condition', "SELECT flag = 'yes' AS g, sum(amount) AS s FROM big GROUP BY g"],
    ['bool_or', "SELECT bool_or(flag = 'yes') AS y, bool_and(flag <> 'yes') AS n FROM big"],
    [
      'NOT EXISTS',
      "SELECT count(*) AS n FROM big s WHERE NOT EXISTS (SELECT 1 FROM spending t WHERE t.person_id = s.person_id AND t.flag = 'yes')",
    ],
    ['NOT IN', "SELECT sum(amount) AS n FROM big WHERE person_id NOT IN (SELECT person_id FROM spending WHERE flag = 'yes')"],
    [
      'a feature',
      "SELECT sum(y) AS y, count(*) AS n FROM (SELECT person_id, count(*) FILTER (WHERE flag = 'yes') AS y FROM big GROUP BY person_id)",
    ],
    ['HAVING', "SELECT count(*) AS n FROM (SELECT person_id FROM big GROUP BY person_id HAVING count(*) FILTER (WHERE flag = 'yes') = 0)"],
    [
      'ON of a LEFT JOIN',
      "SELECT count(DISTINCT s.person_id) AS n, count(t.amount) AS a FROM big s LEFT JOIN spending t ON s.person_id = t.person_id AND t.flag <> 'yes'",
    ],
    ['an inner value', "SELECT count(*) AS n FROM big WHERE amount > (SELECT avg(amount) FROM big WHERE flag <> 'yes')"],
    ['a median', "SELECT median(amount) FILTER (WHERE flag <> 'yes') AS m, count(*) AS n FROM big"],
    [
      'a branch',
      "SELECT src, count(*) AS n FROM (SELECT person_id, 'a' AS src FROM big UNION ALL SELECT person_id, 'b' FROM big WHERE flag <> 'yes') GROUP BY src",
    ],
  ])('in a group of more than twice k: %s', async (_name, sql) => {
    const whole = `WITH big AS (SELECT * FROM spending WHERE story = 'big') ${sql}`;
    const answers = [];
    for (const bench of benches) answers.push(await released(whole, bench));
    expect(answers[1]).toEqual(answers[0]);
    expect(answers[2]).toEqual(answers[0]);
  });
});

describe('order', () => {
  test('numbers that arrive as text are ordered as numbers', async () => {
    const sorted = await released("SELECT code, count(*) AS n FROM spending WHERE story = 'codes' GROUP BY code ORDER BY code DESC");
    expect(sorted.map((row) => row[0])).toEqual(['9007199254740993', 100, 10, 9]);
  });
});
