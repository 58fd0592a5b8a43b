import { ROLE_PERMISSIONS } from '../../../catalog/permissions.ts';
import { type BoundColumn, isOpenColumn } from '../model/bound.ts';
import { typeClass } from '../model/column-type.ts';
import { columnsOfScalar, type Scalar } from '../model/scalar.ts';
import type { Compilation } from './context.ts';
import { datePartOf, distanceOf, onMonthEdges } from './date-shapes.ts';
import { numberOf } from './fold.ts';
import { isTextFunction, textInput } from './leaves.ts';
import { isExact, notAllowed } from './literal-leaf.ts';
import { refuseConstruct } from './refusal.ts';
import { calledColumn } from './scope.ts';
import { isSensitive } from './terms.ts';

/** Largest literal, and products in one label: with the year of a date they stay far within 64 bits. Source: gate.md §9. */
const MAX_LITERAL = 10_000n;
const MAX_PRODUCTS = 2;
const OPERATORS = new Set(['+', '-', '*', '//', '%', 'least', 'greatest']);

/**
 * A whole number made of parts of dates: `year(d) * 100 + month(d)`, `2025 - year(d)`, `year(d) // 10 * 10`. It tells no
 * more than the parts as keys of their own, which are allowed. Undefined for anything else.
 * Source: gate.md §5 (predicates: date part, distance). Throws Refused for columns that may not be grouped by.
 */
export function partsLabel(scalar: Scalar, compilation: Compilation): Scalar | undefined {
  const columns = columnsOfScalar(scalar);
  if (columns.length === 0 || productsIn(scalar) > MAX_PRODUCTS) return undefined;
  const label = partsOf(scalar, compilation);
  return label !== undefined && isMixed(columns) ? refuseMixed(scalar) : label;
}

function partsOf(scalar: Scalar, compilation: Compilation): Scalar | undefined {
  const value = numberOf(scalar);
  if (value !== undefined) return value.scale === 0 && absolute(value.digits) <= MAX_LITERAL ? scalar : undefined;
  const part = datePartOf(scalar);
  if (part !== undefined) return mayLabel(part.column, scalar);
  const distance = distanceOf(scalar);
  if (distance !== undefined && scalar.kind === 'call') return distance.unit === 'day' ? undefined : onEdges(scalar, compilation);
  if (scalar.kind === 'cast' && /^(INTEGER|BIGINT)$/.test(scalar.type)) {
    const input = partsOf(scalar.input, compilation);
    return input === undefined ? undefined : { ...scalar, input };
  }
  if (scalar.kind !== 'call' || !OPERATORS.has(scalar.name) || scalar.arguments.length > 2) return undefined;
  const parts = scalar.arguments.map((item) => partsOf(item, compilation));
  const whole = parts.filter((item) => item !== undefined);
  return whole.length === parts.length && whole.length > 0 ? { ...scalar, arguments: whole } : undefined;
}

/**
 * The distance of a date from a literal, moved so that its labels begin with months; the scalar itself where it is none.
 * Notes what was moved. Source: gate.md §5 (bin edges: dates to the month). Throws Refused for columns that may not be grouped by.
 */
