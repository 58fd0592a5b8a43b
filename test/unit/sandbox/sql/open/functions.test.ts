import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DATE_PARTS, OPEN_FUNCTIONS } from '../../../../../src/sandbox/sql/open/functions.ts';
import { TestEngine } from './engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await TestEngine.open(1);
});
afterAll(() => {
  engine.close();
});

/** Part of the grammar, not of the catalogue of functions. */
const SPELLED = new Set(['coalesce', 'ifnull', 'if', 'grouping']);

describe('the list of the open layer', () => {
  test('names each function once, and only functions of the engine that always give the same', async () => {
    const names = OPEN_FUNCTIONS.map((item) => item.name);
    expect(new Set(names).size).toBe(names.length);
    const rows = (await engine.ask('SELECT function_name, function_type, stability, has_side_effects FROM duckdb_functions()')).rows;
    for (const name of names.filter((item) => !SPELLED.has(item))) {
      const found = rows.filter((row) => row[0] === name);
      expect([name, found.length > 0]).toEqual([name, true]);
      const volatile = found.filter((row) => row[3] === true || (row[2] !== 'CONSISTENT' && row[1] !== 'macro'));
      expect([name, volatile]).toEqual([name, []]);
    }
  });

  test('has only parts of dates that the engine knows', async () => {
    for (const part of DATE_PARTS) {
      expect((await engine.ask(`SELECT date_part('${part}', DATE '2024-05-06') IS NOT NULL`)).rows).toEqual([[true]]);
      await engine.ask(`SELECT date_trunc('${part}', DATE '2024-05-06')`);
    }
  });

  test('shows how each is written', () => {
    for (const item of OPEN_FUNCTIONS)
      expect([item.name, item.signature.length > 0 && item.arity[0] <= item.arity[1]]).toEqual([item.name, true]);
  });
});
