import { addDecimals, decimalText, negateDecimal } from '../../../kernel/decimal.ts';
import type { ComparisonOperator } from '../ast.ts';
import type { BoundColumn } from '../model/bound.ts';
import { typeClass } from '../model/column-type.ts';
import type { Scalar } from '../model/scalar.ts';
import { isDateText } from '../read/literal.ts';
import { dated, datePartOf, datePrefixOf, firstOf, MONTHS_OF, truncationOf } from './date-shapes.ts';
import { numberOf } from './fold.ts';
import { nextDay } from './grid.ts';
import type { LiteralComparison } from './literal-leaf.ts';

type Literal = Extract<Scalar, { kind: 'literal' }>;

/** Days `from` inclusive to `to` exclusive, or those outside them. */
export interface DayRange {
  readonly column: BoundColumn;
  readonly from: string;
  readonly to: string;
  readonly negated: boolean;
}

/** What a comparison of a coarser date says of the date itself. `present`: that it is there, no more. */
export type DateBound =
  | { readonly kind: 'order'; readonly comparison: LiteralComparison }
  | { readonly kind: 'range'; readonly range: DayRange; readonly comparison: LiteralComparison }
  | { readonly kind: 'present'; readonly column: BoundColumn }
  | { readonly kind: 'never' };

/**
 * `date_trunc('month', d) = DATE '2024-03-01'` is a month of d, `CAST(t AS DATE) <= DATE '2024-03-31'` what lies before
 * April, `strftime(d, '%Y-%m') >= '2024-03'` and `year(d) * 100 + month(d) >= 202403` what does not lie before March.
 * Undefined for any other shape. Does not round, and does not ask what the role allows.
 * Source: gate.md §5 (predicates: a truncation), gate-examples.md D1, D17.
 */
export function dateBound(scalar: Scalar, operator: ComparisonOperator, literal: Literal): DateBound | undefined {
  const shape = truncationOf(scalar);
  const coarser = shape === undefined ? (formatted(scalar, literal) ?? yearMonth(scalar, literal)) : { ...shape, day: dayOf(literal) };
  const period = coarser?.day === undefined ? undefined : periodOf(coarser.day, coarser.unit);
  if (coarser?.day === undefined || period === undefined) return undefined;
  const { column } = coarser;
  const isStart = period.text === coarser.day && !hasTime(literal);
  const order = (side: '>=' | '<', text: string): DateBound => ({
    kind: 'order',
    comparison: { column, operator: side, literal: dated(literal, text) },
  });
  if (operator === '=' || operator === '<>') {
    if (!isStart) return operator === '=' ? { kind: 'never' } : { kind: 'present', column };
    const range = { column, from: period.text, to: period.next, negated: operator === '<>' };
    return { kind: 'range', range, comparison: { column, operator, literal: dated(literal, period.text) } };
  }
  if (operator === '>=' || operator === '<') return order(operator, isStart ? period.text : period.next);
  return order(operator === '>' ? '>=' : '<', period.next);
}

interface Coarser {
  readonly column: BoundColumn;
  readonly unit: string;
  /** Some day of the period that the literal names; undefined where it names none. */
  readonly day: string | undefined;
}

function dayOf(literal: Literal): string | undefined {
  const day = literal.text.slice(0, 10);
  return ['date', 'timestamp', 'string'].includes(literal.type) && isDateText(day) ? day : undefined;
}

function hasTime(literal: Literal): boolean {
  return literal.type === 'timestamp' && /[1-9]/.test(literal.text.slice(10));
}

/** The period of a day, from its first day to that of the next one. */
function periodOf(day: string, unit: string): { readonly text: string; readonly next: string } | undefined {
  if (unit === 'day') return { text: day, next: nextDay(day) };
  const months = MONTHS_OF[unit];
  const match = /^(\d{4})-(\d{2})-\d{2}$/.exec(day);
  if (match === null || months === undefined) return undefined;
  const index = Number(match[1]) * 12 + Number(match[2]) - 1;
  const floor = index - (index % months);
  return { text: firstOf(floor), next: firstOf(floor + months) };
}

