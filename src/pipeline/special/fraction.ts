import { type Decimal, decimalText, multiplyDecimals } from '../../kernel/decimal.ts';

/** An exact quotient; the divisor is positive. */
export interface Fraction {
  readonly over: Decimal;
  readonly under: Decimal;
}

/** Significant digits kept before rounding to a double: the last of them never shows. */
const DIGITS = 40;

/** The nearest double, by long division of whole numbers; the same on every machine. Throws for a divisor that is not positive. */
export function fractionNumber({ over, under }: Fraction): number {
  if (under.digits <= 0n) throw new Error('A divisor is not positive');
  const [a, b] = [over.digits * 10n ** BigInt(under.scale), under.digits * 10n ** BigInt(over.scale)];
  if (a === 0n) return 0;
  const missing = DIGITS + String(b).length - String(a < 0n ? -a : a).length;
  const scale = Math.max(0, missing);
  return Number(decimalText({ digits: (a * 10n ** BigInt(scale)) / b, scale }));
}

/** One square root at the end, of an exact quotient. */
export function fractionRoot(fraction: Fraction): number {
  return Math.sqrt(fractionNumber(fraction));
}

export function square(value: Decimal): Decimal {
  return multiplyDecimals(value, value);
}
