import type { Column } from '../../catalog/dataset.ts';
import { quoteText } from '../../catalog/identifier.ts';
import { ROLE_PERMISSIONS } from '../../catalog/permissions.ts';
import { absoluteDecimal, addDecimals, compareDecimals, type Decimal, decimalText, parseDecimal } from '../../kernel/decimal.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { ComparisonOperator } from './ast.ts';
import type { BoundColumn, BoundCondition, BoundLiteral, TableInstance } from './bound.ts';
import { typeClass, typeScale } from './column-type.ts';
import type { CanonicalLiteral, Leaf } from './condition.ts';
import { GRIDS, gridBin, monthBin, nextDay, roundToGrid, roundToMonth } from './grid.ts';
import { isDateText } from './parse-literal.ts';

/** What was rounded, for the merchant: literals as written and as they will run. */
export interface Rounding {
  readonly column: string;
  readonly from: string;
  readonly to: string;
  readonly line: number;
  readonly at: number;
}

export interface LeafContext {
  readonly instances: readonly TableInstance[];
  readonly problems: Problem[];
  readonly roundings: Rounding[];
}

type LiteralCondition = Extract<BoundCondition, { kind: 'literal' }>;

/** Step of the bin of zero for floating-point columns. */
const FLOAT_STEP: Decimal = { digits: 1n, scale: 6 };

/** Which grid the literals against a column are rounded to. */
function gridOf(column: Column): (typeof GRIDS)[string] {
  const named = column.grid === undefined ? undefined : GRIDS[column.grid];
  if (named !== undefined) return named;
  const { bounds } = column;
  const isAge =
    column.role === 'quasiId' && typeScale(column) === 0 && bounds !== undefined && Number(bounds[0]) >= 0 && Number(bounds[1]) <= 150;
  return GRIDS[isAge ? 'whole' : 'default'] ?? 'whole';
}

function isExact(column: Column, instance: TableInstance | undefined): boolean {
  return instance?.table.visibility === 'public' || ROLE_PERMISSIONS[column.role].compareLiteral === 'exact' || column.domain !== undefined;
}

/**
 * One comparison of a column with a literal in canonical form: half-open, on the grid unless the column is exempt.
 * Pushes what is refused and what was rounded. Source: gate.md §5 (predicates), gate-examples.md D1.
 */
export function literalLeaf(condition: LiteralCondition, context: LeafContext): Leaf | undefined {
  const { column: bound, literal } = condition;
  const { column } = bound;
  const instance = context.instances[bound.instance];
  const refuse = (use: string): undefined => {
    context.problems.push(problem('sql.column_not_allowed', { name: column.name, use, role: column.role, ...bound.at }));
    return undefined;
  };
  if (instance?.table.visibility === 'protected' && ROLE_PERMISSIONS[column.role].compareLiteral === 'never')
    return refuse('compare with a literal');
  const value = valueFrom(literal, column);
  if (value === undefined) {
    context.problems.push(problem('sql.literal_type', { name: column.name, type: column.type, ...literal.at }));
    return undefined;
  }
  if (isExact(column, instance)) {
    if (value.kind === 'date' && hasTimeOfDay(literal.text)) return refuse('compare with a time of day');
    return exactLeaf(condition, value, context);
  }
  if (value.kind === 'number') return numberLeaf(condition, value.value, context);
  if (value.kind === 'date') return dateLeaf(condition, value.text, context);
  return value.kind === 'boolean'
    ? exactLeaf(condition, value, context)
    : refuse('compare a text without a declared domain with a literal');
}

type Value =
  | { readonly kind: 'number'; readonly value: Decimal }
  | { readonly kind: 'date' | 'timestamp' | 'text' | 'boolean'; readonly text: string };

function valueFrom(literal: BoundLiteral, column: Column): Value | undefined {
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

function exactLeaf(condition: LiteralCondition, value: Value, context: LeafContext): Leaf | undefined {
  const { column, operator } = condition;
  const literal = literalSql(value, column.column);
  if (operator === '=' || operator === '<>') return { kind: 'equal', column, literal, negated: operator === '<>' };
  if (value.kind === 'text' || value.kind === 'boolean') {
    context.problems.push(
      problem('sql.column_not_allowed', {
        name: column.column.name,
        use: `compare a text with ${operator}`,
        role: column.column.role,
        ...column.at,
      }),
    );
    return undefined;
  }
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

function side(column: BoundColumn, operator: ComparisonOperator, literal: CanonicalLiteral): Leaf {
  const isFrom = operator === '>=' || operator === '>';
  return { kind: 'range', column, from: isFrom ? literal : null, to: isFrom ? null : literal, negated: false };
}

function numberLeaf(condition: LiteralCondition, value: Decimal, context: LeafContext): Leaf {
  const { column, operator, literal } = condition;
  const grid = gridOf(column.column);
  const scale = typeScale(column.column);
  if (operator === '=' || operator === '<>') {
    const step = scale === undefined ? FLOAT_STEP : { digits: 1n, scale };
    const [from, to] = gridBin(value, grid, step);
    note(context, condition, `[${decimalText(from)}, ${decimalText(to)})`, compareDecimals(addDecimals(from, step), to) !== 0);
    return { kind: 'range', column, from: { sql: decimalText(from) }, to: { sql: decimalText(to) }, negated: operator === '<>' };
  }
  const open: Value = { kind: 'number', value };
  const halfOpen = operator === '>' || operator === '<=' ? stepUp(open, column.column) : open;
  const rounded = roundToGrid(halfOpen.kind === 'number' ? halfOpen.value : value, grid);
  const text = decimalText(rounded);
  note(
    context,
    condition,
    `${operator === '>' || operator === '>=' ? '>=' : '<'} ${text}`,
    text !== literal.text || operator === '>' || operator === '<=',
  );
  return side(column, operator, { sql: text });
}

function dateLeaf(condition: LiteralCondition, day: string, context: LeafContext): Leaf {
  const { column, operator } = condition;
  const sql = (text: string): CanonicalLiteral => literalSql({ kind: 'date', text }, column.column);
  if (operator === '=' || operator === '<>') {
    const [from, to] = monthBin(day);
    note(context, condition, `[${from}, ${to})`, true);
    return { kind: 'range', column, from: sql(from), to: sql(to), negated: operator === '<>' };
  }
  const rounded = roundToMonth(operator === '>' || operator === '<=' ? nextDay(day) : day);
  note(
    context,
    condition,
    `${operator === '>' || operator === '>=' ? '>=' : '<'} ${rounded}`,
    rounded !== day || operator === '>' || operator === '<=',
  );
  return side(column, operator, sql(rounded));
}

function note(context: LeafContext, condition: LiteralCondition, to: string, changed: boolean): void {
  if (!changed) return;
  const { column, operator, literal } = condition;
  context.roundings.push({
    column: column.column.name,
    from: `${operator} ${literal.text}`,
    to,
    line: literal.at.line,
    at: literal.at.column,
  });
}
