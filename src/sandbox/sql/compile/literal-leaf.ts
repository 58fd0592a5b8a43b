import type { Column } from '../../../catalog/dataset.ts';
import { quoteText } from '../../../catalog/identifier.ts';
import { ROLE_PERMISSIONS } from '../../../catalog/permissions.ts';
import { absoluteDecimal, addDecimals, compareDecimals, type Decimal, decimalText, parseDecimal } from '../../../kernel/decimal.ts';
import type { ComparisonOperator, LiteralType, Position } from '../ast.ts';
import { type BoundColumn, isOpenColumn } from '../model/bound.ts';
import { typeClass, typeScale } from '../model/column-type.ts';
import { isDateText } from '../read/literal.ts';
import type { Compilation } from './context.ts';
import { GRIDS, gridBin, monthBin, nextDay, roundToGrid, roundToMonth } from './grid.ts';
import { refuse } from './refusal.ts';
import { calledColumn } from './scope.ts';

/** A literal in canonical form: its SQL text. */
interface CanonicalLiteral {
  readonly sql: string;
}

/** One condition on one column, the literal already on the grid. Half-open ranges: `from <= column < to`. */
export type ColumnLeaf =
  | {
      readonly kind: 'range';
      readonly column: BoundColumn;
      readonly from: CanonicalLiteral | null;
      readonly to: CanonicalLiteral | null;
      readonly negated: boolean;
    }
  | { readonly kind: 'equal'; readonly column: BoundColumn; readonly literal: CanonicalLiteral; readonly negated: boolean }
  /** Texts in the order of the engine, that of their bytes. There is no next text, so that > and <= stay. */
  | { readonly kind: 'order'; readonly column: BoundColumn; readonly operator: ComparisonOperator; readonly literal: CanonicalLiteral };

/** A comparison as the merchant wrote it. */
export interface LiteralComparison {
  readonly column: BoundColumn;
  readonly operator: ComparisonOperator;
  readonly literal: { readonly type: LiteralType; readonly text: string; readonly at: Position };
}

/**
 * The SQL of one comparison. Equal texts are equal operands: they order and merge them.
 * Source: gate.md §3.5 (what runs is printed anew), gate-examples.md D20.
 */
export function printColumnLeaf(leaf: ColumnLeaf, column: string): string {
  if (leaf.kind === 'equal') return `${column} ${leaf.negated ? '<>' : '='} ${leaf.literal.sql}`;
  if (leaf.kind === 'order') return `${column} ${leaf.operator} ${leaf.literal.sql}`;
  const { from, to, negated } = leaf;
  if (from !== null && to !== null) {
    // Never the text of an AND or OR of two leaves: equal texts are equal programs, and these are one operand.
    const range = `(${column} >= ${from.sql} AND ${column} < ${to.sql})`;
    return negated ? `NOT ${range}` : range;
  }
  return from !== null ? `${column} >= ${from.sql}` : `${column} < ${to?.sql}`;
}

/** Step of the bin of zero for floating-point columns. */
const FLOAT_STEP: Decimal = { digits: 1n, scale: 6 };

/** Which grid the literals against a column are rounded to. */
export function gridOf(column: Column): (typeof GRIDS)[string] {
  const named = column.grid === undefined ? undefined : GRIDS[column.grid];
  if (named !== undefined) return named;
  const { bounds } = column;
  const isAge =
    column.role === 'quasiId' && typeScale(column) === 0 && bounds !== undefined && Number(bounds[0]) >= 0 && Number(bounds[1]) <= 150;
  return GRIDS[isAge ? 'whole' : 'default'] ?? 'whole';
}

/** Whether literals against the column stay as they are. Source: gate.md §5 (exempt). */
export function isExact(bound: BoundColumn): boolean {
  return isOpenColumn(bound) || ROLE_PERMISSIONS[bound.column.role].compareLiteral === 'exact' || bound.column.domain !== undefined;
}

