import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readBuckets } from '../../../../../src/pipeline/read-evidence.ts';
import type { Cell } from '../../../../../src/sandbox/enclave/port.ts';
import type { GateProgram } from '../../../../../src/sandbox/sql/model/program.ts';
import { bucketStatement } from '../../../../../src/sandbox/sql/statements/bucket-statement.ts';
import { laneStatement } from '../../../../../src/sandbox/sql/statements/lane-statement.ts';
import { type ParseEngine, parseEngine } from '../../../../support/sql-text/parse-engine.ts';

let engine: ParseEngine;
beforeAll(async () => {
  engine = await parseEngine();
});
afterAll(() => engine.close());

const PROGRAM = {
  from: ['t AS t0'],
  where: null,
  pieces: [],
  keys: [{ sql: 'k', name: 'k', id: 'k', publicLabels: null, sensitive: false }],
  terms: [
    { kind: 'rows', piece: null },
    { kind: 'value', piece: null, sql: 'y', factors: [], scale: 0, nullable: false, signs: 'nonnegative', sensitive: false },
  ],
  outputs: [],
  units: [{ type: 'person', number: 'u', bucket: 'b', size: 100, oneRow: false, touching: null }],
  rowsId: 't',
  bundle: 0,
  shownFrom: ['t'],
} as unknown as GateProgram;

const WHOLE = { reduction: { neutral: new Set<number>(), never: new Set<number>() }, selection: null };
const STATEMENTS = {
  buckets: bucketStatement(PROGRAM, 0, WHOLE, false),
  groups: bucketStatement(PROGRAM, 0, WHOLE, false, true),
  lanes: laneStatement(PROGRAM, 0, WHOLE),
};

interface Row {
  readonly k: number;
  readonly u: number;
  readonly y: number;
}

const ROWS = fc.array(
  fc.record({ k: fc.integer({ min: 0, max: 1 }), u: fc.integer({ min: 0, max: 90 }), y: fc.constantFrom(0, 0, 1, 2, 2, 2, 50) }),
  {
    minLength: 1,
    maxLength: 120,
  },
);

/** What all units together say: units, units with a value, units with a row that is not the commonest value. */
function naive(rows: readonly Row[]): {
  readonly units: number;
  readonly contributors: number;
  readonly off: number;
  readonly total: number;
} {
  const valued = rows.filter((row) => row.y !== 0);
  const off = [0, 1, 2, 50].map((value) => new Set(rows.filter((row) => row.y !== value).map((row) => row.u)).size);
  const count = (of: readonly Row[]): number => new Set(of.map((row) => row.u)).size;
  return { units: count(rows), contributors: count(valued), off: Math.min(...off), total: rows.reduce((sum, row) => sum + row.y, 0) };
}

test.each(Object.entries(STATEMENTS))(
  '%s never count more units than there are',
  async (_, sql) => {
    await fc.assert(
      fc.asyncProperty(ROWS, fc.func(fc.integer({ min: 0, max: 255 })), async (rows, bucketOf) => {
        const values = rows.map(({ k, u, y }) => `(${k}, ${u}, ${y}, ${bucketOf(u)}::USMALLINT)`);
        await engine.rows('CREATE OR REPLACE TABLE t (k INTEGER, u INTEGER, y INTEGER, b USMALLINT)');
        await engine.rows(`INSERT INTO t VALUES ${values.join(', ')}`);
        const found = await engine.rows(sql);
        const answer = {
          columns: found.names.map((name) => ({ name, type: 'VARCHAR' })),
          rows: found.rows as readonly (readonly Cell[])[],
        };
        for (const cell of readBuckets(PROGRAM, 0, answer)) {
          const own = naive(rows.filter((row) => row.k === cell.key[0]));
          const [counted, summed] = cell.evidence.terms;
          expect(cell.evidence.units).toBeLessThanOrEqual(own.units);
          expect(counted?.contributors).toBeLessThanOrEqual(own.units);
          expect(summed?.contributors).toBeLessThanOrEqual(own.contributors);
          expect(summed?.rowsOff ?? 0).toBeLessThanOrEqual(own.off);
          expect(Number(cell.answers[1]?.sum?.digits)).toBe(own.total);
        }
      }),
      { numRuns: 60 },
    );
  },
  60_000,
);

test.each(Object.entries(STATEMENTS))('%s clear a cell of many units', async (_, sql) => {
  await engine.rows(
    'CREATE OR REPLACE TABLE t AS SELECT 1 AS k, i AS u, (1 + i % 97)::INTEGER AS y, (hash(i) % 256)::USMALLINT AS b FROM range(2000) r(i)',
  );
  const found = await engine.rows(sql);
  const [cell] = readBuckets(PROGRAM, 0, {
    columns: found.names.map((name) => ({ name, type: 'VARCHAR' })),
    rows: found.rows as readonly (readonly Cell[])[],
  });
  for (const count of [cell?.evidence.units, cell?.evidence.terms[1]?.contributors, cell?.evidence.terms[1]?.rowsOff])
    expect(count).toBeGreaterThanOrEqual(20);
});
