import type { CommonTable, OrderItem, Position, Query, SetOperation } from '../ast.ts';
import { constantFrom } from './literal.ts';
import {
  asNode,
  ConstructRefused,
  flagField,
  isAbsent,
  isNode,
  type JsonNode,
  listField,
  nodeField,
  readFields,
  readKind,
  textField,
  textListField,
} from './node-reader.ts';
import { orderDirection, orderItems } from './order.ts';
import { inner, type Place, plainName, type Reader } from './reader.ts';
import { readSelect } from './select.ts';

/** Reads one query: SELECT or set operation, with its WITH, ORDER BY and LIMIT. Throws ConstructRefused. Source: gate.md §3.2. */
export function readQuery(value: unknown, place: Place, reader: Reader): Query {
  const node = asNode(value, 'query', place.at);
  if (node.type === 'RECURSIVE_CTE_NODE') throw new ConstructRefused('WITH RECURSIVE', reader.locate(node, place.at));
  if (node.type !== 'SELECT_NODE' && node.type !== 'SET_OPERATION_NODE') {
    throw new ConstructRefused(plainName(typeof node.type === 'string' ? node.type.replace(/_NODE$/, '') : undefined), place.at);
  }
  const here = { ...place, at: reader.locate(firstItem(node), place.at) };
  const modifiers = modifiersFrom(listField(node, 'modifiers', here.at), here, reader);
  const commonTables = commonTablesFrom(node, here, reader);
  if (node.type === 'SELECT_NODE') {
    const body = readSelect(node, modifiers.distinct, here, reader);
    return { commonTables, body, orderBy: modifiers.orderBy, limit: modifiers.limit, offset: modifiers.offset };
  }
  if (modifiers.distinct) throw new ConstructRefused('DISTINCT of a set operation', here.at);
  return {
    commonTables,
    body: setOperation(node, here, reader),
    orderBy: modifiers.orderBy,
    limit: modifiers.limit,
    offset: modifiers.offset,
  };
}

/** A SELECT has no place of its own in the engine's tree: that of its first item stands for it. */
function firstItem(node: JsonNode): JsonNode {
  const [first] = Array.isArray(node.select_list) ? node.select_list : [node.left];
  return isNode(first) ? first : {};
}

const SET_OPERATIONS: ReadonlyMap<unknown, SetOperation['kind']> = new Map([
  ['UNION', 'union'],
  ['EXCEPT', 'except'],
  ['INTERSECT', 'intersect'],
]);

function setOperation(node: JsonNode, place: Place, reader: Reader): SetOperation {
  const { at } = place;
  readFields(node, ['type', 'modifiers', 'cte_map', 'setop_type', 'left', 'right', 'setop_all'], 'set operation', at);
  const kind = SET_OPERATIONS.get(node.setop_type);
  if (kind === undefined) throw new ConstructRefused(plainName(node.setop_type), at);
  const all = flagField(node, 'setop_all', at);
  const right = nodeField(node, 'right', at);
  // A chain of one operation hangs to the right; its length is bounded by the number of SELECTs.
  const isChain = right.type === 'SET_OPERATION_NODE' && right.setop_type === node.setop_type && right.setop_all === node.setop_all;
  return {
    kind,
    all,
    left: reader.query(node.left, inner(place, at)),
    right: reader.query(right, isChain ? place : inner(place, at)),
    at,
  };
}

const MATERIALIZED = new Set<unknown>(['CTE_MATERIALIZE_DEFAULT', 'CTE_MATERIALIZE_ALWAYS', 'CTE_MATERIALIZE_NEVER']);

function commonTablesFrom(node: JsonNode, place: Place, reader: Reader): readonly CommonTable[] {
  const { at } = place;
  const { map } = readFields(nodeField(node, 'cte_map', at), ['map'], 'WITH', at);
  return listField({ map }, 'map', at).map((item) => {
    const entry = readFields(asNode(item, 'WITH', at), ['key', 'value'], 'WITH', at);
    const value = readFields(nodeField(entry, 'value', at), ['aliases', 'query', 'materialized', 'key_targets'], 'WITH', at);
    if (listField(value, 'key_targets', at).length > 0) throw new ConstructRefused('WITH RECURSIVE', at);
    if (!MATERIALIZED.has(value.materialized)) throw new ConstructRefused('WITH', at);
    const statement = readFields(nodeField(value, 'query', at), ['node'], 'WITH', at);
    const query = reader.query(statement.node, inner(place, at));
    return { name: textField(entry, 'key', at), columns: textListField(value, 'aliases', at), query, at: query.body.at };
  });
}

