import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Condition, NOTHING_DROPPED, printCondition, printTemplate } from '../../../../../src/sandbox/sql/model/condition.ts';
import type { GateProgram } from '../../../../../src/sandbox/sql/model/program.ts';
import { joinedTables, plainJoins } from '../../../../../src/sandbox/sql/statements/plain-joins.ts';
import { publicCellsStatement, withImplied } from '../../../../../src/sandbox/sql/statements/public-cells.ts';
import { type ParseEngine, parseEngine } from '../../../../support/sql-text/parse-engine.ts';

let engine: ParseEngine;
beforeAll(async () => {
  engine = await parseEngine();
});
afterAll(() => engine.close());

const leaf = (id: number, sql: string): Condition => ({ kind: 'leaf', id, text: sql, sql: [sql], shown: [sql] });

/** Sales of shops (protected), each in a town of a region (public); towns and regions may be missing. */
const PROGRAM = {
  from: [
    '"sales" AS t0 LEFT JOIN "towns" AS t1 ON t0."town" = t1."id" LEFT JOIN "regions" AS t2 ON t1."region" = t2."id" AND t1."land" = t2."land"',
  ],
  where: {
    kind: 'and',
    id: 9,
    text: '',
    items: [
      leaf(1, 't1."id" IS NOT NULL'),
      leaf(2, 't2."title" = \'North\''),
      leaf(3, 't2."id" IS NOT NULL'),
      leaf(4, 't0."cost" < 3'),
      leaf(5, 't2."title" < t1."name"'),
    ],
  },
  pieces: [],
  keys: [{ sql: 't1."name"', name: 'name', id: 'name', publicLabels: null, sensitive: false }],
  terms: [],
} as unknown as GateProgram;

const number = fc.option(fc.integer({ min: 0, max: 3 }));
const TOWNS = fc.array(fc.record({ id: number, name: fc.constantFrom('Alm', 'Ost', 'Pum', null), region: number, land: number }), {
  maxLength: 6,
});
const REGIONS = fc.array(fc.record({ id: number, land: number, title: fc.constantFrom('North', 'South', null) }), { maxLength: 5 });
const SALES = fc.array(fc.record({ town: number, cost: fc.option(fc.integer({ min: 0, max: 5 })) }), { maxLength: 12 });

const text = (value: unknown): string => (value === null ? 'NULL' : typeof value === 'string' ? `'${value}'` : String(value));

async function fill(name: string, columns: string, rows: readonly object[]): Promise<void> {
  await engine.rows(`CREATE OR REPLACE TABLE ${name} (${columns})`);
  for (const row of rows) await engine.rows(`INSERT INTO ${name} VALUES (${Object.values(row).map(text).join(', ')})`);
}

async function fillAll(towns: readonly object[], regions: readonly object[], sales: readonly object[]): Promise<void> {
  await fill('towns', 'id INTEGER, name VARCHAR, region INTEGER, land INTEGER', towns);
  await fill('regions', 'id INTEGER, land INTEGER, title VARCHAR', regions);
  await fill('sales', 'town INTEGER, cost INTEGER', sales);
}

const FROM = printTemplate(PROGRAM.from, NOTHING_DROPPED);

test('an inner join in place of a presence test gives the same rows', async () => {
  await fc.assert(
    fc.asyncProperty(TOWNS, REGIONS, SALES, fc.subarray([1, 2, 3, 4, 5]), async (towns, regions, sales, dropped) => {
      await fillAll(towns, regions, sales);
      const reduction = { neutral: new Set(dropped), never: new Set<number>() };
      const { from, where } = plainJoins(PROGRAM, reduction);
      const columns = 'SELECT t0."town", t0."cost", t1."name", t2."title", count(*)';
      const ask = async (rows: string): Promise<unknown> => (await engine.rows(`${columns} FROM ${rows} GROUP BY ALL ORDER BY ALL`)).rows;
      const whole = PROGRAM.where === null ? 'TRUE' : printCondition(PROGRAM.where, reduction);
      expect(await ask(`${from} WHERE ${where}`)).toEqual(await ask(`${FROM} WHERE ${whole}`));
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('public tables list every cell that has a row, and what they decide is the same for all rows of a cell', async () => {
  await fc.assert(
    fc.asyncProperty(TOWNS, REGIONS, SALES, async (towns, regions, sales) => {
      await fillAll(towns, regions, sales);
      const asked = publicCellsStatement(PROGRAM, (table) => table !== '"sales"');
      if (asked === undefined) throw new Error('Not listed');
      expect(asked.conditions.map(({ id }) => id)).toEqual([1, 2, 3, 5]);
      const { rows } = await engine.rows(asked.sql);
      const listed = new Set(rows.map(([name]) => name));
      const whole = PROGRAM.where === null ? 'TRUE' : printCondition(PROGRAM.where, NOTHING_DROPPED);
      const found = await engine.rows(`SELECT DISTINCT t1."name" FROM ${FROM} WHERE ${whole}`);
      for (const [name] of found.rows) expect(listed).toContain(name);
      const told = withImplied(
        PROGRAM,
        new Set(asked.conditions.flatMap(({ id }, at) => (rows.every((row) => row[1 + at] === false) ? [id] : []))),
      );
      for (const id of told) {
        const { sql } = asked.conditions.find((condition) => condition.id === id) as { readonly sql: readonly string[] };
        const broken = await engine.rows(`SELECT DISTINCT t1."name" FROM ${FROM} WHERE (${sql[0]}) IS NOT TRUE`);
        for (const [name] of broken.rows) expect(listed).not.toContain(name);
      }
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('a condition that differs within a cell stays an operand', async () => {
  const towns = [
    { id: 1, name: 'Alm', region: 1, land: 1 },
    { id: 2, name: 'Alm', region: 2, land: 1 },
  ];
  const regions = [
    { id: 1, land: 1, title: 'North' },
    { id: 2, land: 1, title: 'South' },
  ];
  await fillAll(towns, regions, []);
  const asked = publicCellsStatement({ ...PROGRAM, where: leaf(2, 't2."title" = \'North\'') }, (table) => table !== '"sales"');
  expect((await engine.rows(asked?.sql ?? '')).rows).toEqual([['Alm', true]]);
});

test('keys of protected tables and other relations are not listed', () => {
  expect(publicCellsStatement(PROGRAM, (table) => table === '"regions"')).toBeUndefined();
  expect(
    publicCellsStatement({ ...PROGRAM, keys: [{ ...PROGRAM.keys[0], sql: 't0."town"' }] } as GateProgram, (table) => table !== '"sales"'),
  ).toBeUndefined();
  for (const from of [
    '(SELECT 1) AS t0',
    '"a" AS t0 JOIN "b" AS t1 ON TRUE',
    '"a" AS t0, "b" AS t1',
    '"a" AS t0 JOIN "b" AS t1 ON t0."x" = t1."y" OR TRUE',
  ])
    expect(joinedTables({ ...PROGRAM, from: [from] }, NOTHING_DROPPED)).toBeUndefined();
});
