import { MAX_TEXT } from './functions.ts';

/** The text of an operand; literals stay where they are, because formats, patterns and digits must be constants. */
export interface Operand {
  readonly sql: string;
  readonly literal: boolean;
}

/**
 * An expression that is NULL where the engine would fail on the values at hand, and prints each operand once.
 *
 * TRY alone will not do: it may not hold aggregates, windows, subqueries or aliases, and DuckDB 1.5.6 has an internal
 * error when it holds a grouping key. So the operands are bound outside and handed to a lambda that tries.
 * Source: gate.md §9 (casts, domain errors).
 */
export function guarded(operands: readonly Operand[], build: (names: readonly string[]) => string): string {
  return `${guardedList(operands, build)}[1]`;
}

function guardedList(operands: readonly Operand[], build: (names: readonly string[]) => string): string {
  const bound = operands.filter((operand) => !operand.literal);
  const [only] = bound;
  if (only === undefined) return `list_transform([0], lambda __r: TRY(${build(operands.map((operand) => operand.sql))}))`;
  const nameOf = (operand: Operand): string => {
    if (operand.literal) return operand.sql;
    return bound.length === 1 ? '__r' : `__r.a${bound.indexOf(operand)}`;
  };
  const input = bound.length === 1 ? only.sql : `{${bound.map((operand, index) => `'a${index}': ${operand.sql}`).join(', ')}}`;
  return `list_transform([${input}], lambda __r: TRY(${build(operands.map(nameOf))}))`;
}

/** The engine holds NaN, whatever its sign, for greater than every number. */
const IS_FINITE = `typeof(__v) NOT IN ('DOUBLE', 'FLOAT') OR abs(TRY_CAST(__v AS DOUBLE)) <= 1.7976931348623157e308`;

/** `guarded`, and NULL where the value is infinite or not a number. Source: gate.md §9 (domain errors). */
export function guardedFinite(operands: readonly Operand[], build: (names: readonly string[]) => string): string {
  return kept(guardedList(operands, build), IS_FINITE);
}

/** The value, NULL where it is infinite or not a number; values of other types as they are. */
export function finite(sql: string): string {
  return kept(`[${sql}]`, IS_FINITE);
}

/** `guarded` for functions that can make texts longer: NULL beyond MAX_TEXT characters, so that results stay bounded. */
export function guardedText(operands: readonly Operand[], build: (names: readonly string[]) => string): string {
  return kept(guardedList(operands, build), `length(__v) <= ${MAX_TEXT}`);
}

/** The text, NULL beyond MAX_TEXT characters. */
export function cappedText(sql: string): string {
  return kept(`[${sql}]`, `length(__v) <= ${MAX_TEXT}`);
}

function kept(list: string, condition: string): string {
  return `list_transform(${list}, lambda __v: CASE WHEN ${condition} THEN __v END)[1]`;
}

/** What a sum of up to a thousand million values needs to stay in its type, by the type of the value `__v`. */
const SUM_FITS = [
  `CASE WHEN typeof(__v) LIKE 'DECIMAL%' THEN abs(TRY_CAST(__v AS DOUBLE)) <`,
  `pow(10, 29 - TRY_CAST(regexp_extract(typeof(__v), '(\\d+)\\)$', 1) AS DOUBLE))`,
  `WHEN typeof(__v) = 'HUGEINT' THEN abs(TRY_CAST(__v AS DOUBLE)) < 1e28 ELSE __v IS NOT NULL END`,
].join(' ');

/** Largest magnitude whose squares, and for pairs whose fourth powers, stay finite when added up. */
const SQUARE_FITS = 'abs(TRY_CAST(__v AS DOUBLE)) < 1e70';

export type Bound = 'sum' | 'squares';

/** Whether a value is small enough to be added up, or to be squared and added up; NULL for NULL. */
export function withinBound(sql: string, bound: Bound): string {
  const condition = bound === 'sum' ? SUM_FITS : SQUARE_FITS;
  return `list_transform([${sql}], lambda __v: CASE WHEN __v IS NOT NULL THEN ${condition} END)[1]`;
}

/** The value where it is within the bound, else NULL. */
export function keptWithinBound(sql: string, bound: Bound): string {
  return kept(`[${sql}]`, bound === 'sum' ? SUM_FITS : SQUARE_FITS);
}
