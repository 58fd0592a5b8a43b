import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ParseEngine, parseEngine } from '../support/sql-text/parse-engine.ts';
import { printQuery } from '../support/sql-text/print-query.ts';
import { NOWHERE } from '../support/sql-text/random-expression.ts';
import { randomQuery } from '../support/sql-text/random-query.ts';
import { speller } from '../support/sql-text/speller.ts';

let engine: ParseEngine;

beforeAll(async () => {
  engine = await parseEngine();
});

afterAll(() => engine.close());

function withoutPlaces(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, item: unknown) => (key === 'at' ? NOWHERE : item)));
}

test('whatever is printed from a tree, in whatever spelling, is read as that tree', async () => {
  await fc.assert(
    fc.asyncProperty(randomQuery(2), fc.nat(), async (query, seed) => {
      const sql = printQuery(query, speller(seed));
      const read = await engine.read(sql);
      // A tree may be larger than one text may be.
      fc.pre(read.ok || !JSON.stringify(read.error).includes('"more than '));
      expect({ sql, read: read.ok ? withoutPlaces(read.value.query) : read.error }).toEqual({ sql, read: withoutPlaces(query) });
    }),
    { numRuns: 300 },
  );
}, 120_000);
