import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunStatement } from '../../../src/pipeline/enclave-fault.ts';
import { executeGate } from '../../../src/pipeline/execute-gate.ts';
import { termsAhead } from '../../../src/pipeline/ledger-figures.ts';
import { cellName } from '../../../src/pipeline/read-evidence.ts';
import { sketchesOf } from '../../../src/pipeline/take-sketches.ts';
import type { Condition } from '../../../src/sandbox/sql/model/condition.ts';
import type { GateProgram, Term } from '../../../src/sandbox/sql/model/program.ts';
import { PERSON, policyOf, programOf, type SpecialBench, specialBench } from './special-bench.ts';

let bench: SpecialBench;

beforeAll(async () => {
  bench = await specialBench();
  // Every seventh row has no unit, one city has none at all; amounts of both signs, some NULL.
  await bench.run(
    `CREATE OR REPLACE TABLE t AS SELECT *, (u % 256)::USMALLINT AS ub FROM (SELECT city, CASE WHEN i % 7 > 0 AND city <> 'c3' THEN (i // 2)::INTEGER END AS u, flag, a, m FROM (
     SELECT i, 'c' || (hash(i // 2) % 4) AS city, i % 3 = 0 AS flag, (i % 100)::INTEGER AS a, CASE WHEN i % 11 > 0 THEN ((i * 37) % 9001 - 900)::DECIMAL(18,2) / 4 END::DECIMAL(18,2) AS m
     FROM range(6000) AS r(i)))`,
  );
});

afterAll(() => bench.close());

const leaf = (id: number, text: string): Condition => ({ kind: 'leaf', id, text, sql: [`t0.${text}`], shown: [text] });
const VALUE = { kind: 'value', piece: null, factors: [], nullable: true, sensitive: false } as const;
const TERMS: readonly Term[] = [
  { kind: 'rows', piece: 0 },
  { ...VALUE, sql: 't0.m', scale: 2, signs: 'mixed' },
  { ...VALUE, sql: 't0.a', scale: 0, signs: 'nonnegative' },
  { kind: 'present', piece: null, sql: 't0.m' },
  { kind: 'unit', piece: null, unit: 0 },
];

/** A gate of all kinds of terms, by cities that everybody knows. `most`: the condition, which moves many or nobody. */
function gate(labels: readonly string[] | null, most: string): GateProgram {
  const counts = [0, 3, 4].map((term) => ({ kind: 'count' as const, parts: [{ term, factor: '1' }] }));
  const sums = [1, 2].map((term) => ({ kind: 'sum' as const, parts: [{ term, factor: '1' }] }));
  const plain = programOf([...counts, ...sums], [PERSON], true);
  return {
    ...plain,
    keys: plain.keys.map((key) => ({ ...key, publicLabels: labels })),
    where: leaf(2, most),
    pieces: [leaf(1, 'flag')],
    terms: TERMS,
  };
}

async function taken(program: GateProgram, isAhead: boolean) {
  const asked: string[] = [];
  const run: RunStatement = (sql) => {
    asked.push(sql);
    return bench.run(sql);
  };
  const done = await executeGate('g', program, policyOf(10), run, isAhead ? termsAhead : null);
  const cells = done.executed.cells.map((cell) => cell.key).sort((a, b) => (cellName(a) < cellName(b) ? -1 : 1));
  const terms = TERMS.map((_, at) => at);
  const sketches = await sketchesOf(done, cells, terms, run);
  const { executed } = done;
  return { executed, found: cells.map((key) => terms.map((term) => sketches(cellName(key), term))), statements: asked.length };
}

describe('sketches that are taken along with the first pass', () => {
  for (const [what, most] of [
    ['cells stand on the whole condition', 'a < 60'],
    ['a condition is dropped', 'a >= 0'],
  ] as const)
    test(`are those that are asked for, where ${what}`, async () => {
      const program = gate(['c0', 'c1', 'c2', 'c3'], most);
      const ahead = await taken(program, true);
      const alone = await taken(program, false);
      expect(ahead.found).toEqual(alone.found);
      expect(ahead.executed).toEqual(alone.executed);
      expect(ahead.found.length).toBe(4);
      expect(ahead.found.flat(2).filter(({ sketch }) => sketch.lanes.some((value) => value !== 0)).length).toBe(15);
      expect(ahead.statements).toBeLessThanOrEqual(alone.statements);
      if (most === 'a < 60') expect(ahead.statements).toBe(alone.statements - 1);
    });

  test('are not where nobody knows how many cells there are, or there are many', async () => {
    const statements = async (labels: readonly string[] | null) =>
      (await taken(gate(labels, 'a < 60'), true)).statements - (await taken(gate(labels, 'a < 60'), false)).statements;
    expect(await statements(null)).toBe(0);
    expect(await statements(Array.from({ length: 300 }, (_, at) => `c${at}`))).toBe(0);
    expect(await statements(Array.from({ length: 299 }, (_, at) => `c${at}`))).toBe(-1);
  });

  test('are where a sample of units has few labels, and are not used where there are many cells after all', async () => {
    const plain = gate(null, 'a < 60');
    const keys = plain.keys.map((key) => ({ ...key, sql: 't0."city"' }));
    const sampled: GateProgram = { ...plain, from: ['"t" AS t0'], keys, units: [{ ...PERSON, size: 40_000 }] };
    const few = [await taken(sampled, true), await taken(sampled, false)] as const;
    expect(few[0].found).toEqual(few[1].found);
    expect(few[0].statements).toBe(few[1].statements - 1);
    await bench.run("CREATE OR REPLACE TABLE t AS SELECT * REPLACE (CASE WHEN u < 800 THEN 'c0' ELSE 'c' || (u % 400) END AS city) FROM t");
    const many = [await taken(sampled, true), await taken(sampled, false)] as const;
    expect(many[0].found.length).toBeGreaterThan(300);
    expect(many[0].found).toEqual(many[1].found);
    expect(many[0].executed).toEqual(many[1].executed);
    expect(many[0].statements).toBe(many[1].statements);
  });
});
