import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DECLARED_HEAD } from '../support/declared-head.ts';
import { csv } from '../support/gate-bench.ts';
import { done, person, type RealPeople, realPeople } from '../support/real-people.ts';

const COUNT_BY_TOWN = 'SELECT town, count(*) AS n FROM people GROUP BY town';
const declaration = {
  dataset: 'published',
  ...DECLARED_HEAD,
  title: { zh: '标准表', en: 'published' },
  standardTables: [
    { name: 'everybody', sql: 'SELECT count(*) AS n, sum(cost) AS cost FROM people' },
    { name: 'towns', sql: COUNT_BY_TOWN },
  ],
  tables: {
    people: {
      file: 'people.csv',
      visibility: 'protected',
      primaryKey: ['id'],
      foreignKeys: [],
      units: { person: ['id'] },
      columns: {
        id: { type: 'INTEGER', label: 'personal', role: 'unitId' },
        town: { type: 'VARCHAR', label: 'personal', role: 'dimension' },
        age: { type: 'INTEGER', label: 'personal', role: 'quasiId', bounds: [0, 120] },
        cost: { type: 'INTEGER', label: 'personal', role: 'measure', bounds: [0, 1000] },
      },
    },
  },
};
const rows = Array.from({ length: 90 }, (_, id) => [
  id,
  id < 4 ? 'tiny' : id < 40 ? 'west' : 'east',
  id === 89 ? 97 : 20 + (id % 40),
  10 + ((id * 7) % 31),
]);
const files = (some: readonly (readonly (string | number)[])[]) => ({ 'people.csv': csv(['id', 'town', 'age', 'cost'], some) });
const cost = rows.reduce((sum, row) => sum + Number(row[3]), 0);

describe('tables that the owner publishes', () => {
  let people: RealPeople;
  const tables = async (who: string) => done(await people.operations.showDataset(person(who), 'published')).standardTables;
  beforeAll(async () => {
    people = await realPeople(declaration, files(rows));
  }, 120_000);
  afterAll(() => people.close());

  test('go through the gate like any other, and merchants get them as they are', async () => {
    const [everybody, towns] = await tables('merchant-a');
    // Four people of a town would be the total less the others: another town goes with them.
    expect(towns).toMatchObject({ name: 'towns', table: { rows: [['east', 50]] } });
    expect(everybody).toMatchObject({ name: 'everybody', table: { rows: [[90, cost]] } });
    expect(towns?.sql).toContain('GROUP BY');
  });

  test('who has no grant sees which there are, and no figure', async () => {
    expect((await tables('merchant-b')).map((item) => [item.name, item.table])).toEqual([
      ['everybody', undefined],
      ['towns', undefined],
    ]);
  });

  test('are released, with their event: what comes near is answered by them', async () => {
    const { real } = await people.submit('SELECT count(*) AS n, sum(cost) AS s FROM people WHERE age < 61 AND cost > 0');
    const request = await people.requestOf(real);
    expect(request.preview?.rows).toEqual([[90, cost]]);
    const entries = done(await people.operations.auditEntries(person('auditor-1'), { after: 0, limit: 500 }));
    expect(entries.filter((entry) => entry.operation === 'dataset.publish').map((entry) => entry.facts['tables'])).toEqual([
      ['everybody', 'towns'],
    ]);
  }, 60_000);

  test('of the next version are answered as before where fewer than ten differ', async () => {
    expect(await people.load(declaration, files([...rows, [90, 'east', 30, 1000]]))).toBe('done');
    const [everybody, towns] = await tables('merchant-a');
    expect(everybody?.table?.rows).toEqual([[90, cost]]);
    // What everybody can compute of the two tables there are: 90 − 50.
    expect(towns?.table?.rows).toEqual([
      ['east', 50],
      ['west', 40],
    ]);
  }, 60_000);

  test('that the gate refuses refuse the load, by name and place, and nothing of it stays', async () => {
    const broken = {
      ...declaration,
      standardTables: [...declaration.standardTables, { name: 'rows', sql: 'SELECT id, cost FROM people' }],
    };
    expect(new Set(await people.load(broken, {}))).toEqual(new Set(['declaration.standard_table']));
    expect(done(await people.operations.showDataset(person('merchant-a'), 'published')).currentVersion).toBe('v2');
    const twice = { ...declaration, standardTables: [...declaration.standardTables, { name: 'Towns', sql: COUNT_BY_TOWN }] };
    expect(await people.load(twice, {})).toEqual(['declaration.invalid']);
  }, 60_000);
});