export function onEdges(scalar: Scalar, compilation: Compilation): Scalar {
  if (scalar.kind === 'cast') return { ...scalar, input: onEdges(scalar.input, compilation) };
  const distance = distanceOf(scalar);
  if (distance === undefined || scalar.kind !== 'call' || datePartOf(scalar) !== undefined) return scalar;
  const literal = isExact(distance.column) ? distance.literal : onMonthEdges(distance);
  compilation.noteProbe(distance.column, `${distance.unit}s from ${distance.literal.text}`);
  if (literal.text !== distance.literal.text)
    compilation.roundings.push({
      column: calledColumn(distance.column),
      from: distance.literal.text,
      to: literal.text,
      line: distance.literal.at.line,
      at: distance.literal.at.column,
    });
  const moved = scalar.arguments.map((item) => (item.kind === 'literal' && item === distance.literal ? literal : item));
  return mayLabel(distance.column, { ...scalar, arguments: moved });
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

function productsIn(scalar: Scalar): number {
  if (scalar.kind === 'cast') return productsIn(scalar.input);
  if (scalar.kind !== 'call') return 0;
  return scalar.arguments.reduce((sum, item) => sum + productsIn(item), scalar.name === '*' ? 1 : 0);
}

function mayLabel(column: BoundColumn, scalar: Scalar): Scalar {
  if (!isOpenColumn(column) && ROLE_PERMISSIONS[column.column.role].groupBy === 'never') return notAllowed(column, 'group by');
  return scalar;
}

/**
 * Whether a sensitive column would stand in one label with others: evidence looks for a sensitive key of which one value
 * holds all units of the other keys, and could not tell them apart. Source: gate.md §6.
 */
function isMixed(columns: readonly BoundColumn[]): boolean {
  const distinct = new Set(columns.map((item) => `${item.instance.index} ${item.column.name}`));
  return distinct.size > 1 && columns.some(isSensitive);
}

const JOINED = new Set(['||', 'concat', 'concat_ws']);
const PADDED = new Set(['lpad', 'rpad']);
const MAX_PADDING = 20n;

/**
 * A text put together of keys: `district || '/' || gender`, `year(d) || '-Q' || quarter(d)`. It tells no more than they do
 * side by side. Undefined for anything else. Source: gate.md §5 (predicates: prefix, date part). Throws Refused as above.
 */
export function textLabel(scalar: Scalar, compilation: Compilation): Scalar | undefined {
  const columns = columnsOfScalar(scalar);
  if (columns.length === 0) return undefined;
  if (scalar.kind === 'cast' && scalar.type === 'VARCHAR') {
    const input = partOf(scalar.input, compilation);
    return input === undefined ? undefined : { ...scalar, input };
  }
  if (scalar.kind !== 'call') return undefined;
  const [first, length, filling] = scalar.arguments;
  if (PADDED.has(scalar.name)) {
    const digits = length === undefined ? undefined : numberOf(length)?.digits;
    const input = first === undefined ? undefined : partOf(first, compilation);
    const isFilled = filling?.kind === 'literal' && filling.type === 'string' && filling.text.length === 1;
    const isShort = digits !== undefined && digits >= 0n && digits <= MAX_PADDING;
    return input !== undefined && isFilled && isShort ? { ...scalar, arguments: [input, ...scalar.arguments.slice(1)] } : undefined;
  }
  if (!JOINED.has(scalar.name)) return undefined;
  const parts = scalar.arguments.map((item) => partOf(item, compilation));
  const whole = parts.filter((item) => item !== undefined);
  if (whole.length !== parts.length) return undefined;
  return isMixed(columns) ? refuseMixed(scalar) : { ...scalar, arguments: whole };
}

function refuseMixed(scalar: Scalar): never {
  return refuseConstruct('one key made of a sensitive column and others', scalar.at);
}

function partOf(scalar: Scalar, compilation: Compilation): Scalar | undefined {
  if (scalar.kind === 'literal') return ['string', 'integer'].includes(scalar.type) ? scalar : undefined;
  const inside = partsLabel(scalar, compilation) ?? textLabel(scalar, compilation);
  if (inside !== undefined) return inside;
  if (scalar.kind === 'column' && scalar.column.column.semantic === 'count feature') return scalar;
  const isText = scalar.kind === 'column' ? typeClass(scalar.column.column) === 'text' : isTextFunction(scalar);
  return isText ? textInput(scalar, 'group by') : undefined;
}

const TOKENS = /%./g;
/** What may be taken out of a date: nothing that narrows it within its month to one day. */
const PARTS = new Set(['%Y', '%y', '%m', '%b', '%B', '%H', '%I', '%p', '%a', '%A', '%w', '%u', '%%']);
const WHOLE_DAY = new Set(['%d', '%F']);

/**
 * `strftime(d, '%Y-%m')`: the column, where the format holds parts that may be keys by themselves; with the day only
 * where `showsDay` says that days of the column may be shown, and beside year and month. Undefined for other scalars.
 * Source: gate.md §5 (date part, truncation).
 */
export function formatOf(
  scalar: Scalar,
  showsDay: (column: BoundColumn) => boolean,
): { readonly column: BoundColumn; readonly isAllowed: boolean } | undefined {
  if (scalar.kind !== 'call' || scalar.name !== 'strftime') return undefined;
  const [input, format] = scalar.arguments;
  if (input?.kind !== 'column' || format?.kind !== 'literal' || format.type !== 'string') return undefined;
  const { column } = input;
  const kind = typeClass(column.column);
  if (kind !== 'date' && kind !== 'timestamp') return undefined;
  const tokens: readonly string[] = format.text.match(TOKENS) ?? [];
  const hasDay = tokens.some((token) => WHOLE_DAY.has(token));
  const isDated = tokens.includes('%F') || (tokens.includes('%Y') && tokens.includes('%m'));
  const isPlain = tokens.every((token) => PARTS.has(token) || WHOLE_DAY.has(token)) && !/%$/.test(format.text.replace(TOKENS, ''));
  return { column, isAllowed: isPlain && format.text.length <= 32 && (!hasDay || (isDated && showsDay(column))) };
}
