import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DECLARED_HEAD } from '../support/declared-head.ts';
import { csv, type GateBench, gateBench } from '../support/gate-bench.ts';

/** Forty transfers of 100 people; person 1 is payer or payee of each. Jobs of people with employers. Source: gate.md §4. */
const DECLARATION = {
  dataset: 'transfers',
  ...DECLARED_HEAD,
  title: { zh: '转账', en: 'Transfers' },
  tables: {
    people: {
      file: 'people.csv',
      visibility: 'protected',
      primaryKey: ['person_id'],
      foreignKeys: [],
      units: { person: ['person_id'] },
      columns: {
        person_id: { type: 'INTEGER', label: 'personal', role: 'unitId', nullable: false },
        district: { type: 'VARCHAR', label: 'none', role: 'dimension', nullable: false },
      },
    },
    transfers: {
      file: 'transfers.csv',
      visibility: 'protected',
      primaryKey: ['transfer_id'],
      foreignKeys: [
        { columns: ['payer'], references: 'people.person_id' },
        { columns: ['payee'], references: 'people.person_id' },
      ],
      units: { person: ['payer -> people.person_id', 'person_id'] },
      columns: {
        transfer_id: { type: 'INTEGER', label: 'personal', role: 'directId', nullable: false },
        payer: { type: 'INTEGER', label: 'personal', role: 'unitId', nullable: false },
        payee: { type: 'INTEGER', label: 'personal', role: 'unitId', nullable: false },
        kind: { type: 'VARCHAR', label: 'none', role: 'dimension', nullable: false },
        amount: { type: 'INTEGER', label: 'personal', role: 'measure', nullable: false, bounds: [0, 1000000] },
      },
    },
    insurance: {
      file: 'insurance.csv',
      visibility: 'protected',
      primaryKey: ['row_id'],
      foreignKeys: [{ columns: ['person_id'], references: 'people.person_id' }],
      units: { person: ['person_id'], enterprise: ['employer'] },
      columns: {
        row_id: { type: 'INTEGER', label: 'personal', role: 'directId', nullable: false },
        person_id: { type: 'INTEGER', label: 'personal', role: 'unitId', nullable: false },
        employer: { type: 'INTEGER', label: 'tradeSecret', role: 'unitId', nullable: false },
        base: { type: 'INTEGER', label: 'personal', role: 'measure', nullable: false, bounds: [0, 1000000] },
        trade: { type: 'VARCHAR', label: 'none', role: 'dimension', nullable: false },
      },
    },
  },
};

const people = Array.from({ length: 100 }, (_, index) => [index + 1, index % 2 === 0 ? 'east' : 'west']);
/** Kind `hub`: person 1 pays twenty and is paid by twenty others. Kind `fair`: pairs of different people. */
const transfers = [
  ...Array.from({ length: 20 }, (_, index) => [index + 1, 1, index + 2, 'hub', 100 + index]),
  ...Array.from({ length: 20 }, (_, index) => [index + 21, index + 30, 1, 'hub', 100 + index]),
  ...Array.from({ length: 40 }, (_, index) => [index + 41, index + 2, ((index + 7) % 40) + 50, 'fair', 100 + index]),
];
/** Trade `wide`: 60 people of 30 employers. Trade `narrow`: 40 people of three employers. */
const insurance = [
  ...Array.from({ length: 60 }, (_, index) => [index + 1, index + 1, (index % 30) + 1, 4000 + 10 * index, 'wide']),
  ...Array.from({ length: 40 }, (_, index) => [index + 61, index + 61, 40 + (index % 3), 4000 + 10 * index, 'narrow']),
];

let bench: GateBench;
beforeAll(async () => {
  bench = await gateBench(DECLARATION, {
    'people.csv': csv(['person_id', 'district'], people),
    'transfers.csv': csv(['transfer_id', 'payer', 'payee', 'kind', 'amount'], transfers),
    'insurance.csv': csv(['row_id', 'person_id', 'employer', 'base', 'trade'], insurance),
  });
});
afterAll(() => bench.close());

async function rows(sql: string): Promise<readonly (readonly unknown[])[]> {
  const asked = await bench.ask(sql);
  if (!asked.ok) throw new Error(JSON.stringify(asked.error));
  return asked.value.table.rows;
}

describe('touching totals', () => {
  const BOTH = 'FROM transfers t JOIN people a ON t.payer = a.person_id JOIN people b ON t.payee = b.person_id';

  test('one who is payer or payee of every row dominates, though each instance alone passes', async () => {
    expect(await rows(`SELECT t.kind, sum(t.amount) AS s ${BOTH} GROUP BY t.kind`)).toEqual([['fair', 4780]]);
  });

  test('each instance alone is asked too', async () => {
    const found = await rows(
      `SELECT t.kind, count(DISTINCT b.person_id) AS payees, sum(t.amount) AS s ${BOTH} WHERE t.kind = 'fair' GROUP BY t.kind`,
    );
    expect(found).toEqual([['fair', 40, 4780]]);
  });
});

describe('units of another type inside a feature', () => {
  const FEATURES = '(SELECT person_id, trade, sum(base) AS b FROM insurance GROUP BY person_id, trade)';

  test('people of too few employers are withheld, though there are enough people', async () => {
    expect(await rows(`SELECT trade, count(*) AS n, avg(b) AS a FROM ${FEATURES} GROUP BY trade`)).toEqual([['wide', 60, 4295]]);
  });

  test('the plain aggregate over the same rows says the same', async () => {
    expect(await rows('SELECT trade, count(DISTINCT person_id) AS n, sum(base) AS s FROM insurance GROUP BY trade')).toEqual([
      ['wide', 60, 257_700],
    ]);
  });
});
