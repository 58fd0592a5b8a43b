import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DisclosureMode } from '../../src/catalog/disclosure-mode.ts';
import { answer, type Decided } from '../../src/pipeline.ts';
import { DECLARED_HEAD } from '../support/declared-head.ts';
import { fixedRng } from '../support/fixed-rng.ts';
import { csv, type GateBench, gateBench } from '../support/gate-bench.ts';

const TOWNS = ['a', 'b', 'c', 'd'] as const;
/** 227 people: 52, 57, 57 and 61 in the towns, a whole number from 0 to 40, and a flag that a third of them have. */
const people = Array.from({ length: 227 }, (_, id) => ({
  id,
  town: id < 52 ? 'a' : id < 109 ? 'b' : id < 166 ? 'c' : 'd',
  sex: id % 3 === 0 ? 'f' : 'm',
  cost: (id * 37) % 41,
  flag: id % 3 === 1 ? 1 : 0,
}));
const dimension = { type: 'VARCHAR', label: 'personal', role: 'dimension' };
const whole = (most: number) => ({ type: 'INTEGER', label: 'personal', role: 'measure', bounds: [0, most] });

describe('figures in the modes of gate.md §8', () => {
  let bench: GateBench;
  beforeAll(async () => {
    bench = await gateBench(
      {
        dataset: 'modes',
        ...DECLARED_HEAD,
        title: { zh: '模式', en: 'modes' },
        tables: {
          people: {
            file: 'people.csv',
            visibility: 'protected',
            primaryKey: ['id'],
            foreignKeys: [],
            units: { person: ['id'] },
            columns: {
              id: { type: 'INTEGER', label: 'personal', role: 'unitId' },
              town: { ...dimension, domain: [...TOWNS, 'nowhere'], publicDomain: true },
              sex: dimension,
              cost: whole(40),
              flag: whole(1),
            },
          },
        },
      },
      {
        'people.csv': csv(
          ['id', 'town', 'sex', 'cost', 'flag'],
          people.map((row) => [row.id, row.town, row.sex, row.cost, row.flag]),
        ),
      },
    );
  }, 60_000);
  afterAll(() => bench.close());

  async function ask(sql: string, mode: DisclosureMode, seed = 'noise'): Promise<Decided> {
    const asked = await answer(sql, { ...bench.context, mode }, { enclave: bench.enclave, rng: fixedRng(seed) });
    if (!asked.ok) throw new Error(asked.error.map((item) => `${item.code} ${JSON.stringify(item.facts)}`).join(', '));
    return asked.value;
  }
  const refused = async (sql: string, mode: DisclosureMode): Promise<readonly unknown[]> => {
    const asked = await answer(sql, { ...bench.context, mode }, { enclave: bench.enclave, rng: fixedRng('noise') });
    return asked.ok ? [] : asked.error.map((item) => [item.code, (item.facts as { construct?: string }).construct]);
  };
  const inTown = (town: unknown) => people.filter((row) => row.town === town);

  describe('rounded', () => {
    const five: DisclosureMode = { kind: 'rounded', to: 'five' };

    test('counts are multiples of five, and sums no finer than counts', async () => {
      const { table, admitted } = await ask('SELECT town, count(*) AS n, sum(flag) AS f FROM people GROUP BY town', five);
      expect(admitted.mode).toEqual(five);
      expect(table.rows.length).toBe(4);
      for (const [town, n, f] of table.rows) {
        expect(n).toBe(Math.round(inTown(town).length / 5) * 5);
        expect(Number(f) % 5).toBe(0);
      }
    });

    test('midpoints of six', async () => {
      const { table } = await ask('SELECT town, count(*) AS n FROM people GROUP BY town', { kind: 'rounded', to: 'midpoint-six' });
      for (const [town, n] of table.rows) expect(n).toBe(Math.ceil(inTown(town).length / 6) * 6 - 3);
    });

    test('totals are those of the rounded parts', async () => {
      const { table } = await ask('SELECT town, count(*) AS n FROM people GROUP BY GROUPING SETS ((town), ())', five);
      const total = table.rows.find(([town]) => town === null)?.[1];
      const parts = table.rows.filter(([town]) => town !== null).map(([, n]) => Number(n));
      expect(total).toBe(parts.reduce((sum, n) => sum + n, 0));
      expect(total).not.toBe(Math.round(people.length / 5) * 5);
    });

    test('means come of what is shown, and other aggregates are refused', async () => {
      const { table } = await ask('SELECT town, count(*) AS n, sum(cost) AS s, avg(cost) AS m FROM people GROUP BY town', five);
      for (const [, n, s, m] of table.rows) expect(m).toBe(Number(s) / Number(n));
      expect(await refused('SELECT stddev(cost) AS s FROM people', five)).toEqual([['mode.not_answered', 'aggregate']]);
    });
  });

  describe('cell-key', () => {
    const keyed: DisclosureMode = { kind: 'cell-key', most: 5, variance: 2 };

    test('the same people have the same figure, however they are asked for', async () => {
      const plain = await ask("SELECT count(*) AS n, sum(cost) AS s FROM people WHERE sex = 'm'", keyed);
      const grouped = await ask('SELECT sex, count(*) AS n, sum(cost) AS s FROM people GROUP BY sex', keyed);
      const counted = await ask("SELECT count(DISTINCT id) AS n, sum(cost) AS s FROM people WHERE NOT (sex <> 'm')", keyed);
      const [row] = plain.table.rows;
      expect(grouped.table.rows.find(([sex]) => sex === 'm')?.slice(1)).toEqual(row);
      expect(counted.table.rows[0]).toEqual(row);
    });

    test('no count moves by more than is said, and some do', async () => {
      const { table } = await ask('SELECT town, sex, count(*) AS n FROM people GROUP BY town, sex', keyed);
      const moves = table.rows.map(([town, sex, n]) => Number(n) - inTown(town).filter((row) => row.sex === sex).length);
      for (const move of moves) expect(Math.abs(move)).toBeLessThanOrEqual(5);
      expect(moves.some((move) => move !== 0)).toBe(true);
    });

    test('what is withheld stays withheld', async () => {
      const { table } = await ask('SELECT count(*) AS n FROM people WHERE cost >= 40', keyed);
      expect(table.rows.length).toBeLessThanOrEqual(1);
      for (const [n] of table.rows) expect(Number(n)).toBeGreaterThanOrEqual(5);
    });
  });

  describe('dp', () => {
    const dp: DisclosureMode = {
      kind: 'dp',
      noise: 'gaussian',
      unit: 'person',
      rhoPerQuery: 1,
      rhoPerGrant: 1,
      rhoOfDataset: 1,
      cellsPerUnit: 1,
      rowsPerCell: 1,
    };

    test.each(['gaussian', 'laplace'] as const)('%s: every public label is told, whether anybody has it or not', async (noise) => {
      const { table } = await ask('SELECT town, count(*) AS n, sum(cost) AS s FROM people GROUP BY town', { ...dp, noise });
      expect(table.rows.map(([town]) => town)).toEqual([...TOWNS, 'nowhere']);
      for (const [town, n] of table.rows) expect(Math.abs(Number(n) - inTown(town).length)).toBeLessThan(12);
    });

    test('other noise every time, and none of it from the text', async () => {
      const sql = 'SELECT town, count(*) AS n FROM people GROUP BY town';
      const [first, second] = [await ask(sql, { ...dp, rhoPerQuery: 0.01 }, 'one'), await ask(sql, { ...dp, rhoPerQuery: 0.01 }, 'two')];
      expect(first.table.rows).not.toEqual(second.table.rows);
    });

    test.each([
      ['SELECT sex, count(*) AS n FROM people GROUP BY sex', 'label'],
      ['SELECT median(cost) AS m FROM people', 'aggregate'],
      ['SELECT sum(cost * flag) AS s FROM people', 'bounds'],
      ['SELECT count(*) AS n FROM people WHERE EXISTS (SELECT 1 FROM people q WHERE q.id = people.id AND q.cost > 10)', 'condition'],
      ['SELECT avg(n) AS n FROM (SELECT id, count(*) AS n FROM people GROUP BY id) AS x', 'rows'],
    ])('refused, because its effect is not bounded: %s', async (sql, construct) => {
      expect(await refused(sql, dp)).toEqual([['mode.not_answered', construct]]);
    });

    test('a unit that the rows do not have is not protected, so that nothing is answered', async () => {
      expect(await refused('SELECT count(*) AS n FROM people', { ...dp, unit: 'household' })).toEqual([['mode.not_answered', 'rows']]);
    });

    test('means of what noise left none of are not told', async () => {
      const sql = "SELECT avg(cost) AS m, count(cost) AS n FROM people WHERE town = 'nowhere'";
      const seen = new Set<boolean>();
      for (const seed of ['1', '2', '3', '4', '5', '6']) {
        const [[m, n] = []] = (await ask(sql, { ...dp, rhoPerQuery: 0.001 }, seed)).table.rows;
        expect(m === null).toBe(Number(n) <= 0);
        seen.add(m === null);
      }
      expect([...seen].sort()).toEqual([false, true]);
    });
  });
});
