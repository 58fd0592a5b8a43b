import type { Call, Expression, FrameBound, OrderItem, Query, Star, Subquery, Window } from '../ast.ts';
import { spellFunction, spellLiteral, spellName } from './spelling.ts';

/** How tightly an expression holds together; one inside a tighter one stands in brackets. */
const LEVELS = { or: 1, and: 2, not: 3, comparison: 4, other: 5, sum: 6, product: 7, sign: 8, word: 9 } as const;
const ARITHMETIC: Readonly<Record<string, number>> = { '+': LEVELS.sum, '-': LEVELS.sum, '*': LEVELS.product, '/': LEVELS.product };
const LIKE: Readonly<Record<string, string>> = { '~~': 'LIKE', '!~~': 'NOT LIKE', '~~*': 'ILIKE', '!~~*': 'NOT ILIKE', '~~~': 'GLOB' };

/** Prints the queries inside an expression. */
export type PrintQuery = (query: Query) => string;

/** A readable text of an expression, that the engine and our reader read as the same expression. Source: gate.md §3.2. */
export function printExpression(item: Expression, query: PrintQuery): string {
  const of = (inner: Expression, level: number): string => operand(inner, level, query);
  switch (item.kind) {
    case 'column':
      return item.path.map(spellName).join('.');
    case 'literal':
    case 'interval':
      return spellLiteral(item);
    case 'compare':
      return `${of(item.left, LEVELS.other)} ${item.operator.toUpperCase()} ${of(item.right, LEVELS.other)}`;
    case 'between':
      return printBetween(item, '', query);
    case 'in':
      return `${of(item.input, LEVELS.sum)} ${item.negated ? 'NOT IN' : 'IN'} (${list(item.items, query)})`;
    case 'isNull':
      return `${of(item.input, LEVELS.sum)} IS ${item.negated ? 'NOT ' : ''}NULL`;
    case 'and':
      return item.items.map((inner) => of(inner, LEVELS.not)).join(' AND ');
    case 'or':
      return item.items.map((inner) => of(inner, LEVELS.and)).join(' OR ');
    case 'not':
      return printNot(item.item, query);
    case 'case':
      return printCase(item, query);
    case 'cast':
      return `CAST(${printExpression(item.input, query)} AS ${item.type})`;
    case 'call':
      return item.operator ? printOperator(item, query) : printCall(item, query);
    case 'subquery':
      return printSubquery(item, '', query);
    case 'window':
      return printWindow(item, query);
    case 'star':
      return printStar(item, query);
  }
}

function operand(item: Expression, level: number, query: PrintQuery): string {
  const text = printExpression(item, query);
  return levelOf(item) < level ? `(${text})` : text;
}

function levelOf(item: Expression): number {
  switch (item.kind) {
    case 'or':
    case 'and':
    case 'not':
      return LEVELS[item.kind];
    case 'compare':
    case 'between':
    case 'in':
    case 'isNull':
      return LEVELS.comparison;
    case 'literal':
      return item.text.startsWith('-') && item.type !== 'string' ? LEVELS.sign : LEVELS.word;
    case 'call':
      if (!item.operator) return LEVELS.word;
      return item.arguments.length === 1 ? LEVELS.other : (ARITHMETIC[item.name] ?? LEVELS.other);
    case 'subquery':
      return item.form === 'any' ? LEVELS.comparison : LEVELS.word;
    default:
      return LEVELS.word;
  }
}

function list(items: readonly Expression[], query: PrintQuery): string {
  return items.map((item) => printExpression(item, query)).join(', ');
}

function printNot(item: Expression, query: PrintQuery): string {
  if (item.kind === 'between') return printBetween(item, 'NOT ', query);
  if (item.kind === 'subquery' && item.form === 'any' && item.operator === '=') return printSubquery(item, 'NOT ', query);
  return `NOT ${operand(item, LEVELS.word, query)}`;
}

function printBetween(item: Extract<Expression, { readonly kind: 'between' }>, not: '' | 'NOT ', query: PrintQuery): string {
  const [input = '', lower = '', upper = ''] = [item.input, item.lower, item.upper].map((part) => operand(part, LEVELS.sum, query));
  return `${input} ${not}BETWEEN ${lower} AND ${upper}`;
}

