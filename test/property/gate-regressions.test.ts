import { afterAll, describe, expect, test } from 'vitest';
import { disagreements, isSame } from '../support/gate-oracle/compare.ts';
import { narrowDifferences } from '../support/gate-oracle/differences.ts';
import { oracleGates } from '../support/gate-oracle/statement.ts';
import { type LoadedWorld, loadWorld } from '../support/random-query/worlds.ts';

/** Shrunk counterexamples of the properties beside this file. */
const loaded = new Map<number, Promise<LoadedWorld>>();

afterAll(async () => {
  for (const world of loaded.values()) await (await world).close();
});

async function asked(seed: number, sql: string, k: number) {
  const known = loaded.get(seed) ?? loadWorld(seed, 1);
  loaded.set(seed, known);
  const world = await known;
  const raw = world.raw[0];
  const answered = await world.bench.ask(0, sql, k);
  if (raw === undefined || !answered.ok) throw new Error(JSON.stringify(answered));
  return { decided: answered.value, oracle: await oracleGates(answered.value, raw, k), raw };
}

describe('products', () => {
  // One person whose product does not fit decides whether the whole job is answered (gate.md §9: domain errors guarded).
  test.each([
    ['of an INTEGER', 'SELECT sum(p.income * p.income) AS a0 FROM people AS p'],
    ['of a DOUBLE', 'SELECT sum(p.debt * p.debt) AS a0 FROM people AS p'],
  ])('%s do not fail the job', async (_name, sql) => {
    const { decided, oracle } = await asked(8, sql, 5);
    expect(disagreements(decided, oracle)).toEqual([]);
  });
});

describe('UNION ALL of rows of units', () => {
  // The column has the type of the first branch; the figure does not fit it, and `answer` throws.
  test('of columns of two types gives a figure that the query above it can read', async () => {
    const union = 'SELECT p.person_id AS u, p.points AS x FROM people AS p UNION ALL SELECT m.person_id, m.orders_cost FROM orders AS m';
    const sql = `SELECT * FROM (SELECT sum(f.x) AS a0, count(*) AS a1 FROM (${union}) AS f) AS t WHERE a1 > 15`;
    const { decided, oracle } = await asked(5, sql, 3);
    expect(disagreements(decided, oracle)).toEqual([]);
  });
});

describe('neutral operands', () => {
  // deepMovesStatement counts the moves of a column that nobody contributes to any more: 0, and the operand goes.
  test('an operand inside FROM that moves k units stays where the piece of another column is dropped altogether', async () => {
    const sql = `SELECT CASE WHEN p.debt < 5 THEN 'low' ELSE 'high' END AS k0, sum(m.orders_cost) FILTER (WHERE m.orders_kind IN ('a', 'c')) AS a0, count(*) AS a1 FROM people AS p LEFT JOIN orders AS m ON m.person_id = p.person_id AND (m.orders_cost >= 3 AND m.orders_cost <= 19) GROUP BY 1`;
    const { decided, oracle } = await asked(2, sql, 5);
    expect(disagreements(decided, oracle, () => false)).toEqual([]);
  });
});

describe('the query that is shown as answered', () => {
  // A part without rows makes the sum of parts NULL in the text; the figure leaves that part out.
  test('gives the released figure', async () => {
    const sql =
      "SELECT CASE WHEN p.debt < 20000 THEN 'low' ELSE 'high' END AS k0, sum(CASE WHEN p.ill IN ('yes', 'no') THEN p.points ELSE 2 * p.income END) AS a0 FROM people AS p WHERE p.born >= DATE '1951-03-15' GROUP BY 1";
    const { decided, raw } = await asked(1, sql, 10);
    for (const gate of decided.gates) {
      for (const row of gate.table.rows) {
        const text =
          gate.answered.find((item) => item.rows.some((labels) => labels.every((label, index) => label === row[index])))?.sql ?? '';
        const shown = (await raw.query(text)).find((item) => item[0] === row[0]);
        expect(isSame(String(row[1]), shown?.[1] ?? null)).toBe(true);
      }
    }
  });
});

describe('differences within one result', () => {
  // Both pieces hold k people, and so does each without its condition; but six lie between them.
  test('two pieces of one cell differ in nobody or in at least k units', async () => {
    const sql = 'SELECT count(*) FILTER (WHERE p.income < 20000) AS a0, count(*) FILTER (WHERE p.income < 25000) AS a1 FROM people AS p';
    const { decided, oracle } = await asked(8, sql, 10);
    expect(narrowDifferences(decided, oracle, 10)).toEqual([]);
  });
});
