import type { ComparisonOperator } from '../ast.ts';
import type { BoundColumn } from '../model/bound.ts';
import { typeClass } from '../model/column-type.ts';
import type { Scalar } from '../model/scalar.ts';
import { numberOf } from './fold.ts';
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

/** `date_trunc('month', d) = DATE '2024-03-01'` is a month of d; an order is that of d itself. */
export function truncationBound(
  scalar: Scalar,
  operator: ComparisonOperator,
  literal: Literal,
): LiteralComparison | { readonly always: boolean } | undefined {
  const shape = truncationOf(scalar);
  if (shape === undefined || !['year', 'quarter', 'month'].includes(shape.unit)) return undefined;
  const day = literal.text.slice(0, 10);
  const months = MONTHS_OF[shape.unit] ?? 1;
  const start = monthStart(day, months);
  if (start === undefined) return undefined;
  const isStart = start.text === day;
  // Equality of a year or quarter would be two leaves; only the month is one bin of the grid.
  if (operator === '=' || operator === '<>') {
    if (!isStart) return { always: operator === '<>' };
    return shape.unit === 'month' ? { column: shape.column, operator, literal: dated(literal, day) } : undefined;
  }
  if (operator === '>=' || operator === '<') return { column: shape.column, operator, literal: dated(literal, isStart ? day : start.next) };
  return { column: shape.column, operator: operator === '>' ? '>=' : '<', literal: dated(literal, start.next) };
}

const MONTHS_OF: Readonly<Record<string, number>> = { year: 12, quarter: 3, month: 1 };

function dated(literal: Literal, text: string): Literal {
  return { ...literal, type: 'date', text };
}

function monthStart(day: string, months: number): { readonly text: string; readonly next: string } | undefined {
  const match = /^(\d{4})-(\d{2})-\d{2}$/.exec(day);
  if (match === null) return undefined;
  const index = Number(match[1]) * 12 + Number(match[2]) - 1;
  const floor = index - (index % months);
  return { text: firstOf(floor), next: firstOf(floor + months) };
}

function firstOf(index: number): string {
  return `${String(Math.floor(index / 12)).padStart(4, '0')}-${String((index % 12) + 1).padStart(2, '0')}-01`;
}

/** A date column's distance from a date literal in whole calendar years, quarters, months or days; `sign` 1: literal − column. */
export interface Distance {
  readonly column: BoundColumn;
  readonly unit: 'year' | 'quarter' | 'month' | 'day';
  readonly literal: Literal;
  readonly sign: 1 | -1;
}

/** `date_diff('year', d, DATE '…')` either way round, and `DATE '…' - d` in days. */
export function distanceOf(scalar: Scalar): Distance | undefined {
  if (scalar.kind !== 'call') return undefined;
  const [first, second, third] = scalar.arguments;
  if (scalar.name === '-' && scalar.arguments.length === 2) return between(second, first, 'day', 'date');
  if ((scalar.name !== 'date_diff' && scalar.name !== 'datediff') || scalar.arguments.length !== 3) return undefined;
  const unit = textOf(first)?.replace(/s$/, '');
  return unit === 'year' || unit === 'quarter' || unit === 'month' || unit === 'day' ? between(second, third, unit) : undefined;
}

function between(from: Scalar | undefined, to: Scalar | undefined, unit: Distance['unit'], only?: 'date'): Distance | undefined {
  const [fromColumn, toColumn] = [dateColumn(from), dateColumn(to)];
  const fits = (column: BoundColumn): boolean => only === undefined || typeClass(column.column) === only;
  if (fromColumn !== undefined && isDate(to) && fits(fromColumn)) return { column: fromColumn, unit, literal: to, sign: 1 };
  if (toColumn !== undefined && isDate(from) && fits(toColumn)) return { column: toColumn, unit, literal: from, sign: -1 };
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

const FLIP: Readonly<Record<ComparisonOperator, ComparisonOperator>> = { '=': '=', '<>': '<>', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };

/** First day of the unit that lies `units` after that of the date. */
function startOf(text: string, unit: Distance['unit'], units: number): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(text);
  if (match === null || !Number.isSafeInteger(units) || Math.abs(units) > 1_000_000) return undefined;
  if (unit === 'day') {
    const date = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + units)).toISOString();
    return /^\d{4}-/.test(date) ? date.slice(0, 10) : undefined;
  }
  const months = unit === 'year' ? 12 : unit === 'quarter' ? 3 : 1;
  const index = Number(match[1]) * 12 + Number(match[2]) - 1;
  const start = index - (index % months) + units * months;
  return start >= 12 && start < 120_000 ? firstOf(start) : undefined;
}
