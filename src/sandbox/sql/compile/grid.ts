import {
  absoluteDecimal,
  addDecimals,
  compareDecimals,
  type Decimal,
  integer,
  multiplyDecimals,
  negateDecimal,
  subtractDecimals,
} from '../../../kernel/decimal.ts';

/**
 * Grids that literals against protected columns are rounded to, by name: mantissas × 10ⁿ.
 * `whole` keeps whole numbers (ages in years). Dates are rounded to the month whatever the grid.
 * Source: gate.md §5 (predicates).
 */
export const GRIDS: Readonly<Record<string, readonly Decimal[] | 'whole'>> = {
  default: ['1', '1.2', '1.5', '2', '2.5', '3', '4', '5', '6', '8'].map(mantissa),
  '1-2-5': ['1', '2', '5'].map(mantissa),
  '1': ['1'].map(mantissa),
  whole: 'whole',
};

function mantissa(text: string): Decimal {
  const [whole = '0', fraction = ''] = text.split('.');
  return { digits: BigInt(whole + fraction), scale: fraction.length };
}

const TEN = integer(10);
const TENTH: Decimal = { digits: 1n, scale: 1 };

/** The two neighbouring grid points with `low <= value < high`, for value > 0. */
function neighbours(value: Decimal, grid: readonly Decimal[]): readonly [Decimal, Decimal] {
  let power = integer(1);
  while (compareDecimals(value, multiplyDecimals(power, TEN)) >= 0) power = multiplyDecimals(power, TEN);
  while (compareDecimals(value, power) < 0) power = multiplyDecimals(power, TENTH);
  const points = [...grid.map((point) => multiplyDecimals(point, power)), multiplyDecimals(power, TEN)];
  const above = points.findIndex((point) => compareDecimals(point, value) > 0);
  const low = points[above - 1];
  const high = points[above];
  if (low === undefined || high === undefined) throw new Error('A grid starts at 1');
  return [low, high];
}

/** The nearest whole number, ties down. */
function nearestWhole(value: Decimal): Decimal {
  const [low, high] = wholeNeighbours(value);
  return closer(value, low, high);
}

function wholeNeighbours(value: Decimal): readonly [Decimal, Decimal] {
  const unit = 10n ** BigInt(value.scale);
  const remainder = ((value.digits % unit) + unit) % unit;
  const low = integer((value.digits - remainder) / unit);
  return [low, addDecimals(low, integer(1))];
}

function closer(value: Decimal, low: Decimal, high: Decimal): Decimal {
  return compareDecimals(subtractDecimals(value, low), subtractDecimals(high, value)) <= 0 ? low : high;
}

/** The nearest grid point, ties towards the smaller number; 0 stays. Source: gate-examples.md D1. */
export function roundToGrid(value: Decimal, grid: readonly Decimal[] | 'whole'): Decimal {
  if (grid === 'whole') return nearestWhole(value);
  if (value.digits === 0n) return integer(0);
  if (value.digits > 0n) return closer(value, ...neighbours(value, grid));
  const [low, high] = neighbours(negateDecimal(value), grid);
  return closer(value, negateDecimal(high), negateDecimal(low));
}

/**
 * The bin `[from, to)` of the grid that holds the value: what an equality becomes.
 * @param step  the smallest distance the column's type can hold; the bin of 0 is `[0, step)`.
 */
export function gridBin(value: Decimal, grid: readonly Decimal[] | 'whole', step: Decimal): readonly [Decimal, Decimal] {
  if (grid === 'whole') return wholeNeighbours(value);
  if (value.digits === 0n) return [integer(0), step];
  if (value.digits > 0n) return neighbours(value, grid);
  const positive = negateDecimal(value);
  const [low, high] = neighbours(positive, grid);
  // The mirrored bins are (−high, −low]; on steps of the type: from the first step above −high, below the first above −low.
  return [stepAbove(negateDecimal(high), step), stepAbove(negateDecimal(low), step)];
}

/** The least multiple of the step above the value. */
function stepAbove(value: Decimal, step: Decimal): Decimal {
  const scale = Math.max(value.scale, step.scale);
  const [digits, size] = [value.digits * 10n ** BigInt(scale - value.scale), step.digits * 10n ** BigInt(scale - step.scale)];
  const remainder = ((digits % size) + size) % size;
  return { digits: digits - remainder + size, scale };
}

const DAY_MS = 86_400_000;

/** Midnight UTC of a day, months from 1. Not `Date.parse` nor `Date.UTC`: they end at the year 9999 and read year 50 as 1950. */
export function dayStart(year: number, month: number, day: number): number {
  return new Date(0).setUTCFullYear(year, month - 1, day);
}

function startOf(date: string): number {
  const [year = 1, month = 1, day = 1] = date.split('-').map(Number);
  return dayStart(year, month, day);
}

/** As the engine reads it: four digits of the year or more. */
function isoDay(ms: number): string {
  const at = new Date(ms);
  const parts = [at.getUTCMonth() + 1, at.getUTCDate()].map((part) => String(part).padStart(2, '0'));
  return [String(at.getUTCFullYear()).padStart(4, '0'), ...parts].join('-');
}

/** First days of the month that holds the ISO date, and of the next. Source: gate.md §5 (dates to the month). */
export function monthBin(date: string): readonly [string, string] {
  const [year = 1, month = 1] = date.split('-').map(Number);
  return [isoDay(dayStart(year, month, 1)), isoDay(dayStart(year, month + 1, 1))];
}

/** The nearest first of a month, ties down. Source: gate.md §5, gate-examples.md D1. */
export function roundToMonth(date: string): string {
  const [from, to] = monthBin(date);
  return startOf(date) - startOf(from) <= startOf(to) - startOf(date) ? from : to;
}

/** The day after an ISO date. Source: gate-examples.md D1 (comparisons are made half-open). */
export function nextDay(date: string): string {
  return isoDay(startOf(date) + DAY_MS);
}

/** In twentieths. Source: gate.md §5 (a fixed grid of q). */
const QUANTILES = [1, 2, 5, 10, 15, 18, 19] as const;

/** The point of {0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95} nearest to a fraction, the lower one of two, in twentieths. */
export function quantileTwentieths(asked: Decimal): number {
  const distance = (twentieths: number): Decimal => absoluteDecimal(subtractDecimals(asked, { digits: BigInt(twentieths * 5), scale: 2 }));
  return QUANTILES.reduce<number>((best, point) => (compareDecimals(distance(point), distance(best)) < 0 ? point : best), QUANTILES[0]);
}
