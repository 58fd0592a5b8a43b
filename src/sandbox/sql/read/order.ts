import type { OrderItem, Position } from '../ast.ts';
import { asNode, ConstructRefused, isNode, readFields } from './node-reader.ts';
import type { Place, Reader } from './reader.ts';

const DESCENDING: ReadonlyMap<unknown, boolean> = new Map<unknown, boolean>([
  ['ORDER_DEFAULT', false],
  ['ASCENDING', false],
  ['DESCENDING', true],
]);
const NULLS: ReadonlyMap<unknown, OrderItem['nulls']> = new Map<unknown, OrderItem['nulls']>([
  ['ORDER_DEFAULT', 'default'],
  ['NULLS FIRST', 'first'],
  ['NULLS LAST', 'last'],
]);

type Direction = { readonly node: unknown; readonly descending: boolean; readonly nulls: OrderItem['nulls'] };

/** One item of an ORDER BY, its expression not yet read. Throws ConstructRefused. Source: gate.md §3. */
export function orderDirection(item: unknown, at: Position): Direction {
  const order = readFields(asNode(item, 'ORDER BY', at), ['type', 'null_order', 'expression'], 'ORDER BY', at);
  const descending = DESCENDING.get(order.type);
  const nulls = NULLS.get(order.null_order);
  if (descending === undefined || nulls === undefined) throw new ConstructRefused('ORDER BY', at);
  return { node: order.expression, descending, nulls };
}

/** The items of an ORDER BY, wherever one may stand. Throws ConstructRefused. Source: gate.md §3. */
export function orderItems(items: readonly unknown[], place: Place, reader: Reader): readonly OrderItem[] {
  return items.map((item) => {
    const { node, descending, nulls } = orderDirection(item, place.at);
    if (isNode(node) && node.class === 'STAR') throw new ConstructRefused('ORDER BY *', reader.locate(node, place.at));
    return { expression: reader.expression(node, place), descending, nulls };
  });
}
