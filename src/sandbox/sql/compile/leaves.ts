import { quoteText } from '../../../catalog/identifier.ts';
import { ROLE_PERMISSIONS } from '../../../catalog/permissions.ts';
import { decimalText, subtractDecimals } from '../../../kernel/decimal.ts';
import type { ComparisonOperator, Position } from '../ast.ts';
import { type BoundColumn, isOpenColumn } from '../model/bound.ts';
import { typeClass } from '../model/column-type.ts';
import { columnsOfScalar, type Scalar, type Test } from '../model/scalar.ts';
import { affineOf, divideExactly } from './affine.ts';
import { columnDistance } from './column-distance.ts';
import { checkCompared, columnsComparison, type PrintedLeaf } from './columns-leaf.ts';
import type { Compilation } from './context.ts';
import { type DayRange, dateBound, shiftedPart } from './date-bounds.ts';
import { datePartOf, dayDistance, distanceBound } from './date-shapes.ts';
import { numberOf } from './fold.ts';
import { type ColumnLeaf, isExact, literalLeaf, notAllowed, printColumnLeaf } from './literal-leaf.ts';
import { physical, printLiteral, shown } from './print.ts';
import { refuseConstruct } from './refusal.ts';
import { calledColumn, physicalColumn, shownColumn } from './scope.ts';

type Comparison = Extract<Test, { kind: 'compare' }>;
type Literal = Extract<Scalar, { kind: 'literal' }>;
export type LeafTest = Comparison | Extract<Test, { kind: 'isNull' }> | Extract<Test, { kind: 'like' }> | Extract<Test, { kind: 'member' }>;

const OPPOSITE: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};
const FLIPPED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/**
 * One comparison in canonical form, or what it always is. What is not on the closed list is refused.
 * Source: gate.md §5 (predicates), gate-examples.md D1, D17.
 */
export function printLeafOf(test: LeafTest, negated: boolean, compilation: Compilation): PrintedLeaf | boolean {
  noteReads(test, compilation);
  switch (test.kind) {
    case 'isNull':
      return nullLeaf(test, test.negated !== negated);
    case 'like': {
      const text = textInput(test.input, 'match by LIKE');
      const word = `${test.negated === negated ? '' : 'NOT '}${test.operator === '~~' ? 'LIKE' : 'ILIKE'}`;
      return both(text, (input) => `${input} ${word} ${quoteText(test.pattern)}`);
    }
    case 'member': {
      const column = test.input.kind === 'column' ? test.input.column : refuseConstruct('IN (query) of an expression', test.at);
      if (!isExact(column)) notAllowed(column, 'compare with a list that is not rounded; join on the unit, or use a dimension');
      const word = test.negated === negated ? 'IN' : 'NOT IN';
      return both(
        test.input,
        (input) => `${input} ${word} ${test.token}`,
        (input) => `${input} ${word} (${test.stage})`,
      );
    }
    default:
      return compareLeaf(negated ? { ...test, operator: OPPOSITE[test.operator] } : test, compilation);
  }
}

function both(scalar: Scalar, write: (input: string) => string, show = write): PrintedLeaf {
  return { sql: write(physical(scalar)), shown: show(shown(scalar)) };
}

function noteReads(test: LeafTest, compilation: Compilation): void {
  const scalars = test.kind === 'compare' ? [test.left, test.right] : [test.input];
  for (const bound of scalars.flatMap(columnsOfScalar)) noteColumn(bound, compilation);
}

/** Remembers a column of the dataset as read, for the second reader and the merchant. */
export function noteColumn(bound: BoundColumn, compilation: Compilation): void {
  const { table } = bound.instance;
  if (!table.name.startsWith('__')) compilation.reads.columns.add(`${table.name}.${bound.column.name}`);
}

function nullLeaf(test: Extract<LeafTest, { kind: 'isNull' }>, negated: boolean): PrintedLeaf | boolean {
  const { input } = test;
  if (input.kind === 'literal') return (input.type === 'null') !== negated;
  const columns = columnsOfScalar(input);
  const bare =
    input.kind === 'column' ? input.column : columns.every(isOpenColumn) ? undefined : refuseConstruct('IS NULL of an expression', test.at);
  if (bare !== undefined && !isOpenColumn(bare)) {
    // Whether a key to another table is there says nothing of which it is.
    const isMissing = bare.column.role === 'unitId' && (bare.instance.optional || (bare.column.nullable && !isOwnUnit(bare)));
    if (!isMissing && ROLE_PERMISSIONS[bare.column.role].compareColumn !== 'yes') notAllowed(bare, 'compare');
  }
  return both(input, (text) => `${text} IS ${negated ? 'NOT ' : ''}NULL`);
}

/** Whether it is the column by which rows of its table belong to a unit, or the first on the way there. Source: formats.md (unit paths). */
export function isOwnUnit({ instance, column }: BoundColumn): boolean {
  return Object.values(instance.table.units).some((path) => (path.hops[0]?.from ?? path.column) === column.name);
}

