import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { printQuery } from '../../src/sandbox/sql/propose/print-query.ts';
import { type ParseEngine, parseEngine } from '../support/sql-text/parse-engine.ts';
import { NOWHERE } from '../support/sql-text/random-expression.ts';
import { randomQuery } from '../support/sql-text/random-query.ts';

let engine: ParseEngine;

beforeAll(async () => {
  engine = await parseEngine();
});

afterAll(() => engine.close());

function withoutPlaces(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, item: unknown) => (key === 'at' ? NOWHERE : item)));
}

test('what is proposed is read as the query that was meant', async () => {
  await fc.assert(
    fc.asyncProperty(randomQuery(2), async (query) => {
      const sql = printQuery(query);
      const read = await engine.read(sql);
      // A tree may be larger than one text may be.
      fc.pre(read.ok || !JSON.stringify(read.error).includes('"more than '));
      expect({ sql, read: read.ok ? withoutPlaces(read.value.query) : read.error }).toEqual({ sql, read: withoutPlaces(query) });
    }),
    { numRuns: 300 },
  );
}, 120_000);
