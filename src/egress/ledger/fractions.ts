import { addDecimals, type Decimal, integer, multiplyDecimals } from '../../kernel/decimal.ts';
import { inverseMod, mulMod, residueOf } from '../../kernel/modular.ts';
import { combineSketches, type Sketch } from './sketch.ts';

/** How often a figure counts in a combination. Source: ADR 0052. */
export interface Fraction {
  readonly numerator: number;
  readonly denominator: number;
}

/** Further digits behind the point of totals that were divided: they are weighed, not told. */
const FURTHER_DIGITS = 6;

/** What totals add up to, each times a fraction, rounded to so many digits behind the point: as exact as a figure of that scale. Source: ADR 0052. */
export function fractionTotal(parts: readonly { readonly total: Decimal; readonly coefficient: Fraction }[], scale: number): Decimal {
  const common = commonOf(parts);
  const sum = parts.reduce<Decimal>(
    (total, part) => addDecimals(total, multiplyDecimals(integer(wholeOf(part.coefficient, common)), part.total)),
    integer(0),
  );
  if (common === 1) return sum;
  const [up, down] = scale >= sum.scale ? [10n ** BigInt(scale - sum.scale), 1n] : [1n, 10n ** BigInt(sum.scale - scale)];
  return { digits: rounded(sum.digits * up, BigInt(common) * down), scale };
}

/** The sketch of the same. Its vectors are exact, its totals rounded where they have more digits. Source: ADR 0052. */
export function fractionSketch(parts: readonly { readonly sketch: Sketch; readonly coefficient: Fraction }[]): Sketch {
  const common = commonOf(parts);
  const sum = combineSketches(parts.map(({ sketch, coefficient }) => ({ sketch, coefficient: wholeOf(coefficient, common) })));
  if (common === 1) return sum;
  const factor = inverseMod(residueOf(common));
  const times = (vector: Uint32Array): Uint32Array => vector.map((value) => mulMod(value, factor));
  const digits = sum.totals.digits.map((value) => rounded(value * 10n ** BigInt(FURTHER_DIGITS), BigInt(common)));
  return {
    ...sum,
    lanes: times(sum.lanes),
    fine: sum.fine === null ? null : times(sum.fine),
    totals: { scale: sum.totals.scale + FURTHER_DIGITS, digits },
  };
}

/** The least common denominator. Source: ADR 0052. */
export function commonOf(parts: readonly { readonly coefficient: Fraction }[]): number {
  return parts.reduce((common, { coefficient: { denominator } }) => (common * denominator) / commonDivisor(common, denominator), 1);
}

function wholeOf({ numerator, denominator }: Fraction, common: number): number {
  return numerator * (common / denominator);
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

/** Half away from zero. */
function rounded(value: bigint, by: bigint): bigint {
  const size = value < 0n ? -value : value;
  const quotient = (2n * size + by) / (2n * by);
  return value < 0n ? -quotient : quotient;
}
