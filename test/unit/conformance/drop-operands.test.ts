import { describe, expect, test } from 'vitest';
import { dropOperands } from '../../conformance/oracle/drop-operands.ts';

describe('dropping operands from a canonical text', () => {
  test.each([
    ['the only one', 'SELECT 1 FROM t WHERE "a" < 5\nGROUP BY "g"', ['"a" < 5'], 'SELECT 1 FROM t WHERE TRUE\nGROUP BY "g"'],
    ['under AND', 'SELECT 1 FROM t WHERE ("a" < 5 AND "b" >= 2)', ['"b" >= 2'], 'SELECT 1 FROM t WHERE ("a" < 5 AND TRUE)'],
    ['under OR', 'SELECT 1 FROM t WHERE ("c" = \'x\' OR "c" = \'y\')', ['"c" = \'x\''], 'SELECT 1 FROM t WHERE (FALSE OR "c" = \'y\')'],
    [
      'a parent and its part',
      'SELECT 1 FROM t WHERE ("a" < 5 AND ("b" = 1 OR "c" = 2))',
      ['"b" = 1', '("b" = 1 OR "c" = 2)'],
      'SELECT 1 FROM t WHERE ("a" < 5 AND TRUE)',
    ],
    ['not a longer literal', 'SELECT 1 FROM t WHERE ("a" < 50 AND "a" < 5)', ['"a" < 5'], 'SELECT 1 FROM t WHERE ("a" < 50 AND TRUE)'],
  ])('%s', (_name, sql, operands, expected) => {
    expect(dropOperands(sql, operands)).toBe(expected);
  });

  test('an operand that is not there cannot be dropped', () => {
    expect(dropOperands('SELECT 1 FROM t WHERE "a" < 50', ['"a" < 5'])).toBeNull();
  });
});
