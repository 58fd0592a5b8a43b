import { ROLE_PERMISSIONS } from '../../../catalog/permissions.ts';
import { addDecimals, type Decimal, integer, multiplyDecimals, negateDecimal } from '../../../kernel/decimal.ts';
import type { Position } from '../ast.ts';
import { type BoundColumn, isOpenColumn } from '../model/bound.ts';
import { typeClass } from '../model/column-type.ts';
import type { Scalar, Test } from '../model/scalar.ts';
import { divideExactly } from './affine.ts';
import { chosenOf, isNotTrue } from './compare.ts';
import { columnDistanceOf, distanceOf } from './date-shapes.ts';
import { numberOf } from './fold.ts';
import { dayStart } from './grid.ts';
import { callName } from './leaves.ts';
import { notAllowed } from './literal-leaf.ts';
import { refuseConstruct } from './refusal.ts';
import { physicalColumn, shownColumn } from './scope.ts';

/** A column of a product. `whole` takes the year or the day of a date column. */
export interface Factor {
  readonly column: BoundColumn;
  readonly whole: 'year' | 'day' | null;
}

/** constant × product of factors. */
export interface Summand {
  readonly constant: Decimal;
  readonly factors: readonly Factor[];
}

/** The rows that satisfy all tests have this sum; NULL where a column of `guard` is NULL, or where `isNull`. */
export interface Alternative {
  readonly tests: readonly Test[];
  readonly summands: readonly Summand[];
  readonly guard: readonly BoundColumn[];
  readonly isNull: boolean;
}

const MAX_PIECES = 16;
const MAX_FACTORS = 3;

/**
 * The argument of an aggregate as disjoint alternatives, each a sum of constant × monomial. CASE and its relatives make
 * the alternatives; nothing but `+ - *`, division by a constant and numeric casts may stand between columns.
 * Source: gate.md §5 (arguments). Throws Refused for everything else.
 */
export function alternativesOf(scalar: Scalar): readonly Alternative[] {
  const found = expand(scalar);
  if (found.length > MAX_PIECES) return refuseConstruct(`more than ${MAX_PIECES} pieces in an aggregate`, scalar.at);
  return found.map((item) => ({ ...item, summands: collect(item.summands), guard: item.guard.filter((column) => !isSaid(column, item)) }));
}

/** Whether the tests of a piece say already that the column is not NULL. */
function isSaid(column: BoundColumn, { tests }: Alternative): boolean {
  const says = (test: Test): boolean =>
    test.kind === 'and'
      ? test.items.some(says)
      : test.kind === 'not'
        ? test.item.kind === 'isNull' && !test.item.negated && isOf(test.item.input)
        : test.kind === 'isNull' && test.negated && isOf(test.input);
  const isOf = (input: Scalar): boolean =>
    input.kind === 'column' && input.column.instance === column.instance && input.column.column.name === column.column.name;
  return tests.some(says);
}

const PLAIN = { tests: [], guard: [], isNull: false } as const;

function expand(scalar: Scalar): readonly Alternative[] {
  const { at } = scalar;
  switch (scalar.kind) {
    case 'literal': {
      if (scalar.type === 'null') return [{ ...PLAIN, summands: [], isNull: true }];
      if (scalar.type === 'boolean')
        return [{ ...PLAIN, summands: [{ constant: integer(scalar.text.toLowerCase() === 'true' ? 1 : 0), factors: [] }] }];
      const value = numberOf(scalar) ?? refuseConstruct('text inside an aggregate', at);
      return [{ ...PLAIN, summands: [{ constant: value, factors: [] }] }];
    }
    case 'column':
      return columnAlternatives(scalar.column, at);
    case 'cast':
      if (!/^(DECIMAL|DOUBLE|FLOAT|REAL|BIGINT|HUGEINT|INTEGER|INT)/.test(scalar.type))
        return refuseConstruct(`CAST to ${scalar.type} inside an aggregate`, at);
      return castAlternatives(scalar);
    case 'truth':
      return [
        { ...PLAIN, tests: [scalar.test], summands: [{ constant: integer(1), factors: [] }] },
        { ...PLAIN, tests: [isNotTrue(scalar.test)], summands: [] },
      ];
    case 'case':
      return caseAlternatives(scalar);
    case 'call': {
      const chosen = chosenOf(scalar);
      return chosen === undefined ? callAlternatives(scalar.name, scalar.arguments, scalar) : expand(chosen);
    }
    default:
      return refuseConstruct('value of another query inside an aggregate', at);
  }
}

