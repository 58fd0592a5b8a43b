import { type ColumnType, readColumnType } from '../../catalog/column-type.ts';
import type { Column } from '../../catalog/dataset.ts';
import { quoteText } from '../../catalog/identifier.ts';

/** What a value can break, as stored beside it while staging; 0 means nothing. */
export const RULES = { type: 1, missing: 2, bounds: 3, domain: 4 } as const;

/** How a reader hands a value over: as text, as a JSON value, or already typed. */
export type Source =
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'json'; readonly value: string; readonly jsonType: string }
  | { readonly kind: 'typed'; readonly value: string; readonly type: string };

export function columnType(column: Column): ColumnType {
  const type = readColumnType(column.type);
  if (type === undefined) throw new Error('A checked declaration has a type that is not known');
  return type;
}

/** SQL of the converted value. */
export function castSql(column: Column, source: Source): string {
  return column.type === 'VARCHAR' && source.kind !== 'typed' ? source.value : `TRY_CAST(${source.value} AS ${column.type})`;
}

/**
 * SQL that gives the rule a value breaks, or 0. `value` is the source, `cast` the converted value. DuckDB converts
 * leniently (`'1.7'` to INTEGER is 2, `'2020-1-1'` is a date, `'yes'` is true), so a text must be written exactly as the
 * type prints it, or match the strict form of the type.
 */
export function ruleSql(column: Column, source: Source, cast: string): string {
  const value = source.value;
  const missing = column.nullable ? 0 : RULES.missing;
  const checks = [
    `WHEN ${value} IS NULL THEN ${missing}`,
    ...formChecks(columnType(column), source, cast).map((bad) => `WHEN ${bad} THEN ${RULES.type}`),
    ...boundsChecks(column, cast),
    ...domainChecks(column, cast),
  ];
  return `(CASE ${checks.join(' ')} ELSE 0 END)::UTINYINT`;
}

const DECIMAL_FORM = '-?(0|[1-9][0-9]*)';
const TIMESTAMP_FORM = '[0-9]{4}-[0-9]{2}-[0-9]{2}[ T]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\\.[0-9]{1,6})?)?';

/** Conditions under which the form of a value is refused, cheapest first: each is evaluated only where those before it fail. */
function formChecks(type: ColumnType, source: Source, cast: string): readonly string[] {
  const checks = [`${cast} IS NULL`];
  if (source.kind === 'typed') checks.push(`TRY_CAST(${cast} AS ${source.type}) IS DISTINCT FROM ${source.value}`);
  else checks.push(...textChecks(type, source.value, cast));
  if (source.kind === 'json') checks.unshift(jsonTypeCheck(type, source));
  if (type.family === 'float' || type.family === 'date' || type.family === 'timestamp') checks.push(`NOT isfinite(${cast})`);
  if (type.family === 'timestamp') checks.push(`year(${cast}) < 1`);
  return checks;
}

function textChecks(type: ColumnType, value: string, cast: string): readonly string[] {
  const printed = `${cast}::VARCHAR = ${value}`;
  const orMatches = (form: string): string =>
    `NOT (CASE WHEN ${printed} THEN true ELSE regexp_full_match(${value}, ${quoteText(form)}) END)`;
  switch (type.family) {
    case 'text':
      return [];
    case 'boolean':
    case 'integer':
      return [`NOT (${printed})`];
    case 'date':
      return [`NOT (${printed}) OR length(${value}) <> 10`];
    case 'decimal':
      return [orMatches((type.scale ?? 0) === 0 ? DECIMAL_FORM : `${DECIMAL_FORM}(\\.[0-9]{1,${type.scale}})?`)];
    case 'float':
      return [orMatches(`${DECIMAL_FORM}(\\.[0-9]+)?([eE][+-]?[0-9]+)?`)];
    case 'timestamp':
      return [orMatches(TIMESTAMP_FORM)];
  }
}

/** JSON values must be of the JSON type that fits; decimals may also be strings, since JSON numbers hold 15 digits safely. */
function jsonTypeCheck(type: ColumnType, source: { readonly value: string; readonly jsonType: string }): string {
  const is = (...names: readonly string[]): string => `${source.jsonType} NOT IN (${names.map(quoteText).join(', ')})`;
  switch (type.family) {
    case 'text':
    case 'date':
    case 'timestamp':
      return is('VARCHAR');
    case 'boolean':
      return is('BOOLEAN');
    case 'integer':
      return is('BIGINT', 'UBIGINT');
    case 'float':
      return is('BIGINT', 'UBIGINT', 'DOUBLE');
    case 'decimal':
      return `${is('BIGINT', 'UBIGINT', 'DOUBLE', 'VARCHAR')} OR (${source.jsonType} = 'DOUBLE' AND length(${source.value}) > 16)`;
  }
}

function boundsChecks(column: Column, cast: string): readonly string[] {
  if (column.bounds === undefined) return [];
  const [low, high] = column.bounds.map((bound) => literal(bound, column.type));
  return [`WHEN ${cast} < ${low} OR ${cast} > ${high} THEN ${RULES.bounds}`];
}

function domainChecks(column: Column, cast: string): readonly string[] {
  if (column.domain === undefined) return [];
  return [`WHEN ${cast} NOT IN (${column.domain.map((value) => literal(value, column.type)).join(', ')}) THEN ${RULES.domain}`];
}

/** A declared value as a literal. Bounds of numbers compare as DOUBLE or exact decimals, so they need no cast of their own. */
export function literal(value: string | number, type: string): string {
  if (typeof value === 'string') return type === 'VARCHAR' ? quoteText(value) : `${quoteText(value)}::${type}`;
  return Number.isInteger(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER ? String(value) : `${quoteText(String(value))}::DOUBLE`;
}
