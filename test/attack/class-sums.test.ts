import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Decided } from '../../src/pipeline.ts';
import { DECLARED_HEAD } from '../support/declared-head.ts';
import { csv, type GateBench, gateBench, TEST_POLICY } from '../support/gate-bench.ts';
import { memoryLedger } from '../support/memory-ledger.ts';

/** Four towns of thirty and one of one person; everybody knows how many people a town has, and what each of its tariffs costs. */
const TOWNS = ['Aa', 'Bb', 'Cc', 'Dd', 'Lishui'];
const POPULATION: Readonly<Record<string, number>> = { Aa: 700, Bb: 500, Cc: 400, Dd: 300, Lishui: 90 };
const people = Array.from({ length: 121 }, (_, at) => ({
  id: `p${at}`,
  town: TOWNS[Math.floor(at / 30)] ?? '',
  zone: ['Aa', 'Bb', 'Cc'][at % 3] ?? '',
  sex: at % 2 === 0 ? 'F' : 'M',
  income: at === 120 ? 5001 : 1000 + ((at * 37) % 90) * 10,
  own: at,
}));
type Person = (typeof people)[number];

const PUBLIC = { visibility: 'public', units: {} };
const DECLARATION = {
  ...{ dataset: 'towns', ...DECLARED_HEAD, title: { zh: '镇', en: 'towns' } },
  tables: {
    people: {
      ...{ file: 'people.csv', visibility: 'protected', primaryKey: ['id'], units: { person: ['id'] } },
      columns: {
        id: { type: 'VARCHAR', label: 'personal', role: 'unitId' },
        town: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        zone: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        sex: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        income: { type: 'INTEGER', label: 'none', role: 'measure', bounds: [0, 100_000] },
        own: { type: 'INTEGER', label: 'none', role: 'dimension' },
      },
    },
    towns: {
      ...{ file: 'towns.csv', primaryKey: ['town'], ...PUBLIC },
      columns: {
        town: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        population: { type: 'INTEGER', label: 'none', role: 'measure' },
      },
    },
    prices: {
      ...{ file: 'prices.csv', primaryKey: ['own'], ...PUBLIC },
      columns: {
        own: { type: 'INTEGER', label: 'none', role: 'dimension' },
        price: { type: 'DECIMAL(10,2)', label: 'none', role: 'measure' },
      },
    },
    fees: {
      ...{ file: 'fees.csv', primaryKey: ['own'], ...PUBLIC },
      columns: {
        own: { type: 'INTEGER', label: 'none', role: 'dimension' },
        fee: { type: 'INTEGER', label: 'none', role: 'measure' },
        band: { type: 'INTEGER', label: 'none', role: 'measure' },
      },
    },
    tariffs: {
      ...{ file: 'tariffs.csv', primaryKey: ['town', 'price'], ...PUBLIC },
      columns: { town: { type: 'VARCHAR', label: 'none', role: 'dimension' }, price: { type: 'INTEGER', label: 'none', role: 'measure' } },
    },
  },
};

let bench: GateBench;
beforeAll(async () => {
  bench = await gateBench(DECLARATION, {
    'people.csv': csv(
      Object.keys(people[0] ?? {}),
      people.map((row) => Object.values(row)),
    ),
    'towns.csv': csv(['town', 'population'], Object.entries(POPULATION)),
    'prices.csv': csv(
      ['own', 'price'],
      people.map((row) => [row.own, row.own + 0.5]),
    ),
    'fees.csv': csv(
      ['own', 'fee', 'band'],
      Array.from({ length: 12_000 }, (_, own) => [own, 7 * own, own % 3]),
    ),
    'tariffs.csv': csv(
      ['town', 'price'],
      TOWNS.flatMap((town) => [
        [town, 1],
        [town, 2],
      ]),
    ),
  });
}, 60_000);
afterAll(() => bench.close());

async function ask(sql: string, ledger?: ReturnType<typeof memoryLedger>): Promise<Decided> {
  const answered = await bench.ask(sql, TEST_POLICY, undefined, ledger?.of(sql, TEST_POLICY));
  if (!answered.ok) throw new Error(JSON.stringify(answered.error));
  ledger?.release(sql);
  return answered.value;
}

const rowsOf = async (sql: string, ledger?: ReturnType<typeof memoryLedger>): Promise<readonly (readonly unknown[])[]> =>
  (await ask(sql, ledger)).table.rows.map((row) =>
    row.map((value) => (value === null ? null : typeof value === 'string' && /^\d/.test(value) ? Number(value) : value)),
  );

const JOINED = 'FROM people p JOIN towns t ON t.town = p.town';
/** Zones have forty people each. */
const ZONED = 'FROM people p JOIN towns t ON t.town = p.zone';
const total = (of: (row: Person, population: number) => number, isIn: (row: Person) => boolean = () => true): number =>
  people.filter(isIn).reduce((sum, row) => sum + of(row, POPULATION[row.zone] ?? 0), 0);

