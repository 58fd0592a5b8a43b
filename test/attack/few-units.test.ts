import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DECLARED_HEAD } from '../support/declared-head.ts';
import { csv, type GateBench, gateBench } from '../support/gate-bench.ts';

/** Conditions that tell few units apart: nobody, one and nine of them must give the same answer (k is 10). */
const DECLARATION = {
  dataset: 'few-units',
  ...DECLARED_HEAD,
  title: { zh: '少数单元', en: 'Few units' },
  tables: {
    visits: {
      file: 'visits.csv',
      visibility: 'protected',
      primaryKey: ['visit_id'],
      foreignKeys: [],
      units: { person: ['person_id'] },
      columns: {
        visit_id: { type: 'INTEGER', label: 'personal', role: 'directId' },
        person_id: { type: 'INTEGER', label: 'personal', role: 'unitId' },
        story: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        place: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        flag: { type: 'VARCHAR', label: 'sensitivePersonal', role: 'sensitive', domain: ['yes', 'no'] },
        cost: { type: 'INTEGER', label: 'personal', role: 'measure' },
        a: { type: 'INTEGER', label: 'personal', role: 'measure', nullable: true },
        b: { type: 'INTEGER', label: 'personal', role: 'measure', nullable: true },
        came: { type: 'TIMESTAMP', label: 'personal', role: 'quasiId' },
        went: { type: 'TIMESTAMP', label: 'personal', role: 'quasiId' },
      },
    },
  },
};

const COLUMNS = ['visit_id', 'person_id', 'story', 'place', 'flag', 'cost', 'a', 'b', 'came', 'went'];
const SECRETS = [0, 1, 9];

type Row = readonly (string | number | null)[];

/** @param secrets  how many people differ from the others of their story. */
function rows(secrets: number): readonly Row[] {
  const of = (count: number, make: (index: number, isSecret: boolean) => readonly Row[]): readonly Row[] =>
    Array.from({ length: count }, (_, index) => make(index, index < secrets)).flat();
  const flagged = (isSecret: boolean): string => (isSecret ? 'yes' : 'no');
  return [
    // Fewer than twice k: both sides of a condition may be small at once.
    ...of(12, (i, secret) => [[i, 'small', 'x', flagged(secret), 50 + i, 1, 1]]),
    ...of(12, (i, secret) => [[100 + i, 'other', 'x', flagged(!secret), 50 + i, 1, 1]]),
    ...of(40, (i, secret) => [[200 + i, 'big', 'x', flagged(secret), 50 + i, 1, 1]]),
    // Everybody goes to y; to x go all but the secret ones, once or twice.
    ...of(60, (i, secret) => [
      [300 + i, 'all', 'y', 'no', 50 + i, 1, 1],
      [300 + i, 'all', secret ? 'y' : 'x', 'no', 70 + i, 1, 1],
      ...(i % 2 === 0 ? [[300 + i, 'all', secret ? 'y' : 'x', 'no', 90 + i, 1, 1]] : []),
    ]),
    // The same, but to x go all others once, for one price.
    ...of(60, (i, secret) => [[500 + i, 'once', 'y', 'no', 50 + i, 1, 1], ...(secret ? [] : [[500 + i, 'once', 'x', 'no', 70, 1, 1]])]),
    // Twenty do not tell a; b is told by the same people, but for the secret ones.
    ...of(60, (i, secret) => [[400 + i, 'pairs', 'x', 'no', 50 + i, i < 20 ? null : i, i < 20 && !secret ? null : 2 * i]]),
  ];
}

let benches: readonly GateBench[] = [];

beforeAll(async () => {
  const made: GateBench[] = [];
  for (const secrets of SECRETS) {
    // Who is flagged stays for a day, all others for twenty minutes.
    const stay = (row: Row): Row => ['2025-03-01 08:00:00', row[3] === 'yes' ? '2025-03-02 08:00:00' : '2025-03-01 08:20:00'];
    const lines = rows(secrets).map((row, index) => [index, ...row, ...stay(row)]);
    made.push(await gateBench(DECLARATION, { 'visits.csv': csv(COLUMNS, lines) }));
  }
  benches = made;
}, 60_000);

afterAll(async () => {
  for (const bench of benches) await bench.close();
});

/** What is told of each version. */
async function told(sql: string): Promise<readonly (readonly (readonly unknown[])[])[]> {
  const answers = [];
  for (const bench of benches) {
    const answered = await bench.ask(sql);
    if (!answered.ok) throw new Error(JSON.stringify(answered.error));
    answers.push(answered.value.table.rows);
  }
  return answers;
}

