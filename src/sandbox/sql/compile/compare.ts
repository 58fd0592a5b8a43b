import { decimalText } from '../../../kernel/decimal.ts';
import type { ComparisonOperator, Position } from '../ast.ts';
import { columnsOfScalar, type Scalar, type Test } from '../model/scalar.ts';
import { distanceOf } from './date-shapes.ts';
import { foldComparison, numberOf } from './fold.ts';
import { roundToGrid } from './grid.ts';
import { gridOf, isExact } from './literal-leaf.ts';
import { refuseConstruct } from './refusal.ts';

/** A scalar used as a condition. Throws Refused for one that is none. Source: gate.md §5 (predicates). */
export function asTest(scalar: Scalar): Test {
  const { at } = scalar;
  if (scalar.kind === 'truth') return scalar.test;
  if (scalar.kind === 'literal') return { kind: 'constant', value: scalar.type === 'boolean' && scalar.text.toLowerCase() === 'true', at };
  if (scalar.kind === 'case') return caseTest(scalar, asTest);
  if (scalar.kind === 'column')
    return { kind: 'compare', operator: '=', left: scalar, right: { kind: 'literal', type: 'boolean', text: 'true', at }, at };
  return refuseConstruct(scalar.kind === 'call' ? `${scalar.name}() as a condition` : 'expression as a condition', at);
}

/** `CASE WHEN a THEN x ELSE y END` as a condition: a and x, or not a and y. */
function caseTest(scalar: Extract<Scalar, { kind: 'case' }>, of: (value: Scalar) => Test): Test {
  const { at } = scalar;
  const before: Test[] = [];
  const items: Test[] = [];
  for (const branch of scalar.branches) {
    items.push({ kind: 'and', items: [...before, branch.when, of(branch.then)], at });
    before.push(isNotTrue(branch.when));
  }
  items.push({ kind: 'and', items: [...before, of(scalar.otherwise)], at });
  return { kind: 'or', items, at };
}

/** FALSE or NULL: what lets CASE go on to the next branch. */
export function isNotTrue(test: Test): Test {
  const { at } = test;
  if (test.kind === 'and' || test.kind === 'or') return { kind: test.kind === 'and' ? 'or' : 'and', items: test.items.map(isNotTrue), at };
  const unknown = inputsOf(test).map((input): Test => ({ kind: 'isNull', input, negated: false, at }));
  const not: Test = test.kind === 'not' ? test.item : { kind: 'not', item: test, at };
  return unknown.length === 0 ? not : { kind: 'or', items: [not, ...unknown], at };
}

/** Columns whose NULL makes a comparison neither true nor false. */
function inputsOf(test: Test): readonly Scalar[] {
  const columns = (scalar: Scalar): readonly Scalar[] =>
    scalar.kind === 'column'
      ? scalar.column.column.nullable
        ? [scalar]
        : []
      : scalar.kind === 'call'
        ? scalar.arguments.flatMap(columns)
        : [];
  if (test.kind === 'compare') return [...columns(test.left), ...columns(test.right)];
  if (test.kind === 'like' || test.kind === 'member') return columns(test.input);
  if (test.kind === 'not') return inputsOf(test.item);
  return [];
}

/** A comparison with CASE, COALESCE or a row on one side is spelled out. Throws Refused for an order of rows. Source: gate.md §5 (predicates). */
export function compareExpressions(operator: ComparisonOperator, left: Scalar, right: Scalar, at: Position): Test {
  if (left.kind === 'call' && right.kind === 'call' && left.name === 'row' && right.name === 'row') {
    const isEquality = operator === '=' || operator === '<>';
    if (!isEquality || left.arguments.length !== right.arguments.length) return refuseConstruct('comparison of rows', at);
    const items = left.arguments.flatMap((item, index) => {
      const other = right.arguments[index];
      return other === undefined ? [] : [compareScalars('=', item, other, at)];
    });
    const all: Test = { kind: 'and', items, at };
    return operator === '=' ? all : { kind: 'not', item: all, at };
  }
  return compareScalars(operator, left, right, at);
}

const FLIPPED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** A comparison in canonical form: CASE spelled out, the literal on the right, what is always true or false said so. */
export function compareScalars(operator: ComparisonOperator, left: Scalar, right: Scalar, at: Position): Test {
  const [chosenLeft, chosenRight] = [chosenOf(left), chosenOf(right)];
  if (chosenLeft !== undefined || chosenRight !== undefined) return compareScalars(operator, chosenLeft ?? left, chosenRight ?? right, at);
  if (left.kind === 'case') return caseTest(left, (value) => compareScalars(operator, value, right, at));
  if (right.kind === 'case') return caseTest(right, (value) => compareScalars(operator, left, value, at));
  if (left.kind === 'literal' && right.kind !== 'literal') return compareScalars(FLIPPED[operator], right, left, at);
  if (isNullLiteral(left) || isNullLiteral(right)) return { kind: 'constant', value: false, at };
  if (left.kind === 'truth' && right.kind === 'literal' && right.type === 'boolean' && (operator === '=' || operator === '<>')) {
    const wanted = (right.text.toLowerCase() === 'true') === (operator === '=');
    return wanted ? left.test : { kind: 'not', item: left.test, at };
  }
  const truths = operator === '=' || operator === '<>' ? compareTruths(operator, left, right, at) : undefined;
  if (truths !== undefined) return truths;
  if ((operator === '=' || operator === '<>') && distanceOf(left) !== undefined && numberOf(right) !== undefined) {
    const items = [compareScalars('>=', left, right, at), compareScalars('<=', left, right, at)];
    const all: Test = { kind: 'and', items, at };
    return operator === '=' ? all : { kind: 'not', item: all, at };
  }
  const known = foldComparison(operator, left, right);
  return known === undefined ? { kind: 'compare', operator, left, right, at } : { kind: 'constant', value: known, at };
}