/** Casts that cannot change the figure are transparent; one that rounds or overflows is refused. */
function castAlternatives(scalar: Extract<Scalar, { kind: 'cast' }>): readonly Alternative[] {
  const { input } = scalar;
  const isWhole = /INT/.test(scalar.type);
  if (isWhole && input.kind === 'column') {
    const whole = /^(TINYINT|SMALLINT|INTEGER|BIGINT|U\w+|HUGEINT|BOOLEAN)$/.test(input.column.column.type);
    const wide = scalar.type === 'BIGINT' || scalar.type === 'HUGEINT' || input.column.column.type === scalar.type;
    if (!whole || !wide) return refuseConstruct(`CAST to ${scalar.type} inside an aggregate`, scalar.at);
  } else if (isWhole && input.kind !== 'truth' && input.kind !== 'case' && input.kind !== 'literal') {
    return refuseConstruct(`CAST to ${scalar.type} inside an aggregate`, scalar.at);
  }
  return expand(input);
}

function columnAlternatives(column: BoundColumn, at: Position): readonly Alternative[] {
  const kind = typeClass(column.column);
  if (kind === 'boolean') {
    const test: Test = {
      kind: 'compare',
      operator: '=',
      left: { kind: 'column', column, at },
      right: { kind: 'literal', type: 'boolean', text: 'true', at },
      at,
    };
    return expand({ kind: 'truth', test, at });
  }
  if (kind !== 'number') return notAllowed(column, 'add up or average');
  const guard = column.column.nullable ? [column] : [];
  return [{ ...PLAIN, summands: [{ constant: integer(1), factors: [{ column, whole: null }] }], guard }];
}

function caseAlternatives(scalar: Extract<Scalar, { kind: 'case' }>): readonly Alternative[] {
  const before: Test[] = [];
  const found: Alternative[] = [];
  for (const branch of scalar.branches) {
    found.push(...expand(branch.then).map((item) => ({ ...item, tests: [...before, branch.when, ...item.tests] })));
    before.push(isNotTrue(branch.when));
  }
  found.push(...expand(scalar.otherwise).map((item) => ({ ...item, tests: [...before, ...item.tests] })));
  return found;
}

function callAlternatives(name: string, parts: readonly Scalar[], scalar: Extract<Scalar, { kind: 'call' }>): readonly Alternative[] {
  const [first, second] = parts;
  const { at } = scalar;
  const distance = distanceOf(scalar);
  if (distance !== undefined && (distance.unit === 'year' || distance.unit === 'day')) return distanceAlternatives(distance, scalar);
  const apart = columnsApart(scalar);
  if (apart !== undefined) return apart;
  if (first === undefined) return refuseConstruct(`${callName(scalar)} inside an aggregate`, at);
  if (second === undefined) {
    if (name === '-') return expand(first).map((item) => scaled(item, integer(-1)));
    if (name === '+') return expand(first);
    return refuseConstruct(`${callName(scalar)} inside an aggregate`, at);
  }
  if (parts.length !== 2) return refuseConstruct(`${callName(scalar)} inside an aggregate`, at);
  if (name === '+') return pairs(first, second, (a, b) => [...a.summands, ...b.summands]);
  if (name === '-') return pairs(first, second, (a, b) => [...a.summands, ...scaled(b, integer(-1)).summands]);
  if (name === '*') return pairs(first, second, (a, b) => a.summands.flatMap((x) => b.summands.map((y) => product(x, y, at))));
  if (name === '/') {
    const by = numberOf(second);
    if (by === undefined || by.digits === 0n) return refuseConstruct('division inside an aggregate (divide the aggregates instead)', at);
    return expand(first).map((item) => scaled(item, divideExactly(integer(1), by).value));
  }
  return refuseConstruct(`${callName(scalar)} inside an aggregate`, at);
}

