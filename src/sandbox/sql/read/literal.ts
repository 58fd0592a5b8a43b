import { decimalText } from '../../../kernel/decimal.ts';
import type { Expression, LiteralType, Position } from '../ast.ts';
import { ConstructRefused, flagField, type JsonNode, nodeField, readFields, readKind, textField } from './node-reader.ts';

export type Literal = Extract<Expression, { readonly kind: 'literal' }>;

const INTEGERS = new Set(['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT']);
const DATE_TEXT = /^(\d{4})-(\d{2})-(\d{2})$/;
const TIMESTAMP_TEXT = /^\d{4}-\d{2}-\d{2}(?:[ T]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?)?$/;
const MS_PER_DAY = 86_400_000;

/** Whether the text is a date of the Gregorian calendar, years 0001 to 9999. Source: gate.md §5 (literals). */
export function isDateText(text: string): boolean {
  const match = DATE_TEXT.exec(text);
  if (match === null || match[1] === '0000') return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

/** A constant of the text: numbers, strings, booleans, NULL. Throws ConstructRefused for all else. Source: gate.md §5. */
export function constantFrom(node: JsonNode, at: Position): Literal {
  readKind(node, 'VALUE_CONSTANT', ['value'], 'constant', at);
  return valueFrom(nodeField(node, 'value', at), at);
}

/** A value of the engine, as constants and the IN list of PIVOT hold it; a DATE counts days from 1970. Source: gate.md §5. */
export function valueFrom(node: JsonNode, at: Position): Literal {
  readFields(node, ['type', 'is_null', 'value'], 'constant', at);
  const typeNode = readFields(nodeField(node, 'type', at), ['id', 'type_info'], 'constant', at);
  const id = textField(typeNode, 'id', at);
  const literal = (type: LiteralType, text: string): Literal => ({ kind: 'literal', type, text, at });
  if (id === 'DECIMAL') return literal('decimal', decimalOf(node, typeNode, at));
  readFields(typeNode, ['id'], 'constant', at);
  if (flagField(node, 'is_null', at) !== (id === 'NULL')) throw new ConstructRefused('constant', at);
  if (id === 'NULL') return literal('null', '');
  const raw = node.value;
  if (id === 'VARCHAR' && typeof raw === 'string') return literal('string', raw);
  if (id === 'BOOLEAN' && typeof raw === 'boolean') return literal('boolean', String(raw));
  if (INTEGERS.has(id) && isNumberText(raw)) return literal('integer', String(raw));
  if (id === 'DOUBLE' && typeof raw === 'number' && Number.isFinite(raw)) return literal('double', String(raw));
  if (id === 'DATE' && typeof raw === 'number') {
    const text = dateOfDay(raw);
    if (text !== undefined) return literal('date', text);
  }
  throw new ConstructRefused(`literal of type ${id}`, at);
}

function decimalOf(node: JsonNode, typeNode: JsonNode, at: Position): string {
  const { scale } = decimalType(typeNode, at);
  const { value } = node;
  if (flagField(node, 'is_null', at) || !isNumberText(value)) throw new ConstructRefused('literal of more than 18 digits', at);
  return decimalText({ digits: BigInt(String(value)), scale });
}

/** Width and scale of a type that the engine names DECIMAL. Throws ConstructRefused. Source: gate.md §3 (unknown = refused). */
export function decimalType(typeNode: JsonNode, at: Position): { readonly width: number; readonly scale: number } {
  const { width, scale } = readKind(nodeField(typeNode, 'type_info', at), 'DECIMAL_TYPE_INFO', ['width', 'scale'], 'DECIMAL', at);
  if (typeof width !== 'number' || typeof scale !== 'number') throw new ConstructRefused('DECIMAL', at);
  return { width, scale };
}

/** What DATE '…', TIMESTAMP '…' and true/false are: the engine writes them as casts of a text. Source: gate.md §5. */
export function typedLiteral(type: string, text: string, at: Position): Literal | undefined {
  if (type === 'DATE' && isDateText(text)) return { kind: 'literal', type: 'date', text, at };
  if (type === 'TIMESTAMP' && TIMESTAMP_TEXT.test(text) && isDateText(text.slice(0, 10))) {
    return { kind: 'literal', type: 'timestamp', text: text.replace('T', ' '), at };
  }
  if (type === 'BOOLEAN' && /^(?:t|f|true|false)$/i.test(text)) {
    return { kind: 'literal', type: 'boolean', text: /^t/i.test(text) ? 'true' : 'false', at };
  }
  return undefined;
}

/** Whole numbers arrive as number, or as text where they exceed what a double holds (see `readTree`). */
function isNumberText(raw: unknown): boolean {
  return (typeof raw === 'number' && Number.isSafeInteger(raw)) || (typeof raw === 'string' && /^-?\d+$/.test(raw));
}

function dateOfDay(day: number): string | undefined {
  const date = new Date(day * MS_PER_DAY);
  const text = Number.isNaN(date.getTime()) ? '' : date.toISOString().slice(0, 10);
  return isDateText(text) ? text : undefined;
}
