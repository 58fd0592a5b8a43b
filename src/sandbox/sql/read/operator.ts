import type { Expression } from '../ast.ts';
import { ConstructRefused, type JsonNode, listField, readFields, textField } from './node-reader.ts';
import { below, type Place, plainName, type Reader } from './reader.ts';

const CALLS: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ['OPERATOR_COALESCE', 'coalesce'],
  ['GROUPING_FUNCTION', 'grouping'],
]);
const REFUSED: ReadonlyMap<unknown, string> = new Map<unknown, string>([
  ['OPERATOR_TRY', 'TRY'],
  ['OPERATOR_UNPACK', 'COLUMNS'],
  ['ARRAY_EXTRACT', 'subscript'],
  ['ARRAY_SLICE', 'slice'],
  ['ARRAY_CONSTRUCTOR', 'list literal'],
  ['STRUCT_EXTRACT', 'field of a struct'],
]);

/** NOT, IS NULL, IN and the functions that the engine counts as operators. Throws ConstructRefused. Source: gate.md §3.2. */
export function operatorFrom(node: JsonNode, place: Place, reader: Reader): Expression {
  const { at } = place;
  const type = textField(node, 'type', at);
  const refused = REFUSED.get(type);
  const name = refused ?? plainName(type.replace(/^OPERATOR_|^COMPARE_/, ''));
  readFields(node, ['class', 'type', 'children'], name, at);
  if (refused !== undefined) throw new ConstructRefused(name, at);
  const isIn = type === 'COMPARE_IN' || type === 'COMPARE_NOT_IN';
  const lower: Place = { ...below(place, at), rows: isIn };
  const [first, ...rest] = listField(node, 'children', at).map((child) => reader.expression(child, lower));
  if (first === undefined) throw new ConstructRefused(name, at);
  const called = CALLS.get(type);
  if (called !== undefined) {
    return { kind: 'call', name: called, operator: false, arguments: [first, ...rest], distinct: false, filter: null, orderBy: [], at };
  }
  if (isIn !== rest.length > 0) throw new ConstructRefused(name, at);
  switch (type) {
    case 'OPERATOR_NOT':
      return { kind: 'not', item: first, at };
    case 'OPERATOR_IS_NULL':
    case 'OPERATOR_IS_NOT_NULL':
      return { kind: 'isNull', input: first, negated: type === 'OPERATOR_IS_NOT_NULL', at };
    case 'COMPARE_IN':
    case 'COMPARE_NOT_IN':
      return { kind: 'in', input: first, items: rest, negated: type === 'COMPARE_NOT_IN', at };
    default:
      throw new ConstructRefused(name, at);
  }
}