function compareLeaf(test: Comparison, compilation: Compilation): PrintedLeaf | boolean {
  const { left, right } = test;
  const columns = [...columnsOfScalar(left), ...columnsOfScalar(right)];
  if (columns.length > 0 && columns.every(isOpenColumn)) return openLeaf(test);
  if (right.kind === 'literal') return literalComparison(test, right, compilation);
  if (right.kind === 'released') {
    if (!right.bare) for (const column of columnsOfScalar(left)) noteComputed(column, right.at, compilation);
    return releasedComparison(test, left, right);
  }
  if (left.kind === 'released') return compareLeaf({ ...test, operator: FLIPPED[test.operator], left: right, right: left }, compilation);
  return columnsComparison(test, compilation);
}

/** A bound that the merchant computes on released figures is known only as the query runs; that it goes to the grid, before. */
function noteComputed(column: BoundColumn, at: Position, compilation: Compilation): void {
  compilation.noteProbe(column, `computed at ${at.line}:${at.column}`);
  compilation.roundings.push({
    column: calledColumn(column),
    from: 'a value computed on released figures',
    to: 'the nearest point of the grid',
    line: at.line,
    at: at.column,
  });
}

/** Columns that everybody may know: any comparison of the language. */
function openLeaf(test: Comparison): PrintedLeaf {
  const write = (print: (scalar: Scalar) => string): string => `${print(test.left)} ${test.operator} ${print(test.right)}`;
  return { sql: write(physical), shown: write(shown) };
}

function literalComparison(test: Comparison, literal: Literal, compilation: Compilation): PrintedLeaf | boolean {
  const { left, operator } = test;
  const part = datePartOf(left);
  if (part !== undefined) {
    compilation.noteProbe(part.column, `${part.unit} ${literal.text}`);
    return partLeaf(test, part.column, part.unit, literal);
  }
  const between = daysBetween(test, literal);
  if (between !== undefined) return columnsComparison(between, compilation);
  const distance = columnDistance(test);
  if (distance !== undefined) {
    compilation.noteProbe(distance.from, `offset ${distance.shown}`);
    checkCompared(distance.from, distance.to);
    return { sql: distance.sql, shown: distance.shown };
  }
  const shifted = shiftedPart(left, literal);
  if (shifted !== undefined) return literalComparison({ ...test, left: shifted.part }, shifted.literal, compilation);
  const bound = distanceBound(left, operator, literal);
  if (bound !== undefined) return columnLiteral(bound, compilation);
  const coarse = dateBound(left, operator, literal);
  if (coarse?.kind === 'never') return false;
  if (coarse?.kind === 'present')
    return nullLeaf({ kind: 'isNull', input: { kind: 'column', column: coarse.column, at: test.at }, negated: true, at: test.at }, true);
  if (coarse?.kind === 'range' && isWholeRange(coarse.range)) return rangeLeaf(coarse.range, literal, compilation);
  if (coarse !== undefined) return columnLiteral(coarse.comparison, compilation);
  if (left.kind === 'column') return columnLiteral({ column: left.column, operator, literal }, compilation);
  const affine = affineOf(left);
  const value = numberOf(literal);
  if (affine !== undefined && value !== undefined) {
    const quotient = divideExactly(subtractDecimals(value, affine.offset), affine.factor);
    if (!quotient.exact && isExact(affine.column)) return refuseConstruct('comparison that has no exact solution', test.at);
    const solved = { ...literal, type: 'decimal' as const, text: decimalText(quotient.value) };
    return columnLiteral(
      { column: affine.column, operator: affine.factor.digits < 0n ? FLIPPED[operator] : operator, literal: solved },
      compilation,
    );
  }
  const text = textInput(left, 'compare as a text');
  if (literal.type !== 'string' && literal.type !== 'integer') return refuseConstruct('comparison of a text with a number', test.at);
  return both(text, (input) => `${input} ${operator} ${printLiteral(literal)}`);
}

/** `date_diff('day', a, b) <= 30` of two dates: b against a, 30 days later. */
function daysBetween(test: Comparison, literal: Literal): Comparison | undefined {
  const ends = dayDistance(test.left);
  const days = numberOf(literal);
  if (ends === undefined || days === undefined || days.scale !== 0 || days.digits < -MAX_DAYS || days.digits > MAX_DAYS) return undefined;
  const { at } = test;
  const moved: Scalar = { kind: 'interval', amount: Number(days.digits), unit: 'day', at };
  return { ...test, left: ends.to, right: { kind: 'call', name: '+', arguments: [ends.from, moved], at } };
}

const MAX_DAYS = 100_000n;

function columnLiteral(comparison: Parameters<typeof literalLeaf>[0], compilation: Compilation): PrintedLeaf {
  const leaf = literalLeaf(comparison, compilation);
  return { sql: printColumnLeaf(leaf, physicalColumn(leaf.column)), shown: printColumnLeaf(leaf, shownColumn(leaf.column)) };
}

