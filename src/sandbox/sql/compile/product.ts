import { readColumnType } from '../../../catalog/column-type.ts';
import type { Column } from '../../../catalog/dataset.ts';
import {
  absoluteDecimal,
  compareDecimals,
  type Decimal,
  decimalText,
  integer,
  multiplyDecimals,
  parseDecimal,
} from '../../../kernel/decimal.ts';

/** A factor of a product: its SQL, and what is known of its size. */
export interface SizedFactor {
  readonly sql: string;
  /** Type of the SQL. */
  readonly type: string;
  readonly column: Column;
}

const BITS: Readonly<Record<string, number>> = {
  TINYINT: 7,
  SMALLINT: 15,
  INTEGER: 31,
  BIGINT: 63,
  UTINYINT: 8,
  USMALLINT: 16,
  UINTEGER: 32,
  UBIGINT: 64,
};
const SHORT_DIGITS = 18;
const LONG_DIGITS = 38;

/**
 * The SQL of a product that no value of the data can make fail: wide enough by type or by declared bounds (which the
 * loader checks), and NULL where even the widest number is too short. The engine does not widen by itself: the product
 * of two DECIMAL(15,2) is a DECIMAL(18,4), and that of two INTEGERs an INTEGER. Source: gate.md §9.
 */
export function productSql(factors: readonly SizedFactor[]): string {
  const sorted = [...factors].sort((a, b) => (a.sql < b.sql ? -1 : 1));
  const [first, ...others] = sorted;
  if (first === undefined) throw new Error('A product of nothing');
  if (others.length === 0) return first.sql;
  const plain = sorted.map((item) => item.sql).join(' * ');
  const widened = (type: string): string => [`CAST(${first.sql} AS ${type})`, ...others.map((item) => item.sql)].join(' * ');
  const bits = sorted.map((item) => BITS[item.type]);
  if (bits.every((item) => item !== undefined)) {
    const sum = bits.reduce<number>((total, item) => total + (item ?? 0), 0);
    if (sum <= 31 && sorted.every((item) => item.type === 'INTEGER')) return plain;
    return sum <= 63 ? widened('BIGINT') : sum <= 126 ? widened('HUGEINT') : `TRY(${widened('HUGEINT')})`;
  }
  const scales = sorted.map((item) => readColumnType(item.type)?.scale ?? 0);
  const scale = scales.reduce((total, item) => total + item, 0);
  const largest = boundOf(sorted);
  if (largest !== undefined && digitsBefore(largest) + scale <= SHORT_DIGITS) return plain;
  const long = widened(`DECIMAL(${LONG_DIGITS},${scales[0] ?? 0})`);
  return largest !== undefined && digitsBefore(largest) + scale <= LONG_DIGITS ? long : `TRY(${long})`;
}

/** The largest absolute value that the product can have by declared bounds; undefined where a factor has none. */
export function boundOf(factors: readonly SizedFactor[]): Decimal | undefined {
  let product = integer(1);
  for (const { column } of factors) {
    const [low, high] = (column.bounds ?? []).map((bound) => parseDecimal(String(bound)));
    if (low === undefined || high === undefined) return undefined;
    const [a, b] = [absoluteDecimal(low), absoluteDecimal(high)];
    product = multiplyDecimals(product, compareDecimals(a, b) >= 0 ? a : b);
  }
  return product;
}

function digitsBefore(value: Decimal): number {
  return (decimalText(value).split('.')[0] ?? '').length;
}
