import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { combine } from '../../../src/egress/evidence-rules.ts';
import { executeGate } from '../../../src/pipeline/execute-gate.ts';
import { sampleLadder } from '../../../src/pipeline/unit-sample.ts';
import type { Condition } from '../../../src/sandbox/sql/model/condition.ts';
import type { GateProgram } from '../../../src/sandbox/sql/model/program.ts';
import { PERSON, policyOf, programOf, type SpecialBench, specialBench } from './special-bench.ts';

const RUNS = Number(process.env['FC_RUNS'] ?? 20);
/** Enough for a first look, two samples, and all units; the table holds 30,000 of them. */
const MANY_UNITS = 80_000;
const FEW_UNITS = 100;

let bench: SpecialBench;

beforeAll(async () => {
  bench = await specialBench();
  await bench.run(
    `CREATE OR REPLACE TABLE t AS SELECT 'c' || (hash(i // 2) % 4) AS city, (i // 2)::INTEGER AS u, (hash(i // 2) % 256)::USMALLINT AS ub, i % 3 = 0 AS flag,
     (i % 100)::INTEGER AS a FROM range(60000) AS r(i)`,
  );
});

afterAll(() => bench.close());

const leaf = (id: number, text: string): Condition => ({ kind: 'leaf', id, text, sql: [text], shown: [text] });
/** They move nobody, few people, people about k in a city, and many. */
const LEAVES = [
  't0.u <> 7',
  't0.u >= 12',
  't0.u % 2500 <> 3',
  't0.u % 700 <> 5',
  't0.u % 100 <> 5',
  't0.a < 90',
  't0.flag',
  't0.u < 29000',
  't0.a >= 0',
].map((text, index) => leaf(10 + index, text));
const WHERE = fc
  .subarray(LEAVES, { minLength: 1, maxLength: 3 })
  .map((items): Condition => (items.length === 1 ? (items[0] ?? leaf(1, 'TRUE')) : { kind: 'and', id: 99, text: 'all', items }));

function gate(where: Condition, byCity: boolean, size: number): GateProgram {
  const plain = programOf([{ kind: 'count', parts: [{ term: 0, factor: '1' }] }], [{ ...PERSON, size }], byCity);
  const keys = plain.keys.map((key) => ({ ...key, sql: 't0."city"' }));
  return { ...plain, keys, from: ['"t" AS t0'], unitsOf: { '"t"': ['person'] }, where, pieces: [], terms: [{ kind: 'rows', piece: null }] };
}

describe('samples of units', () => {
  test('are part of one another; a first look is for few cells', () => {
    const program = gate(leaf(10, 't0.flag'), false, 100_000);
    expect(sampleLadder(program, 0, 1)).toEqual([800, 2000, 12_500]);
    expect(sampleLadder(program, 0, 2)).toEqual([800, 2000, 12_500]);
    expect(sampleLadder(program, 0, 5)).toEqual([2000, 12_500]);
    expect(sampleLadder(gate(leaf(10, 't0.flag'), false, FEW_UNITS), 0, 1)).toEqual([]);
  });

  test('decide nothing: all units asked at once give the same cells', { timeout: 120_000 }, async () => {
    const seen = async (program: GateProgram): Promise<unknown> => {
      const { executed } = await executeGate('g', program, policyOf(10), bench.run);
      const cells = executed.cells.map(({ key, dropped, answered, outputs }) => ({
        key,
        dropped,
        answered,
        outputs: outputs.map(({ value, rules }) => ({ value, outcome: combine(rules) })),
      }));
      return cells.sort((a, b) => String(a.key).localeCompare(String(b.key)));
    };
    await fc.assert(
      fc.asyncProperty(WHERE, fc.boolean(), async (where, byCity) => {
        expect(await seen(gate(where, byCity, MANY_UNITS))).toEqual(await seen(gate(where, byCity, FEW_UNITS)));
      }),
      { numRuns: RUNS },
    );
  });
});
