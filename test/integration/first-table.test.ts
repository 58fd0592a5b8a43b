import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DECLARED_HEAD } from '../support/declared-head.ts';
import { csv, type GateBench, gateBench, TEST_POLICY } from '../support/gate-bench.ts';
import { memoryLedger } from '../support/memory-ledger.ts';
import { numbers } from '../support/unit-totals.ts';

const PEOPLE = 300;
const MONTHS = 12;
const DISTRICTS = 10;

const DECLARATION = {
  dataset: 'panel',
  ...DECLARED_HEAD,
  title: { zh: '月度面板', en: 'Monthly panel' },
  tables: {
    months: {
      file: 'months.csv',
      visibility: 'protected',
      primaryKey: ['row_id'],
      foreignKeys: [],
      units: { person: ['person_id'] },
      columns: {
        row_id: { type: 'INTEGER', label: 'personal', role: 'directId' },
        person_id: { type: 'INTEGER', label: 'personal', role: 'unitId' },
        month: { type: 'INTEGER', label: 'none', role: 'dimension' },
        district: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        spent: { type: 'INTEGER', label: 'personal', role: 'measure' },
      },
    },
  },
};

function panel(): string {
  const random = numbers(31);
  const rows = Array.from({ length: PEOPLE * MONTHS }, (_, at) => {
    const person = Math.floor(at / MONTHS);
    return [at + 1, person + 1, (at % MONTHS) + 1, `d${person % DISTRICTS}`, 2000 + Math.floor(random() * 3000)];
  });
  return csv(['row_id', 'person_id', 'month', 'district', 'spent'], rows);
}

/** ADR 0047 keeps room beside what was told of few hundred people; a first table needs none. */
describe('a first table of many cells over few hundred people', () => {
  let bench: GateBench;
  beforeAll(async () => {
    bench = await gateBench(DECLARATION, { 'months.csv': panel() });
  });
  afterAll(() => bench.close());

  test.each([
    'SELECT month, district, sum(spent) AS s FROM months GROUP BY month, district',
    'SELECT month, district, count(*) AS n, sum(spent) AS s FROM months GROUP BY month, district',
    'SELECT month, district, avg(spent) AS s FROM months GROUP BY month, district',
  ])('comes out whole on an empty ledger: %s', async (sql) => {
    const ledger = memoryLedger().of('job-1', TEST_POLICY);
    const answered = await bench.ask(sql, TEST_POLICY, undefined, ledger);
    if (!answered.ok) throw new Error(JSON.stringify(answered.error));
    const { table } = answered.value;
    expect(table.rows).toHaveLength(MONTHS * DISTRICTS);
    expect(table.rows.flat().filter((value) => value === null)).toEqual([]);
  });
});
