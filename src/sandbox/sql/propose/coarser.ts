import type { Table } from '../../../catalog/dataset.ts';
import { decimalText, parseDecimal } from '../../../kernel/decimal.ts';
import type { Expression } from '../ast.ts';
import { GRIDS, roundToGrid } from '../compile/grid.ts';
import { callOf, columnNamed, literalOf } from './site.ts';

type ColumnExpression = Extract<Expression, { readonly kind: 'column' }>;

/** A key that shows less than a column does, and what to call it. */
export interface Coarser {
  readonly expression: Expression;
  readonly suffix: string;
}

/** Bins within the bounds of a column, about. */
const BINS = 20;
const STEPS = ['1000', '10'];

/**
 * Coarser keys of a column, nearest first: months, quarters and years of a date, bins of a number with edges on the
 * grid. The steps follow from the declared bounds, never from data. Source: gate.md §5 (predicates: bins, date parts).
 */
export function coarserOf(column: ColumnExpression, tables: readonly Table[]): readonly Coarser[] {
  const known = columnNamed(column.path, tables);
  if (known !== undefined && /^(DATE|TIMESTAMP)/.test(known.type)) return truncations(column, ['month', 'quarter', 'year']);
  if (known !== undefined && /CHAR|BOOL/.test(known.type)) return [];
  const bounds = (known?.bounds ?? []).map(Number);
  const [low, high] = bounds;
  const steps = low !== undefined && high !== undefined && high > low ? [stepNear((high - low) / BINS)] : STEPS;
  const bins = steps.map((step) => ({ expression: binned(column, step), suffix: 'bin' }));
  return known === undefined ? [...bins, ...truncations(column, ['month'])] : bins;
}

/** `date_trunc` of a date by each of the units. */
export function truncations(date: Expression, units: readonly string[]): readonly Coarser[] {
  const { at } = date;
  return units.map((unit) => ({ expression: callOf('date_trunc', [literalOf('string', unit, at), date], at), suffix: unit }));
}

/** A power of ten or 2, 5 of it: the 1-2-5 grid is part of every grid. */
function stepNear(size: number): string {
  const value = parseDecimal(size >= 1 ? String(Math.round(size)) : '1');
  const grid = GRIDS['1-2-5'];
  return value === undefined || grid === undefined ? '1' : decimalText(roundToGrid(value, grid));
}

function binned(column: Expression, step: string): Expression {
  const { at } = column;
  const divided = callOf('/', [column, literalOf('integer', step, at)], at, { operator: true });
  return callOf('*', [callOf('floor', [divided], at), literalOf('integer', step, at)], at, { operator: true });
}