/** Whether the edges stay as they are: those of months lie on the grid; the bin of a day of other columns is its month. */
function isWholeRange({ column, from, to }: DayRange): boolean {
  return isExact(column) || (from.endsWith('-01') && to.endsWith('-01'));
}

function rangeLeaf({ column, from, to, negated }: DayRange, literal: Literal, compilation: Compilation): PrintedLeaf {
  const write = (operator: '>=' | '<', text: string): ColumnLeaf =>
    literalLeaf({ column, operator, literal: { ...literal, type: 'date', text } }, compilation);
  const [low, high] = [write('>=', from), write('<', to)];
  if (low.kind !== 'range' || high.kind !== 'range') throw new Error('An order of dates is a range');
  const leaf: ColumnLeaf = { kind: 'range', column, from: low.from, to: high.to, negated };
  return { sql: printColumnLeaf(leaf, physicalColumn(column)), shown: printColumnLeaf(leaf, shownColumn(column)) };
}

/** A whole number of years, quarters, months, weekdays or hours against a date part. */
function partLeaf(test: Comparison, column: BoundColumn, unit: string, literal: Literal): PrintedLeaf {
  if (!isOpenColumn(column) && ROLE_PERMISSIONS[column.column.role].compareLiteral === 'never')
    notAllowed(column, 'compare with a literal');
  const value = numberOf(literal);
  if (value === undefined || value.scale !== 0)
    return refuseConstruct('comparison of a date part with something else than a whole number', test.at);
  const write = (name: string): string => `${unit}(${name}) ${test.operator} ${decimalText(value)}`;
  return { sql: write(physicalColumn(column)), shown: write(shownColumn(column)) };
}

function releasedComparison(test: Comparison, left: Scalar, released: Extract<Scalar, { kind: 'released' }>): PrintedLeaf {
  if (left.kind !== 'column') return refuseConstruct('comparison of an expression with a query', test.at);
  if (!isOpenColumn(left.column) && ROLE_PERMISSIONS[left.column.column.role].compareLiteral === 'never')
    notAllowed(left.column, 'compare with a literal');
  const kind = typeClass(left.column.column);
  if (kind !== 'number' && !isExact(left.column))
    return refuseConstruct('comparison of a query with something else than a number', test.at);
  return both(
    left,
    (input) => `${input} ${test.operator} ${released.token}`,
    (input) => `${input} ${test.operator} ${shown(released)}`,
  );
}

const TEXT_FUNCTIONS = new Set([
  'lower',
  'upper',
  'trim',
  'ltrim',
  'rtrim',
  'substr',
  'substring',
  'left',
  'right',
  'length',
  'len',
  'char_length',
  'character_length',
  'position',
  'strpos',
  'instr',
  'reverse',
  '||',
  'lcase',
  'ucase',
]);

/** A call as a refusal names it: `sqrt()`, `the operator %`. */
export function callName(call: Extract<Scalar, { kind: 'call' }>): string {
  return /^[a-z_]/.test(call.name) ? `${call.name}()` : `the operator ${call.name}`;
}

/** Whether a scalar has the shape of a text that is cut or folded. */
export function isTextFunction(scalar: Scalar): boolean {
  return scalar.kind === 'call' && TEXT_FUNCTIONS.has(scalar.name) && scalar.name !== '||';
}

/** Whether a scalar is a column, a text made of one, or a cast to text: what `textInput` judges by its role. */
export function isTextInput(scalar: Scalar): boolean {
  if (scalar.kind === 'column') return true;
  if (scalar.kind === 'cast') return scalar.type === 'VARCHAR' && isTextInput(scalar.input);
  const [first, ...rest] = scalar.kind === 'call' && TEXT_FUNCTIONS.has(scalar.name) ? scalar.arguments : [];
  return first !== undefined && isTextInput(first) && rest.every((item) => item.kind === 'literal');
}

/** A dimension or public text, perhaps cut, folded or trimmed; anything else is refused. */
export function textInput(scalar: Scalar, use: string): Scalar {
  if (scalar.kind === 'column') return isExact(scalar.column) ? scalar : notAllowed(scalar.column, use);
  if (scalar.kind === 'cast' && scalar.type === 'VARCHAR') return { ...scalar, input: textInput(scalar.input, use) };
  if (scalar.kind !== 'call' || !TEXT_FUNCTIONS.has(scalar.name))
    return refuseConstruct(scalar.kind === 'call' ? `${callName(scalar)} in a condition` : 'comparison without a bare column', scalar.at);
  const [first, ...rest] = scalar.arguments;
  if (first === undefined || rest.some((item) => item.kind !== 'literal'))
    return refuseConstruct(`${callName(scalar)} in a condition`, scalar.at);
  return { ...scalar, arguments: [textInput(first, use), ...rest] };
}
