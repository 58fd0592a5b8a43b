import type { FromItem, JoinItem, Select } from '../ast.ts';
import {
  asNode,
  ConstructRefused,
  isAbsent,
  isNode,
  type JsonNode,
  listField,
  nodeField,
  readFields,
  textField,
  textListField,
} from './node-reader.ts';
import { readPivot } from './pivot.ts';
import { inner, type Place, plainName, type Reader } from './reader.ts';

/** Reads what stands behind FROM: tables, subqueries, VALUES, joins and PIVOT. Throws ConstructRefused. Source: gate.md §3.2, §4. */
export function readFrom(value: unknown, place: Place, reader: Reader): FromItem {
  const node = asNode(value, 'FROM', place.at);
  const here = { ...place, at: reader.locate(node, place.at) };
  if (!isAbsent(node, 'sample')) throw new ConstructRefused('TABLESAMPLE', here.at);
  switch (node.type) {
    case 'BASE_TABLE':
      return tableFrom(node, here, reader);
    case 'SUBQUERY':
      return subqueryFrom(node, here, reader);
    case 'EXPRESSION_LIST':
      return valuesFrom(node, here, reader);
    case 'JOIN':
      return joinFrom(node, here, reader);
    case 'PIVOT':
      return readPivot(node, here, reader);
    default:
      throw new ConstructRefused(refusedName(node), here.at);
  }
}

function refusedName(node: JsonNode): string {
  if (node.type === 'TABLE_FUNCTION') {
    const name = isNode(node.function) ? node.function.function_name : undefined;
    return typeof name === 'string' ? `table function ${name}` : 'table function';
  }
  return node.type === 'SHOW_REF' ? 'DESCRIBE/SUMMARIZE/SHOW' : plainName(node.type);
}

function tableFrom(node: JsonNode, { at }: Place, reader: Reader): FromItem {
  reader.count('table', at);
  if (!isAbsent(node, 'at_clause')) throw new ConstructRefused('AT (time travel)', at);
  readFields(node, ['type', 'alias', 'table_name', 'schema_name', 'catalog_name', 'column_name_alias'], 'table', at);
  if (textField(node, 'catalog_name', at) !== '') throw new ConstructRefused('table of a catalog', at);
  if (!['', 'main'].includes(textField(node, 'schema_name', at).toLowerCase())) throw new ConstructRefused('table of a schema', at);
  return {
    kind: 'table',
    table: textField(node, 'table_name', at),
    alias: textField(node, 'alias', at),
    columns: textListField(node, 'column_name_alias', at),
    at,
  };
}

function subqueryFrom(node: JsonNode, place: Place, reader: Reader): FromItem {
  const { at } = place;
  readFields(node, ['type', 'alias', 'subquery', 'column_name_alias'], 'subquery in FROM', at);
  const statement = readFields(nodeField(node, 'subquery', at), ['node'], 'subquery in FROM', at);
  const alias = textField(node, 'alias', at);
  const columns = textListField(node, 'column_name_alias', at);
  const query = reader.query(statement.node, inner(place, at));
  const { body } = query;
  // (VALUES …) is, to the engine, SELECT * FROM a list.
  const isPlain =
    query.commonTables.length === 0 &&
    Array.isArray(query.orderBy) &&
    query.orderBy.length === 0 &&
    query.limit === null &&
    query.offset === null;
  if (isPlain && body.kind === 'select' && body.from?.kind === 'values' && isWhole(body)) return { ...body.from, alias, columns };
  return { kind: 'subquery', query, alias, columns, at };
}

/** Whether a SELECT gives back its FROM as it stands. */
function isWhole(select: Select): boolean {
  const [only, ...more] = select.items;
  const isStar = only?.expression.kind === 'star' && more.length === 0;
  if (!isStar || only.expression.exclude.length + only.expression.replace.length > 0) return false;
  return !select.distinct && [select.where, select.grouping, select.having, select.qualify].every((clause) => clause === null);
}

function valuesFrom(node: JsonNode, place: Place, reader: Reader): FromItem {
  const { at } = place;
  readFields(node, ['type', 'alias', 'values'], 'VALUES', at);
  const rows = listField(node, 'values', at).map((row) => {
    if (!Array.isArray(row)) throw new ConstructRefused('VALUES', at);
    return row.map((item) => reader.expression(item, place));
  });
  return { kind: 'values', rows, alias: textField(node, 'alias', at), columns: [], at };
}

const JOINS: ReadonlyMap<unknown, JoinItem['join']> = new Map([
  ['INNER', 'inner'],
  ['LEFT', 'left'],
  ['RIGHT', 'left'],
  ['SEMI', 'semi'],
  ['ANTI', 'anti'],
]);

/** The engine does not mark LATERAL: a derived table that names its neighbours is for the binder to refuse. */
function joinFrom(node: JsonNode, place: Place, reader: Reader): JoinItem {
  const { at } = place;
  const isNatural = node.ref_type === 'NATURAL';
  if (!isNatural && node.ref_type !== 'REGULAR' && node.ref_type !== 'CROSS')
    throw new ConstructRefused(`${plainName(node.ref_type)} JOIN`, at);
  reader.count('JOIN', at);
  const join = JOINS.get(node.join_type);
  if (join === undefined) throw new ConstructRefused(`${plainName(node.join_type)} JOIN`, at);
  readFields(node, ['type', 'left', 'right', 'condition', 'join_type', 'ref_type', 'using_columns'], 'JOIN', at);
  const left = reader.from(node.left, place);
  const right = reader.from(node.right, place);
  const on = isAbsent(node, 'condition') ? null : reader.expression(node.condition, place);
  const using = textListField(node, 'using_columns', at);
  if (node.ref_type === 'CROSS') {
    if (node.join_type !== 'INNER' || on !== null || using.length > 0) throw new ConstructRefused('CROSS JOIN', at);
    return { kind: 'join', join: 'cross', left, right, on, using, at };
  }
  const isRight = node.join_type === 'RIGHT';
  const sides = isRight ? { left: right, right: left } : { left, right };
  if (isNatural) {
    if (on !== null || using.length > 0) throw new ConstructRefused('NATURAL JOIN with a condition', at);
    return { kind: 'join', join, ...sides, on, using, natural: true, at };
  }
  if ((on === null) === (using.length === 0)) throw new ConstructRefused('JOIN without condition', at);
  return { kind: 'join', join, ...sides, on, using, at };
}