/** `(a = 1) <> (b = 2)`: one of the two and not the other. Undefined where neither side is a condition, or one is no truth value. */
function compareTruths(operator: '=' | '<>', left: Scalar, right: Scalar, at: Position): Test | undefined {
  if (left.kind !== 'truth' && right.kind !== 'truth') return undefined;
  const [a, b] = [truthOf(left), truthOf(right)];
  // What an EXISTS asks would stand in two places, and each of its operands decides in one.
  if (a === undefined || b === undefined || hasInnerQuery(a) || hasInnerQuery(b)) return undefined;
  const not = (item: Test): Test => ({ kind: 'not', item, at });
  const both = (items: readonly Test[]): Test => ({ kind: 'and', items, at });
  const items = operator === '=' ? [both([a, b]), both([not(a), not(b)])] : [both([a, not(b)]), both([not(a), b])];
  return { kind: 'or', items, at };
}

function truthOf(scalar: Scalar): Test | undefined {
  if (scalar.kind === 'truth') return scalar.test;
  return scalar.kind === 'column' && scalar.column.column.type === 'BOOLEAN' ? asTest(scalar) : undefined;
}

function hasInnerQuery(test: Test): boolean {
  if (test.kind === 'and' || test.kind === 'or') return test.items.some(hasInnerQuery);
  return test.kind === 'exists' || (test.kind === 'not' && hasInnerQuery(test.item));
}

function isNullLiteral(scalar: Scalar): boolean {
  return scalar.kind === 'literal' && scalar.type === 'null';
}

/** IS NOT DISTINCT FROM: equal, or both NULL. Source: gate.md §5 (predicates). */
export function sameOrNull(left: Scalar, right: Scalar, at: Position): Test {
  const [a, b] = left.kind === 'literal' ? [right, left] : [left, right];
  if (isNullLiteral(b)) return { kind: 'isNull', input: a, negated: false, at };
  const nulls: Test = { kind: 'and', items: [isNull(a, at), isNull(b, at)], at };
  const equal = compareScalars('=', a, b, at);
  if (b.kind === 'literal') {
    const present: Test = { kind: 'isNull', input: a, negated: true, at };
    return { kind: 'and', items: a.kind === 'truth' ? [equal] : [present, equal], at };
  }
  return { kind: 'or', items: [equal, nulls], at };
}

function isNull(input: Scalar, at: Position): Test {
  return { kind: 'isNull', input, negated: false, at };
}

/**
 * `greatest` and `least` as the choice that they are; NULL chooses nothing, as in the engine. A literal beside one column
 * stands on the grid, like the condition that chooses it. Undefined for any other scalar. Source: gate.md §5 (pieces).
 */
export function chosenOf(scalar: Scalar): Scalar | undefined {
  if (scalar.kind !== 'call' || (scalar.name !== 'greatest' && scalar.name !== 'least')) return undefined;
  const { name } = scalar;
  if (choicesIn(scalar) > MAX_CHOICES) return refuseConstruct(`more than ${MAX_CHOICES} choices in greatest or least`, scalar.at);
  const [first, ...rest] = scalar.arguments.map((item) => chosenOf(item) ?? item);
  return first === undefined ? undefined : rest.reduce((best, item) => better(name, best, item, scalar.at), first);
}

/** Every choice stands in three places of the next one around it. */
const MAX_CHOICES = 30;

function choicesIn(scalar: Scalar): number {
  if (scalar.kind === 'cast') return choicesIn(scalar.input);
  if (scalar.kind === 'case') return scalar.branches.reduce((sum, item) => sum + choicesIn(item.then), choicesIn(scalar.otherwise));
  if (scalar.kind !== 'call') return 1;
  if (scalar.name !== 'greatest' && scalar.name !== 'least') return scalar.arguments.reduce((most, item) => most * choicesIn(item), 1);
  return scalar.arguments.map(choicesIn).reduce((before, own) => 2 * before + own);
}

function better(name: 'greatest' | 'least', a: Scalar, b: Scalar, at: Position): Scalar {
  if (a.kind === 'literal' && b.kind !== 'literal') return better(name, b, a, at);
  const wins = compareScalars(name === 'greatest' ? '>=' : '<', a, b, at);
  const branches = [
    { when: missing(a), then: onGrid(a, b) },
    { when: missing(b), then: a },
    { when: wins, then: a },
  ].filter((branch) => branch.when.kind !== 'constant' || branch.when.value);
  return { kind: 'case', branches, otherwise: onGrid(a, b), at };
}

/** The literal that a column is capped at, where the comparison with it is made. */
function onGrid(column: Scalar, other: Scalar): Scalar {
  const value = numberOf(other);
  if (column.kind !== 'column' || other.kind !== 'literal' || value === undefined || isExact(column.column)) return other;
  const text = decimalText(roundToGrid(value, gridOf(column.column.column)));
  return { ...other, type: text.includes('.') ? 'decimal' : 'integer', text };
}

/** Where a scalar is NULL: where one of its columns is. */
function missing(scalar: Scalar): Test {
  const { at } = scalar;
  if (scalar.kind === 'case') return caseTest(scalar, missing);
  if (scalar.kind === 'literal') return { kind: 'constant', value: scalar.type === 'null', at };
  const nullable = columnsOfScalar(scalar).filter((item) => item.column.nullable || item.instance.optional);
  const items = nullable.map((column) => isNull({ kind: 'column', column, at: column.at }, at));
  const [first, ...more] = items;
  if (first === undefined) return { kind: 'constant', value: false, at };
  return more.length === 0 ? first : { kind: 'or', items, at };
}
