import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunStatement } from '../../../src/pipeline/enclave-fault.ts';
import { executeGate } from '../../../src/pipeline/execute-gate.ts';
import type { Condition } from '../../../src/sandbox/sql/model/condition.ts';
import type { GateProgram } from '../../../src/sandbox/sql/model/program.ts';
import { PERSON, policyOf, programOf, type SpecialBench, specialBench } from './special-bench.ts';

let bench: SpecialBench;

beforeAll(async () => {
  bench = await specialBench();
  await bench.run(
    `CREATE OR REPLACE TABLE t AS SELECT 'c' || (hash(i // 2) % 4) AS city, (i // 2)::INTEGER AS u, (hash(i // 2) % 256)::USMALLINT AS ub, i % 3 = 0 AS flag,
     (i % 100)::INTEGER AS a, i % 50 = 0 AS rare FROM range(60000) AS r(i)`,
  );
});

afterAll(() => bench.close());

const leaf = (id: number, text: string): Condition => ({ kind: 'leaf', id, text, sql: [`t0.${text}`], shown: [text] });
const [FEW, MOST] = [leaf(1, 'flag'), leaf(2, 'a < 90')];
const OTHERS: Condition = { kind: 'leaf', id: 3, text: 'NOT flag', sql: ['NOT t0.flag'], shown: ['NOT flag'] };

/** Two counts over rows that exclude each other, under a condition; 30,000 people. */
function gate(byCity: boolean): GateProgram {
  const counts = [0, 1].map((term) => ({ kind: 'count' as const, parts: [{ term, factor: '1' }] }));
  const plain = programOf(counts, [{ ...PERSON, size: 30_000 }], byCity);
  return {
    ...plain,
    keys: plain.keys.map((key) => ({ ...key, sql: 't0."city"' })),
    from: ['"t" AS t0'],
    unitsOf: { '"t"': ['person'] },
    where: MOST,
    pieces: [FEW, OTHERS],
    terms: [
      { kind: 'rows', piece: 0 },
      { kind: 'rows', piece: 1 },
    ],
  };
}

describe('samples that are asked ahead', () => {
  for (const byCity of [false, true]) {
    test(`are those that are asked for later, and change nothing${byCity ? ', by city' : ''}`, async () => {
      const ahead: string[] = [];
      const inTurn: string[] = [];
      const run: RunStatement = (sql) => {
        inTurn.push(sql);
        return bench.run(sql);
      };
      const beside = (sql: string): ReturnType<RunStatement> => {
        ahead.push(sql);
        return bench.run(sql);
      };
      const together = await executeGate('g', gate(byCity), policyOf(10), Object.assign(run, { beside }));
      const turns = inTurn.splice(0);
      const alone = await executeGate('g', gate(byCity), policyOf(10), (sql) => {
        inTurn.push(sql);
        return bench.run(sql);
      });
      expect(together.executed).toEqual(alone.executed);
      expect(alone.executed.cells.length).toBe(byCity ? 4 : 1);
      expect(ahead.length).toBe(byCity ? 3 : 2);
      expect([...turns, ...ahead].sort()).toEqual([...inTurn].sort());
    });
  }
});