function pairs(first: Scalar, second: Scalar, sum: (a: Alternative, b: Alternative) => readonly Summand[]): readonly Alternative[] {
  const others = expand(second);
  const own = expand(first);
  if (own.length * others.length > MAX_PIECES ** 2) return refuseConstruct(`more than ${MAX_PIECES} pieces in an aggregate`, first.at);
  return own.flatMap((a) =>
    others.map((b) => {
      const isNull = a.isNull || b.isNull;
      return { tests: [...a.tests, ...b.tests], summands: isNull ? [] : sum(a, b), guard: [...a.guard, ...b.guard], isNull };
    }),
  );
}

function scaled(alternative: Alternative, by: Decimal): Alternative {
  return { ...alternative, summands: alternative.summands.map((item) => ({ ...item, constant: multiplyDecimals(item.constant, by) })) };
}

function product(x: Summand, y: Summand, at: Position): Summand {
  const factors = [...x.factors, ...y.factors];
  if (factors.length > MAX_FACTORS) return refuseConstruct(`product of more than ${MAX_FACTORS} columns`, at);
  if (
    factors.length > 1 &&
    factors.some((item) => item.whole !== null || (item.column.column.role === 'quasiId' && !isOpenColumn(item.column)))
  )
    return refuseConstruct('product with a quasi-identifier', at);
  return { constant: multiplyDecimals(x.constant, y.constant), factors };
}

const DAY_MS = 86_400_000;

/** The distance of a date from a literal: the literal's year (or day) and the column's, each a summand. */
function distanceAlternatives(distance: NonNullable<ReturnType<typeof distanceOf>>, scalar: Scalar): readonly Alternative[] {
  const { column, literal, unit, sign } = distance;
  const year = Number(literal.text.slice(0, 4));
  const day = Math.floor(dayStart(year, Number(literal.text.slice(5, 7)), Number(literal.text.slice(8, 10))) / DAY_MS);
  const whole = unit === 'year' ? 'year' : 'day';
  const constant = integer(BigInt(unit === 'year' ? year : day));
  checkAveraged(column);
  const summands: readonly Summand[] = [
    { constant: sign === 1 ? constant : negateDecimal(constant), factors: [] },
    { constant: integer(sign === 1 ? -1 : 1), factors: [{ column: { ...column, at: scalar.at }, whole }] },
  ];
  return [{ ...PLAIN, summands, guard: column.column.nullable ? [column] : [] }];
}

function checkAveraged(column: BoundColumn): void {
  if (!isOpenColumn(column) && !ROLE_PERMISSIONS[column.column.role].aggregates.includes('avg_affine'))
    notAllowed(column, 'average its distance from a date');
}

/** `date_diff('day', a, b)`, `year(b) - year(a)`: the days, or years, of the one without those of the other, each a summand. */
function columnsApart(scalar: Extract<Scalar, { kind: 'call' }>): readonly Alternative[] | undefined {
  const apart = columnDistanceOf(scalar);
  if (apart === undefined) return undefined;
  const { from, to, unit } = apart;
  for (const column of [from, to]) checkAveraged(column);
  const summand = (column: BoundColumn, sign: 1 | -1): Summand => ({
    constant: integer(sign),
    factors: [{ column: { ...column, at: scalar.at }, whole: unit }],
  });
  return [{ ...PLAIN, summands: [summand(to, 1), summand(from, -1)], guard: [from, to].filter((item) => item.column.nullable) }];
}

/** Names of the factors of a summand: equal names, equal monomials. */
export function monomialName(summand: Summand): string {
  return summand.factors
    .map((item) => wholeOf(item, shownColumn(item.column)))
    .sort()
    .join(' * ');
}

/** The SQL of one factor. */
export function factorSql(factor: Factor): string {
  return wholeOf(factor, physicalColumn(factor.column));
}

function wholeOf(factor: Factor, column: string): string {
  if (factor.whole === 'year') return `year(${column})`;
  return factor.whole === 'day' ? `date_diff('day', DATE '1970-01-01', ${column})` : column;
}

function collect(summands: readonly Summand[]): readonly Summand[] {
  const found = new Map<string, Summand>();
  for (const item of summands) {
    const name = monomialName(item);
    const known = found.get(name);
    found.set(name, known === undefined ? item : { ...known, constant: addDecimals(known.constant, item.constant) });
  }
  return [...found.values()].filter((item) => item.constant.digits !== 0n);
}
