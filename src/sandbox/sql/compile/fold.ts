import {
  addDecimals,
  compareDecimals,
  type Decimal,
  decimalText,
  multiplyDecimals,
  negateDecimal,
  parseDecimal,
} from '../../../kernel/decimal.ts';
import type { ComparisonOperator, IntervalUnit, LiteralType } from '../ast.ts';
import type { Scalar } from '../model/scalar.ts';
import { dayStart } from './grid.ts';

type Literal = Extract<Scalar, { kind: 'literal' }>;

const NUMBERS: readonly LiteralType[] = ['integer', 'decimal', 'double'];

/** A literal's number; undefined where it is none. Source: gate.md §3.3, §4. */
export function numberOf(scalar: Scalar): Decimal | undefined {
  return scalar.kind === 'literal' && NUMBERS.includes(scalar.type) ? parseDecimal(scalar.text) : undefined;
}

function numberLiteral(value: Decimal, like: Literal): Literal {
  return { ...like, type: value.scale === 0 ? 'integer' : 'decimal', text: decimalText(value) };
}

/** Computes `+ - *` of number literals and date ± interval; undefined where the call is not one of literals. */
export function foldCall(name: string, parts: readonly Scalar[]): Literal | undefined {
  const [a, b] = parts;
  const year = yearOf(name, parts);
  if (year !== undefined) return year;
  if (a?.kind !== 'literal') return undefined;
  const x = numberOf(a);
  if (parts.length === 1) return name === '-' && x !== undefined ? numberLiteral(negateDecimal(x), a) : undefined;
  if (parts.length !== 2 || b === undefined) return undefined;
  if (b.kind === 'interval') return name === '+' || name === '-' ? shiftDate(a, name === '+' ? b.amount : -b.amount, b.unit) : undefined;
  const y = numberOf(b);
  if (x === undefined || y === undefined) return undefined;
  if (name === '+') return numberLiteral(addDecimals(x, y), a);
  if (name === '-') return numberLiteral(addDecimals(x, negateDecimal(y)), a);
  return name === '*' ? numberLiteral(multiplyDecimals(x, y), a) : undefined;
}

/** `year(DATE '2025-01-01')` and `date_part('year', DATE '2025-01-01')`. */
function yearOf(name: string, parts: readonly Scalar[]): Literal | undefined {
  const [first, second] = parts;
  const isPart = (name === 'date_part' || name === 'datepart') && first?.kind === 'literal' && first.text.toLowerCase() === 'year';
  const date = isPart && parts.length === 2 ? second : name === 'year' && parts.length === 1 ? first : undefined;
  const isDate = date?.kind === 'literal' && (date.type === 'date' || date.type === 'timestamp') && /^\d{4}-/.test(date.text);
  return isDate ? { ...date, type: 'integer', text: String(Number(date.text.slice(0, 4))) } : undefined;
}

const DAYS: Readonly<Partial<Record<IntervalUnit, number>>> = { day: 1, week: 7 };
const MONTHS: Readonly<Partial<Record<IntervalUnit, number>>> = { month: 1, year: 12 };

/** A date literal moved by whole days or months; days past the end of a month become its last, as in the engine. */
function shiftDate(literal: Literal, amount: number, unit: IntervalUnit): Literal | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})(.*)$/.exec(literal.text);
  if ((literal.type !== 'date' && literal.type !== 'timestamp') || match === null) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const days = DAYS[unit];
  const months = MONTHS[unit];
  if (days === undefined && months === undefined) return undefined;
  const total = year * 12 + (month - 1) + amount * (months ?? 0);
  const last = new Date(dayStart(Math.floor(total / 12), (((total % 12) + 12) % 12) + 2, 0)).getUTCDate();
  const moved = new Date(dayStart(Math.floor(total / 12), (((total % 12) + 12) % 12) + 1, Math.min(day, last) + amount * (days ?? 0)));
  const text = Number.isNaN(moved.getTime()) ? '' : moved.toISOString().slice(0, 10);
  return /^\d{4}-/.test(text) ? { ...literal, text: `${text}${match[4] ?? ''}` } : undefined;
}

/** Compares two literals; undefined where the engine would have to say. */
export function foldComparison(operator: ComparisonOperator, left: Scalar, right: Scalar): boolean | undefined {
  const [x, y] = [numberOf(left), numberOf(right)];
  const order =
    x !== undefined && y !== undefined
      ? compareDecimals(x, y)
      : left.kind === 'literal' &&
          right.kind === 'literal' &&
          left.type === right.type &&
          left.type !== 'null' &&
          !NUMBERS.includes(left.type)
        ? Number(left.text > right.text) - Number(left.text < right.text)
        : undefined;
  if (order === undefined) return undefined;
  const holds: Readonly<Record<ComparisonOperator, boolean>> = {
    '=': order === 0,
    '<>': order !== 0,
    '<': order < 0,
    '<=': order <= 0,
    '>': order > 0,
    '>=': order >= 0,
  };
  return holds[operator];
}
