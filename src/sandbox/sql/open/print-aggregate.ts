import type { Call, Expression, OrderItem } from '../ast.ts';
import { openFunction } from './functions.ts';
import { cappedText, guardedFinite, keptWithinBound, withinBound } from './guard.ts';
import { printLiteral } from './print-literal.ts';

/** How the parts of an aggregate are printed. */
export interface AggregatePrinters {
  readonly print: (expression: Expression) => string;
  readonly condition: (expression: Expression) => string;
  readonly orderItem: (item: OrderItem, sql: string) => string;
}

/**
 * The SQL of an aggregate whose result neither fails nor depends on the order in which rows arrive. What adds up is
 * collected into a sorted list and aggregated under TRY: a sum of DOUBLE is then the same at every number of threads,
 * and one that leaves its type is NULL. Source: gate.md §6 (fixed order), §9.
 */
export function printAggregate(call: Call, printers: AggregatePrinters): string {
  const known = openFunction(call.name);
  switch (known?.aggregate) {
    case 'plain':
      return printPlain(call, printers);
    case 'listed':
      return printListed(call, printers);
    case 'paired':
      return printPaired(call, printers);
    case 'ordered':
      return printOrdered(call, printers);
    case 'best':
      return printBest(call, printers);
    default:
      throw new Error('An aggregate outside the open layer');
  }
}

function filterOf(call: Call, printers: AggregatePrinters, extra: readonly string[] = []): string {
  const conditions = [...(call.filter === null ? [] : [printers.condition(call.filter)]), ...extra];
  return conditions.length === 0 ? '' : ` FILTER (WHERE ${conditions.join(' AND ')})`;
}

const TRUTH = new Set(['count_if', 'countif', 'bool_and', 'bool_or']);

function printPlain(call: Call, printers: AggregatePrinters): string {
  const filter = filterOf(call, printers);
  const [argument] = call.arguments;
  if (argument === undefined) return `count(*)${filter}`;
  const sql = TRUTH.has(call.name) ? printers.condition(argument) : printers.print(argument);
  return `${call.name}(${call.distinct ? 'DISTINCT ' : ''}${sql})${filter}`;
}

function printListed(call: Call, printers: AggregatePrinters): string {
  const { value, fraction } = listedParts(call);
  const sql = printers.print(value);
  const list = `list(${call.distinct ? 'DISTINCT ' : ''}${sql} ORDER BY ${sql} ASC NULLS LAST)${filterOf(call, printers)}`;
  const more = fraction === null ? '' : `, ${fraction}`;
  return guardedFinite([{ sql: list, literal: false }], ([name]) => `list_aggregate(${name}, '${call.name}'${more})`);
}

/** `percentile_cont(q) WITHIN GROUP (ORDER BY x)` arrives as `quantile_cont(q ORDER BY x)`, `mode()` likewise. */
function listedParts(call: Call): { readonly value: Expression; readonly fraction: string | null } {
  const isQuantile = call.name.startsWith('quantile');
  const expected = isQuantile ? 2 : 1;
  const [first, second] = call.arguments;
  if (call.arguments.length === expected && first !== undefined) {
    return { value: first, fraction: second === undefined ? null : fractionOf(second, false) };
  }
  const [order] = call.orderBy;
  if (order === undefined || call.arguments.length !== expected - 1) throw new Error('An aggregate without a value');
  return { value: order.expression, fraction: first === undefined ? null : fractionOf(first, order.descending) };
}

function fractionOf(expression: Expression, descending: boolean): string {
  if (expression.kind !== 'literal') throw new Error('A fraction that is not a literal');
  return descending ? String(1 - Number(expression.text)) : printLiteral(expression);
}

/** Pairs with a value so large that a product would leave DOUBLE make the whole NULL; such pairs are not left out. */
function printPaired(call: Call, printers: AggregatePrinters): string {
  const values = call.arguments.map((argument) => `TRY_CAST(${printers.print(argument)} AS DOUBLE)`);
  const present = values.map((value) => `${value} IS NOT NULL`);
  const fits = values.map((value) => withinBound(value, 'squares')).join(' AND ');
  const kept = values.map((value) => keptWithinBound(value, 'squares'));
  const order = kept.map((value) => `${value} ASC NULLS LAST`).join(', ');
  const aggregate = `${call.name}(${kept.join(', ')} ORDER BY ${order})${filterOf(call, printers)}`;
  const guard = `coalesce(bool_and(${fits})${filterOf(call, printers, present)}, TRUE)`;
  return guardedFinite(
    [
      { sql: guard, literal: false },
      { sql: aggregate, literal: false },
    ],
    ([fit, value]) => `CASE WHEN ${fit} THEN ${value} END`,
  );
}

/** Equal keys are told apart by the value itself; equal values are not worth telling apart. */
function printOrdered(call: Call, printers: AggregatePrinters): string {
  const [argument, separator] = call.arguments;
  if (argument === undefined || call.orderBy.length === 0) throw new Error('An aggregate that depends on order has none');
  const sql = printers.print(argument);
  const order = call.orderBy.map((item) => printers.orderItem(item, printers.print(item.expression)));
  const input = separator === undefined ? sql : `${sql}, ${printers.print(separator)}`;
  const distinct = call.distinct ? 'DISTINCT ' : '';
  const text = `${call.name}(${distinct}${input} ORDER BY ${[...order, `${sql} ASC NULLS LAST`].join(', ')})${filterOf(call, printers)}`;
  return call.name === 'first' || call.name === 'last' ? text : cappedText(text);
}

/** `arg_max(x, y)` as the first x by y: the engine's own takes any of those with the largest y. */
function printBest(call: Call, printers: AggregatePrinters): string {
  const [value, by] = call.arguments.map(printers.print);
  const direction = call.name.endsWith('max') || call.name.startsWith('max') ? 'DESC' : 'ASC';
  const filter = filterOf(call, printers, [`${value} IS NOT NULL`, `${by} IS NOT NULL`]);
  return `first(${value} ORDER BY ${by} ${direction} NULLS LAST, ${value} ASC NULLS LAST)${filter}`;
}
