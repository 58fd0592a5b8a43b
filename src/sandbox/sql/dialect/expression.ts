import { quoteName, quoteText } from '../../../catalog/identifier.ts';
import { printAggregate, printCall, printWindowCall } from './calls.ts';
import { valueTypeOf } from './cast-types.ts';
import { printInterval, typedLiteral } from './moments.ts';
import { comparable, noteText, printOperator } from './operators.ts';
import { isNotCall, regroup, type Term } from './regroup.ts';
import {
  castTypeOf,
  isTreeNode,
  items,
  nameOf,
  numberOf,
  only,
  type Printed,
  refused,
  type Translation,
  type TreeNode,
  textOf,
} from './tree.ts';
import { asCondition, commonType } from './value-types.ts';

/**
 * Prints an expression for DuckDB. A closed list of nodes; whatever else node-sql-parser reads is refused.
 * Throws DialectRefused.
 * Source: ADR 0012.
 */
export function printExpression(value: unknown, t: Translation): Printed {
  if (!isTreeNode(value)) throw refused('an expression', value, t);
  return printTerm(regroup(value, t), t);
}

function printTerm(term: Term, t: Translation): Printed {
  if (term.kind === 'leaf') return printLeaf(term.node, t);
  if (term.kind === 'binary' && term.operator.endsWith('IN')) return printMembership(term, t);
  return printOperator(term, (item) => printTerm(item, t), t);
}

function printLeaf(node: TreeNode, t: Translation): Printed {
  if ('ast' in node) return { sql: `(${t.printQuery(node.ast)})`, type: 'unknown' };
  switch (node.type) {
    case 'binary_expr':
    case 'unary_expr':
      return node.operator === 'NOT EXISTS' ? printExists('NOT EXISTS', node.expr, t) : t.print(node);
    case 'column_ref':
      return printColumn(node, t);
    case 'number':
      return printNumber(only(node, ['type', 'value', 'parentheses'], 'a number', t), t);
    case 'single_quote_string':
      return { sql: quoteText(stringOf(node, t)), type: 'text' };
    case 'date':
    case 'timestamp':
      return typedLiteral(node.type, stringOf(node, t), node, t);
    case 'bool':
      only(node, ['type', 'value', 'parentheses'], 'a literal', t);
      return { sql: node.value === true ? 'TRUE' : 'FALSE', type: 'boolean' };
    case 'expr_list':
      throw refused('a row of values', node, t);
    case 'null':
      return { sql: 'NULL', type: 'unknown' };
    case 'interval':
      return printInterval(node, t);
    case 'case':
      return printCase(node, t);
    case 'cast':
      return printCast(node, t);
    case 'function':
      return isNotCall(node) ? t.print(node) : printFunction(node, t);
    case 'aggr_func':
      return printAggregate(node, t);
    case 'window_func':
      return printWindowCall(node, t);
    default:
      throw refused(String(node.type ?? 'an expression').replaceAll('_', ' '), node, t);
  }
}

function stringOf(node: TreeNode, t: Translation): string {
  only(node, ['type', 'value', 'parentheses'], 'a literal', t);
  const text = textOf(node.value, t);
  if (text === undefined) throw refused('a literal', node, t);
  return text;
}

function printNumber(node: TreeNode, t: Translation): Printed {
  const number = numberOf(node.value, t);
  if (number === undefined) throw refused('a number', node, t);
  return { sql: number.startsWith('-') ? `(${number})` : number, type: /^-?\d+$/.test(number) ? 'integer' : 'fraction' };
}

function printColumn(node: TreeNode, t: Translation): Printed {
  only(node, ['type', 'table', 'column', 'parentheses'], 'a column', t);
  if (node.column === '*') throw refused('* in an expression', node, t);
  const name = nameOf(node.column, t);
  const table = node.table === null || node.table === undefined ? '' : `${quoteName(nameOf(node.table, t))}.`;
  return { sql: `${table}${quoteName(name)}`, type: t.columnTypes(name) };
}

function printCase(node: TreeNode, t: Translation): Printed {
  only(node, ['type', 'expr', 'args', 'parentheses'], 'CASE', t);
  const input = isTreeNode(node.expr) ? ` ${t.print(node.expr).sql}` : '';
  const results: Printed[] = [];
  const branches = items(node.args).map((item) => {
    const branch = only(item, ['type', 'cond', 'result'], 'CASE', t);
    const result = t.print(branch.result);
    results.push(result);
    if (branch.type === 'else') return `ELSE ${result.sql}`;
    const condition = t.print(branch.cond);
    return `WHEN ${input === '' ? asCondition(condition, t) : condition.sql} THEN ${result.sql}`;
  });
  return { sql: `CASE${input} ${branches.join(' ')} END`, type: commonType(results) };
}

/** `a::b` binds to what stands directly before it; node-sql-parser's tree must say the same. */
function printCast(node: TreeNode, t: Translation): Printed {
  only(node, ['type', 'keyword', 'expr', 'symbol', 'target', 'parentheses'], 'CAST', t);
  const [target, ...more] = items(node.target);
  const to = castTypeOf(only(target, ['dataType', 'length', 'parentheses'], 'a type', t).length, t);
  const isLoose = isTreeNode(node.expr) && /^(binary|unary)_expr$/.test(String(node.expr.type)) && !node.expr.parentheses;
  if (to === undefined || more.length > 0 || (node.symbol === '::' && isLoose)) throw refused('CAST', node, t);
  const value = t.print(node.expr);
  if (t.dialect === 'mysql' && value.type === 'boolean') throw refused('CAST of a condition', node, t);
  return { sql: `${to.lenient ? 'TRY_CAST' : 'CAST'}(${value.sql} AS ${to.type})`, type: valueTypeOf(to.type) };
}

function printFunction(node: TreeNode, t: Translation): Printed {
  const name = isTreeNode(node.name) ? items(node.name.name)[0] : undefined;
  const word = isTreeNode(name) ? name.value : undefined;
  if (word !== 'EXISTS') return printCall(node, t);
  only(node, ['type', 'name', 'args', 'parentheses'], word, t);
  const [item, ...rest] = items(isTreeNode(node.args) ? node.args.value : undefined);
  if (rest.length > 0) throw refused(`${word} of several values`, node, t);
  return printExists('EXISTS', item, t);
}

function printExists(operator: 'EXISTS' | 'NOT EXISTS', subquery: unknown, t: Translation): Printed {
  if (!isTreeNode(subquery) || !('ast' in subquery)) throw refused(operator, subquery, t);
  return { sql: `(${operator} (${t.printQuery(subquery.ast)}))`, type: 'boolean' };
}

/** IN and NOT IN, over a list or a subquery. */
function printMembership(term: Extract<Term, { readonly kind: 'binary' }>, t: Translation): Printed {
  const input = printTerm(term.left, t);
  if (term.right.kind !== 'leaf') throw refused(term.operator, term.node, t);
  const list = only(term.right.node, ['type', 'value', 'parentheses'], term.operator, t);
  const members = items(list.value);
  const [first] = members;
  const isQuery = isTreeNode(first) && 'ast' in first;
  if (list.type !== 'expr_list' || members.length === 0 || (isQuery && members.length > 1)) throw refused(term.operator, term.node, t);
  if (isQuery) return { sql: `(${input.sql} ${term.operator} (${t.printQuery(first.ast)}))`, type: 'boolean' };
  const printed = members.map((item) => comparable(t.print(item), input));
  noteText([input, ...printed], t);
  return { sql: `(${input.sql} ${term.operator} (${printed.map((item) => item.sql).join(', ')}))`, type: 'boolean' };
}
