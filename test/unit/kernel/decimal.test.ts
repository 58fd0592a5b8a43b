import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addDecimals,
  compareDecimals,
  type Decimal,
  decimalFigure,
  decimalNumber,
  decimalText,
  multiplyDecimals,
  parseDecimal,
  subtractDecimals,
} from '../../../src/kernel/decimal.ts';

function read(text: string): Decimal {
  const value = parseDecimal(text);
  if (value === undefined) throw new Error(`${text} is no decimal`);
  return value;
}

describe('decimals', () => {
  test.each([
    ['12', '12'],
    ['-3.50', '-3.5'],
    ['+0.000', '0'],
    ['-0', '0'],
    ['1e5', '100000'],
    ['1.25E-3', '0.00125'],
    ['-12.5e+1', '-125'],
    ['170141183460469231731687303715884105727', '170141183460469231731687303715884105727'],
  ])('%s is %s', (text, plain) => {
    expect(decimalText(read(text))).toBe(plain);
  });

  test.each(['', ' 1', '1 ', '1.', '.5', 'NaN', 'Infinity', '-inf', '0x10', '1_000', '1e', '1e9999', '１', '1,5', '--1'])(
    '%j is none',
    (text) => {
      expect(parseDecimal(text)).toBeUndefined();
    },
  );

  test('addition, subtraction and multiplication are exact whatever the scales', () => {
    const parts = fc.record({ digits: fc.bigInt({ min: -(10n ** 40n), max: 10n ** 40n }), scale: fc.integer({ min: 0, max: 12 }) });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        expect(compareDecimals(subtractDecimals(addDecimals(a, b), b), a)).toBe(0);
        expect(compareDecimals(multiplyDecimals(a, b), multiplyDecimals(b, a))).toBe(0);
        expect(compareDecimals(read(decimalText(a)), a)).toBe(0);
        expect(compareDecimals(a, b)).toBe(-compareDecimals(b, a) + 0);
      }),
    );
  });

  test('the nearest double is that of the text; a figure is a number where its digits fit', () => {
    const parts = fc.record({
      digits: fc.oneof(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), fc.bigInt({ min: -(10n ** 6n), max: 10n ** 6n })),
      scale: fc.integer({ min: 0, max: 20 }),
    });
    fc.assert(
      fc.property(parts, (value) => {
        const text = decimalText(value);
        expect(decimalNumber(value)).toBe(Number(text));
        const isShort = text.replace(/\D/g, '').length <= 15;
        expect(decimalFigure(value)).toBe(isShort ? Number(text) : text);
      }),
    );
  });

  test('short texts are read as long ones are', () => {
    const texts = fc.string({ unit: fc.constantFrom(...'0019.-+e'), maxLength: 17 });
    fc.assert(
      fc.property(texts, (text) => {
        const long = parseDecimal(/^\d/.test(text) ? `0000000000000000${text}` : text);
        const short = parseDecimal(text);
        expect(short).toEqual(long);
      }),
      { numRuns: 2000 },
    );
  });

  test('a tenth and two tenths are three tenths', () => {
    expect(decimalNumber(addDecimals(read('0.1'), read('0.2')))).toBe(0.3);
  });
});