describe('sums of products with what everybody knows of a class', () => {
  test('are exact where every class is released', async () => {
    expect(await rowsOf(`SELECT sum(p.income * t.population) AS s, sum(t.population) AS n, count(*) AS c ${ZONED}`)).toEqual([
      [total((row, weight) => row.income * weight), total((_, weight) => weight), 121],
    ]);
  });

  test('beside what is no product, by a key, in order, averaged, in a CASE', async () => {
    const women = (row: Person): boolean => row.sex === 'F';
    const men = (row: Person): boolean => row.sex === 'M';
    const net = (row: Person, weight: number): number => row.income - (row.income * weight) / 100;
    const rows = await rowsOf(
      `SELECT p.sex, sum(p.income - p.income * t.population / 100) AS s, avg(p.income * t.population) AS a ${ZONED} GROUP BY p.sex ORDER BY s`,
    );
    const expected = [women, men].map(
      (isIn, at) =>
        [['F', 'M'][at], total(net, isIn), total((row, weight) => row.income * weight, isIn) / people.filter(isIn).length] as const,
    );
    for (const [sex, sum, average] of expected) {
      const row = rows.find((item) => item[0] === sex);
      expect(Number(row?.[1])).toBeCloseTo(sum, 6);
      expect(Number(row?.[2])).toBeCloseTo(average, 6);
    }
    expect(await rowsOf(`SELECT sum(CASE WHEN p.sex = 'F' THEN p.income * t.population ELSE 0 END) AS s ${ZONED}`)).toEqual([
      [total((row, weight) => row.income * weight, women)],
    ]);
  });

  test('through an inner query that names the product', async () => {
    expect(await rowsOf(`SELECT sum(w) AS s FROM (SELECT p.income * t.population AS w ${ZONED})`)).toEqual([
      [total((row, weight) => row.income * weight)],
    ]);
  });
});

describe('what they must not tell', () => {
  test('a class of one person: no sum, before and after the classes are known', async () => {
    const ledger = memoryLedger();
    const sum = `SELECT sum(p.income * t.population) AS s, sum(t.population) AS n ${JOINED}`;
    expect(await rowsOf(sum, ledger)).toEqual([[null, null]]);
    // All but her: her town cannot be left out by itself, nor is the figure one from which her share could be taken.
    expect(await rowsOf(`${sum} WHERE p.town <> 'Lishui'`, ledger)).not.toContainEqual([expect.anything(), 57_000]);
    expect((await rowsOf('SELECT town, sum(income) AS s, count(*) AS n FROM people GROUP BY town', ledger)).length).toBe(4);
    expect(await rowsOf(`SELECT sum(p.income * t.population) AS s ${JOINED} `, ledger)).toEqual([[null]]);
    expect((await rowsOf(`SELECT t.town, sum(t.population) AS s ${JOINED} GROUP BY t.town`, ledger)).map((row) => row[0])).not.toContain(
      'Lishui',
    );
  });

  test('one person more or less, by a condition: the same figure or none', async () => {
    const ledger = memoryLedger();
    const sum = (more: string): string => `SELECT sum(p.income * t.population) AS s ${ZONED} ${more}`;
    const first = await rowsOf(sum(''), ledger);
    expect(first.length).toBe(1);
    for (const edge of ['WHERE p.income < 1800', 'WHERE p.income < 2000', 'WHERE p.income >= 1000']) {
      const [row] = await rowsOf(sum(edge), ledger);
      const edgeAt = Number(edge.slice(-4));
      const apart = people.filter(({ income }) => (edge.includes('<') ? income >= edgeAt : income < edgeAt)).length;
      if (row !== undefined && apart < TEST_POLICY.k) expect(row).toEqual(first[0]);
    }
  });

  test('a price that nearly everybody has alone: none; a table that matches a row twice: refused', async () => {
    expect(await rowsOf('SELECT sum(p.income * q.price) AS s FROM people p JOIN prices q ON q.own = p.own')).toEqual([[null]]);
    const refused = await bench.admit('SELECT sum(p.income * f.price) AS s FROM people p JOIN tariffs f ON f.town = p.town');
    expect(refused.ok ? [] : refused.error.map((item) => item.code)).toContain('sql.fan_out');
  });

  test('more values than a result has room for are no classes: refused before the run; few values of as many rows are', async () => {
    const joined = 'FROM people p JOIN fees f ON f.own = p.own';
    const refused = await bench.admit(`SELECT sum(p.income * f.fee) AS s ${joined}`);
    expect(refused.ok ? [] : refused.error.map((item) => item.code)).toContain('sql.fan_out');
    expect(await rowsOf(`SELECT sum(p.income * f.band) AS s ${joined}`)).toEqual([
      [people.reduce((sum, row) => sum + row.income * (row.own % 3), 0)],
    ]);
  });
});
