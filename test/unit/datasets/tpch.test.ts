import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TPCH_QUERIES } from '../../../bench/tpch-queries.ts';
import { TPCH_TABLES, tpchSize } from '../../../datasets/tpch/tpch-sql.ts';
import { readDeclaration } from '../../../src/catalog/declaration.ts';
import { RealData } from '../../conformance/real-data.ts';
import { loadingBench } from '../../support/loading.ts';

const SCALE = 0.01;
const build = (): Promise<RealData> => RealData.build({ catalog: {}, setup: [], tpch: SCALE });
let data: RealData;

beforeAll(async () => {
  data = await build();
});
afterAll(() => data.close());

async function one(sql: string): Promise<unknown> {
  return (await data.rows(sql))[0]?.[0];
}

async function fingerprints(of: RealData): Promise<readonly unknown[]> {
  const sums: unknown[] = [];
  for (const table of TPCH_TABLES) sums.push((await of.rows(`SELECT CAST(sum(hash(t)) AS VARCHAR) FROM ${table} t`))[0]?.[0]);
  return sums;
}

describe('the TPC-H tables at scale factor 0.01', () => {
  test('have the rows of the specification', async () => {
    const counts = Object.fromEntries(
      await Promise.all(TPCH_TABLES.map(async (table) => [table, await one(`SELECT count(*) FROM ${table}`)])),
    );
    expect(counts).toMatchObject({ region: 5, nation: 25, part: 2000, supplier: 100, partsupp: 8000, customer: 1500, orders: 15000 });
    expect(counts['lineitem']).toBeGreaterThan(58_000);
    expect(counts['lineitem']).toBeLessThan(62_000);
    expect(tpchSize(1)).toEqual({ parts: 200_000, suppliers: 10_000, customers: 150_000, orders: 1_500_000 });
  });

  test('are the same every time', async () => {
    const again = await build();
    try {
      expect(await fingerprints(again)).toEqual(await fingerprints(data));
    } finally {
      again.close();
    }
  });

  test.each([
    ['lineitem', 'l_orderkey', 'orders', 'o_orderkey'],
    ['orders', 'o_custkey', 'customer', 'c_custkey'],
    ['lineitem', '(l_partkey, l_suppkey)', 'partsupp', '(ps_partkey, ps_suppkey)'],
    ['partsupp', 'ps_partkey', 'part', 'p_partkey'],
    ['partsupp', 'ps_suppkey', 'supplier', 's_suppkey'],
    ['customer', 'c_nationkey', 'nation', 'n_nationkey'],
    ['supplier', 's_nationkey', 'nation', 'n_nationkey'],
    ['nation', 'n_regionkey', 'region', 'r_regionkey'],
  ])('every %s.%s is in %s.%s, which is unique', async (table, column, target, key) => {
    expect(await one(`SELECT count(*) FROM ${table} WHERE ${column} NOT IN (SELECT ${key} FROM ${target})`)).toBe(0);
    expect(await one(`SELECT count(*) - count(DISTINCT ${key}) FROM ${target}`)).toBe(0);
  });

  test.each([
    ['a third of the customers have no orders', 'SELECT count(*) FROM customer WHERE c_custkey NOT IN (SELECT o_custkey FROM orders)', 500],
    ['a line is unique in its order', 'SELECT count(*) - count(DISTINCT (l_orderkey, l_linenumber)) FROM lineitem', 0],
    [
      'every order has one to seven lines',
      'SELECT count(*) FROM (SELECT count(*) AS n FROM lineitem GROUP BY l_orderkey) WHERE n NOT BETWEEN 1 AND 7',
      0,
    ],
    [
      'parcels are sent after the order and arrive after they were sent',
      'SELECT count(*) FROM lineitem JOIN orders ON l_orderkey = o_orderkey WHERE l_shipdate <= o_orderdate OR l_receiptdate <= l_shipdate',
      0,
    ],
    [
      'quantities, discounts and taxes',
      'SELECT count(*) FROM lineitem WHERE l_quantity NOT BETWEEN 1 AND 50 OR l_discount NOT BETWEEN 0 AND 0.1 OR l_tax NOT BETWEEN 0 AND 0.08',
      0,
    ],
    [
      'prices are those of the part',
      'SELECT count(*) FROM lineitem JOIN part ON l_partkey = p_partkey WHERE l_extendedprice <> l_quantity * p_retailprice',
      0,
    ],
    [
      'returned or not by the day of arrival',
      "SELECT count(*) FROM lineitem WHERE (l_returnflag = 'N') <> (l_receiptdate > DATE '1995-06-17')",
      0,
    ],
    [
      'the total of an order',
      'SELECT count(*) FROM orders JOIN (SELECT l_orderkey, sum((l_extendedprice * (1 + l_tax) * (1 - l_discount))::DECIMAL(15,2)) AS t FROM lineitem GROUP BY 1) ON l_orderkey = o_orderkey WHERE o_totalprice <> t',
      0,
    ],
    [
      'telephone numbers begin with the nation',
      'SELECT count(*) FROM customer WHERE substr(c_phone, 1, 2) <> CAST(c_nationkey + 10 AS VARCHAR)',
      0,
    ],
    ['all segments, priorities, modes and flags occur', 'SELECT count(DISTINCT c_mktsegment) FROM customer', 5],
    ['all ship modes occur', 'SELECT count(DISTINCT l_shipmode) FROM lineitem', 7],
    ['all types of parts occur', 'SELECT count(DISTINCT p_type) FROM part', 150],
  ])('%s', async (_name, sql, expected) => {
    expect(await one(sql)).toBe(expected);
  });

  test('orders are spread evenly over the days', async () => {
    const [row] = await data.rows(
      'SELECT min(o_orderdate), max(o_orderdate), min(n), max(n) FROM (SELECT *, count(*) OVER (PARTITION BY year(o_orderdate)) AS n FROM orders WHERE year(o_orderdate) < 1998), (SELECT 1)',
    );
    expect(row?.slice(0, 2)).toEqual(['1992-01-01', '1997-12-31']);
    expect(Number(row?.[3]) / Number(row?.[2])).toBeLessThan(1.15);
  });
});