/**
 * One comparison of a column with a literal in canonical form: half-open, on the grid unless the column is exempt.
 * Pushes what is refused and what was rounded. Source: gate.md §5 (predicates), gate-examples.md D1.
 */
export function literalLeaf(condition: LiteralComparison, compilation: Compilation): ColumnLeaf {
  const { column: bound, literal } = condition;
  const { column } = bound;
  if (!isOpenColumn(bound) && ROLE_PERMISSIONS[column.role].compareLiteral === 'never') return notAllowed(bound, 'compare with a literal');
  const value = valueFrom(literal, column);
  if (value === undefined) return refuse('sql.literal_type', { name: calledColumn(bound), type: column.type, ...literal.at });
  if (isExact(bound)) {
    if (value.kind === 'date' && hasTimeOfDay(literal.text)) return notAllowed(bound, 'compare with a time of day');
    return exactLeaf(condition, value);
  }
  compilation.noteProbe(bound, literal.text);
  if (value.kind === 'number') return numberLeaf(condition, value.value, compilation);
  if (value.kind === 'date') return dateLeaf(condition, value.text, compilation);
  // A text is a bin of its own where it may be a grouping label: equality asks for that cell.
  const isLabel = ROLE_PERMISSIONS[column.role].output === 'groupingLabel' && ['=', '<>'].includes(condition.operator);
  return value.kind === 'boolean' || isLabel
    ? exactLeaf(condition, value)
    : notAllowed(bound, 'compare a text without a declared domain with a literal');
}

/** Ends the compilation: the column's role does not allow the use. */
export function notAllowed(bound: BoundColumn, use: string): never {
  return refuse('sql.column_not_allowed', { name: calledColumn(bound), use, role: bound.column.role, ...bound.at });
}

type Value =
  | { readonly kind: 'number'; readonly value: Decimal }
  | { readonly kind: 'date' | 'timestamp' | 'text' | 'boolean'; readonly text: string };

function valueFrom(literal: LiteralComparison['literal'], column: Column): Value | undefined {
  const kind = typeClass(column);
  const { type, text } = literal;
  if (kind === 'number') {
    const value = ['integer', 'decimal', 'double'].includes(type) ? parseDecimal(text) : undefined;
    return value === undefined || !isPrintable(value) ? undefined : { kind: 'number', value };
  }
  if (kind === 'date' || kind === 'timestamp') {
    const day = text.slice(0, 10);
    const isDate = (type === 'date' || type === 'string' || type === 'timestamp') && isDateText(day);
    if (!isDate || (kind === 'date' && text.length > 10) || (type === 'string' && text.length > 10)) return undefined;
    return { kind: 'date', text: day };
  }
  if (kind === 'boolean') return type === 'boolean' ? { kind: 'boolean', text } : undefined;
  return kind === 'text' && type === 'string' ? { kind: 'text', text } : undefined;
}

/** Digits that every number type of the engine can be compared with; beyond them a rounded literal may not be one. */
const MAX_DIGITS = 38;

function isPrintable(value: Decimal): boolean {
  return value.scale <= MAX_DIGITS && compareDecimals(absoluteDecimal(value), { digits: 10n ** BigInt(MAX_DIGITS), scale: 0 }) < 0;
}

function literalSql(value: Value, column: Column): CanonicalLiteral {
  if (value.kind === 'number') return { sql: decimalText(value.value) };
  if (value.kind === 'boolean') return { sql: value.text === 'true' ? 'TRUE' : 'FALSE' };
  if (value.kind === 'text') return { sql: quoteText(value.text) };
  return { sql: typeClass(column) === 'timestamp' ? `TIMESTAMP '${value.text} 00:00:00'` : `DATE '${value.text}'` };
}

