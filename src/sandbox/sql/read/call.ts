import type { Expression, Position } from '../ast.ts';
import { intervalOfCall } from './interval.ts';
import { asNode, ConstructRefused, flagField, isAbsent, type JsonNode, listField, nodeField, readKind, textField } from './node-reader.ts';
import { orderItems } from './order.ts';
import { below, type Place, type Reader } from './reader.ts';

const FIELDS = ['function_name', 'schema', 'children', 'filter', 'order_bys', 'distinct', 'is_operator', 'export_state', 'catalog'];

/** Calls that the engine makes of constructs outside the language, by the name of the construct. */
const REFUSED_CALLS: ReadonlyMap<string, string> = new Map([
  ['list_value', 'list literal'],
  ['struct_pack', 'struct literal'],
  ['row', 'row value'],
  ['map', 'map literal'],
  ['unnest', 'UNNEST'],
  ['to_milliseconds', 'INTERVAL below a second'],
  ['to_microseconds', 'INTERVAL below a second'],
  ['like_escape', 'LIKE ESCAPE'],
  ['not_like_escape', 'LIKE ESCAPE'],
  ['ilike_escape', 'LIKE ESCAPE'],
  ['not_ilike_escape', 'LIKE ESCAPE'],
]);

/**
 * A function, an aggregate or an operator. Whether its name may be called, and with what, is decided where names are
 * bound; here only its shape is closed. Throws ConstructRefused. Source: gate.md §3.2.
 */
export function callFrom(node: JsonNode, place: Place, reader: Reader): Expression {
  const { at } = place;
  readKind(node, 'FUNCTION', FIELDS, 'function call', at);
  refuseQualified(node, at);
  if (flagField(node, 'export_state', at)) throw new ConstructRefused('EXPORT_STATE', at);
  const name = textField(node, 'function_name', at).toLowerCase();
  const refused = REFUSED_CALLS.get(name);
  const isComparedRow = name === 'row' && place.rows === true;
  if (refused !== undefined && !isComparedRow) throw new ConstructRefused(refused, at);
  const children = callArguments(node, 'children', at);
  const orderBys = readKind(nodeField(node, 'order_bys', at), 'ORDER_MODIFIER', ['orders'], 'ORDER BY inside an aggregate', at);
  const lower = below(place, at);
  const call: Expression = {
    kind: 'call',
    name,
    operator: flagField(node, 'is_operator', at),
    arguments: [],
    distinct: flagField(node, 'distinct', at),
    filter: isAbsent(node, 'filter') ? null : reader.expression(node.filter, lower),
    orderBy: orderItems(listField(orderBys, 'orders', at), lower, reader),
    at,
  };
  const plain = !call.distinct && call.filter === null && call.orderBy.length === 0;
  const interval = plain && !call.operator ? intervalOfCall(name, children, at) : undefined;
  if (interval !== undefined) return interval;
  const parameters = children.map((child) => reader.expression(child, lower));
  // The engine folds a minus into its number, but not a plus.
  const [first, ...more] = parameters;
  if (call.operator && name === '+' && more.length === 0 && first?.kind === 'literal') return { ...first, at };
  return { ...call, arguments: parameters };
}

/** The arguments of a call; named ones are refused. Throws ConstructRefused. Source: gate.md §3.2. */
export function callArguments(node: JsonNode, field: string, at: Position): readonly JsonNode[] {
  return listField(node, field, at).map((item) => {
    const child = asNode(item, 'argument', at);
    if (typeof child.alias === 'string' && child.alias !== '') throw new ConstructRefused('named argument', at);
    return child;
  });
}

/** Refuses functions of any catalog or schema but the engine's own. Throws ConstructRefused. Source: gate.md §3.2. */
export function refuseQualified(node: JsonNode, at: Position): void {
  const catalog = textField(node, 'catalog', at).toLowerCase();
  if (catalog !== '' && catalog !== 'system') throw new ConstructRefused('function of a catalog', at);
  const schema = textField(node, 'schema', at).toLowerCase();
  if (!['', 'main', 'system'].includes(schema)) throw new ConstructRefused('function of a schema', at);
}
