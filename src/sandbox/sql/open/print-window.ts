import type { Expression, FrameBound, OrderItem, Window } from '../ast.ts';
import { exactSum } from './exact-sum.ts';
import { type Family, isDecimal } from './family.ts';
import { openFunction, type WindowForm } from './functions.ts';
import { type Bound, finite, keptWithinBound, withinBound } from './guard.ts';
import { printInterval, printLiteral } from './print-literal.ts';

/** How the parts of a window function are printed, and what breaks the ties of its ORDER BY. */
export interface WindowPrinters {
  readonly ties: readonly string[];
  readonly print: (expression: Expression) => string;
  readonly condition: (expression: Expression) => string;
  readonly family: (expression: Expression) => Family;
}

/** As many rows as can be: the engine adds up a frame without any bound in the order its threads finish. */
const TO_THE_END = 'ROWS BETWEEN UNBOUNDED PRECEDING AND 1000000000 FOLLOWING';
const TRUTH = new Set(['count_if', 'countif', 'bool_and', 'bool_or']);

/**
 * The SQL of a window function that neither fails nor depends on the order of equal rows: where rows count one by one,
 * ORDER BY goes on with all columns of the row; where equal rows count together (RANGE), the values inside the frame
 * are ordered instead, or added exactly, since a longer ORDER BY would part them. A sum over such a frame of values
 * whose type is not known may differ in its last digits from run to run. Source: gate.md §9 (ties).
 */
export function printWindow(window: Window, printers: WindowPrinters): string {
  const form = openFunction(window.name)?.window;
  switch (form) {
    case 'peers':
      return `${window.name}() OVER (${inside(window, printers, orderOf(window, printers), '')})`;
    case 'order':
      return numbered(window, printers);
    case 'value':
      return picked(window, printers);
    case 'exact':
    case 'sum':
    case 'squares':
      return aggregated(window, form, printers);
    default:
      throw new Error('A window function outside the open layer');
  }
}

function inside(window: Window, printers: WindowPrinters, order: readonly string[], frame: string): string {
  const partition = window.partitionBy.map(printers.print);
  return [
    ...(partition.length === 0 ? [] : [`PARTITION BY ${partition.join(', ')}`]),
    ...(order.length === 0 ? [] : [`ORDER BY ${order.join(', ')}`]),
    ...(frame === '' ? [] : [frame]),
  ].join(' ');
}

function orderSql(item: OrderItem, sql: string): string {
  return `${sql} ${item.descending ? 'DESC' : 'ASC'} NULLS ${item.nulls === 'first' ? 'FIRST' : 'LAST'}`;
}

function orderOf(window: Window, printers: WindowPrinters): readonly string[] {
  return window.orderBy.map((item) => orderSql(item, printers.print(item.expression)));
}

function totalOrder(window: Window, printers: WindowPrinters): readonly string[] {
  return [...orderOf(window, printers), ...printers.ties.map((tie) => `${tie} ASC NULLS LAST`)];
}

function numbered(window: Window, printers: WindowPrinters): string {
  const values = window.arguments.map(printers.print).join(', ');
  return `${window.name}(${values}) OVER (${inside(window, printers, totalOrder(window, printers), '')})`;
}

/** Whether the frame is the whole partition, whatever the order. */
function isWhole(window: Window): boolean {
  const { frame } = window;
  const unbounded = frame.start.kind === 'unboundedPreceding' && frame.end.kind === 'unboundedFollowing';
  return unbounded || (window.orderBy.length === 0 && frame.mode === 'range');
}

function picked(window: Window, printers: WindowPrinters): string {
  const values = window.arguments.map(printers.print).join(', ');
  const name = PICKERS[window.name] ?? window.name;
  const filter = filterOf(window, printers);
  if (isWhole(window)) {
    return `${name}(${values})${filter} OVER (${inside(window, printers, totalOrder(window, printers), TO_THE_END)})`;
  }
  const total = totalOrder(window, printers);
  if (window.frame.mode === 'rows') return `${name}(${values})${filter} OVER (${inside(window, printers, total, frameOf(window))})`;
  const { order, frame } = rangeOf(window, printers);
  return `${name}(${values} ORDER BY ${total.join(', ')})${filter} OVER (${inside(window, printers, order, frame)})`;
}

const PICKERS: Readonly<Record<string, string>> = { first: 'first_value', last: 'last_value' };

