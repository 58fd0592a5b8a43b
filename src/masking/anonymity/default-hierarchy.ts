import type { TypeFamily } from '../../catalog/column-type.ts';
import type { Hierarchy } from '../hierarchy.ts';
import type { ValueOperator } from '../operator.ts';
import { generaliseDate } from '../operators/generalise-date.ts';
import { generaliseNumber } from '../operators/generalise-number.ts';
import { generaliseRegion } from '../operators/generalise-region.ts';

const NUMBER_LEVELS = 5;
/** Bins at the finest level. */
const FINEST = 32;

/**
 * Levels for a column without a hierarchy file: numbers in bins that double in width, dates to month, quarter, year and decade, region codes up the tree of GB/T 2260, other texts and booleans to `*` at once. The width comes from `range`,
 * which the caller takes from the declared bounds where there are any. Undefined where a value is no number or date. Source: GB/T 37964-2019 (泛化: 取整); GB/T 2260-2007; Samarati 2001.
 */
export function defaultHierarchy(
  family: TypeFamily,
  values: readonly (string | null)[],
  range: readonly [number, number] | null,
  semantic?: string,
): Hierarchy | undefined {
  const operators = defaultLevels(family, values, range, semantic);
  if (operators === undefined) return undefined;
  const names = new Map<string, readonly string[]>();
  for (const value of values) {
    if (value === null) continue;
    const masked = operators.map((operator) => operator.mask(value, null));
    if (masked.some((item) => !item.recognised)) return undefined;
    names.set(
      value,
      masked.map((item) => item.text),
    );
  }
  return { levels: operators.length, names };
}

/** What makes each level of such a column, the finest first, by the values of the table. Source: as `defaultHierarchy`. */
export function defaultLevels(
  family: TypeFamily,
  values: readonly (string | null)[],
  range: readonly [number, number] | null,
  semantic?: string,
): readonly ValueOperator[] | undefined {
  return semantic === 'region' ? regionOperators(values) : operatorsFor(family, values, range);
}

/** County (where codes are finer than counties), prefecture, province. */
function regionOperators(values: readonly (string | null)[]): readonly ValueOperator[] {
  const isFiner = values.some((value) => value !== null && value.trim().length > 6);
  return [...(isFiner ? (['county'] as const) : []), 'prefecture' as const, 'province' as const].map(generaliseRegion);
}

function operatorsFor(
  family: TypeFamily,
  values: readonly (string | null)[],
  range: readonly [number, number] | null,
): readonly ValueOperator[] | undefined {
  if (family === 'date' || family === 'timestamp') return (['month', 'quarter', 'year', 'decade'] as const).map(generaliseDate);
  if (family === 'text' || family === 'boolean') return [];
  const [low, high] = range ?? rangeOf(values);
  if (!Number.isFinite(high - low)) return values.every((value) => value === null) ? [] : undefined;
  const finest = niceWidth((high - low) / FINEST, family === 'integer');
  return Array.from({ length: NUMBER_LEVELS }, (_, level) => generaliseNumber({ width: plain(finest * 2 ** level) }));
}

function rangeOf(values: readonly (string | null)[]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value === null) continue;
    const number = value.trim() === '' ? Number.NaN : Number(value);
    if (!Number.isFinite(number)) return [Number.NaN, Number.NaN];
    if (number < low) low = number;
    if (number > high) high = number;
  }
  return [low, high];
}

/** The next 1, 2 or 5 times a power of ten; at least 2 for whole numbers, so that a level generalises. */
function niceWidth(width: number, whole: boolean): number {
  if (!(width > 0)) return whole ? 2 : 1;
  const power = 10 ** Math.floor(Math.log10(width));
  const nice = ([1, 2, 5, 10].find((step) => step * power >= width - 1e-12) ?? 10) * power;
  return whole ? Math.max(2, Math.round(nice)) : nice;
}

function plain(width: number): string {
  return width.toFixed(10).replace(/\.?0+$/, '');
}
