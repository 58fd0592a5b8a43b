import { ROLE_PERMISSIONS } from '../../../catalog/permissions.ts';
import { compareDecimals, type Decimal, integer, parseDecimal, subtractDecimals } from '../../../kernel/decimal.ts';
import type { ComparisonOperator } from '../ast.ts';
import { type BoundColumn, isOpenColumn, type TableInstance } from '../model/bound.ts';
import { typeClass, typeScale } from '../model/column-type.ts';
import type { Functional, Probe } from '../model/program.ts';
import { columnsOfScalar, columnsOfTest, type Scalar, type SemiJoin, type Test } from '../model/scalar.ts';
import type { Factor } from './argument.ts';
import { dateBound } from './date-bounds.ts';
import { numberOf } from './fold.ts';
import { physicalColumn } from './scope.ts';
import type { Made, TermTable } from './terms.ts';

const ONE = integer(1);
/** Widest range of a column's numbers that counts as one of them: between two edges of the grid. */
const NARROW = integer(2);
const MAX_FACTORS = 3;
const MAX_IMPLIED = 8;
/** Days between the dates of a condition that may leave a single year, or a single day. */
const YEAR_DAYS = 366;

/** What stands in a grouping key of which its columns may be read. */
export interface KeyRead {
  readonly tells: readonly Factor[];
  readonly reads: readonly Factor[];
  readonly tests: readonly Test[];
}

/**
 * Columns that stand in a key or condition, and the year and day of such dates: where all rows of a cell have the same of
 * it, a reader may know which. Whether they do, the data say (`constantMultiple`): a bin of a thousand holds one number
 * where all are multiples of a thousand. Source: ADR 0040.
 */
export function readByKey(scalar: Scalar): readonly Factor[] {
  return distinct(columnsOfScalar(scalar).flatMap((column) => probesOf(column, true)));
}

function probesOf(column: BoundColumn, withDates: boolean): readonly Factor[] {
  if (typeClass(column.column) === 'number') return isSummed(column) ? [{ column, whole: null }] : [];
  if (!withDates || !isDate(column) || !isAveraged(column)) return [];
  return [
    { column, whole: 'year' },
    { column, whole: 'day' },
  ];
}

/**
 * The same of conditions, of any shape; dates only where the literals that they are compared with lie close together.
 * Conditions of semi-joins say as much of the same tables among the rows.
 */
function readByTests(tests: readonly Test[], instances: readonly TableInstance[]): readonly Factor[] {
  const inside = tests.flatMap(semiJoinsIn).flatMap((semiJoin) => readByTests(semiJoin.tests, []));
  const dates = new Map<string, number[]>();
  for (const [column, text] of tests.flatMap(comparedWith)) {
    const days = Date.parse(text.slice(0, 10)) / 86_400_000;
    if (isDate(column) && !Number.isNaN(days)) dates.set(physicalColumn(column), [...(dates.get(physicalColumn(column)) ?? []), days]);
  }
  const isClose = (column: BoundColumn): boolean => {
    const days = dates.get(physicalColumn(column)) ?? [];
    return days.length > 1 && Math.max(...days) - Math.min(...days) <= YEAR_DAYS;
  };
  const own = tests.flatMap(columnsOfTest).flatMap((column) => probesOf(column, isClose(column)));
  const others = inside.flatMap(({ column, whole }) =>
    instances.flatMap((instance): readonly Factor[] =>
      instance.table.name === column.instance.table.name ? [{ column: { ...column, instance }, whole }] : [],
    ),
  );
  return distinct([...own, ...others]);
}

function semiJoinsIn(test: Test): readonly SemiJoin[] {
  if (test.kind === 'exists') return [test.semiJoin];
  if (test.kind === 'not') return semiJoinsIn(test.item);
  return test.kind === 'and' || test.kind === 'or' ? test.items.flatMap(semiJoinsIn) : [];
}