function filterOf(window: Window, printers: WindowPrinters): string {
  return window.filter === null ? '' : ` FILTER (WHERE ${printers.condition(window.filter)})`;
}

function aggregated(window: Window, form: WindowForm, printers: WindowPrinters): string {
  const [argument, ...rest] = window.arguments;
  const family = argument === undefined ? 'integer' : printers.family(argument);
  const isOrdered = form === 'squares' || (form === 'sum' && ADDING.has(window.name) && !isExact(family));
  const over = `${filterOf(window, printers)} OVER (${frameFor(window, isOrdered, printers)})`;
  if (argument === undefined) return `count(*)${over}`;
  const value = (TRUTH.has(window.name) ? printers.condition : printers.print)(argument);
  const more = rest.map((item) => `, ${printers.print(item)}`).join('');
  const plain = `${window.name}(${value}${more})${over}`;
  if (form === 'exact') return plain;
  if (isOrdered && family === 'double' && window.frame.mode === 'range' && !isWhole(window)) {
    const sum = exactSum(value, over);
    return window.name === 'sum' ? sum : `${sum} / nullif(count(${value})${over}, 0)`;
  }
  if (form === 'sum' && UNBOUNDED.has(family)) return finite(plain);
  const bound: Bound = form === 'squares' ? 'squares' : 'sum';
  const guard = `coalesce(bool_and(${withinBound(value, bound)})${over}, TRUE)`;
  return finite(`CASE WHEN ${guard} THEN ${window.name}(${keptWithinBound(value, bound)}${more})${over} END`);
}

/** Those whose result depends on the order in which values are added. */
const ADDING = new Set(['sum', 'avg', 'mean']);
/** Families whose sums stay in their type, or become infinite. */
const UNBOUNDED: ReadonlySet<Family> = new Set<Family>(['integer', 'double', 'boolean']);

/** Whether values of the family add up to the same bytes in any order. */
function isExact(family: Family): boolean {
  return family === 'integer' || family === 'hugeint' || family === 'boolean' || isDecimal(family);
}

/** What stands in OVER for an aggregate. */
function frameFor(window: Window, isOrdered: boolean, printers: WindowPrinters): string {
  if (isWhole(window)) {
    return isOrdered ? inside(window, printers, totalOrder(window, printers), TO_THE_END) : inside(window, printers, [], '');
  }
  if (window.frame.mode === 'rows') return inside(window, printers, totalOrder(window, printers), frameOf(window));
  const { order, frame } = rangeOf(window, printers);
  return inside(window, printers, order, frame);
}

/** The engine adds offsets to the ordered value, which can leave its type; DOUBLE and a common era cannot. */
function rangeOf(window: Window, printers: WindowPrinters): { readonly order: readonly string[]; readonly frame: string } {
  const offsets = [window.frame.start, window.frame.end].flatMap((bound) => ('offset' in bound ? [bound.offset] : []));
  const [item] = window.orderBy;
  const order = orderOf(window, printers);
  if (offsets.length === 0) return { order, frame: frameOf(window) };
  if (item === undefined || window.orderBy.length !== 1) throw new Error('A RANGE with an offset has not one ORDER BY');
  const value = printers.print(item.expression);
  const sql = offsets.some((offset) => offset.kind === 'interval') ? commonEra(value) : `TRY_CAST(${value} AS DOUBLE)`;
  return { order: [orderSql(item, sql)], frame: frameOf(window) };
}

function commonEra(sql: string): string {
  const years = `year(__v) BETWEEN 1 AND 9999`;
  return `list_transform([TRY_CAST(${sql} AS TIMESTAMP)], lambda __v: CASE WHEN ${years} THEN __v END)[1]`;
}

function frameOf(window: Window): string {
  const { mode, start, end } = window.frame;
  return `${mode.toUpperCase()} BETWEEN ${boundOf(start)} AND ${boundOf(end)}`;
}

function boundOf(bound: FrameBound): string {
  switch (bound.kind) {
    case 'unboundedPreceding':
      return 'UNBOUNDED PRECEDING';
    case 'unboundedFollowing':
      return 'UNBOUNDED FOLLOWING';
    case 'currentRow':
      return 'CURRENT ROW';
    default:
      return `${offsetOf(bound.offset)} ${bound.kind.toUpperCase()}`;
  }
}

function offsetOf(offset: Expression): string {
  if (offset.kind === 'interval') return printInterval(offset);
  if (offset.kind === 'literal') return printLiteral(offset);
  throw new Error('A frame with an offset that is not a literal');
}
