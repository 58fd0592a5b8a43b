import type { Expression, Position } from '../ast.ts';
import { intervalOfText } from './interval.ts';
import { constantFrom, decimalType, typedLiteral } from './literal.ts';
import { ConstructRefused, flagField, type JsonNode, nodeField, readFields, readKind, textField } from './node-reader.ts';
import { below, type Place, type Reader } from './reader.ts';

/** The types that may be cast to, by the engine's names; DECIMAL has its width and scale besides. Source: gate.md §5. */
const TYPES = new Set([
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'HUGEINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
  'FLOAT',
  'DOUBLE',
  'VARCHAR',
  'DATE',
  'TIMESTAMP',
  'BOOLEAN',
]);

/**
 * CAST, TRY_CAST and `::`, which are one, and the typed literals and intervals that the engine writes as a cast of a text.
 * Throws ConstructRefused for types beyond the closed list and texts that do not spell their type. Source: gate.md §5.
 */
export function castFrom(node: JsonNode, place: Place, reader: Reader): Expression {
  const { at } = place;
  readKind(node, 'OPERATOR_CAST', ['child', 'cast_type', 'try_cast'], 'CAST', at);
  flagField(node, 'try_cast', at);
  const child = nodeField(node, 'child', at);
  const typeNode = readFields(nodeField(node, 'cast_type', at), ['id', 'type_info'], 'CAST', at);
  const id = textField(typeNode, 'id', at);
  const text = child.class === 'CONSTANT' ? constantFrom(child, at) : undefined;
  if (id === 'INTERVAL') {
    readFields(typeNode, ['id'], 'CAST', at);
    if (text?.type !== 'string') throw new ConstructRefused('CAST to INTERVAL', at);
    return intervalOfText(text.text, at);
  }
  const type = typeName(typeNode, id, at);
  if (text?.type === 'string' && (type === 'DATE' || type === 'TIMESTAMP' || type === 'BOOLEAN')) {
    const literal = typedLiteral(type, text.text, at);
    if (literal === undefined) throw new ConstructRefused(`malformed ${type} literal`, at);
    return literal;
  }
  return { kind: 'cast', input: reader.expression(child, below(place, at)), type, at };
}

function typeName(node: JsonNode, id: string, at: Position): string {
  if (id === 'DECIMAL') {
    const { width, scale } = decimalType(node, at);
    return `DECIMAL(${width},${scale})`;
  }
  if (!TYPES.has(id)) throw new ConstructRefused(`CAST to ${id === 'UNBOUND' ? 'an unknown type' : id}`, at);
  readFields(node, ['id'], 'CAST', at);
  return id;
}
