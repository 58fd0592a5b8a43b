import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decimalText, parseDecimal } from '../../../../../src/kernel/decimal.ts';
import { boundedSql, figureOf, fromSteps, stepsSql } from '../../../../../src/sandbox/sql/statements/special/figure.ts';
import { type ParseEngine, parseEngine } from '../../../../support/sql-text/parse-engine.ts';

let engine: ParseEngine;

beforeAll(async () => {
  engine = await parseEngine();
});

afterAll(() => engine.close());

test('what is no exact number is no figure', () => {
  for (const type of ['DOUBLE', 'FLOAT', 'VARCHAR', 'DATE', 'BOOLEAN', 'DECIMAL(38,30)', 'BIGINT[]', 'constructor'])
    expect(figureOf(type)).toBeUndefined();
  expect(figureOf('DECIMAL(18,2)')).toEqual({ type: 'DECIMAL(18,2)', scale: 2, limit: null });
  expect(figureOf('DECIMAL(38,6)')).toEqual({ type: 'DECIMAL(38,6)', scale: 6, limit: 10n ** 22n });
  expect(figureOf('UBIGINT')?.limit).toBeNull();
  expect(figureOf('HUGEINT')?.limit).toBe(10n ** 28n);
});

test('every figure is a number of steps and back, cut where sums would not hold it', async () => {
  const types = [
    'TINYINT',
    'INTEGER',
    'BIGINT',
    'UBIGINT',
    'HUGEINT',
    'DECIMAL(4,1)',
    'DECIMAL(18,2)',
    'DECIMAL(18,9)',
    'DECIMAL(38,0)',
    'DECIMAL(38,6)',
    'DECIMAL(38,18)',
  ];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...types),
      fc.bigInt({ min: -(10n ** 38n) + 1n, max: 10n ** 38n - 1n }),
      fc.nat({ max: 38 }),
      async (type, digits, shorter) => {
        const figure = figureOf(type);
        if (figure === undefined) throw new Error('No figure');
        const text = decimalText({ digits: digits / 10n ** BigInt(shorter), scale: figure.scale });
        const value = `TRY_CAST('${text}' AS ${type})`;
        const bounded = boundedSql(value, figure);
        const { rows } = await engine.rows(
          `SELECT (${value})::VARCHAR, (${stepsSql(bounded, figure)})::VARCHAR, (${fromSteps(stepsSql(bounded, figure), figure)} = ${bounded})`,
        );
        const [own, steps, same] = rows[0] ?? [];
        if (own === null) return; // outside its type
        const { limit } = figure;
        const exact = parseDecimal(String(own));
        if (exact === undefined) throw new Error('No number');
        const whole = exact.digits * 10n ** BigInt(figure.scale - exact.scale);
        const cut = limit === null ? whole : whole > limit ? limit : whole < -limit ? -limit : whole;
        expect({ type, text, steps, same }).toEqual({ type, text, steps: String(cut), same: true });
      },
    ),
    { numRuns: 400 },
  );
});
