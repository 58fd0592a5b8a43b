import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DECLARED_HEAD } from '../support/declared-head.ts';
import { csv, type GateBench, gateBench } from '../support/gate-bench.ts';

/** Names that our own statements use for what they compute, or could; a column of the data must not stand in for one. */
const NAMES = [
  'b',
  'u',
  'w',
  'n',
  'x',
  'k0',
  'k1',
  'c0',
  's0',
  'a0',
  'lo0',
  'hi0',
  'v0',
  'f0',
  'm0',
  'moved0',
  'units',
  'buckets',
  't0',
  'g',
  'select',
  'n_total',
];

describe('columns called like parts of our statements', () => {
  let bench: GateBench;
  beforeAll(async () => {
    const columns = Object.fromEntries(NAMES.map((name) => [name, { type: 'INTEGER', label: 'personal', role: 'dimension' }]));
    const rows = Array.from({ length: 90 }, (_, index) => [index + 1, (index * 37) % 90, ...NAMES.map((_name, at) => (index + at) % 3)]);
    bench = await gateBench(
      {
        ...DECLARED_HEAD,
        dataset: 'names',
        tables: {
          t: {
            file: 't.csv',
            visibility: 'protected',
            primaryKey: ['id'],
            foreignKeys: [],
            units: { person: ['id'] },
            columns: {
              id: { type: 'INTEGER', label: 'personal', role: 'unitId' },
              amount: { type: 'INTEGER', label: 'personal', role: 'measure', bounds: [0, 1000] },
              ...columns,
            },
          },
        },
      },
      { 't.csv': csv(['id', 'amount', ...NAMES], rows) },
    );
  }, 120_000);
  afterAll(() => bench.close());

  test.each(NAMES)('"%s" is a column like any other', async (name) => {
    const sql = `SELECT "${name}", count(*) AS rows_there, count(DISTINCT id) AS people, sum(amount) AS s FROM t WHERE "${name}" <> 2 GROUP BY "${name}"`;
    const answered = await bench.ask(sql);
    if (!answered.ok) throw new Error(JSON.stringify(answered.error));
    expect(answered.value.table.rows.map((row) => row.slice(0, 3))).toEqual([
      [0, 30, 30],
      [1, 30, 30],
    ]);
  });

  test.each(NAMES)('"%s" is a column of an inner query, a table and a name of WITH like any other', async (name) => {
    const sql = `WITH "${name}" AS (SELECT id, "${name}", count(*) AS rows_there, min("${name}") AS lo FROM t GROUP BY id, "${name}")
      SELECT "${name}"."${name}", count(*) FILTER (WHERE other."${name}" <> 2) AS rows_there, count(DISTINCT other.id) AS people
      FROM "${name}" LEFT JOIN t AS other ON other.id = "${name}".id AND other."${name}" < 2 WHERE lo < 2 GROUP BY "${name}"."${name}"`;
    const answered = await bench.ask(sql);
    if (!answered.ok) throw new Error(JSON.stringify(answered.error));
    expect(answered.value.table.rows).toEqual([
      [0, 30, 30],
      [1, 30, 30],
    ]);
  });
});