interface Modifiers {
  readonly distinct: boolean;
  readonly orderBy: Query['orderBy'];
  readonly limit: number | null;
  readonly offset: number | null;
}

const NONE: Modifiers = { distinct: false, orderBy: [], limit: null, offset: null };
const MODIFIERS = ['DISTINCT_MODIFIER', 'ORDER_MODIFIER', 'LIMIT_MODIFIER'];

/** Each at most once and in this order, as the engine writes them: another order would mean something else. */
function modifiersFrom(items: readonly unknown[], place: Place, reader: Reader): Modifiers {
  let read = NONE;
  let next = 0;
  for (const item of items) {
    const node = asNode(item, 'modifier', place.at);
    const rank = MODIFIERS.indexOf(String(node.type), next);
    if (rank < 0)
      throw new ConstructRefused(node.type === 'LIMIT_PERCENT_MODIFIER' ? 'LIMIT of a percentage' : plainName(node.type), place.at);
    next = rank + 1;
    read = { ...read, ...modifierFrom(node, place, reader) };
  }
  return read;
}

function modifierFrom(node: JsonNode, place: Place, reader: Reader): Partial<Modifiers> {
  const { at } = place;
  switch (node.type) {
    case 'DISTINCT_MODIFIER':
      readFields(node, ['type', 'distinct_on_targets'], 'DISTINCT', at);
      for (const target of listField(node, 'distinct_on_targets', at)) {
        throw new ConstructRefused('DISTINCT ON', isNode(target) ? reader.locate(target, at) : at);
      }
      return { distinct: true };
    case 'ORDER_MODIFIER':
      readFields(node, ['type', 'orders'], 'ORDER BY', at);
      return { orderBy: orderBy(listField(node, 'orders', at), place, reader) };
    default:
      readFields(node, ['type', 'limit', 'offset'], 'LIMIT', at);
      return { limit: wholeNumber(node, 'limit', place, reader), offset: wholeNumber(node, 'offset', place, reader) };
  }
}

function orderBy(items: readonly unknown[], place: Place, reader: Reader): Query['orderBy'] {
  return orderByAll(items, place.at) ?? orderItems(items, place, reader);
}

/** ORDER BY ALL is, to the engine, one COLUMNS(*). */
function orderByAll(items: readonly unknown[], at: Position): Exclude<Query['orderBy'], readonly OrderItem[]> | undefined {
  const [only, ...more] = items;
  if (only === undefined || more.length > 0) return undefined;
  const { node, descending, nulls } = orderDirection(only, at);
  if (!isNode(node) || node.class !== 'STAR' || node.columns !== true) return undefined;
  readKind(node, 'STAR', ['columns'], 'ORDER BY ALL', at);
  if (nulls !== 'default') throw new ConstructRefused('ORDER BY ALL with NULLS', at);
  return { all: descending ? 'descending' : 'ascending' };
}

function wholeNumber(node: JsonNode, name: 'limit' | 'offset', place: Place, reader: Reader): number | null {
  if (isAbsent(node, name)) return null;
  const value = nodeField(node, name, place.at);
  const at = reader.locate(value, place.at);
  const construct = `${name.toUpperCase()} of an expression`;
  if (value.class !== 'CONSTANT') throw new ConstructRefused(construct, at);
  const literal = constantFrom(value, at);
  // LIMIT ALL is LIMIT NULL.
  if (literal.type === 'null') return null;
  const number = Number(literal.text);
  if (literal.type !== 'integer' || !Number.isSafeInteger(number) || number < 0) throw new ConstructRefused(construct, at);
  return number;
}
