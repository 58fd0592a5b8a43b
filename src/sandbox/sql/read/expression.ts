import type { Expression, Subquery } from '../ast.ts';
import { callFrom } from './call.ts';
import { castFrom } from './cast.ts';
import { comparisonOf, nullAwareOf } from './comparison.ts';
import { constantFrom } from './literal.ts';
import {
  asNode,
  ConstructRefused,
  isAbsent,
  type JsonNode,
  listField,
  nodeField,
  readFields,
  readKind,
  textListField,
} from './node-reader.ts';
import { operatorFrom } from './operator.ts';
import { below, inner, type Place, plainName, type Reader } from './reader.ts';
import { windowFrom } from './window.ts';

type Read = (node: JsonNode, place: Place, reader: Reader) => Expression;

/** The classes of expressions that are read. Whatever is not here is refused. */
const READERS: ReadonlyMap<unknown, Read> = new Map<unknown, Read>([
  ['COLUMN_REF', columnFrom],
  ['CONSTANT', (node, { at }) => constantFrom(node, at)],
  ['CAST', castFrom],
  ['COMPARISON', comparisonFrom],
  ['BETWEEN', betweenFrom],
  ['CONJUNCTION', conjunctionFrom],
  ['OPERATOR', operatorFrom],
  ['FUNCTION', callFrom],
  ['CASE', caseFrom],
  ['SUBQUERY', subqueryFrom],
  ['WINDOW', windowFrom],
]);

const REFUSED: ReadonlyMap<unknown, string> = new Map([
  ['STAR', '* inside an expression'],
  ['PARAMETER', 'parameter'],
  ['POSITIONAL_REFERENCE', 'positional reference'],
  ['LAMBDA', 'lambda'],
  ['LAMBDA_REF', 'lambda'],
  ['COLLATE', 'COLLATE'],
  ['DEFAULT', 'DEFAULT'],
]);

/** Turns one expression node of the engine's tree into ours. Throws ConstructRefused for all that is not on the list. Source: gate.md §3.2. */
export function readExpression(value: unknown, place: Place, reader: Reader): Expression {
  const node = asNode(value, 'expression', place.at);
  const at = reader.locate(node, place.at);
  const read = READERS.get(node.class);
  if (read === undefined) throw new ConstructRefused(REFUSED.get(node.class) ?? plainName(node.class), at);
  return read(node, { ...place, at }, reader);
}

/** Schema, table and column at the most. */
const MAX_PATH = 3;

function columnFrom(node: JsonNode, { at }: Place): Expression {
  readKind(node, 'COLUMN_REF', ['column_names'], 'column', at);
  const path = textListField(node, 'column_names', at);
  if (path.length === 0 || path.length > MAX_PATH) throw new ConstructRefused('column path', at);
  return { kind: 'column', path, at };
}

function comparisonFrom(node: JsonNode, place: Place, reader: Reader): Expression {
  const { at } = place;
  readFields(node, ['class', 'type', 'left', 'right'], 'comparison', at);
  const operator = comparisonOf(node.type) ?? nullAwareOf(node.type);
  if (operator === undefined) throw new ConstructRefused(`comparison ${plainName(node.type)}`, at);
  const lower: Place = { ...below(place, at), rows: operator === '=' || operator === '<>' };
  return { kind: 'compare', operator, left: reader.expression(node.left, lower), right: reader.expression(node.right, lower), at };
}

function betweenFrom(node: JsonNode, place: Place, reader: Reader): Expression {
  const { at } = place;
  readKind(node, 'COMPARE_BETWEEN', ['input', 'lower', 'upper'], 'BETWEEN', at);
  const child = (item: unknown): Expression => reader.expression(item, below(place, at));
  return { kind: 'between', input: child(node.input), lower: child(node.lower), upper: child(node.upper), at };
}

function conjunctionFrom(node: JsonNode, place: Place, reader: Reader): Expression {
  const { at } = place;
  readFields(node, ['class', 'type', 'children'], 'AND/OR', at);
  const kind = node.type === 'CONJUNCTION_AND' ? 'and' : node.type === 'CONJUNCTION_OR' ? 'or' : undefined;
  const children = listField(node, 'children', at);
  if (kind === undefined || children.length < 2) throw new ConstructRefused('AND/OR', at);
  const lower = below(place, at);
  return { kind, items: children.map((child) => reader.expression(child, lower)), at };
}

function caseFrom(node: JsonNode, place: Place, reader: Reader): Expression {
  const { at } = place;
  readKind(node, 'CASE_EXPR', ['case_checks', 'else_expr'], 'CASE', at);
  const lower = below(place, at);
  const branches = listField(node, 'case_checks', at).map((check) => {
    const branch = readFields(asNode(check, 'CASE', at), ['when_expr', 'then_expr'], 'CASE', at);
    return { when: reader.expression(branch.when_expr, lower), then: reader.expression(branch.then_expr, lower) };
  });
  const otherwise = reader.expression(node.else_expr, lower);
  // Without ELSE the engine writes ELSE NULL.
  const isNull = otherwise.kind === 'literal' && otherwise.type === 'null';
  return { kind: 'case', branches, otherwise: isNull ? null : otherwise, at };
}

const FORMS: ReadonlyMap<unknown, Subquery['form']> = new Map([
  ['SCALAR', 'scalar'],
  ['EXISTS', 'exists'],
  ['ANY', 'any'],
]);

/** The engine spells NOT IN and `> ALL` as NOT around `= ANY` and `<= ANY`. */
function subqueryFrom(node: JsonNode, place: Place, reader: Reader): Subquery {
  const { at } = place;
  readKind(node, 'SUBQUERY', ['subquery_type', 'subquery', 'child', 'comparison_type'], 'subquery', at);
  const form = FORMS.get(node.subquery_type);
  if (form === undefined) throw new ConstructRefused('subquery', at);
  const operator = form === 'any' ? comparisonOf(node.comparison_type) : '=';
  const isPlain = form !== 'any' && node.comparison_type === 'INVALID' && isAbsent(node, 'child');
  if (operator === undefined || (form !== 'any' && !isPlain)) throw new ConstructRefused('subquery', at);
  const input = form === 'any' ? reader.expression(node.child, below(place, at)) : null;
  const statement = readFields(nodeField(node, 'subquery', at), ['node'], 'subquery', at);
  return { kind: 'subquery', form, query: reader.query(statement.node, inner(place, at)), input, operator, at };
}
