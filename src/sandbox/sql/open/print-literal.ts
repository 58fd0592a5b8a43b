import { quoteText } from '../../../catalog/identifier.ts';
import type { Expression, IntervalUnit } from '../ast.ts';

type Literal = Extract<Expression, { kind: 'literal' }>;

const INTEGER = /^-?\d+$/;
const DECIMAL = /^-?\d*\.?\d+$|^-?\d+\.$/;
const UNITS: Readonly<Record<IntervalUnit, string>> = {
  year: 'YEAR',
  month: 'MONTH',
  week: 'WEEK',
  day: 'DAY',
  hour: 'HOUR',
  minute: 'MINUTE',
  second: 'SECOND',
};

/** The SQL of a literal. Throws where its text is not of its type: the reader lets no such thing through. Source: gate.md §9 (what stands above a gate). */
export function printLiteral(literal: Literal): string {
  const { type, text } = literal;
  switch (type) {
    case 'integer':
      return signed(text, INTEGER);
    case 'decimal':
      return signed(text, DECIMAL);
    case 'double':
      return `CAST(${quoteText(String(finiteNumber(text)))} AS DOUBLE)`;
    case 'boolean':
      return text === 'true' ? 'TRUE' : 'FALSE';
    case 'null':
      return 'NULL';
    case 'date':
      return `DATE ${quoted(text)}`;
    case 'timestamp':
      return `TIMESTAMP ${quoted(text)}`;
    case 'string':
      return quoted(text);
  }
}

/** The SQL of an interval of whole units. */
export function printInterval(interval: Extract<Expression, { kind: 'interval' }>): string {
  if (!Number.isSafeInteger(interval.amount)) throw new Error('An interval is not a whole number of its unit');
  return `INTERVAL '${interval.amount}' ${UNITS[interval.unit]}`;
}

function signed(text: string, form: RegExp): string {
  if (!form.test(text)) throw new Error('A literal is not a number');
  return text.startsWith('-') ? `(${text})` : text;
}

function finiteNumber(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !Number.isFinite(value)) throw new Error('A literal is not a finite number');
  return value;
}

function quoted(text: string): string {
  if (text.includes('\0')) throw new Error('A literal contains NUL');
  return quoteText(text);
}