function comparedWith(test: Test): readonly (readonly [BoundColumn, string])[] {
  if (test.kind === 'and' || test.kind === 'or') return test.items.flatMap(comparedWith);
  if (test.kind === 'not') return comparedWith(test.item);
  if (test.kind !== 'compare') return [];
  // A month as text or number is a range of days like any other.
  const bound = test.right.kind === 'literal' ? dateBound(test.left, test.operator, test.right) : undefined;
  if (bound?.kind === 'order') return [[bound.comparison.column, bound.comparison.literal.text]];
  if (bound?.kind === 'range') return [bound.range.from, bound.range.from].map((text) => [bound.range.column, text] as const);
  const texts = [test.left, test.right].flatMap((side) => (side.kind === 'literal' ? [side.text] : []));
  // An equation stands for both ends.
  const ends = test.operator === '=' ? [...texts, ...texts] : texts;
  return columnsOfTest(test).flatMap((column) => ends.map((text) => [column, text] as const));
}

/**
 * Columns with fractions of which a key tells the number but for its last digits: `x // 1`. Wider bins tell none.
 * Source: ADR 0040.
 */
export function toldByKey(scalar: Scalar): readonly Factor[] {
  if (isCoarse(scalar)) return [];
  return distinct(columnsOfScalar(scalar).flatMap((column) => (hasFractions(column) ? [{ column, whole: null }] : [])));
}

/** Of whole numbers the data say whether all are the same; with fractions they hardly ever are. */
function hasFractions(column: BoundColumn): boolean {
  return typeClass(column.column) === 'number' && isSummed(column) && typeScale(column.column) !== 0;
}

