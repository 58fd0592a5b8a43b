import { addDecimals, compareDecimals, type Decimal, decimalText, integer, multiplyDecimals, parseDecimal } from '../../kernel/decimal.ts';
import { type Masked, maskKnown, maskWhole, type ValueOperator } from '../operator.ts';
import { namesSomething } from '../ranked-column.ts';

/** From this width on a bin hides even what names somebody. */
const HIDING_WIDTH = integer(1_000_000);

/** Bins of one width, counted from 0, between codes for what is below and above. Numbers as decimal text. */
export interface NumberBins {
  readonly width: string;
  /** Values below are one bin, `<bottom`. */
  readonly bottom?: string | undefined;
  /** Values from here on are one bin, `≥top`. */
  readonly top?: string | undefined;
}

/**
 * A number as its bin `[20,30)`, or as a bottom or top code. Exact decimals, so that no value lands beside its bin. What is no plain
 * number is masked whole, and so is what by its form names somebody (a mobile or card number) where a bin is narrower than a million. Throws on a width that is not above 0. Nobody can go back. Source: GB/T 37964-2019 (泛化: 取整, 顶层底层编码).
 */
export function generaliseNumber(bins: NumberBins): ValueOperator {
  const width = parseDecimal(bins.width);
  if (width === undefined || width.digits <= 0n) throw new RangeError('A bin has a width above 0');
  const edges = { width, bottom: edge(bins.bottom), top: edge(bins.top) };
  return {
    kind: 'value',
    statement: {
      operator: 'generalise:number',
      reversible: false,
      by: 'nobody',
      releasable: true,
      joinable: true,
      leaves: { en: 'the numbers of a bin', zh: '同一区间内的全部数值' },
    },
    mask: (value) => maskNumber(value, edges),
  };
}

interface Edges {
  readonly width: Decimal;
  readonly bottom: Decimal | undefined;
  readonly top: Decimal | undefined;
}

function edge(text: string | undefined): Decimal | undefined {
  if (text === undefined) return undefined;
  const value = parseDecimal(text);
  if (value === undefined) throw new RangeError('An edge is a number');
  return value;
}

function maskNumber(value: string, { width, bottom, top }: Edges): Masked {
  const number = parseDecimal(value.trim());
  if (number === undefined) return maskWhole();
  if (bottom !== undefined && compareDecimals(number, bottom) < 0) return maskKnown(`<${decimalText(bottom)}`, null);
  if (top !== undefined && compareDecimals(number, top) >= 0) return maskKnown(`≥${decimalText(top)}`, null);
  // Ten neighbours of a mobile or card number are no bin: they are the number.
  if (compareDecimals(width, HIDING_WIDTH) < 0 && namesSomething(number)) return maskWhole();
  const low = multiplyDecimals(integer(floorQuotient(number, width)), width);
  const high = addDecimals(low, width);
  const from = bottom !== undefined && compareDecimals(low, bottom) < 0 ? bottom : low;
  const to = top !== undefined && compareDecimals(high, top) > 0 ? top : high;
  return maskKnown(`[${decimalText(from)},${decimalText(to)})`, null);
}

function floorQuotient(number: Decimal, width: Decimal): bigint {
  const scale = Math.max(number.scale, width.scale);
  const numerator = number.digits * 10n ** BigInt(scale - number.scale);
  const denominator = width.digits * 10n ** BigInt(scale - width.scale);
  const quotient = numerator / denominator;
  return numerator < 0n && quotient * denominator !== numerator ? quotient - 1n : quotient;
}
