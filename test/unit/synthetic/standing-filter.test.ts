import { describe, expect, test } from 'vitest';
import { readStandingFilters } from '../../../src/synthetic/standing-filter.ts';

describe('standing filters', () => {
  test.each([
    ["status = 'active'", 'status', { oneOf: ['active'], present: true }],
    ["Status <> 'a''b'", 'status', { noneOf: ["a'b"], present: true }],
    ['income >= -1.5', 'income', { least: -1.5, present: true }],
    ['income < 10', 'income', { most: 10, mostExclusive: true, present: true }],
    ["day BETWEEN DATE '2020-01-01' AND DATE '2020-12-31'", 'day', { least: '2020-01-01', most: '2020-12-31', present: true }],
    ['"a b" IN (1, 2)', 'a b', { oneOf: [1, 2], present: true }],
    ["x NOT IN ('p', 'q')", 'x', { noneOf: ['p', 'q'], present: true }],
    ['x IS NULL', 'x', { absent: true }],
    ['x IS NOT NULL', 'x', { present: true }],
  ] as const)('%s', (filter, column, demand) => {
    const read = readStandingFilters([filter]);
    expect(read.unread).toEqual([]);
    expect(read.demands.get(column)).toEqual(demand);
  });

  test('conditions joined by AND, with BETWEEN and the word inside a literal', () => {
    const read = readStandingFilters(["a = 'x AND y' AND b BETWEEN 1 AND 5 AND c > 0"]);
    expect(read.unread).toEqual([]);
    expect([...read.demands.keys()]).toEqual(['a', 'b', 'c']);
    expect(read.demands.get('a')).toEqual({ oneOf: ['x AND y'], present: true });
    expect(read.demands.get('b')).toMatchObject({ least: 1, most: 5 });
  });

  test.each(['length(a) > 3', 'a = 1 OR b = 2', 'a = b'])('"%s" is not read', (filter) => {
    expect(readStandingFilters([filter]).unread).toEqual([filter]);
  });
});
