import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bucketPass, passWithMoves } from '../../../src/pipeline/gather-evidence.ts';
import { readCounts } from '../../../src/pipeline/read-evidence.ts';
import { type Condition, NOTHING_DROPPED } from '../../../src/sandbox/sql/model/condition.ts';
import type { GateProgram } from '../../../src/sandbox/sql/model/program.ts';
import { type Drop, withDrop } from '../../../src/sandbox/sql/statements/moved-rows.ts';
import { dropStatement } from '../../../src/sandbox/sql/statements/moves-statement.ts';
import { type BenchRow, PERSON, programOf, type SpecialBench, specialBench } from './special-bench.ts';

const RUNS = Number(process.env['FC_RUNS'] ?? 60);

let bench: SpecialBench;
beforeAll(async () => {
  bench = await specialBench();
});
afterAll(() => bench.close());

const leaf = (id: number, sql: string): Condition => ({ kind: 'leaf', id, text: sql, sql: [sql], shown: [sql] });
const [FLAG, LARGE] = [leaf(10, 't0.flag'), leaf(11, 't0.a >= 2')];
const AND: Condition = { kind: 'and', id: 12, text: 'both', items: [FLAG, LARGE] };
const OR: Condition = { kind: 'or', id: 12, text: 'either', items: [FLAG, LARGE] };
const DERIVED = '(SELECT city, u, ub, flag, a, sum(m) AS m FROM t GROUP BY city, u, ub, flag, a) AS t0';

function programWith(where: Condition, from = DERIVED): GateProgram {
  const value = {
    kind: 'value',
    piece: null,
    sql: 't0.a',
    factors: [],
    scale: 0,
    signs: 'nonnegative',
    nullable: true,
    sensitive: false,
  } as const;
  return { ...programOf([], [PERSON], true), from: [from], where, terms: [{ kind: 'rows', piece: null }, value] };
}

const ROW: fc.Arbitrary<BenchRow> = fc.record({
  city: fc.constantFrom('A', 'B', null),
  u: fc.option(fc.integer({ min: 1, max: 700 }), { freq: 8 }),
  v: fc.constant(null),
  flag: fc.boolean(),
  a: fc.option(fc.integer({ min: 0, max: 5 }), { freq: 6 }),
  cents: fc.integer({ min: 0, max: 999 }),
  label: fc.constant(null),
});

test('one pass tells of the rows without an operand and of what it moves as two statements do', { timeout: 120_000 }, async () => {
  const program = programWith(AND);
  await fc.assert(
    fc.asyncProperty(fc.array(ROW, { maxLength: 60 }), fc.constantFrom(FLAG, LARGE), async (rows, operand) => {
      await bench.fill(rows);
      const drop: Drop = { operand, how: 'neutral' };
      const together = await passWithMoves(program, { reduction: NOTHING_DROPPED, drop, selection: null }, 'buckets', bench.run);
      const variant = { reduction: withDrop(NOTHING_DROPPED, drop), selection: null };
      const pass = await bucketPass(program, variant, 'buckets', bench.run);
      expect(new Map(together?.pass.evidence)).toEqual(new Map(pass.evidence));
      const named = (cells: typeof pass.figures) => new Map(cells.map((cell) => [cell.name, cell.answers]));
      expect(named(together?.pass.figures ?? [])).toEqual(named(pass.figures));
      const sql = dropStatement(program, { unit: 0, reduction: NOTHING_DROPPED, selection: null, below: null }, drop) ?? '';
      const moves = readCounts(program, await bench.run(sql), 2);
      for (const { name } of pass.figures) {
        const [units = 0, touched = 0] = together?.moves.get(name) ?? [];
        const [expected = 0, some = 0] = moves.get(name) ?? [];
        expect([units, touched > 0]).toEqual([expected, some > 0]);
      }
      for (const name of moves.keys()) expect(together?.moves.has(name)).toBe(true);
    }),
    { numRuns: RUNS },
  );
});

test('an operand that takes rows away, and rows of plain tables, are not counted along', async () => {
  await bench.fill([]);
  const question = { reduction: NOTHING_DROPPED, drop: { operand: FLAG, how: 'neutral' }, selection: null } as const;
  expect(await passWithMoves(programWith(OR), question, 'buckets', bench.run)).toBeUndefined();
  expect(await passWithMoves(programWith(AND, 't AS t0'), question, 'buckets', bench.run)).toBeUndefined();
});