function isCoarse(scalar: Scalar): boolean {
  if (scalar.kind === 'cast') return isCoarse(scalar.input);
  if (scalar.kind !== 'call') return false;
  const [, second] = scalar.arguments;
  const by = second === undefined ? undefined : numberOf(second);
  if (by !== undefined && (scalar.name === '//' || scalar.name === '/') && compareDecimals(by, ONE) > 0) return true;
  if (by !== undefined && (scalar.name === 'round' || scalar.name === 'trunc')) return true;
  return scalar.arguments.some(isCoarse);
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

/** What keys and conditions together say that a column with fractions is, nearly, in every row of a piece. */
export function pinnedFactors(keys: readonly KeyRead[], tests: readonly Test[]): readonly Factor[] {
  const ranges = new Map<string, { readonly column: BoundColumn; low?: Decimal; high?: Decimal }>();
  for (const test of [...tests, ...keys.flatMap((key) => key.tests)].flatMap(conjuncts)) {
    const compared = columnFirst(test);
    if (compared === undefined || !hasFractions(compared.column)) continue;
    const { column, operator, value } = compared;
    const name = physicalColumn(column);
    const range = ranges.get(name) ?? { column };
    ranges.set(name, range);
    const isLow = ['=', '>', '>='].includes(operator);
    const isHigh = ['=', '<', '<='].includes(operator);
    if (isLow && (range.low === undefined || compareDecimals(value, range.low) > 0)) range.low = value;
    if (isHigh && (range.high === undefined || compareDecimals(value, range.high) < 0)) range.high = value;
  }
  const narrow = [...ranges.values()].flatMap(({ column, low, high }): readonly Factor[] => {
    const [least, most] = boundsOf(column);
    const [from, to] = [low ?? least, high ?? most];
    return from !== undefined && to !== undefined && compareDecimals(subtractDecimals(to, from), NARROW) <= 0
      ? [{ column, whole: null }]
      : [];
  });
  return distinct([...keys.flatMap((key) => key.tells), ...narrow]);
}

const MIRRORED: Readonly<Record<string, string>> = { '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

function columnFirst(test: Test): { readonly column: BoundColumn; readonly operator: string; readonly value: Decimal } | undefined {
  if (test.kind !== 'compare') return undefined;
  const { left, right, operator } = test;
  const [of, by] = left.kind === 'column' ? [left, right] : [right, left];
  const value = numberOf(by);
  if (of.kind !== 'column' || value === undefined) return undefined;
  return { column: of.column, operator: of === left ? operator : (MIRRORED[operator] ?? operator), value };
}

/** The declared ends of a column. */
function boundsOf({ column }: BoundColumn): readonly (Decimal | undefined)[] {
  return (column.bounds ?? []).map((bound) => parseDecimal(String(bound)));
}

const OPPOSITE: Readonly<Record<string, ComparisonOperator>> = { '<': '>=', '<=': '>', '>': '<=', '>=': '<' };

/** What must hold all at once; NOT of a comparison or of OR is taken inside. */
function conjuncts(test: Test): readonly Test[] {
  if (test.kind === 'and') return test.items.flatMap(conjuncts);
  if (test.kind !== 'not') return [test];
  const { item, at } = test;
  if (item.kind === 'not') return conjuncts(item.item);
  if (item.kind === 'or') return item.items.flatMap((one) => conjuncts({ kind: 'not', item: one, at }));
  const opposite = item.kind === 'compare' ? OPPOSITE[item.operator] : undefined;
  return item.kind === 'compare' && opposite !== undefined ? [{ ...item, operator: opposite }] : [];
}

function distinct(factors: readonly Factor[]): readonly Factor[] {
  const nameOf = ({ column, whole }: Factor): string => `${physicalColumn(column)} ${whole ?? ''}`;
  return [...new Map(factors.map((factor) => [nameOf(factor), factor])).values()];
}

/**
 * Terms that a figure tells beside its own: where rows are known to have x = 30 or nearly, Σ m tells Σ m·x and Σ m·x² too;
 * a variance or covariance tells, beside averages and a number, the sums of squares and products that it is made of. The
 * ledger is told, so that what was learnt bin by bin is held against the total of the product. At most eight for a figure.
 * Source: ADR 0040; gate.md §7.
 */
export function withImplied(functional: Functional, pinnedIn: (piece: number | null) => readonly Factor[], table: TermTable): Functional {
  const own = ownTerms(functional);
  const made = own.flatMap((term) => table.made(term) ?? []);
  const products = isOfProducts(functional) ? productsOf(made) : [];
  const implied = [...products, ...made.flatMap((term) => multiplied(term, pinnedIn(term.piece)))].slice(0, MAX_IMPLIED);
  if (implied.length === 0 || !('parts' in functional || isOfProducts(functional))) return functional;
  return { ...functional, implied: implied.map(({ piece, factors, guard }) => table.value(piece, { constant: ONE, factors }, guard)) };
}

function ownTerms(functional: Functional): readonly number[] {
  if ('parts' in functional)
    return [...functional.parts.map((part) => part.term), ...(functional.kind === 'avg' ? [functional.count] : [])];
  return isOfProducts(functional) ? functional.terms : [];
}

function isOfProducts(functional: Functional): functional is Extract<Functional, { kind: 'moment' | 'pair' }> {
  return functional.kind === 'moment' || functional.kind === 'pair';
}

/** Squares of the columns, and their product. */
function productsOf(made: readonly Made[]): readonly Made[] {
  const guard = made.flatMap((term) => term.guard);
  return made.flatMap((one, index) =>
    made.slice(index).map((other) => ({ piece: one.piece, factors: [...one.factors, ...other.factors], guard })),
  );
}

/**
 * For every column that a key, or a condition on the rows or a piece, reads: its sum and the rows there, by which the
 * data show whether all rows have the same of it. Source: ADR 0040.
 */
export function probesFor(
  functionals: readonly Functional[],
  keys: readonly KeyRead[],
  { tests, instances }: { readonly tests: readonly Test[]; readonly instances: readonly TableInstance[] },
  table: TermTable,
): readonly Probe[] {
  const pieces = new Set(functionals.flatMap(ownTerms).flatMap((term) => table.made(term)?.piece ?? null));
  const whole = [...keys.flatMap((key) => key.reads), ...readByTests([...tests, ...keys.flatMap((key) => key.tests)], instances)];
  return [...new Set([null, ...pieces])].flatMap((piece) =>
    distinct(piece === null ? whole : readByTests(table.testsOf(piece), instances)).map((factor): Probe => {
      const sum = table.value(piece, { constant: ONE, factors: [factor] }, []);
      return { piece, rows: table.rows(piece), sum, family: factor.column.column.factFamily, isDate: factor.whole !== null };
    }),
  );
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
