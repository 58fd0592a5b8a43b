import type { ValueType } from './dialect.ts';
import type { Printed, Translation } from './tree.ts';

/** Whether a type is one of the two of numbers. Source: ADR 0012. */
export function isNumeric(type: ValueType): boolean {
  return type === 'integer' || type === 'fraction';
}

/** The type of a value that is one of several (CASE, COALESCE): a fraction among numbers makes a fraction. NULL says nothing. */
export function commonType(values: readonly Printed[]): ValueType {
  const types = new Set(values.filter((value) => value.sql !== 'NULL').map((value) => value.type));
  const [only] = types;
  if (only !== undefined && types.size === 1) return only;
  const couldBeNumbers = [...types].every((type) => isNumeric(type) || type === 'unknown');
  return types.has('fraction') && couldBeNumbers ? 'fraction' : 'unknown';
}

/** The value as a number: MySQL's comparisons are 1, 0 or NULL, and can be summed. */
export function asNumber(value: Printed, t: Translation): Printed {
  if (t.dialect !== 'mysql' || value.type !== 'boolean') return value;
  if (value.sql === 'TRUE' || value.sql === 'FALSE') return { sql: value.sql === 'TRUE' ? '1' : '0', type: 'integer' };
  return { sql: `CASE WHEN ${value.sql} THEN 1 WHEN NOT ${value.sql} THEN 0 END`, type: 'integer' };
}

/** The value as a condition: in MySQL every number but 0 holds. */
export function asCondition(value: Printed, t: Translation): string {
  return t.dialect === 'mysql' && isNumeric(value.type) ? `(${value.sql} <> 0)` : value.sql;
}

/** Whether a printed value is a string literal. */
export function isTextLiteral(value: Printed): boolean {
  return value.type === 'text' && /^'(?:[^']|'')*'$/.test(value.sql);
}

/** Whether a divisor is a literal other than 0, or already NULL where it would be 0. */
export function isNeverZero(value: Printed): boolean {
  return /^\(?-?[\d.]*[1-9][\d.]*\)?$/.test(value.sql) || /^nullif\(.*, 0\)$/.test(value.sql);
}