function printCase({ branches, otherwise }: Extract<Expression, { readonly kind: 'case' }>, query: PrintQuery): string {
  const whens = branches.map((branch) => `WHEN ${printExpression(branch.when, query)} THEN ${printExpression(branch.then, query)}`);
  const last = otherwise === null ? [] : [`ELSE ${printExpression(otherwise, query)}`];
  return ['CASE', ...whens, ...last, 'END'].join(' ');
}

function printOperator(item: Call, query: PrintQuery): string {
  const [first, second] = item.arguments;
  if (first === undefined) return spellFunction(item.name);
  if (second === undefined) return `${item.name} ${operand(first, LEVELS.word, query)}`;
  const level = ARITHMETIC[item.name];
  const word = LIKE[item.name] ?? item.name;
  // Anything but + - * / stands between brackets: few remember what binds tighter.
  const [left, right] = level === undefined ? [LEVELS.word, LEVELS.word] : [level, level + 1];
  return `${operand(first, left, query)} ${word} ${operand(second, right, query)}`;
}

function printCall(item: Call, query: PrintQuery): string {
  if (item.name === 'count_star') return `count(*)${printFilter(item.filter, query)}`;
  const distinct = item.distinct ? 'DISTINCT ' : '';
  const order = item.orderBy.length === 0 ? '' : ` ORDER BY ${printOrder(item.orderBy, query)}`;
  return `${spellFunction(item.name)}(${distinct}${list(item.arguments, query)}${order})${printFilter(item.filter, query)}`;
}

function printFilter(filter: Expression | null, query: PrintQuery): string {
  return filter === null ? '' : ` FILTER (WHERE ${printExpression(filter, query)})`;
}

/** The items of an ORDER BY. */
export function printOrder(items: readonly OrderItem[], query: PrintQuery): string {
  const text = ({ expression, descending, nulls }: OrderItem): string =>
    `${printExpression(expression, query)}${descending ? ' DESC' : ''}${nulls === 'default' ? '' : ` NULLS ${nulls.toUpperCase()}`}`;
  return items.map(text).join(', ');
}

function printSubquery(item: Subquery, not: '' | 'NOT ', query: PrintQuery): string {
  const inner = `(${query(item.query)})`;
  if (item.form === 'scalar') return inner;
  if (item.form === 'exists' || item.input === null) return `EXISTS ${inner}`;
  const input = operand(item.input, LEVELS.sum, query);
  return item.operator === '=' ? `${input} ${not}IN ${inner}` : `${input} ${item.operator} ANY ${inner}`;
}

function printStar(star: Star, query: PrintQuery): string {
  const exclude = star.exclude.length === 0 ? '' : ` EXCLUDE (${star.exclude.map(spellName).join(', ')})`;
  const replaced = star.replace.map(({ name, expression }) => `${printExpression(expression, query)} AS ${spellName(name)}`);
  return `${star.table === '' ? '' : `${spellName(star.table)}.`}*${exclude}${replaced.length === 0 ? '' : ` REPLACE (${replaced.join(', ')})`}`;
}

function printWindow(item: Window, query: PrintQuery): string {
  const called = item.name === 'count_star' ? 'count(*)' : `${spellFunction(item.name)}(${list(item.arguments, query)})`;
  const over = [
    ...(item.partitionBy.length === 0 ? [] : [`PARTITION BY ${list(item.partitionBy, query)}`]),
    ...(item.orderBy.length === 0 ? [] : [`ORDER BY ${printOrder(item.orderBy, query)}`]),
    ...printFrame(item.frame, query),
  ];
  return `${called}${printFilter(item.filter, query)} OVER (${over.join(' ')})`;
}

function printFrame({ mode, start, end }: Window['frame'], query: PrintQuery): readonly string[] {
  if (mode === 'range' && start.kind === 'unboundedPreceding' && end.kind === 'currentRow') return [];
  return [`${mode.toUpperCase()} BETWEEN ${printBound(start, query)} AND ${printBound(end, query)}`];
}

const BOUNDS = { unboundedPreceding: 'UNBOUNDED PRECEDING', currentRow: 'CURRENT ROW', unboundedFollowing: 'UNBOUNDED FOLLOWING' } as const;

function printBound(bound: FrameBound, query: PrintQuery): string {
  if (bound.kind !== 'preceding' && bound.kind !== 'following') return BOUNDS[bound.kind];
  return `${operand(bound.offset, LEVELS.word, query)} ${bound.kind.toUpperCase()}`;
}
