import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compareDecimals, type Decimal, decimalText, parseDecimal } from '../../../../src/kernel/decimal.ts';
import { GRIDS, gridBin, monthBin, nextDay, roundToGrid, roundToMonth } from '../../../../src/sandbox/sql/compile/grid.ts';

const grid = GRIDS.default ?? 'whole';
const WHOLE: Decimal = { digits: 1n, scale: 0 };

function read(text: string): Decimal {
  const value = parseDecimal(text);
  if (value === undefined) throw new Error(`${text} is no decimal`);
  return value;
}

describe('rounding to the grid', () => {
  test.each([
    ['0', '0'],
    ['7900', '8000'],
    ['7000', '6000'], // a midpoint: ties down
    ['9000', '8000'],
    ['9001', '10000'],
    ['20000', '20000'],
    ['1.1', '1'],
    ['1.11', '1.2'],
    ['0.0017', '0.0015'],
    ['999999', '1000000'],
    ['-7000', '-8000'], // down is towards the smaller number
    ['-6999', '-6000'],
    ['-1', '-1'],
  ])('%s becomes %s', (from, to) => {
    expect(decimalText(roundToGrid(read(from), grid))).toBe(to);
  });

  test('whole numbers keep ages', () => {
    expect(decimalText(roundToGrid(read('17.5'), 'whole'))).toBe('17');
    expect(decimalText(roundToGrid(read('-0.2'), 'whole'))).toBe('0');
    expect(gridBin(read('17'), 'whole', WHOLE).map(decimalText)).toEqual(['17', '18']);
  });

  test('rounding is idempotent and monotone', () => {
    const value = fc.integer({ min: -10_000_000, max: 10_000_000 }).map((n) => ({ digits: BigInt(n), scale: 2 }));
    fc.assert(
      fc.property(value, value, (a, b) => {
        const [x, y] = [roundToGrid(a, grid), roundToGrid(b, grid)];
        expect(compareDecimals(roundToGrid(x, grid), x)).toBe(0);
        if (compareDecimals(a, b) <= 0) expect(compareDecimals(x, y)).toBeLessThanOrEqual(0);
      }),
    );
  });
});

describe('bins', () => {
  test.each([
    ['0', '0', '1'],
    ['20000', '20000', '25000'],
    ['24999', '20000', '25000'],
    ['-20000', '-24999', '-19999'],
    ['-1', '-1', '0'],
  ])('%s lies in [%s, %s)', (value, from, to) => {
    expect(gridBin(read(value), grid, WHOLE).map(decimalText)).toEqual([from, to]);
  });

  test('every whole number lies in its bin, and one bin only', () => {
    fc.assert(
      fc.property(fc.integer({ min: -3000, max: 3000 }), fc.integer({ min: -3000, max: 3000 }), (a, b) => {
        const [x, y] = [read(String(a)), read(String(b))];
        const [from, to] = gridBin(x, grid, WHOLE);
        expect(compareDecimals(from, x) <= 0 && compareDecimals(x, to) < 0).toBe(true);
        const holdsOther = compareDecimals(from, y) <= 0 && compareDecimals(y, to) < 0;
        expect(gridBin(y, grid, WHOLE).map(decimalText).join() === [from, to].map(decimalText).join()).toBe(holdsOther);
      }),
    );
  });
});

describe('months', () => {
  test.each([
    ['1951-04-05', '1951-04-01'],
    ['1951-04-16', '1951-04-01'], // 15 days from both: ties down
    ['1951-04-17', '1951-05-01'],
    ['1999-12-31', '2000-01-01'],
    ['9999-12-31', '10000-01-01'],
    ['0050-05-30', '0050-06-01'],
  ])('%s rounds to %s', (from, to) => {
    expect(roundToMonth(from)).toBe(to);
  });

  test.each([
    ['2024-02-29', ['2024-02-01', '2024-03-01']],
    ['1999-12-01', ['1999-12-01', '2000-01-01']],
    ['0099-12-05', ['0099-12-01', '0100-01-01']],
    ['9999-12-05', ['9999-12-01', '10000-01-01']],
  ])('%s lies in %j', (date, bin) => {
    expect(monthBin(date)).toEqual(bin);
  });

  test('the next day', () => {
    expect([nextDay('2024-02-28'), nextDay('2023-02-28'), nextDay('9999-12-31')]).toEqual(['2024-02-29', '2023-03-01', '10000-01-01']);
  });
});
