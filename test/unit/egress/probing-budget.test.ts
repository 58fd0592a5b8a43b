import { describe, expect, test } from 'vitest';
import {
  columnsOverBudget,
  isProbing,
  type KeyedProbe,
  PROBING_BUDGET,
  type ProbedOutcome,
  probingPeriod,
} from '../../../src/egress/probing-budget.ts';

const CLEAN: ProbedOutcome = { verdict: 'releasable', withheldRows: 0, withheldCells: 0, publicLabelsWithheld: null, findings: [] };
const literals = (column: string, count: number): readonly KeyedProbe[] =>
  Array.from({ length: count }, (_, index) => ({ column, digest: `${index}` }));

describe('the literals of a statement count', () => {
  test.each<[string, Partial<ProbedOutcome>]>([
    ['a row was withheld', { withheldRows: 1 }],
    ['a cell was withheld', { withheldCells: 1 }],
    ['a public label did not come out', { publicLabelsWithheld: 1 }],
    ['nothing came out', { verdict: 'withheld' }],
    ['a condition was dropped', { findings: [{ rule: 'operand.neutral' }] }],
    ['a figure was answered by an earlier release', { findings: [{ rule: 'ledger.answered' }] }],
  ])('where %s', (_, changed) => {
    expect(isProbing({ ...CLEAN, ...changed })).toBe(true);
  });

  test('and not where everything came out as asked', () => {
    expect(isProbing(CLEAN)).toBe(false);
    expect(isProbing({ ...CLEAN, publicLabelsWithheld: 0, findings: [{ rule: 'units' }] })).toBe(false);
  });
});

describe('the budget', () => {
  test('is passed by the ninth literal on a column, not by the eighth', () => {
    expect(columnsOverBudget(literals('persons.income', PROBING_BUDGET))).toEqual([]);
    expect(columnsOverBudget(literals('persons.income', PROBING_BUDGET + 1))).toEqual([{ column: 'persons.income', literals: 9 }]);
  });

  test('counts a literal once, however often it was used', () => {
    const eight = literals('persons.income', 8);
    expect(columnsOverBudget([...eight, ...eight, ...eight])).toEqual([]);
  });

  test('is each column’s own, and columns come by name', () => {
    const mixed = [...literals('b.y', 9), ...literals('a.x', 10), ...literals('c.z', 8)];
    expect(columnsOverBudget(mixed).map((item) => item.column)).toEqual(['a.x', 'b.y']);
  });

  test('can be another one', () => {
    expect(columnsOverBudget(literals('a.x', 3), 2)).toEqual([{ column: 'a.x', literals: 3 }]);
  });
});

test('a period is a calendar month in UTC', () => {
  expect(probingPeriod(new Date('2026-03-31T23:59:59.999Z'))).toBe('2026-03');
  expect(probingPeriod(new Date('2026-04-01T00:00:00.000Z'))).toBe('2026-04');
  expect(probingPeriod(new Date('2026-04-01T07:59:59.000+08:00'))).toBe('2026-03');
});
