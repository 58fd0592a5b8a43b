import { quoteText } from '../../../catalog/identifier.ts';
import type { BoundColumn } from '../model/bound.ts';
import type { Scalar } from '../model/scalar.ts';
import { replaceTokens } from './names.ts';
import { physicalColumn, shownColumn } from './scope.ts';

/** How columns are written: as they run, or as the merchant is shown them. */
export type ColumnPrinter = (column: BoundColumn) => string;

const TYPED: Readonly<Record<string, string>> = { date: 'DATE ', timestamp: 'TIMESTAMP ' };

/** A literal as SQL. */
export function printLiteral(literal: Extract<Scalar, { kind: 'literal' }>): string {
  if (literal.type === 'null') return 'NULL';
  if (literal.type === 'boolean') return literal.text.toLowerCase() === 'true' ? 'TRUE' : 'FALSE';
  if (literal.type === 'integer' || literal.type === 'decimal' || literal.type === 'double') return literal.text;
  return `${TYPED[literal.type] ?? ''}${quoteText(literal.text)}`;
}

/** `position` has a grammar of its own: `position(part IN text)`. */
const CALLED: Readonly<Record<string, string>> = { position: 'strpos' };
const INFIX = new Set(['+', '-', '*', '||']);

/**
 * The SQL of a scalar without conditions in it. Casts give NULL instead of an error, divisors are never zero: a value
 * of the data must not make a statement fail. Source: gate.md §9.
 */
export function printScalar(scalar: Scalar, print: ColumnPrinter): string {
  switch (scalar.kind) {
    case 'column':
      return print(scalar.column);
    case 'literal':
      return printLiteral(scalar);
    case 'interval':
      return `INTERVAL '${scalar.amount}' ${scalar.unit.toUpperCase()}`;
    case 'released':
      return scalar.token;
    case 'cast':
      return `TRY_CAST(${printScalar(scalar.input, print)} AS ${scalar.type})`;
    case 'call': {
      const parts = scalar.arguments.map((item) => printScalar(item, print));
      if (INFIX.has(scalar.name)) return parts.length === 1 ? `(${scalar.name}${parts[0]})` : `(${parts.join(` ${scalar.name} `)})`;
      if (scalar.name === '/' || scalar.name === '//' || scalar.name === '%') return `(${parts[0]} ${scalar.name} NULLIF(${parts[1]}, 0))`;
      return `${CALLED[scalar.name] ?? scalar.name}(${parts.join(', ')})`;
    }
    default:
      throw new Error(`A ${scalar.kind} has no SQL of its own`);
  }
}

/** The SQL of a scalar as it runs. */
export function physical(scalar: Scalar): string {
  return printScalar(scalar, physicalColumn);
}

/** The SQL of a scalar as people are shown it. */
export function shown(scalar: Scalar): string {
  return replaceTokens(printScalar(scalar, shownColumn), (words) => `(${words[1] ?? ''})`);
}