describe('a condition in a group of fewer than twice k units', () => {
  test.each([
    ['FILTER', "count(*) AS n, count(*) FILTER (WHERE flag = 'yes') AS y"],
    ['FILTER of the other side', "count(*) AS n, sum(cost) FILTER (WHERE flag <> 'yes') AS y"],
    ['both sides', "count(*) FILTER (WHERE flag = 'yes') AS y, count(*) FILTER (WHERE flag <> 'yes') AS z, count(*) AS n"],
    ['CASE', "sum(CASE WHEN flag = 'yes' THEN cost ELSE 1 END) AS s, count(*) AS n"],
    ['CASE without ELSE', "avg(CASE WHEN flag = 'yes' THEN cost END) AS s, count(*) AS n"],
    ['bool_or and bool_and', "bool_or(flag = 'yes') AS y, bool_and(flag = 'yes') AS z, count(*) AS n"],
    ['two conditions', "count(*) FILTER (WHERE flag = 'yes' AND cost >= 50) AS y, count(*) AS n"],
    ['a number of units', "count(DISTINCT person_id) FILTER (WHERE flag = 'yes') AS y, count(*) AS n"],
    ['minutes between two times', "count(*) FILTER (WHERE date_diff('minute', came, went) > 30) AS y, count(*) AS n"],
    ['complete hours of a sum', "sum(cost) FILTER (WHERE date_sub('hour', came, went) < 12) AS y, count(*) AS n"],
    ['one second', "sum(CASE WHEN date_diff('second', came, went) = 86400 THEN cost ELSE 1 END) AS s, count(*) AS n"],
  ])('%s: nobody, one and nine are alike', async (_name, items) => {
    for (const story of ['small', 'other']) {
      const [nobody, one, nine] = await told(`SELECT ${items} FROM visits WHERE story = '${story}'`);
      expect(one).toEqual(nobody);
      expect(nine).toEqual(nobody);
    }
  });
});

describe('a number of units beside sums', () => {
  test('a condition that hardly moves the units does not distort the sums; the number is that without it', async () => {
    const sql = "SELECT count(DISTINCT person_id) AS u, sum(cost) AS s, count(*) AS n FROM visits WHERE story = 'all' AND place = 'x'";
    const expected = SECRETS.map((secrets) => {
      const own = rows(secrets).filter((row) => row[1] === 'all' && row[2] === 'x');
      return [[60, own.reduce((sum, row) => sum + Number(row[4]), 0), own.length]];
    });
    expect(await told(sql)).toEqual(expected);
  });

  test('an average over everybody has the divisor of everybody, whoever differs', async () => {
    const per = "SELECT person_id, sum(cost) AS s FROM visits WHERE story = 'all' AND place = 'x' GROUP BY person_id";
    const answers = await told(`SELECT avg(s) AS mean, sum(s) AS total, count(*) AS n FROM (${per})`);
    for (const [row = []] of answers) {
      expect(row[2]).toBe(60);
      expect(Number(row[0]) * 60).toBeCloseTo(Number(row[1]), 6);
    }
  });

  test.each([
    ['the number of rows', 'count(DISTINCT person_id) AS u, count(*) AS n'],
    ['a sum of equal prices', 'sum(cost) / count(DISTINCT person_id) AS mean'],
    ['rows in a sum of one', 'count(DISTINCT person_id) AS u, sum(a) AS s'],
  ])('beside %s, which would tell who is missing, it is withheld, whoever differs', async (_name, items) => {
    const answers = await told(`SELECT ${items} FROM visits WHERE story = 'once' AND place = 'x'`);
    for (const rows of answers) expect(rows[0]?.[0] ?? null).toBeNull();
  });

  test('beside totals of one value, which would tell who is missing, an average is withheld, whoever differs', async () => {
    const per = "SELECT person_id, sum(cost) AS s FROM visits WHERE story = 'once' AND place = 'x' GROUP BY person_id";
    for (const rows of await told(`SELECT avg(s) AS mean FROM (${per})`)) expect(rows[0]?.[0] ?? null).toBeNull();
  });

  test('asked alone the number is that without the condition, whoever differs', async () => {
    expect(await told("SELECT count(DISTINCT person_id) AS u FROM visits WHERE story = 'all' AND place = 'x'")).toEqual([
      [[60]],
      [[60]],
      [[60]],
    ]);
  });
});

