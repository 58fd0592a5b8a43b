import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkOpen } from '../../../../../src/sandbox/sql/open/check-open.ts';
import { printOpenQuery } from '../../../../../src/sandbox/sql/open/print.ts';
import { type ReleasedValue, releasedRelation } from '../../../../../src/sandbox/sql/open/relation.ts';
import type { OpenTables } from '../../../../../src/sandbox/sql/open/scope.ts';
import { TestEngine } from './engine.ts';
import { COLUMNS, randomQuery, rowsOf } from './random-query.ts';

let one: TestEngine;
let four: TestEngine;
beforeAll(async () => {
  one = await TestEngine.open(1);
  four = await TestEngine.open(4);
});
afterAll(() => {
  one.close();
  four.close();
});

function released(rows: readonly (readonly ReleasedValue[])[]): OpenTables {
  const sql = `(${releasedRelation(COLUMNS, rows)})`;
  return (name) => (name === '__g0' ? { sql, columns: COLUMNS } : undefined);
}

describe('hostile values', () => {
  test('never make a query fail, and the answer is the same bytes in any order of rows and at any number of threads', async () => {
    let refused = 0;
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(randomQuery, rowsOf(10), async (input, rows) => {
        expect(checkOpen(input)).toEqual([]);
        runs += 1;
        const sql = printOpenQuery(input, released(rows));
        const isBound = await one.ask(printOpenQuery(input, released([]))).then(
          () => true,
          () => false,
        );
        if (!isBound) {
          refused += 1;
          return;
        }
        const answer = JSON.stringify((await one.ask(sql)).rows);
        expect(answer).not.toMatch(/"(NaN|-?Infinity)"/);
        const turned = printOpenQuery(input, released([...rows].reverse()));
        expect(JSON.stringify((await four.ask(turned)).rows)).toBe(answer);
      }),
      { numRuns: 300 },
    );
    // What does not bind compares a text with a number by < or >.
    expect(refused).toBeLessThan(runs / 3);
  });
});
