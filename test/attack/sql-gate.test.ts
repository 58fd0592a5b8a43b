import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Decided } from '../../src/pipeline.ts';
import { describe as describeProblem } from '../../src/problems/problem.ts';
import { csv, type GateBench, gateBench, TEST_POLICY } from '../support/gate-bench.ts';
import { memoryLedger } from '../support/memory-ledger.ts';
import { persons, VICTIM_CITY_DECLARATION, victimCityFiles } from '../support/victim-city.ts';
import cases from './sql-gate-cases.json' with { type: 'json' };
import spellings from './sql-gate-spellings.json' with { type: 'json' };
import { givenAway } from './victim-net.ts';

/** Figures that rest on the victim alone: her count, her visits, her income, her costs. */
const VICTIM_FIGURES = [1, 30, 999_999, 150_000, 5000];
const VICTIM_LABELS = ['Lishui', 'H9'];

interface Attempt {
  /** As the merchant sees it: rows, or the problems. */
  readonly rows: readonly (readonly unknown[])[] | null;
  readonly problems: string;
  readonly touchedData: boolean;
}

/** The city with the victim, and one where she is not and every income is another. */
let city: GateBench;
let otherCity: GateBench;

beforeAll(async () => {
  city = await gateBench(VICTIM_CITY_DECLARATION, victimCityFiles());
  const others = persons().filter((person) => person.id !== 9001);
  const visits = (victimCityFiles()['visits.csv'] ?? '').split('\n').filter((line) => !line.includes(',9001,'));
  otherCity = await gateBench(VICTIM_CITY_DECLARATION, {
    'persons.csv': csv(
      ['person_id', 'city', 'birth_date', 'gender', 'income'],
      others.map((p) => [p.id, p.city, p.birth, p.gender, p.income + 17]),
    ),
    'visits.csv': visits.join('\n'),
  });
}, 60_000);

afterAll(async () => {
  await city.close();
  await otherCity.close();
});

/** A ledger of its own: each question is a job, released before the next. */
function asker(bench: GateBench): (sql: string, onIntent?: () => Promise<void>) => ReturnType<GateBench['ask']> {
  const ledger = memoryLedger();
  let jobs = 0;
  return async (sql, onIntent) => {
    const job = `job-${++jobs}`;
    const answered = await bench.ask(sql, undefined, onIntent, ledger.of(job, TEST_POLICY));
    if (answered.ok) ledger.release(job);
    else ledger.drop(job);
    return answered;
  };
}

/** One question alone. */
async function decided(sql: string): Promise<Decided> {
  const answered = await asker(city)(sql);
  if (!answered.ok) throw new Error(JSON.stringify(answered.error));
  return answered.value;
}

async function attempt(bench: GateBench, sql: string, ask = asker(bench)): Promise<Attempt> {
  let touchedData = false;
  const answered = await ask(sql, () => {
    touchedData = true;
    return Promise.resolve();
  });
  if (answered.ok) return { rows: answered.value.table.rows, problems: '', touchedData };
  for (const item of answered.error) expect(describeProblem(item).detail.zh).not.toBe('');
  return { rows: null, problems: JSON.stringify(answered.error), touchedData };
}

/** Refused before data is touched, with the same problem whatever the data hold. */
async function expectRefusal(sql: string): Promise<void> {
  const [here, there] = [await attempt(city, sql), await attempt(otherCity, sql)];
  expect(here).toMatchObject({ rows: null, touchedData: false });
  expect(here.problems).not.toContain('enclave');
  expect(there).toEqual(here);
}

function numbers(rows: Attempt['rows']): readonly number[] {
  return (rows ?? []).flat().filter((value) => typeof value === 'number');
}

/** An average times its count is a sum; so is what they add up to. */
function products(attempts: readonly Attempt[]): readonly number[] {
  return attempts.flatMap((item) => {
    const made = (item.rows ?? []).map((row) => Math.round(numbers([row]).reduce((product, value) => product * value, 1)));
    return [...made, made.reduce((sum, value) => sum + value, 0)];
  });
}

/** No label of hers, and no figure of hers: neither released, nor by adding a column up, nor as a difference of two. */
function expectNoVictim(attempts: readonly Attempt[]): void {
  const labels = attempts.flatMap((item) => (item.rows ?? []).flat()).filter((value) => typeof value === 'string');
  expect(labels.filter((label) => VICTIM_LABELS.includes(label))).toEqual([]);
  const totals = attempts.flatMap((item) => {
    const width = item.rows?.[0]?.length ?? 0;
    return Array.from({ length: width }, (_, index) =>
      numbers((item.rows ?? []).map((row) => [row[index]])).reduce((sum, value) => sum + value, 0),
    );
  });
  const figures = [...attempts.flatMap((item) => numbers(item.rows)), ...totals, ...products(attempts)];
  expect(figures.filter((figure) => VICTIM_FIGURES.includes(figure) && figure > 30)).toEqual([]);
  const sums = figures.filter((figure) => figure > 10_000);
  const differences = sums.flatMap((a) => sums.map((b) => Math.abs(a - b)));
  expect(differences.filter((difference) => difference === 999_999 || difference === 150_000)).toEqual([]);
}

