import type { ComparisonOperator } from '../ast.ts';
import type { BoundColumn } from '../model/bound.ts';
import { typeClass } from '../model/column-type.ts';
import type { Scalar } from '../model/scalar.ts';
import { numberOf } from './fold.ts';
import { dayStart, nextDay, roundToMonth } from './grid.ts';
import type { LiteralComparison } from './literal-leaf.ts';

type Literal = Extract<Scalar, { kind: 'literal' }>;

/** Parts of a date that may be compared and grouped by: none that narrows a date within its month to one day. */
const PARTS: Readonly<Record<string, string>> = {
  year: 'year',
  quarter: 'quarter',
  month: 'month',
  hour: 'hour',
  dayofweek: 'dayofweek',
  weekday: 'dayofweek',
  dow: 'dayofweek',
  isodow: 'isodow',
};

function dateColumn(scalar: Scalar | undefined): BoundColumn | undefined {
  if (scalar?.kind === 'cast' && (scalar.type === 'DATE' || scalar.type === 'TIMESTAMP')) return dateColumn(scalar.input);
  if (scalar?.kind !== 'column') return undefined;
  const kind = typeClass(scalar.column.column);
  return kind === 'date' || kind === 'timestamp' ? scalar.column : undefined;
}

function textOf(scalar: Scalar | undefined): string | undefined {
  return scalar?.kind === 'literal' && scalar.type === 'string' ? scalar.text.toLowerCase() : undefined;
}

/** `year(d)`, `date_part('year', d)`, `extract(year FROM d)` and their relatives. Source: gate.md §3.3, §4. */
export function datePartOf(scalar: Scalar): { readonly column: BoundColumn; readonly unit: string } | undefined {
  if (scalar.kind === 'cast' && /^(INTEGER|BIGINT|SMALLINT)$/.test(scalar.type)) return datePartOf(scalar.input);
  if (scalar.kind !== 'call') return undefined;
  const [first, second] = scalar.arguments;
  const named = scalar.name === 'date_part' || scalar.name === 'datepart';
  const name = named ? textOf(first) : scalar.name;
  const column = dateColumn(named ? second : first);
  if (scalar.arguments.length !== (named ? 2 : 1) || name === undefined || column === undefined) return undefined;
  const unit = Object.hasOwn(PARTS, name) ? PARTS[name] : undefined;
  return unit === undefined ? undefined : { column, unit };
}

const PREFIXES: ReadonlySet<string> = new Set(['left', 'substr', 'substring']);
const MONTH_LENGTH = 7;
const DAY_LENGTH = 10;

/** `substr(CAST(d AS VARCHAR), 1, 7)`: the first characters of a date as text tell at most its month, or (to the tenth) its day. */
export function datePrefixOf(
  scalar: Scalar,
): { readonly column: BoundColumn; readonly isDay: boolean; readonly length: number } | undefined {
  if (scalar.kind !== 'call' || !PREFIXES.has(scalar.name)) return undefined;
  const [text, ...rest] = scalar.arguments;
  const column = text?.kind === 'cast' && text.type === 'VARCHAR' ? dateColumn(text.input) : undefined;
  const [start, length] = rest.map(numberOf);
  const last = scalar.name === 'left' ? start : start?.digits === 1n && start.scale === 0 ? length : undefined;
  if (column === undefined || rest.length !== (scalar.name === 'left' ? 1 : 2) || last === undefined || last.scale !== 0) return undefined;
  return last.digits < 1n || last.digits > DAY_LENGTH
    ? undefined
    : { column, isDay: last.digits > MONTH_LENGTH, length: Number(last.digits) };
}

/** Truncations that may be grouped by, coarsest first. */
export const TRUNCATIONS: readonly string[] = ['year', 'quarter', 'month', 'week', 'day', 'hour'];

/** `date_trunc('month', d)`. */
export function truncationOf(scalar: Scalar): { readonly column: BoundColumn; readonly unit: string } | undefined {
  if (scalar.kind === 'cast' && scalar.type === 'DATE') {
    const column = dateColumn(scalar.input);
    if (column !== undefined && scalar.input.kind === 'column' && typeClass(column.column) === 'timestamp') return { column, unit: 'day' };
    return truncationOf(scalar.input);
  }
  if (scalar.kind !== 'call' || (scalar.name !== 'date_trunc' && scalar.name !== 'datetrunc') || scalar.arguments.length !== 2)
    return undefined;
  const unit = textOf(scalar.arguments[0]);
  const column = dateColumn(scalar.arguments[1]);
  return unit !== undefined && TRUNCATIONS.includes(unit) && column !== undefined ? { column, unit } : undefined;
}

export const MONTHS_OF: Readonly<Record<string, number>> = { year: 12, quarter: 3, month: 1 };

/** A literal of the day. Source: gate.md §5 (predicates). */
export function dated(literal: Literal, text: string): Literal {
  return { ...literal, type: 'date', text };
}

