import { err, ok, type Result } from '../../kernel/result.ts';
import { type Stage, seal } from '../../kernel/stage.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { Expression, Join, OrderItem, Position, SelectItem, SelectStatement, TableReference } from './ast.ts';
import { ConstructRefused, isNode, type JsonNode, listField, nodeField, readFields, textField } from './node-reader.ts';
import { type Locate, parseExpression } from './parse-expression.ts';
import { positionFinder } from './position.ts';
import { readTree } from './read-tree.ts';

export type Parsed = Stage<'parsed', { readonly statement: SelectStatement }>;

/** Characters of one SQL text. Source: gate.md §3.1 (size limits). */
export const MAX_SQL_CHARACTERS = 20_000;

/** Tables of one FROM. Source: gate.md §3.1 (size limits). */
const MAX_TABLES = 16;

const START: Position = { line: 1, column: 1 };

/** Problems that need no engine: length, NUL bytes, lone surrogates. */
export function checkText(sql: string): readonly Problem[] {
  if (sql.length > MAX_SQL_CHARACTERS) return [problem('sql.too_long', { characters: MAX_SQL_CHARACTERS })];
  if (sql.includes('\0') || !sql.isWellFormed()) return [problem('sql.construct_refused', { construct: 'character', ...START })];
  return [];
}

/**
 * Reads the engine's serialised tree of the merchant's text by a closed list of node kinds.
 *
 * @param sql   the merchant's text, for positions only; it is never executed.
 * @param tree  what `json_serialize_sql` gave for it, as text.
 * @returns     one SELECT of the language, or why not. Knows nothing of tables or permissions.
 * Source: gate.md §3.
 */
export function parse(sql: string, tree: string): Result<Parsed, readonly Problem[]> {
  const find = positionFinder(sql);
  // A node that the engine made up (the cast of DATE '…') has no place of its own: that of what it stands around.
  const locate: Locate = (node) =>
    typeof node.query_location !== 'number' && isNode(node.child) ? locate(node.child) : find(Number(node.query_location));
  try {
    const root = readTree(tree);
    if (!isNode(root)) return err([problem('sql.construct_refused', { construct: 'literal that is not a finite number', ...START })]);
    if (root.error !== false) return err([syntaxProblem(root, find)]);
    readFields(root, ['statements'], 'statement', START);
    const statements = listField(root, 'statements', START);
    if (statements.length !== 1) return err([problem('sql.not_one_select', {})]);
    const statement = statements[0];
    if (!isNode(statement)) return err([problem('sql.syntax', START)]);
    readFields(statement, ['node'], 'parameters', START);
    return ok(seal<'parsed', { statement: SelectStatement }>({ statement: selectFrom(nodeField(statement, 'node', START), locate) }));
  } catch (thrown) {
    if (thrown instanceof ConstructRefused) return err([problem('sql.construct_refused', { construct: thrown.construct, ...thrown.at })]);
    throw thrown;
  }
}

function syntaxProblem(root: JsonNode, find: (offset: number) => Position): Problem {
  if (root.error_type === 'not implemented') return problem('sql.not_one_select', {});
  const offset = typeof root.position === 'string' && /^\d+$/.test(root.position) ? Number(root.position) : 0;
  return problem('sql.syntax', find(offset));
}

const SELECT_FIELDS = [
  'type',
  'modifiers',
  'cte_map',
  'select_list',
  'from_table',
  'where_clause',
  'group_expressions',
  'group_sets',
  'aggregate_handling',
];
const REFUSED_CLAUSES: readonly (readonly [string, string])[] = [
  ['having', 'HAVING'],
  ['sample', 'TABLESAMPLE'],
  ['qualify', 'QUALIFY'],
];

function selectFrom(node: JsonNode, locate: Locate): SelectStatement {
  if (node.type !== 'SELECT_NODE')
    throw new ConstructRefused(
      String(node.type)
        .replace(/_NODE$/, '')
        .replaceAll('_', ' '),
      START,
    );
  for (const [field, name] of REFUSED_CLAUSES) {
    const clause = node[field];
    if (clause !== null && clause !== undefined) throw new ConstructRefused(name, isNode(clause) ? locate(clause) : START);
  }
  readFields(node, SELECT_FIELDS, 'SELECT', START);
  const cteMap = readFields(nodeField(node, 'cte_map', START), ['map'], 'WITH', START);
  if (listField(cteMap, 'map', START).length > 0) throw new ConstructRefused('WITH', START);
  const { from, joins } = fromClause(nodeField(node, 'from_table', START), locate);
  if (joins.length >= MAX_TABLES) throw new ConstructRefused(`join of more than ${MAX_TABLES} tables`, START);
  return {
    items: listField(node, 'select_list', START).map((item) => selectItem(item, locate)),
    from,
    joins,
    where: node.where_clause === null || node.where_clause === undefined ? null : parseExpression(node.where_clause, locate),
    groupBy: groupByClause(node, locate),
    orderBy: listField(node, 'modifiers', START).flatMap((modifier) => modifierFrom(modifier, locate)),
  };
}

