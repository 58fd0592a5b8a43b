import type { ComparisonOperator, Expression, Position } from './ast.ts';
import { ConstructRefused, isNode, type JsonNode, listField, nodeField, readFields, textField } from './node-reader.ts';
import { literalFrom } from './parse-literal.ts';

export type Locate = (node: JsonNode) => Position;

const COMPARISONS: Readonly<Record<string, ComparisonOperator>> = {
  COMPARE_EQUAL: '=',
  COMPARE_NOTEQUAL: '<>',
  COMPARE_LESSTHAN: '<',
  COMPARE_LESSTHANOREQUALTO: '<=',
  COMPARE_GREATERTHAN: '>',
  COMPARE_GREATERTHANOREQUALTO: '>=',
};

const MAX_DEPTH = 64;

/** Turns one expression node of the engine's tree into ours. Throws ConstructRefused for all that is not on the list. Source: gate.md §3.2. */
export function parseExpression(value: unknown, locate: Locate, depth = 0): Expression {
  if (!isNode(value)) throw new ConstructRefused('malformed expression', { line: 1, column: 1 });
  const at = locate(value);
  if (depth > MAX_DEPTH) throw new ConstructRefused('expression nested too deeply', at);
  const child = (item: unknown): Expression => parseExpression(item, locate, depth + 1);
  switch (value.class) {
    case 'COLUMN_REF':
      return columnFrom(value, at);
    case 'CONSTANT':
    case 'CAST':
      return literalFrom(value, at);
    case 'COMPARISON': {
      const operator = COMPARISONS[textField(value, 'type', at)];
      if (operator === undefined) throw new ConstructRefused(`comparison ${String(value.type)}`, at);
      readFields(value, ['class', 'type', 'alias', 'left', 'right'], 'comparison', at);
      return { kind: 'compare', operator, left: child(value.left), right: child(value.right), at };
    }
    case 'BETWEEN':
      readFields(value, ['class', 'type', 'alias', 'input', 'lower', 'upper'], 'BETWEEN', at);
      return { kind: 'between', input: child(value.input), lower: child(value.lower), upper: child(value.upper), at };
    case 'CONJUNCTION': {
      readFields(value, ['class', 'type', 'alias', 'children'], 'AND/OR', at);
      const kind = value.type === 'CONJUNCTION_AND' ? 'and' : value.type === 'CONJUNCTION_OR' ? 'or' : undefined;
      if (kind === undefined) throw new ConstructRefused(`conjunction ${String(value.type)}`, at);
      return { kind, items: listField(value, 'children', at).map(child), at };
    }
    case 'OPERATOR':
      return operatorFrom(value, at, child);
    case 'FUNCTION':
      return callFrom(value, at, child);
    default:
      throw new ConstructRefused(constructName(value), at);
  }
}

function columnFrom(node: JsonNode, at: Position): Expression {
  readFields(node, ['class', 'type', 'alias', 'column_names'], 'column', at);
  const path = listField(node, 'column_names', at);
  if (path.length === 0 || path.length > 3 || path.some((part) => typeof part !== 'string')) {
    throw new ConstructRefused('column path', at);
  }
  return { kind: 'column', path: path as string[], at };
}

function operatorFrom(node: JsonNode, at: Position, child: (item: unknown) => Expression): Expression {
  const type = textField(node, 'type', at);
  readFields(node, ['class', 'type', 'alias', 'children'], type, at);
  const items = listField(node, 'children', at);
  const [first, ...rest] = items;
  const isUnary = type !== 'COMPARE_IN' && type !== 'COMPARE_NOT_IN';
  if (isUnary !== (rest.length === 0)) throw new ConstructRefused(operatorName(type), at);
  switch (type) {
    case 'OPERATOR_NOT':
      return { kind: 'not', item: child(first), at };
    case 'OPERATOR_IS_NULL':
    case 'OPERATOR_IS_NOT_NULL':
      return { kind: 'isNull', input: child(first), negated: type === 'OPERATOR_IS_NOT_NULL', at };
    case 'COMPARE_IN':
    case 'COMPARE_NOT_IN':
      return { kind: 'in', input: child(first), items: rest.map(child), negated: type === 'COMPARE_NOT_IN', at };
    default:
      throw new ConstructRefused(operatorName(type), at);
  }
}

/** Whether `name` may be called, and with what, is decided where names are bound; here only its shape is closed. */
function callFrom(node: JsonNode, at: Position, child: (item: unknown) => Expression): Expression {
  const shape = [
    'class',
    'type',
    'alias',
    'function_name',
    'schema',
    'children',
    'distinct',
    'order_bys',
    'is_operator',
    'filter',
    'export_state',
    'catalog',
  ];
  readFields(node, shape, 'function call', at);
  if (node.filter) throw new ConstructRefused('FILTER', at);
  if (node.is_operator === true) throw new ConstructRefused('arithmetic operator', at);
  if (node.export_state === true) throw new ConstructRefused('EXPORT_STATE', at);
  if (typeof node.catalog === 'string' && node.catalog !== '' && node.catalog !== 'system')
    throw new ConstructRefused('function of a catalog', at);
  const schema = typeof node.schema === 'string' ? node.schema.toLowerCase() : '';
  if (!['', 'main', 'system'].includes(schema)) throw new ConstructRefused('function of a schema', at);
  const order = readFields(nodeField(node, 'order_bys', at), ['type', 'orders'], 'ORDER BY inside an aggregate', at);
  if (listField(order, 'orders', at).length > 0) throw new ConstructRefused('ORDER BY inside an aggregate', at);
  return {
    kind: 'call',
    name: textField(node, 'function_name', at).toLowerCase(),
    arguments: listField(node, 'children', at).map(child),
    distinct: node.distinct === true,
    at,
  };
}

function operatorName(type: string): string {
  return type.replace(/^OPERATOR_|^COMPARE_|^ARRAY_/, '').replaceAll('_', ' ');
}

function constructName(node: JsonNode): string {
  return typeof node.class === 'string' ? node.class.replaceAll('_', ' ') : 'unknown expression';
}