describe('the queries of the bench', () => {
  test.each(TPCH_QUERIES.map((query) => [query.id, query.sql]))('%s gives rows', async (_id, sql) => {
    expect((await data.rows(sql)).length).toBeGreaterThan(0);
  });

  test('one has thousands of cells, one tens of thousands', async () => {
    const cells = async (id: string): Promise<number> => (await data.rows(TPCH_QUERIES.find((query) => query.id === id)?.sql ?? '')).length;
    expect(await cells('Qday')).toBeGreaterThan(2300);
    expect(await cells('Qmany')).toBeGreaterThan(15_000);
  });
});

test('the loader takes the tables with their declaration', async () => {
  const declaration: unknown = JSON.parse(await readFile(new URL('../../../datasets/tpch/declaration.json', import.meta.url), 'utf8'));
  expect(readDeclaration(declaration).ok).toBe(true);
  const bench = await loadingBench();
  try {
    await mkdir(join(bench.folder, 'inbox'), { recursive: true });
    for (const table of TPCH_TABLES)
      await data.run(`COPY ${table} TO '${join(bench.folder, 'inbox', `${table}.parquet`)}' (FORMAT parquet)`);
    const loaded = await bench.load(declaration, {});
    if (!loaded.ok) throw new Error(JSON.stringify(loaded.error));
    const lines = loaded.value.profile.units.find((unit) => unit.table === 'lineitem');
    expect(lines).toMatchObject({ unitType: 'customer', units: 1000, rowsWithoutUnit: 0 });
  } finally {
    await bench.close();
  }
});