/** Formats whose texts are ordered like their dates, and what stands in them. */
const FORMAT = /^%Y(?:([^%\d]{0,2})%m(?:([^%\d]{0,2})%d)?)?([^%\d]{0,2})$/;

/** `strftime(d, '%Y-%m')`, or the first characters of a date as text, beside a text of that form. */
function formatted(scalar: Scalar, literal: Literal): Coarser | undefined {
  const prefix = literal.type === 'string' ? datePrefixOf(scalar) : undefined;
  if (prefix !== undefined) {
    const { column, length } = prefix;
    const day = `${literal.text}-01-01`.slice(0, 10);
    const unit = length === 4 ? 'year' : length === 7 ? 'month' : length === 10 ? 'day' : undefined;
    return unit === undefined ? undefined : { column, unit, day: literal.text.length === length && isDateText(day) ? day : undefined };
  }
  if (scalar.kind !== 'call' || scalar.name !== 'strftime' || scalar.arguments.length !== 2 || literal.type !== 'string') return undefined;
  const [input, format] = scalar.arguments;
  if (input?.kind !== 'column' || format?.kind !== 'literal' || format.type !== 'string') return undefined;
  const kind = typeClass(input.column.column);
  const written = format.text.replace(/%F/g, '%Y-%m-%d');
  if ((kind !== 'date' && kind !== 'timestamp') || !FORMAT.test(written)) return undefined;
  const unit = written.includes('%d') ? 'day' : written.includes('%m') ? 'month' : 'year';
  const [year = '', month = '01', day = '01'] = literal.text.match(/\d{4}|\d{2}/g) ?? [];
  const spelled = written.replace('%Y', year).replace('%m', month).replace('%d', day);
  const text = `${year}-${month}-${day}`;
  return { column: input.column, unit, day: spelled === literal.text && isDateText(text) ? text : undefined };
}

/** `year(d) * 100 + month(d)` beside a number like 202403. */
function yearMonth(scalar: Scalar, literal: Literal): Coarser | undefined {
  if (scalar.kind !== 'call' || scalar.name !== '+' || scalar.arguments.length !== 2) return undefined;
  const [hundreds, ones] = scalar.arguments;
  if (hundreds?.kind !== 'call' || hundreds.name !== '*' || hundreds.arguments.length !== 2 || ones === undefined) return undefined;
  const [first, second] = hundreds.arguments;
  const [year, month] = [first === undefined ? undefined : datePartOf(first), datePartOf(ones)];
  const isHundred = second !== undefined && second.kind === 'literal' && numberOf(second)?.digits === 100n && numberOf(second)?.scale === 0;
  const isOne = year?.column.instance === month?.column.instance && year?.column.column.name === month?.column.column.name;
  if (year?.unit !== 'year' || month?.unit !== 'month' || !isHundred || !isOne) return undefined;
  const text = literal.type === 'integer' ? literal.text : '';
  const day = /^\d{6}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4)}-01` : '';
  return { column: year.column, unit: 'month', day: isDateText(day) ? day : undefined };
}

/** `dayofweek(d) + 1 = 7` as the comparison of the part; undefined where nothing is added to one. Source: gate-examples.md D17. */
export function shiftedPart(scalar: Scalar, literal: Literal): { readonly part: Scalar; readonly literal: Literal } | undefined {
  const value = numberOf(literal);
  if (scalar.kind !== 'call' || (scalar.name !== '+' && scalar.name !== '-') || scalar.arguments.length !== 2) return undefined;
  const [part, by] = scalar.arguments;
  const added = by === undefined ? undefined : numberOf(by);
  if (value === undefined || added === undefined || part === undefined || datePartOf(part) === undefined) return undefined;
  return { part, literal: { ...literal, text: decimalText(addDecimals(value, scalar.name === '+' ? negateDecimal(added) : added)) } };
}