function exactLeaf(condition: LiteralComparison, value: Value): ColumnLeaf {
  const { column, operator } = condition;
  const literal = literalSql(value, column.column);
  if (operator === '=' || operator === '<>') return { kind: 'equal', column, literal, negated: operator === '<>' };
  if (value.kind === 'text') return { kind: 'order', column, operator, literal };
  if (value.kind === 'boolean') return notAllowed(column, `compare a truth value with ${operator}`);
  if (operator === '>=' || operator === '<') return side(column, operator, literal);
  if (typeClass(column.column) === 'timestamp' && value.kind === 'date') {
    return side(column, operator, { sql: `TIMESTAMP '${value.text} 00:00:00.000001'` });
  }
  return side(column, operator, literalSql(stepUp(value, column.column), column.column));
}

function hasTimeOfDay(text: string): boolean {
  return text.length > 10 && /[1-9]/.test(text.slice(10));
}

/** The next value of the type: `x > v` is `x >= v + step`. Floating point has none and keeps the value. */
function stepUp(value: Value, column: Column): Value {
  if (value.kind === 'date') return { kind: 'date', text: nextDay(value.text) };
  if (value.kind !== 'number') return value;
  const scale = typeScale(column);
  if (scale === undefined) return value;
  const unit = 10n ** BigInt(Math.max(0, value.value.scale - scale));
  const isOnStep = value.value.digits % unit === 0n;
  if (!isOnStep) return value; // between two steps of the type, > and >= are the same
  return { kind: 'number', value: addDecimals(value.value, { digits: 1n, scale }) };
}

function side(column: BoundColumn, operator: ComparisonOperator, literal: CanonicalLiteral): ColumnLeaf {
  const isFrom = operator === '>=' || operator === '>';
  return { kind: 'range', column, from: isFrom ? literal : null, to: isFrom ? null : literal, negated: false };
}

function numberLeaf(condition: LiteralComparison, value: Decimal, compilation: Compilation): ColumnLeaf {
  const { column, operator, literal } = condition;
  const grid = gridOf(column.column);
  const scale = typeScale(column.column);
  if (operator === '=' || operator === '<>') {
    const step = scale === undefined ? FLOAT_STEP : { digits: 1n, scale };
    const [from, to] = gridBin(value, grid, step);
    note(compilation, condition, `[${decimalText(from)}, ${decimalText(to)})`, compareDecimals(addDecimals(from, step), to) !== 0);
    return { kind: 'range', column, from: { sql: decimalText(from) }, to: { sql: decimalText(to) }, negated: operator === '<>' };
  }
  const open: Value = { kind: 'number', value };
  const halfOpen = operator === '>' || operator === '<=' ? stepUp(open, column.column) : open;
  const rounded = roundToGrid(halfOpen.kind === 'number' ? halfOpen.value : value, grid);
  const text = decimalText(rounded);
  note(
    compilation,
    condition,
    `${operator === '>' || operator === '>=' ? '>=' : '<'} ${text}`,
    text !== literal.text || operator === '>' || operator === '<=',
  );
  return side(column, operator, { sql: text });
}

function dateLeaf(condition: LiteralComparison, day: string, compilation: Compilation): ColumnLeaf {
  const { column, operator } = condition;
  const sql = (text: string): CanonicalLiteral => literalSql({ kind: 'date', text }, column.column);
  if (operator === '=' || operator === '<>') {
    const [from, to] = monthBin(day);
    note(compilation, condition, `[${from}, ${to})`, true);
    return { kind: 'range', column, from: sql(from), to: sql(to), negated: operator === '<>' };
  }
  const rounded = roundToMonth(operator === '>' || operator === '<=' ? nextDay(day) : day);
  note(
    compilation,
    condition,
    `${operator === '>' || operator === '>=' ? '>=' : '<'} ${rounded}`,
    rounded !== day || operator === '>' || operator === '<=',
  );
  return side(column, operator, sql(rounded));
}

function note(compilation: Compilation, condition: LiteralComparison, to: string, changed: boolean): void {
  if (!changed) return;
  const { column, operator, literal } = condition;
  compilation.roundings.push({
    column: calledColumn(column),
    from: `${operator} ${literal.text}`,
    to,
    line: literal.at.line,
    at: literal.at.column,
  });
}
