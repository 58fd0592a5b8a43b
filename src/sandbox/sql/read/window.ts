import type { Expression, FrameBound, Position, Window } from '../ast.ts';
import { callArguments, refuseQualified } from './call.ts';
import { ConstructRefused, flagField, isAbsent, type JsonNode, listField, readFields, textField } from './node-reader.ts';
import { orderItems } from './order.ts';
import { below, type Place, plainName, type Reader } from './reader.ts';

const FIELDS = [
  'class',
  'type',
  'function_name',
  'schema',
  'catalog',
  'children',
  'partitions',
  'orders',
  'start',
  'end',
  'start_expr',
  'end_expr',
  'offset_expr',
  'default_expr',
  'ignore_nulls',
  'filter_expr',
  'exclude_clause',
  'distinct',
  'arg_orders',
];

/** The engine's kinds of window and our names; an aggregate keeps its own. */
const NAMES: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ['WINDOW_ROW_NUMBER', 'row_number'],
  ['WINDOW_RANK', 'rank'],
  ['WINDOW_RANK_DENSE', 'dense_rank'],
  ['WINDOW_PERCENT_RANK', 'percent_rank'],
  ['WINDOW_CUME_DIST', 'cume_dist'],
  ['WINDOW_NTILE', 'ntile'],
  ['WINDOW_LAG', 'lag'],
  ['WINDOW_LEAD', 'lead'],
  ['WINDOW_FIRST_VALUE', 'first_value'],
  ['WINDOW_LAST_VALUE', 'last_value'],
  ['WINDOW_NTH_VALUE', 'nth_value'],
]);

/** A function with OVER. Named windows are already taken apart by the engine. Throws ConstructRefused. Source: gate.md §4. */
export function windowFrom(node: JsonNode, place: Place, reader: Reader): Window {
  const { at } = place;
  readFields(node, FIELDS, 'window', at);
  refuseQualified(node, at);
  if (flagField(node, 'ignore_nulls', at)) throw new ConstructRefused('IGNORE NULLS', at);
  if (node.exclude_clause !== 'NO_OTHER') throw new ConstructRefused('EXCLUDE of a window frame', at);
  if (flagField(node, 'distinct', at)) throw new ConstructRefused('DISTINCT in a window', at);
  if (listField(node, 'arg_orders', at).length > 0) throw new ConstructRefused('ORDER BY inside a window function', at);
  const lower = below(place, at);
  const read = (value: unknown): Expression => reader.expression(value, lower);
  const more = ['offset_expr', 'default_expr'].filter((name) => !isAbsent(node, name)).map((name) => read(node[name]));
  const parameters = [...callArguments(node, 'children', at).map(read), ...more];
  return {
    kind: 'window',
    name: windowName(node, parameters.length, at),
    arguments: parameters,
    partitionBy: listField(node, 'partitions', at).map(read),
    orderBy: orderItems(listField(node, 'orders', at), lower, reader),
    filter: isAbsent(node, 'filter_expr') ? null : read(node.filter_expr),
    frame: frameFrom(node, read, at),
    at,
  };
}

function windowName(node: JsonNode, parameters: number, at: Position): string {
  const type = textField(node, 'type', at);
  const name = textField(node, 'function_name', at).toLowerCase();
  const known = NAMES.get(type);
  if (known !== undefined) return known;
  if (type !== 'WINDOW_AGGREGATE') throw new ConstructRefused(plainName(type), at);
  return name === 'count' && parameters === 0 ? 'count_star' : name;
}

const BOUND = /^(UNBOUNDED_PRECEDING|UNBOUNDED_FOLLOWING|CURRENT_ROW|EXPR_PRECEDING|EXPR_FOLLOWING)(?:_(ROWS|RANGE|GROUPS))?$/;
const FIXED: ReadonlyMap<string, 'unboundedPreceding' | 'unboundedFollowing' | 'currentRow'> = new Map([
  ['UNBOUNDED_PRECEDING', 'unboundedPreceding'],
  ['UNBOUNDED_FOLLOWING', 'unboundedFollowing'],
  ['CURRENT_ROW', 'currentRow'],
]);

type Bound = { readonly bound: FrameBound; readonly mode: string | undefined };

function frameFrom(node: JsonNode, read: (value: unknown) => Expression, at: Position): Window['frame'] {
  const start = boundFrom(node, 'start', read, at);
  const end = boundFrom(node, 'end', read, at);
  // A frame without any end in it is the whole partition, in whatever mode.
  const mode = start.mode ?? end.mode ?? 'RANGE';
  if (mode === 'GROUPS') throw new ConstructRefused('GROUPS of a window frame', at);
  if ((end.mode ?? mode) !== mode) throw new ConstructRefused('window frame', at);
  return { mode: mode === 'ROWS' ? 'rows' : 'range', start: start.bound, end: end.bound };
}

function boundFrom(node: JsonNode, name: 'start' | 'end', read: (value: unknown) => Expression, at: Position): Bound {
  const [, kind = '', mode] = BOUND.exec(textField(node, name, at)) ?? [];
  const offset = `${name}_expr`;
  const fixed = FIXED.get(kind);
  if (fixed !== undefined && isAbsent(node, offset)) return { bound: { kind: fixed }, mode };
  if (kind !== 'EXPR_PRECEDING' && kind !== 'EXPR_FOLLOWING') throw new ConstructRefused('window frame', at);
  return { bound: { kind: kind === 'EXPR_PRECEDING' ? 'preceding' : 'following', offset: read(node[offset]) }, mode };
}
