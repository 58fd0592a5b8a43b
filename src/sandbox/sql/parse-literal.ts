import { decimalText } from '../../kernel/decimal.ts';
import type { Expression, LiteralType, Position } from './ast.ts';
import { ConstructRefused, isNode, type JsonNode, nodeField, readFields, textField } from './node-reader.ts';

const INTEGERS = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT']);

/** A constant, or a cast of a string constant to DATE, TIMESTAMP or BOOLEAN. Every other cast is refused. Source: gate.md §5, §9 (casts). */
export function literalFrom(node: JsonNode, at: Position): Expression {
  if (node.class === 'CONSTANT') {
    return constantFrom(node, at);
  }
  readFields(node, ['class', 'type', 'alias', 'child', 'cast_type'], 'CAST', at);
  const child = nodeField(node, 'child', at);
  if (child.class !== 'CONSTANT') throw new ConstructRefused('CAST', at);
  const inner = constantFrom(child, at);
  if (inner.kind !== 'literal' || inner.type !== 'string') throw new ConstructRefused('CAST', at);
  const target = textField(readFields(nodeField(node, 'cast_type', at), ['id'], 'CAST', at), 'id', at);
  if (target === 'DATE' && isDateText(inner.text)) return { kind: 'literal', type: 'date', text: inner.text, at };
  if (target === 'TIMESTAMP' && TIMESTAMP_TEXT.test(inner.text) && isDateText(inner.text.slice(0, 10))) {
    return { kind: 'literal', type: 'timestamp', text: inner.text.replace('T', ' '), at };
  }
  if (target === 'BOOLEAN' && (inner.text === 't' || inner.text === 'f')) {
    return { kind: 'literal', type: 'boolean', text: inner.text === 't' ? 'true' : 'false', at };
  }
  throw new ConstructRefused('CAST', at);
}

const DATE_TEXT = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIMESTAMP_TEXT = /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?$/;

/** Whether the text is a date of the Gregorian calendar, years 0001 to 9999. */
export function isDateText(text: string): boolean {
  const match = DATE_TEXT.exec(text);
  if (match === null || match[1] === '0000') return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

function constantFrom(node: JsonNode, at: Position): Expression {
  readFields(node, ['class', 'type', 'alias', 'value'], 'constant', at);
  const value = readFields(nodeField(node, 'value', at), ['type', 'is_null', 'value'], 'constant', at);
  const typeNode = readFields(nodeField(value, 'type', at), ['id', 'type_info'], 'constant', at);
  const id = textField(typeNode, 'id', at);
  if (value.is_null === true) return { kind: 'literal', type: 'null', text: '', at };
  const literal = (type: LiteralType, text: string): Expression => ({ kind: 'literal', type, text, at });
  const raw = value.value;
  if (id === 'VARCHAR' && typeof raw === 'string') return literal('string', raw);
  if (id === 'BOOLEAN' && typeof raw === 'boolean') return literal('boolean', String(raw));
  if (INTEGERS.has(id) && isNumberText(raw)) return literal('integer', String(raw));
  if (id === 'DECIMAL' && isNumberText(raw)) {
    const info = readFields(nodeField(typeNode, 'type_info', at), ['type', 'width', 'scale'], 'constant', at);
    return literal('decimal', decimalText({ digits: BigInt(String(raw)), scale: Number(info.scale) }));
  }
  if (id === 'DOUBLE' && typeof raw === 'number' && Number.isFinite(raw)) return literal('double', String(raw));
  throw new ConstructRefused(`literal of type ${isNode(typeNode) ? id : 'unknown'}`, at);
}

/** Whole numbers arrive as number, or as text where they exceed what a double holds (see `readTree`). */
function isNumberText(raw: unknown): boolean {
  return (typeof raw === 'number' && Number.isSafeInteger(raw)) || (typeof raw === 'string' && /^-?\d+$/.test(raw));
}
