import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Decided } from '../../src/pipeline.ts';
import { csv, type GateBench, gateBench, TEST_POLICY } from '../support/gate-bench.ts';
import { memoryLedger } from '../support/memory-ledger.ts';

/**
 * People by place: `place` has three small towns, `alone` one, `big` one town of twelve of whom one earns nearly all and one
 * of two, `twelve` the first of these without the second, `named` a label of its own that is `其他`.
 */
const PLACES = {
  place: { Aa: 30, Bb: 40, Cc: 50, s1: 8, s2: 7, s3: 6 },
  alone: { Aa: 60, Bb: 73, s1: 8 },
  big: { Aa: 60, Bb: 67, s1: 12, s2: 2 },
  twelve: { Aa: 60, Bb: 69, s1: 12 },
  named: { Aa: 60, 其他: 60, s1: 8, s2: 7, s3: 6 },
  hidden: { Aa: 60, Bb: 64, 其他: 7, s2: 7, s3: 3 },
  lone: { s1: 9, s2: 8, s3: 7, s4: 9, s5: 9, s6: 9, s7: 9, s8: 9, s9: 9, t1: 9, t2: 9, t3: 9, t4: 9, t5: 9, t6: 9, t7: 9 },
} as const;
const PEOPLE = 141;
const names = Object.keys(PLACES) as (keyof typeof PLACES)[];
const placesOf = (name: keyof typeof PLACES): readonly string[] =>
  Object.entries(PLACES[name]).flatMap(([label, units]) => Array.from({ length: units }, () => label));

const column = (type: string, role: string): object => ({ type, label: 'none', role });
const DECLARATION = {
  ...{ dataset: 'towns', title: { zh: '镇', en: 'towns' }, provider: 'x', grade: 'general', shareType: 'conditional' },
  ...{ openness: 'conditional', updateFrequency: 'monthly', mergeWithheld: true },
  tables: {
    people: {
      ...{ file: 'people.csv', visibility: 'protected', primaryKey: ['id'], units: { person: ['id'] } },
      columns: {
        id: { type: 'VARCHAR', label: 'personal', role: 'unitId' },
        ...Object.fromEntries(names.map((name) => [name, column('VARCHAR', 'dimension')])),
        illness: { type: 'VARCHAR', label: 'sensitivePersonal', role: 'sensitive' },
        born: column('INTEGER', 'dimension'),
        sex: column('VARCHAR', 'dimension'),
        income: column('INTEGER', 'measure'),
      },
    },
  },
};

const rows = Array.from({ length: PEOPLE }, (_, at) => ({
  id: `p${at}`,
  ...Object.fromEntries(names.map((name) => [name, placesOf(name)[at] ?? ''])),
  illness: placesOf('place')[at] ?? '',
  born: placesOf('place')[at]?.startsWith('s') === true ? Number(placesOf('place')[at]?.slice(1)) : 9,
  sex: at % 2 === 0 ? 'F' : 'M',
  // In `big` and `twelve`, the first of the town of twelve earns nearly all of it.
  income: at === 130 ? 900_000 : 1000 + ((at * 37) % 90) * 10,
}));

let bench: GateBench;
let plain: GateBench;

beforeAll(async () => {
  const file = csv(
    Object.keys(rows[0] ?? {}),
    rows.map((row) => Object.values(row) as (string | number)[]),
  );
  bench = await gateBench(DECLARATION, { 'people.csv': file });
  const { mergeWithheld, ...without } = DECLARATION;
  expect(mergeWithheld).toBe(true);
  plain = await gateBench(without, { 'people.csv': file });
}, 60_000);
afterAll(async () => {
  await bench.close();
  await plain.close();
});

type Ledger = ReturnType<typeof memoryLedger>;

async function ask(sql: string, on: GateBench = bench, ledger?: Ledger, job = sql): Promise<Decided> {
  const answered = await on.ask(sql, TEST_POLICY, undefined, ledger?.of(job, TEST_POLICY));
  if (!answered.ok) throw new Error(JSON.stringify(answered.error));
  ledger?.release(job);
  return answered.value;
}

/** The merged row of a result, without its labels; undefined where there is none. */
async function merged(sql: string, ledger?: Ledger, name = '其他'): Promise<readonly unknown[] | undefined> {
  const { table } = await ask(sql, bench, ledger);
  const row = table.rows.find((item) => item[0] === name);
  return row?.filter((value) => value !== name);
}

const incomeOf = (isIn: (row: (typeof rows)[number]) => boolean): number => rows.filter(isIn).reduce((sum, row) => sum + row.income, 0);
const isSmall = (row: (typeof rows)[number]): boolean => row.born < 9;