describe('two counts of one row', () => {
  test.each([
    ['of two columns', 'count(a) AS x, count(b) AS y'],
    ['of two pieces', "count(*) FILTER (WHERE a IS NOT NULL) AS x, count(*) FILTER (WHERE b IS NOT NULL AND flag = 'no') AS y"],
    ['of a column and a piece', 'count(a) AS x, count(*) FILTER (WHERE b IS NOT NULL) AS y'],
  ])('%s are told alike where nobody, one or nine people lie between them', async (_name, items) => {
    for (const [row] of await told(`SELECT ${items} FROM visits WHERE story = 'pairs'`)) expect(row).toEqual([40, 40]);
  });

  test('an average tells no other number of rows than the count beside it', async () => {
    const answers = await told("SELECT count(a) AS x, sum(b) AS s, avg(b) AS m FROM visits WHERE story = 'pairs'");
    for (const [row] of answers) expect(Number(row?.[1]) / Number(row?.[2])).toBeCloseTo(40, 9);
  });
});

const BIG = "SELECT person_id, cost FROM visits WHERE story = 'big'";

describe('branches of UNION ALL', () => {
  test.each([
    ['the rest and the few', `${BIG} AND flag <> 'yes' UNION ALL ${BIG} AND flag = 'yes'`, [40, 40]],
    ['the few and the rest', `${BIG} AND flag = 'yes' UNION ALL ${BIG} AND flag <> 'yes'`, [40, 40]],
    [
      'the rest and the few twice',
      `${BIG} AND flag <> 'yes' UNION ALL ${BIG} AND flag = 'yes' UNION ALL ${BIG} AND flag = 'yes'`,
      [40, 40],
    ],
    ['all, and the few again', `${BIG} UNION ALL ${BIG} AND flag = 'yes'`, [40, 40]],
    ['all, and the rest again', `${BIG} UNION ALL ${BIG} AND flag <> 'yes'`, [80, 40]],
  ])('%s: nobody is counted twice for being few', async (_name, union, [n, u]) => {
    const whole = rows(0)
      .filter((row) => row[1] === 'big')
      .reduce((sum, row) => sum + Number(row[4]), 0);
    const times = (n ?? 0) / 40;
    for (const answer of await told(`SELECT count(*) AS n, sum(cost) AS s FROM (${union})`)) expect(answer).toEqual([[n, whole * times]]);
    for (const answer of await told(`SELECT count(DISTINCT person_id) AS u FROM (${union})`)) expect(answer).toEqual([[u]]);
  });
});

describe('conditions inside FROM', () => {
  const feature =
    "SELECT person_id, count(*) AS n, count(*) FILTER (WHERE place = 'x') AS x FROM visits WHERE story = 'all' GROUP BY person_id";

  test('a feature with a condition leaves the features beside it as they are, and they leave it', async () => {
    const expected = SECRETS.map((secrets) => {
      const own = rows(secrets).filter((row) => row[1] === 'all');
      return [[own.length, own.filter((row) => row[2] === 'x').length, 60]];
    });
    expect(await told(`SELECT sum(n) AS n, sum(x) AS x, count(*) AS u FROM (${feature})`)).toEqual(expected);
  });

  test('rows that a LEFT JOIN adds for nobody, one or nine are not told beside those it is joined to', async () => {
    const people = "SELECT person_id, count(*) AS n FROM visits WHERE story = 'big' GROUP BY person_id";
    const joined = `(${people}) p LEFT JOIN visits v ON p.person_id = v.person_id AND v.flag = 'yes'`;
    const twice = `${joined} LEFT JOIN visits w ON p.person_id = w.person_id AND w.flag = 'yes'`;
    for (const from of [joined, twice]) {
      const [nobody, one, nine] = await told(`SELECT count(*) AS n FROM ${from}`);
      expect([one, nine]).toEqual([nobody, nobody]);
    }
  });

  test('a LEFT JOIN keeps the number of those it is joined to', async () => {
    const people = 'SELECT person_id, count(*) AS n FROM visits GROUP BY person_id';
    const places = "SELECT person_id, count(*) AS x FROM visits WHERE story = 'all' AND place = 'y' AND cost >= 80 GROUP BY person_id";
    const [nobody] = await told(
      `SELECT count(*) AS u, sum(x) AS x FROM (${people}) p LEFT JOIN (${places}) q ON p.person_id = q.person_id`,
    );
    expect(nobody).toEqual([[244, 30]]);
  });
});