async function expectSafe(statements: readonly string[]): Promise<void> {
  const attempts: Attempt[] = [];
  const ask = asker(city);
  for (const sql of statements) attempts.push(await attempt(city, sql, ask));
  expectNoVictim(attempts);
  for (const item of attempts) if (item.rows === null) expect(item.problems).not.toContain('9999');
}

describe('the conformance attacks', () => {
  for (const item of cases) {
    const run = item.expect === 'REJECT' ? () => expectRefusal(item.sql.find((sql) => !isPlainSum(sql)) ?? '') : () => expectSafe(item.sql);
    test(`${item.id} ${item.expect}`, run);
  }

  test('a macro that was refused does not change what sum means', async () => {
    await attempt(city, 'CREATE OR REPLACE MACRO sum(x) AS max(x)');
    expect((await attempt(city, 'SELECT sum(income) AS s FROM persons')).rows).toEqual([[14_169_749]]);
  });

  const original = new URL('../../../shared/conformance/attacks.json', import.meta.url);
  test.runIf(existsSync(original))('every attack of the conformance file is in ours', () => {
    const read = JSON.parse(readFileSync(original, 'utf8')) as {
      readonly cases: readonly { readonly id: string; readonly sql: readonly string[] }[];
    };
    expect(read.cases.map((item) => [item.id, item.sql])).toEqual(cases.map((item) => [item.id, item.sql]));
  });
});

/** The last statement of H16 is a lawful one; its first is the attack. */
function isPlainSum(sql: string): boolean {
  return sql === 'SELECT sum(income) AS s FROM persons';
}

const sorted = (rows: Attempt['rows']): readonly string[] => (rows ?? []).map((row) => JSON.stringify(row)).toSorted();
const EXPLAINED: Readonly<Record<string, string>> = spellings.explained;

describe('other spellings', () => {
  test.each(spellings.refused)('refused: %s', (sql) => expectRefusal(sql));

  test.each(spellings.cities)('answered as the plain text: %s', async (sql) => {
    const expected = ['Hangzhou', 'Jiaxing', 'Ningbo', 'Wenzhou'].map((name) => JSON.stringify([name, 125]));
    expect(sorted((await attempt(city, sql)).rows)).toEqual(expected);
  });

  test.each(spellings.answered)('answered: $sql', async ({ sql, rows }) => {
    const { rows: released, problems } = await attempt(city, sql);
    expect({ rows: sorted(released), problems }).toEqual({ rows: sorted(rows), problems: '' });
  });

  test.each(spellings.nothing)('runs and releases nothing: %s', async (sql) => {
    expect(await attempt(city, sql)).toMatchObject({ rows: [], problems: '', touchedData: true });
  });

  test.each(spellings.overDifferentRows)('gates of one statement over different rows, with something released: %s', async (sql) => {
    const { table } = await decided(sql);
    expect(table.rows.length).toBeGreaterThan(0);
    expect(givenAway(table, false)).toEqual([]);
  });

  test.each(spellings.safe)('gives nobody away: %s', async (sql) => {
    expect(givenAway((await decided(sql)).table, Object.hasOwn(EXPLAINED, sql))).toEqual([]);
  });

  test('every explanation belongs to a spelling, and is needed', async () => {
    const unneeded: string[] = [];
    for (const sql of Object.keys(EXPLAINED)) {
      expect(spellings.safe).toContain(sql);
      if (givenAway((await decided(sql)).table).length === 0) unneeded.push(sql);
    }
    expect(unneeded).toEqual([]);
  });
});

describe('the text itself', () => {
  test.each([
    ['a NUL byte', 'SELECT count(*) AS n FROM persons\0'],
    ['a lone surrogate', 'SELECT count(*) AS "\uD800" FROM persons'],
    ['too many characters', `SELECT count(*) AS n FROM persons -- ${'x'.repeat(20_000)}`],
    ['deep nesting', `SELECT count(*) AS n FROM persons WHERE ${"gender = 'F' OR (gender = 'M' AND (".repeat(40)} TRUE ${'))'.repeat(40)}`],
    ['very deep nesting', `SELECT count(*) AS n FROM persons WHERE ${'NOT '.repeat(4000)} gender = 'F'`],
    [
      'many tables',
      `SELECT count(*) AS n FROM persons p0 ${Array.from({ length: 300 }, (_, i) => `JOIN persons p${i + 1} USING (person_id)`).join(' ')}`,
    ],
    ['many comparisons', `SELECT count(*) AS n FROM persons WHERE city IN (${Array.from({ length: 90 }, (_, i) => `'c${i}'`).join(', ')})`],
  ])('%s is refused', (_name, sql) => expectRefusal(sql));
});

describe('what a refusal and a failure say', () => {
  test('no literal of the query comes back', async () => {
    const { problems } = await attempt(city, "SELECT count(*) AS n FROM persons WHERE person_id = 9001 AND city LIKE 'Lishui%'");
    expect(problems).not.toMatch(/9001|Lishui/);
  });
});