describe('rows that are withheld, as one', () => {
  test('counts and sums are those of the withheld rows; operators see which, merchants do not', async () => {
    const { table, findings } = await ask('SELECT place, count(*) AS n FROM people GROUP BY place ORDER BY n DESC');
    expect(table.rows).toEqual([
      ['Cc', 50],
      ['Bb', 40],
      ['Aa', 30],
      ['其他', 21],
    ]);
    expect(findings.find((item) => item.rule === 'withheld.merged')).toMatchObject({
      cell: '其他',
      text: expect.stringContaining('s1; s2; s3'),
    });
  });

  test('under two keys and a condition, with a share above it', async () => {
    const { table } = await ask(
      "SELECT place, sex, count(*) AS n, count(*) FILTER (income < 5000) * 1.0 / count(*) AS low FROM people WHERE sex IN ('F', 'M') GROUP BY place, sex",
    );
    expect(table.rows.map((row) => row.slice(0, 3))).toContainEqual(['其他', '其他', 21]);
  });

  test('only where the owner declares it', async () => {
    const { table } = await ask('SELECT place, count(*) AS n FROM people GROUP BY place', plain);
    expect(table.rows.map((row) => row[0])).toEqual(['Aa', 'Bb', 'Cc']);
  });

  test('where all rows are withheld it is the total', async () => {
    expect((await ask('SELECT lone, count(*) AS n FROM people GROUP BY lone')).table.rows).toEqual([['其他', PEOPLE]]);
  });
});

describe('what it must not tell', () => {
  test('one withheld row: none', async () => {
    expect(await merged('SELECT alone, count(*) AS n FROM people GROUP BY alone')).toBeUndefined();
  });

  test('a withheld row of k units beside one of few and beside one of nobody: none in both', async () => {
    for (const name of ['big', 'twelve']) {
      const sql = `SELECT ${name}, sum(income) AS s FROM people GROUP BY ${name}`;
      const { table } = await ask(sql);
      expect(table.rows.map((row) => row[0])).toEqual(['Aa', 'Bb']);
    }
  });

  test('a column in which one unit of the merged rows has nearly all', async () => {
    const carried = 'SELECT place, count(*) AS n, sum(income) AS s FROM people GROUP BY place';
    expect(await merged(carried)).toEqual([21, null]);
  });

  test('a real label of the name: another name beside it; hidden, it is among the others', async () => {
    const sql = (name: string): string => `SELECT ${name}, count(*) AS n FROM people GROUP BY ${name}`;
    expect((await ask(sql('named'))).table.rows).toEqual([
      ['Aa', 60],
      ['其他', 60],
      ['其他（合并）', 21],
    ]);
    expect(await merged(sql('hidden'))).toEqual([17]);
  });

  test('labels of a sensitive column, and labels that are no texts: none', async () => {
    expect(await merged('SELECT illness, count(*) AS n FROM people GROUP BY illness')).toBeUndefined();
    expect((await ask('SELECT born, count(*) AS n FROM people GROUP BY born')).table.rows).toEqual([[9, 120]]);
  });

  test('a statement that shows totals of the same rows: none', async () => {
    expect(await merged('SELECT place, count(*) AS n FROM people GROUP BY ROLLUP (place)')).toBeUndefined();
  });
});

describe('beside what was released before', () => {
  const count = (more = ''): string => `SELECT place, count(*) AS n FROM people ${more} GROUP BY place`;

  test('without one small row it is answered as it was', async () => {
    const ledger = memoryLedger();
    expect(await merged(count(), ledger)).toEqual([21]);
    expect(await merged(count("WHERE place <> 's1'"), ledger)).toEqual([21]);
    expect(await merged(count("WHERE place NOT IN ('s1', 's2')"), ledger)).toEqual([21]);
  });

  test('pairs of small rows chosen by their labels: a condition on labels moves fewer than k of them, and is none', async () => {
    const ledger = memoryLedger();
    const pair = (a: string, b: string): string => count(`WHERE place IN ('Aa', '${a}', '${b}')`);
    const found = [await merged(pair('s1', 's2'), ledger), await merged(pair('s1', 's3'), ledger), await merged(pair('s2', 's3'), ledger)];
    expect(found).toEqual([undefined, undefined, undefined]);
  });

  test('total, parts and merged row add up or are withheld; a total asked later is their sum', async () => {
    const ledger = memoryLedger();
    expect(await merged(count(), ledger)).toEqual([21]);
    const { table } = await ask('SELECT count(*) AS n FROM people', bench, ledger);
    expect(table.rows).toEqual([[PEOPLE]]);
    const women = await merged(count("WHERE sex = 'F'"), ledger);
    expect(women === undefined || Number(women[0]) >= TEST_POLICY.k).toBe(true);
  });

  test('a total of all but one small row, then the rows: the total stands, and the merged row does not tell the difference', async () => {
    const ledger = memoryLedger();
    const first = await ask("SELECT count(*) AS n FROM people WHERE place <> 's1'", bench, ledger);
    const total = Number(first.table.rows[0]?.[0]);
    const { table } = await ask(count(), bench, ledger);
    const sum = table.rows.reduce((all, row) => all + Number(row[1]), 0);
    expect(sum === total || Math.abs(sum - total) >= TEST_POLICY.k).toBe(true);
  });

  test('sums of money: what stands is exact', async () => {
    const ledger = memoryLedger();
    const sql = 'SELECT place, sum(income) AS s FROM people WHERE income < 5000 GROUP BY place';
    const row = await merged(sql, ledger);
    if (row !== undefined && row[0] !== null) expect(Number(row[0])).toBe(incomeOf((item) => isSmall(item) && item.income < 5000));
  });
});
