import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DECLARED_HEAD } from '../support/declared-head.ts';
import { csv, type GateBench, gateBench } from '../support/gate-bench.ts';

const DECLARATION = {
  dataset: 'figures',
  ...DECLARED_HEAD,
  tables: {
    people: {
      file: 'people.csv',
      visibility: 'protected',
      primaryKey: ['person_id'],
      foreignKeys: [],
      units: { person: ['person_id'] },
      columns: {
        person_id: { type: 'INTEGER', label: 'personal', role: 'unitId' },
        area: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        member: { type: 'BOOLEAN', label: 'none', role: 'dimension' },
        cost: { type: 'DOUBLE', label: 'personal', role: 'measure' },
        price: { type: 'DECIMAL(18,4)', label: 'personal', role: 'measure' },
      },
    },
  },
};

let bench: GateBench;

beforeAll(async () => {
  const rows = Array.from({ length: 100 }, (_, index) => {
    const isExtreme = index === 1; // of area b
    return [
      index,
      index % 2 === 0 ? 'a' : 'b',
      String(index % 3 !== 0),
      isExtreme ? 1e8 : index,
      isExtreme ? 99_999_999 : (index * 37) % 100,
    ];
  });
  bench = await gateBench(DECLARATION, { 'people.csv': csv(['person_id', 'area', 'member', 'cost', 'price'], rows) });
}, 60_000);

afterAll(() => bench.close());

describe('an extreme figure in one cell', () => {
  test.each(['var_samp(cost)', 'stddev_pop(price)', 'covar_samp(cost, price)'])('%s of the other cells is answered', async (call) => {
    const answered = await bench.ask(`SELECT area, ${call} AS v, count(*) AS n FROM people GROUP BY area`);
    if (!answered.ok) throw new Error(JSON.stringify(answered.error));
    expect(answered.value.table.rows).toEqual([
      ['a', expect.any(Number), 50],
      ['b', null, 50],
    ]);
  });
});

test('the mode of a truth value is one', async () => {
  const answered = await bench.ask('SELECT mode(member) AS m FROM people');
  expect(answered.ok && answered.value.table).toEqual({ columns: [{ name: 'm', type: 'BOOLEAN' }], rows: [[true]] });
});
