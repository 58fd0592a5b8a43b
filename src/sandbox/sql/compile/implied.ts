import { ROLE_PERMISSIONS } from '../../../catalog/permissions.ts';
import { compareDecimals, type Decimal, integer, subtractDecimals } from '../../../kernel/decimal.ts';
import { type BoundColumn, isOpenColumn } from '../model/bound.ts';
import { typeClass } from '../model/column-type.ts';
import type { Functional } from '../model/program.ts';
import { columnsOfScalar, type Scalar, type Test } from '../model/scalar.ts';
import type { Factor } from './argument.ts';
import { datePartOf, truncationOf } from './date-shapes.ts';
import { numberOf } from './fold.ts';
import { physicalColumn } from './scope.ts';
import type { Made, TermTable } from './terms.ts';

const ONE = integer(1);
/** Widest range of a column's numbers that counts as one of them: whole numbers between two edges of the grid. */
const NARROW = integer(2);
const MAX_FACTORS = 3;
const MAX_IMPLIED = 8;
const NOT_THE_YEAR: ReadonlySet<string> = new Set(['month', 'quarter', 'hour', 'dayofweek', 'isodow']);
const NAMES: ReadonlySet<string> = new Set(['dayname', 'monthname', 'week', 'weekofyear']);

/**
 * Columns of which a key tells the number itself, or the year or day of the date: `age // 1`, the visits of a unit,
 * `date_trunc('month', d)`. Wider bins tell none. Source: ADR 0040.
 */
export function toldByKey(scalar: Scalar): readonly Factor[] {
  if (isCoarse(scalar)) return [];
  const factors = columnsOfScalar(scalar).flatMap((column): readonly Factor[] => {
    if (typeClass(column.column) === 'number') return isSummed(column) ? [{ column, whole: null }] : [];
    if (!isDate(column) || !isAveraged(column) || !tellsYear(scalar)) return [];
    const isDay = scalar.kind === 'column' || truncationOf(scalar)?.unit === 'day';
    return [{ column, whole: 'year' }, ...(isDay ? [{ column, whole: 'day' } as const] : [])];
  });
  return distinct(factors);
}

function isCoarse(scalar: Scalar): boolean {
  if (scalar.kind === 'cast') return isCoarse(scalar.input);
  if (scalar.kind !== 'call') return false;
  const [, second] = scalar.arguments;
  const by = second === undefined ? undefined : numberOf(second);
  if (by !== undefined && (scalar.name === '//' || scalar.name === '/') && compareDecimals(by, ONE) > 0) return true;
  if (by !== undefined && scalar.name === 'round') return true;
  return scalar.arguments.some(isCoarse);
}

function tellsYear(scalar: Scalar): boolean {
  const part = datePartOf(scalar);
  if (part !== undefined) return !NOT_THE_YEAR.has(part.unit);
  return scalar.kind !== 'call' || !NAMES.has(scalar.name);
}

function isDate({ column }: BoundColumn): boolean {
  return ['date', 'timestamp'].includes(typeClass(column));
}

function isSummed(bound: BoundColumn): boolean {
  return !isOpenColumn(bound) && ROLE_PERMISSIONS[bound.column.role].aggregates.includes('sum');
}

function isAveraged(bound: BoundColumn): boolean {
  return !isOpenColumn(bound) && ROLE_PERMISSIONS[bound.column.role].aggregates.includes('avg_affine');
}

/** What keys and conditions together say that a column is, in every row. */
export function pinnedFactors(
  keys: readonly { readonly tells: readonly Factor[]; readonly tests: readonly Test[] }[],
  tests: readonly Test[],
): readonly Factor[] {
  const ranges = new Map<string, { readonly column: BoundColumn; low?: Decimal; high?: Decimal }>();
  for (const test of [...tests, ...keys.flatMap((key) => key.tests)].flatMap(conjuncts)) {
    if (test.kind !== 'compare' || test.left.kind !== 'column' || test.right.kind !== 'literal') continue;
    const { column } = test.left;
    const value = numberOf(test.right);
    if (value === undefined || typeClass(column.column) !== 'number' || !isSummed(column)) continue;
    const name = physicalColumn(column);
    const range = ranges.get(name) ?? { column };
    ranges.set(name, range);
    const isLow = ['=', '>', '>='].includes(test.operator);
    const isHigh = ['=', '<', '<='].includes(test.operator);
    if (isLow && (range.low === undefined || compareDecimals(value, range.low) > 0)) range.low = value;
    if (isHigh && (range.high === undefined || compareDecimals(value, range.high) < 0)) range.high = value;
  }
  const narrow = [...ranges.values()].flatMap(({ column, low, high }): readonly Factor[] =>
    low !== undefined && high !== undefined && compareDecimals(subtractDecimals(high, low), NARROW) <= 0 ? [{ column, whole: null }] : [],
  );
  return distinct([...keys.flatMap((key) => key.tells), ...narrow]);
}

function conjuncts(test: Test): readonly Test[] {
  return test.kind === 'and' ? test.items.flatMap(conjuncts) : [test];
}

function distinct(factors: readonly Factor[]): readonly Factor[] {
  const nameOf = ({ column, whole }: Factor): string => `${physicalColumn(column)} ${whole ?? ''}`;
  return [...new Map(factors.map((factor) => [nameOf(factor), factor])).values()];
}

/**
 * Where rows are known to have x = 30, Σ m tells Σ m·x and Σ m·x² too: the ledger is told, so that what was learnt bin by
 * bin is held against the total of the product. At most eight for a figure; not for order statistics and moments.
 * Source: ADR 0040; gate.md §7.
 */
export function withImplied(functional: Functional, pinned: readonly Factor[], table: TermTable): Functional {
  if (pinned.length === 0 || !('parts' in functional)) return functional;
  const own = [...functional.parts.map((part) => part.term), ...(functional.kind === 'avg' ? [functional.count] : [])];
  const made = own.flatMap((term) => table.made(term) ?? []);
  const implied = made.flatMap((term) => multiplied(term, pinned)).slice(0, MAX_IMPLIED);
  return { ...functional, implied: implied.map(({ piece, factors, guard }) => table.value(piece, { constant: ONE, factors }, guard)) };
}

function multiplied(term: Made, pinned: readonly Factor[]): readonly Made[] {
  const found: Made[] = [];
  const grow = (factors: readonly Factor[], from: number): void => {
    for (const [index, factor] of pinned.entries()) {
      const isWhole = factor.whole !== null || factors.some((item) => item.whole !== null);
      if (index < from || factors.length >= MAX_FACTORS || (isWhole && factors.length > 0)) continue;
      const product = [...factors, factor];
      found.push({ ...term, factors: product });
      grow(product, index);
    }
  };
  grow(term.factors, 0);
  return found;
}
