import type { Expression, IntervalUnit, Position } from '../ast.ts';
import { constantFrom } from './literal.ts';
import { asNode, ConstructRefused, isNode, type JsonNode, listField, nodeField, readFields, readKind } from './node-reader.ts';

type Scaled = readonly [unit: IntervalUnit, times: number];

const UNITS: ReadonlyMap<string, Scaled> = new Map<string, Scaled>([
  ['year', ['year', 1]],
  ['month', ['month', 1]],
  ['week', ['week', 1]],
  ['day', ['day', 1]],
  ['hour', ['hour', 1]],
  ['minute', ['minute', 1]],
  ['second', ['second', 1]],
  ['quarter', ['month', 3]],
  ['decade', ['year', 10]],
  ['century', ['year', 100]],
  ['centurie', ['year', 100]],
]);

/** Beyond nine digits the engine's own arithmetic on intervals overflows. */
const AMOUNT_TEXT = /^[+-]?\d{1,9}$/;
const PHRASE = /^\s*([+-]?\d{1,9})\s+([a-z]+?)s?\s*$/i;

/**
 * An interval spelled as a call: the engine reads INTERVAL 3 MONTH as `to_months(CAST(trunc(CAST(3 AS DOUBLE)) AS INTEGER))`.
 *
 * @param name  of the function, lower case; `undefined` is given back where it makes no interval of our units.
 * Throws ConstructRefused for an amount that is no whole literal. Source: gate.md §5 (literals).
 */
export function intervalOfCall(name: string, parameters: readonly unknown[], at: Position): Expression | undefined {
  const scaled = /^to_[a-z]+s$/.test(name) ? UNITS.get(name.slice(3, -1)) : undefined;
  if (scaled === undefined) return undefined;
  const [amount, ...more] = parameters;
  if (more.length > 0) throw new ConstructRefused('INTERVAL', at);
  return interval(amountText(asNode(amount, 'interval', at), at), scaled, at);
}

/** INTERVAL '3 months' and its relatives: one amount of one unit. Throws ConstructRefused for any other text. Source: gate.md §5. */
export function intervalOfText(text: string, at: Position): Expression {
  const [, amount = '', unit = ''] = PHRASE.exec(text) ?? [];
  const scaled = UNITS.get(unit.toLowerCase());
  if (scaled === undefined) throw new ConstructRefused('INTERVAL of several units or of none', at);
  return interval(amount, scaled, at);
}

function interval(text: string, [unit, times]: Scaled, at: Position): Expression {
  if (!AMOUNT_TEXT.test(text)) throw new ConstructRefused('INTERVAL of a fraction', at);
  // `|| 0` because -0 is another zero, and nobody meant it.
  return { kind: 'interval', amount: Number(text) * times || 0, unit, at };
}

/** The literal below the casts and the `trunc` that the engine lays around an amount. */
function amountText(node: JsonNode, at: Position): string {
  if (node.class === 'CONSTANT') {
    const literal = constantFrom(node, at);
    if (literal.type === 'integer' || literal.type === 'string') return literal.text;
    throw new ConstructRefused('INTERVAL of a fraction', at);
  }
  const wrapped = node.class === 'CAST' ? castOf(node, at) : truncOf(node, at);
  if (!isNode(wrapped)) throw new ConstructRefused('INTERVAL of an expression', at);
  return amountText(wrapped, at);
}

function castOf(node: JsonNode, at: Position): unknown {
  readKind(node, 'OPERATOR_CAST', ['child', 'cast_type'], 'INTERVAL of an expression', at);
  const { id } = readFields(nodeField(node, 'cast_type', at), ['id'], 'INTERVAL of an expression', at);
  return id === 'DOUBLE' || id === 'INTEGER' || id === 'BIGINT' ? node.child : undefined;
}

function truncOf(node: JsonNode, at: Position): unknown {
  if (node.class !== 'FUNCTION' || node.function_name !== 'trunc') return undefined;
  readKind(node, 'FUNCTION', ['function_name', 'children', 'order_bys'], 'INTERVAL of an expression', at);
  readKind(nodeField(node, 'order_bys', at), 'ORDER_MODIFIER', [], 'INTERVAL of an expression', at);
  const children = listField(node, 'children', at);
  return children.length === 1 ? children[0] : undefined;
}
