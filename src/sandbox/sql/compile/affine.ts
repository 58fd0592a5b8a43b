import { addDecimals, type Decimal, integer, multiplyDecimals, negateDecimal } from '../../../kernel/decimal.ts';
import type { BoundColumn } from '../model/bound.ts';
import { typeClass } from '../model/column-type.ts';
import type { Scalar } from '../model/scalar.ts';
import { numberOf } from './fold.ts';

/** factor × column + offset. */
export interface Affine {
  readonly column: BoundColumn;
  readonly factor: Decimal;
  readonly offset: Decimal;
}

/** The affine form of a scalar in one numeric column with literal coefficients; undefined where it has none. Source: gate-examples.md D17. */
export function affineOf(scalar: Scalar): Affine | undefined {
  if (scalar.kind === 'column')
    return typeClass(scalar.column.column) === 'number' ? { column: scalar.column, factor: integer(1), offset: integer(0) } : undefined;
  if (scalar.kind === 'cast') return /^(DECIMAL|DOUBLE|FLOAT|BIGINT|HUGEINT)/.test(scalar.type) ? affineOf(scalar.input) : undefined;
  if (scalar.kind !== 'call') return undefined;
  const [a, b] = scalar.arguments;
  if (a === undefined) return undefined;
  if (b === undefined) return scalar.name === '-' ? scaled(affineOf(a), integer(-1)) : scalar.name === '+' ? affineOf(a) : undefined;
  const [x, y] = [numberOf(a), numberOf(b)];
  if (scalar.name === '+') return y !== undefined ? shifted(affineOf(a), y) : x !== undefined ? shifted(affineOf(b), x) : undefined;
  if (scalar.name === '-')
    return y !== undefined
      ? shifted(affineOf(a), negateDecimal(y))
      : x !== undefined
        ? shifted(scaled(affineOf(b), integer(-1)), x)
        : undefined;
  if (scalar.name === '*') return y !== undefined ? scaled(affineOf(a), y) : x !== undefined ? scaled(affineOf(b), x) : undefined;
  if (scalar.name === '/' && y !== undefined && y.digits !== 0n) {
    const inverse = divideExactly(integer(1), y);
    return inverse.exact ? scaled(affineOf(a), inverse.value) : undefined;
  }
  return undefined;
}

function scaled(affine: Affine | undefined, by: Decimal): Affine | undefined {
  if (affine === undefined || by.digits === 0n) return undefined;
  return { ...affine, factor: multiplyDecimals(affine.factor, by), offset: multiplyDecimals(affine.offset, by) };
}

function shifted(affine: Affine | undefined, by: Decimal): Affine | undefined {
  return affine === undefined ? undefined : { ...affine, offset: addDecimals(affine.offset, by) };
}

const QUOTIENT_SCALE = 18;

/** a / b to 18 digits behind the point, and whether that is exact. `b` is not zero. */
export function divideExactly(a: Decimal, b: Decimal): { readonly value: Decimal; readonly exact: boolean } {
  const numerator = a.digits * 10n ** BigInt(b.scale + QUOTIENT_SCALE);
  const denominator = b.digits * 10n ** BigInt(a.scale);
  return { value: trimmed({ digits: numerator / denominator, scale: QUOTIENT_SCALE }), exact: numerator % denominator === 0n };
}

function trimmed(value: Decimal): Decimal {
  let { digits, scale } = value;
  while (scale > 0 && digits % 10n === 0n) {
    digits /= 10n;
    scale -= 1;
  }
  return { digits, scale };
}