/** First day of a month, counted from year 0. */
export function firstOf(index: number): string {
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}-01`;
}

/**
 * A date column's distance from a date literal; `sign` 1: literal − column. In years, quarters, months or days of the
 * calendar, or in `complete` ones: 11 months are no year, whatever lies between.
 */
export interface Distance {
  readonly column: BoundColumn;
  readonly unit: 'year' | 'quarter' | 'month' | 'day';
  readonly literal: Literal;
  readonly sign: 1 | -1;
  readonly complete: boolean;
}

/** `date_diff('year', d, DATE '…')` and `date_sub` either way round, `2025 - year(d)`, and `DATE '…' - d` in days. */
export function distanceOf(scalar: Scalar): Distance | undefined {
  if (scalar.kind === 'cast' && /^(INTEGER|BIGINT)$/.test(scalar.type)) return distanceOf(scalar.input);
  if (scalar.kind !== 'call') return undefined;
  const [first, second, third] = scalar.arguments;
  if (scalar.name === '-' && scalar.arguments.length === 2) return yearsBetween(first, second) ?? between(second, first, 'day', 'date');
  const isDiff = scalar.name === 'date_diff' || scalar.name === 'datediff';
  const isComplete = scalar.name === 'date_sub' || scalar.name === 'datesub';
  if ((!isDiff && !isComplete) || scalar.arguments.length !== 3) return undefined;
  const unit = textOf(first)?.replace(/s$/, '');
  if (unit !== 'year' && unit !== 'quarter' && unit !== 'month' && unit !== 'day') return undefined;
  // Whole days between two dates are complete ones; with a time of day they are not.
  if (unit === 'day') return between(second, third, unit, isComplete ? 'date' : undefined);
  const found = between(second, third, unit);
  return found === undefined || isDiff ? found : { ...found, complete: true };
}

/** Days from one date column to another: `date_diff('day', a, b)` and `b - a`; undefined where one has a time of day. */
export function dayDistance(scalar: Scalar): { readonly from: Scalar; readonly to: Scalar } | undefined {
  if (scalar.kind !== 'call') return undefined;
  const [first, second, third] = scalar.arguments;
  const isCall = ['date_diff', 'datediff', 'date_sub', 'datesub'].includes(scalar.name) && textOf(first)?.replace(/s$/, '') === 'day';
  const [from, to] = scalar.name === '-' && third === undefined ? [second, first] : isCall ? [second, third] : [];
  if (from?.kind !== 'column' || to?.kind !== 'column') return undefined;
  return typeClass(from.column.column) === 'date' && typeClass(to.column.column) === 'date' ? { from, to } : undefined;
}

/**
 * Calendar days or years from one date column to another: `date_diff('day', a, b)`, `b - a`, `year(b) - year(a)`. Of times
 * of day, too, as boundaries between them are counted; undefined for complete days of those. Source: gate.md §5 (arguments).
 */
export function columnDistanceOf(
  scalar: Scalar,
): { readonly from: BoundColumn; readonly to: BoundColumn; readonly unit: 'day' | 'year' } | undefined {
  const days = dayDistance(scalar);
  if (days?.from.kind === 'column' && days.to.kind === 'column') return { from: days.from.column, to: days.to.column, unit: 'day' };
  if (scalar.kind !== 'call') return undefined;
  const [first, second, third] = scalar.arguments;
  if (scalar.name === '-' && first !== undefined && second !== undefined) {
    const [to, from] = [datePartOf(first), datePartOf(second)];
    return to?.unit === 'year' && from?.unit === 'year' ? { from: from.column, to: to.column, unit: 'year' } : undefined;
  }
  if (scalar.name !== 'date_diff' && scalar.name !== 'datediff') return undefined;
  const unit = textOf(first)?.replace(/s$/, '');
  const [from, to] = [dateColumn(second), dateColumn(third)];
  return (unit === 'day' || unit === 'year') && from !== undefined && to !== undefined ? { from, to, unit } : undefined;
}

/** `2025 - year(d)`: the distance in calendar years from any day of 2025. */
function yearsBetween(first: Scalar | undefined, second: Scalar | undefined): Distance | undefined {
  const dated = (part: Scalar | undefined, number: Scalar | undefined, sign: 1 | -1): Distance | undefined => {
    const known = part === undefined ? undefined : datePartOf(part);
    const value = number === undefined ? undefined : numberOf(number);
    if (known?.unit !== 'year' || value === undefined || number?.kind !== 'literal' || value.scale !== 0) return undefined;
    if (value.digits < 1n || value.digits > 9999n) return undefined;
    const literal: Literal = { ...number, type: 'date', text: `${String(value.digits).padStart(4, '0')}-01-01` };
    return { column: known.column, unit: 'year', literal, sign, complete: false };
  };
  return dated(second, first, 1) ?? dated(first, second, -1);
}

function between(from: Scalar | undefined, to: Scalar | undefined, unit: Distance['unit'], only?: 'date'): Distance | undefined {
  const [fromColumn, toColumn] = [dateColumn(from), dateColumn(to)];
  const fits = (column: BoundColumn): boolean => only === undefined || typeClass(column.column) === only;
  if (fromColumn !== undefined && isDate(to) && fits(fromColumn))
    return { column: fromColumn, unit, literal: to, sign: 1, complete: false };
  if (toColumn !== undefined && isDate(from) && fits(toColumn)) return { column: toColumn, unit, literal: from, sign: -1, complete: false };
  return undefined;
}

function isDate(scalar: Scalar | undefined): scalar is Literal {
  return scalar?.kind === 'literal' && (scalar.type === 'date' || scalar.type === 'timestamp');
}

/** A distance compared with a whole number, solved for the column (gate-examples.md D17). */
export function distanceBound(scalar: Scalar, operator: ComparisonOperator, literal: Literal): LiteralComparison | undefined {
  const distance = distanceOf(scalar);
  const value = numberOf(literal);
  if (distance === undefined || value === undefined || value.scale !== 0 || operator === '=' || operator === '<>') return undefined;
  if (distance.complete) return completeBound(distance, operator, Number(value.digits));
  // literal − column < n  ⇔  column > literal − n, in units that count boundaries: column ≥ start of unit (literal − n + 1).
  const n = Number(value.digits) * distance.sign;
  const towards = distance.sign === 1 ? FLIP[operator] : operator;
  const at = startOf(distance.literal.text, distance.unit, -n);
  const next = startOf(distance.literal.text, distance.unit, -n + 1);
  if (at === undefined || next === undefined) return undefined;
  const text = towards === '>=' || towards === '<' ? at : next;
  return {
    column: distance.column,
    operator: towards === '>=' || towards === '>' ? '>=' : '<',
    literal: { ...distance.literal, type: 'date', text },
  };
}

/** At least n complete years before a date is: on its day n years earlier, or before that. Fewer than one has no such form. */
function completeBound(distance: Distance, operator: ComparisonOperator, n: number): LiteralComparison | undefined {
  const isLeast = operator === '>=' || operator === '>';
  const least = operator === '>=' || operator === '<' ? n : n + 1;
  const { column, literal, unit, sign } = distance;
  const day = least >= 1 && unit !== 'day' ? movedBy(literal.text, -sign * least * (MONTHS_OF[unit] ?? 1)) : undefined;
  if (day === undefined) return undefined;
  const text = sign === 1 ? nextDay(day) : day;
  return { column, operator: (sign === 1) === isLeast ? '<' : '>=', literal: dated(literal, text) };
}

/** The same day of another month, the last day for the last one, as the engine counts complete months. */
function movedBy(text: string, months: number): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(text);
  if (match === null || !Number.isSafeInteger(months) || Math.abs(months) > 120_000) return undefined;
  const index = Number(match[1]) * 12 + Number(match[2]) - 1 + months;
  if (index < 12 || index >= 119_988) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const last = lastDay(Math.floor(index / 12), index % 12);
  const moved = day === lastDay(year, month - 1) ? last : Math.min(day, last);
  return `${firstOf(index).slice(0, 8)}${String(moved).padStart(2, '0')}`;
}

/** Months from 0. Every 400 years the calendar is the same. */
function lastDay(year: number, month: number): number {
  return new Date(Date.UTC(2000 + (year % 400), month + 1, 0)).getUTCDate();
}

/**
 * The distance with a literal such that its bins end with months: complete years count from the day before the first of
 * the nearest month. The same scalar where it does already. Source: gate.md §5 (bin edges: dates to the month).
 */
export function onMonthEdges(distance: Distance): Literal {
  const { literal, complete, sign } = distance;
  if (!complete) return literal;
  if (sign === -1) return dated(literal, roundToMonth(literal.text.slice(0, 10)));
  return dated(literal, dayBefore(roundToMonth(nextDay(literal.text.slice(0, 10)))));
}

function dayBefore(text: string): string {
  return new Date(Date.parse(`${text}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10);
}

const FLIP: Readonly<Record<ComparisonOperator, ComparisonOperator>> = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** First day of the unit that lies `units` after that of the date. */
function startOf(text: string, unit: Distance['unit'], units: number): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(text);
  if (match === null || !Number.isSafeInteger(units) || Math.abs(units) > 1_000_000) return undefined;
  if (unit === 'day') {
    const date = new Date(dayStart(Number(match[1]), Number(match[2]), Number(match[3]) + units)).toISOString();
    return /^\d{4}-/.test(date) ? date.slice(0, 10) : undefined;
  }
  const months = unit === 'year' ? 12 : unit === 'quarter' ? 3 : 1;
  const index = Number(match[1]) * 12 + Number(match[2]) - 1;
  const start = index - (index % months) + units * months;
  return start >= 12 && start < 120_000 ? firstOf(start) : undefined;
}