function selectItem(item: unknown, locate: Locate): SelectItem {
  const expression = parseExpression(item, locate);
  const alias = isNode(item) && typeof item.alias === 'string' ? item.alias : '';
  return { expression, alias };
}

function groupByClause(node: JsonNode, locate: Locate): readonly Expression[] | 'all' {
  const expressions = listField(node, 'group_expressions', START);
  const sets = listField(node, 'group_sets', START);
  if (node.aggregate_handling === 'FORCE_AGGREGATES') return 'all';
  if (node.aggregate_handling !== 'STANDARD_HANDLING') throw new ConstructRefused('aggregate handling', START);
  if (expressions.length === 0 && sets.length === 0) return [];
  const plain = sets.length === 1 && Array.isArray(sets[0]) && sets[0].length === expressions.length;
  if (!plain) throw new ConstructRefused('GROUPING SETS', START);
  return expressions.map((item) => parseExpression(item, locate));
}

function modifierFrom(modifier: unknown, locate: Locate): readonly OrderItem[] {
  if (!isNode(modifier) || modifier.type !== 'ORDER_MODIFIER') {
    throw new ConstructRefused(isNode(modifier) ? String(modifier.type).replace('_MODIFIER', '') : 'modifier', START);
  }
  readFields(modifier, ['type', 'orders'], 'ORDER BY', START);
  return listField(modifier, 'orders', START).map((order) => {
    if (!isNode(order)) throw new ConstructRefused('ORDER BY', START);
    readFields(order, ['type', 'null_order', 'expression'], 'ORDER BY', START);
    if (order.null_order !== 'ORDER_DEFAULT') throw new ConstructRefused('NULLS FIRST/LAST', START);
    return { expression: parseExpression(order.expression, locate), descending: order.type === 'DESCENDING' };
  });
}

function fromClause(node: JsonNode, locate: Locate): { readonly from: TableReference; readonly joins: readonly Join[] } {
  if (node.type === 'BASE_TABLE') return { from: tableFrom(node, locate), joins: [] };
  if (node.type !== 'JOIN') throw new ConstructRefused(fromName(node), locate(node));
  const at = locate(node);
  readFields(node, ['type', 'alias', 'left', 'right', 'condition', 'join_type', 'ref_type', 'using_columns'], 'JOIN', at);
  if (node.join_type !== 'INNER') throw new ConstructRefused(`${String(node.join_type)} JOIN`, at);
  if (node.ref_type !== 'REGULAR' && node.ref_type !== 'CROSS') throw new ConstructRefused(`${String(node.ref_type)} JOIN`, at);
  if (typeof node.alias === 'string' && node.alias !== '') throw new ConstructRefused('alias of a join', at);
  const left = fromClause(nodeField(node, 'left', at), locate);
  const using = listField(node, 'using_columns', at);
  if (using.some((name) => typeof name !== 'string')) throw new ConstructRefused('USING', at);
  const join: Join = {
    kind: node.ref_type === 'CROSS' ? 'comma' : 'inner',
    table: tableFrom(nodeField(node, 'right', at), locate),
    on: node.condition === null || node.condition === undefined ? null : parseExpression(node.condition, locate),
    using: using as string[],
    at,
  };
  return { from: left.from, joins: [...left.joins, join] };
}

function tableFrom(node: JsonNode, locate: Locate): TableReference {
  const at = locate(node);
  if (node.type !== 'BASE_TABLE') throw new ConstructRefused(fromName(node), at);
  readFields(node, ['type', 'alias', 'table_name'], 'table', at);
  return { table: textField(node, 'table_name', at), alias: typeof node.alias === 'string' ? node.alias : '', at };
}

const FROM_NAMES: Readonly<Record<string, string>> = {
  SUBQUERY: 'subquery in FROM',
  TABLE_FUNCTION: 'table function',
  SHOW_REF: 'DESCRIBE/SUMMARIZE',
  EMPTY: 'SELECT without FROM',
  EMPTY_FROM: 'SELECT without FROM',
  EXPRESSION_LIST: 'VALUES',
  PIVOT: 'PIVOT',
};

function fromName(node: JsonNode): string {
  return FROM_NAMES[String(node.type)] ?? String(node.type).replaceAll('_', ' ');
}
