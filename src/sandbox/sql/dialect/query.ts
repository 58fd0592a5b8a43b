import { quoteName } from '../../../catalog/identifier.ts';
import { printKey, printOrder } from './order.ts';
import { isTreeNode, items, nameOf, numberOf, only, refused, type Translation, type TreeNode } from './tree.ts';
import { asCondition } from './value-types.ts';

const SELECT = ['with', 'type', 'distinct', 'columns', 'into', 'from', 'where', 'groupby', 'having', 'orderby', 'limit', '_limit'];
const SET = ['_next', 'set_op', 'parentheses_symbol'];
const SET_OPERATORS = new Set(['UNION', 'UNION ALL', 'INTERSECT', 'EXCEPT']);
const JOINS: Readonly<Record<string, string>> = {
  'INNER JOIN': 'JOIN',
  'LEFT JOIN': 'LEFT JOIN',
  'RIGHT JOIN': 'RIGHT JOIN',
  'FULL JOIN': 'FULL JOIN',
};

/**
 * Prints a SELECT, or several joined by UNION, INTERSECT and EXCEPT, for DuckDB. Set operators bind alike in all four
 * dialects, so they stay in the merchant's order. Throws DialectRefused.
 * Source: ADR 0012.
 */
export function printQuery(value: unknown, t: Translation): string {
  const node = only(value, [...SELECT, ...SET], 'SELECT', t);
  if (node.type !== 'select') throw refused(String(node.type ?? 'a statement'), value, t);
  const select = printSelect(node, t);
  const here = node.parentheses_symbol ? `(${select})` : select;
  if (node._next === null || node._next === undefined) return here;
  const operator = String(node.set_op).toUpperCase();
  if (!SET_OPERATORS.has(operator)) throw refused(operator, value, t);
  return `${here} ${operator} ${printQuery(node._next, t)}`;
}

function printSelect(node: TreeNode, t: Translation): string {
  only(isTreeNode(node.into) ? { ...node.into, type: null } : {}, [], 'SELECT INTO', t);
  const clauses = [
    printWith(node.with, t),
    `SELECT ${printDistinct(node.distinct, t)}${items(node.columns)
      .map((item) => printItem(item, t))
      .join(', ')}`,
    printFrom(node.from, t),
    node.where ? `WHERE ${printCondition(node.where, t)}` : '',
    printGrouping(node.groupby, t),
    node.having ? `HAVING ${printCondition(node.having, t)}` : '',
    printOrder(node.orderby, t),
    printLimit(node.limit, node, t),
    printLimit(node._limit, node, t),
  ];
  return clauses.filter((clause) => clause !== '').join(' ');
}

function printCondition(value: unknown, t: Translation): string {
  return asCondition(t.print(value), t);
}

function printWith(value: unknown, t: Translation): string {
  const tables = items(value).map((item) => {
    const node = only(item, ['name', 'stmt', 'columns'], 'WITH', t);
    const columns = items(node.columns).map((column) => quoteName(nameOf(isTreeNode(column) ? column.column : column, t)));
    const query = t.printQuery(isTreeNode(node.stmt) && 'ast' in node.stmt ? node.stmt.ast : node.stmt);
    return `${quoteName(nameOf(node.name, t))}${columns.length === 0 ? '' : `(${columns.join(', ')})`} AS (${query})`;
  });
  return tables.length === 0 ? '' : `WITH ${tables.join(', ')}`;
}

function printDistinct(value: unknown, t: Translation): string {
  const type = isTreeNode(value) ? only(value, ['type'], 'DISTINCT', t).type : value;
  if (type === 'DISTINCT') return 'DISTINCT ';
  if (type !== null && type !== undefined) throw refused(`SELECT ${String(type)}`, value, t);
  return '';
}

function printItem(value: unknown, t: Translation): string {
  const node = only(value, ['type', 'expr', 'as'], 'a column', t);
  if (node.type !== undefined && node.type !== 'expr') throw refused('a column', value, t);
  const alias = node.as ? ` AS ${quoteName(nameOf(node.as, t))}` : '';
  const { expr } = node;
  if (!isTreeNode(expr) || expr.type !== 'column_ref' || expr.column !== '*') return `${t.print(expr).sql}${alias}`;
  only(expr, ['type', 'table', 'column'], '*', t);
  if (alias !== '') throw refused('* with an alias', value, t);
  return expr.table ? `${quoteName(nameOf(expr.table, t))}.*` : '*';
}

function printFrom(value: unknown, t: Translation): string {
  if (value === null || value === undefined) return '';
  if (!Array.isArray(value)) throw refused('a join in parentheses', value, t);
  const parts = value.map((item, index) => {
    if (isTreeNode(item) && (item.db || item.schema)) throw refused('a table of a schema', item.table, t);
    if (isTreeNode(item) && item.type === 'expr') throw refused('a table function', item, t);
    const node = only(item, ['table', 'as', 'join', 'on', 'using', 'expr'], 'a table', t);
    const source = `${printSource(node, t)}${node.as ? ` AS ${quoteName(nameOf(node.as, t))}` : ''}`;
    if (!node.join) return index === 0 ? source : `, ${source}`;
    return ` ${printJoin(node, source, t)}`;
  });
  return `FROM ${parts.join('')}`;
}

function printSource(node: TreeNode, t: Translation): string {
  if (typeof node.table === 'string' && !node.expr) return quoteName(nameOf(node.table, t));
  if (!isTreeNode(node.expr) || !('ast' in node.expr)) throw refused('a table other than a name or a subquery', node, t);
  return `(${t.printQuery(node.expr.ast)})`;
}

/** JOIN without a condition is CROSS JOIN, from which the disguise took the word; MySQL writes it without, too. */
function printJoin(node: TreeNode, source: string, t: Translation): string {
  const join = JOINS[String(node.join)];
  const using = items(node.using).map((column) => quoteName(nameOf(column, t)));
  const on = node.on ? ` ON ${printCondition(node.on, t)}` : '';
  if (join === undefined) throw refused(String(node.join), node, t);
  if (on === '' && using.length === 0) {
    if (join !== 'JOIN') throw refused(`${join} without ON`, node, t);
    t.crossJoins.count += 1;
    return `CROSS JOIN ${source}`;
  }
  return `${join} ${source}${on}${using.length === 0 ? '' : ` USING (${using.join(', ')})`}`;
}

function printGrouping(value: unknown, t: Translation): string {
  if (value === null || value === undefined) return '';
  const node = only(value, ['columns', 'modifiers'], 'GROUP BY', t);
  const keys = items(node.columns).map((item) => printGroup(item, t));
  const modifiers = items(node.modifiers).filter((item) => item !== null);
  if (keys.length === 0) return '';
  if (modifiers.length === 0) return `GROUP BY ${keys.join(', ')}`;
  const [modifier, ...more] = modifiers;
  const isRollup = isTreeNode(modifier) && String(modifier.value).toLowerCase() === 'with rollup';
  if (!isRollup || more.length > 0 || keys.some((key) => /^\d+$/.test(key))) throw refused('a modifier of GROUP BY', value, t);
  return `GROUP BY ROLLUP (${keys.join(', ')})`;
}

/** A key, or ROLLUP, CUBE and GROUPING SETS, which come as calls. */
function printGroup(value: unknown, t: Translation): string {
  const name = isTreeNode(value) && value.type === 'function' && isTreeNode(value.name) ? items(value.name.name)[0] : undefined;
  const args = isTreeNode(value) && isTreeNode(value.args) ? items(value.args.value) : [];
  const word = isTreeNode(name) ? String(name.value) : '';
  if (word === 'zsets') return `GROUPING SETS (${args.map((item) => printGroup(item, t)).join(', ')})`;
  if (word === 'zset') return `(${args.map((item) => printKey(item, t)).join(', ')})`;
  const index = Number(word.replace(/^zq/, ''));
  const called = t.disguised.tokens[index]?.value.toUpperCase();
  if (called !== 'ROLLUP' && called !== 'CUBE') return printKey(value, t);
  t.used.add(index);
  return `${called} (${args.map((item) => printKey(item, t)).join(', ')})`;
}

/** `LIMIT a, b` is an offset and a limit in MySQL. */
function printLimit(value: unknown, node: TreeNode, t: Translation): string {
  if (value === null || value === undefined) return '';
  const { value: given, seperator } = only(value, ['seperator', 'value'], 'LIMIT', t);
  const numbers = items(given).map((item) => {
    const number = isTreeNode(item) && item.type === 'number' ? numberOf(item.value, t) : undefined;
    if (number === undefined || !/^\d+$/.test(number)) throw refused('LIMIT of anything but a whole number', node, t);
    return number;
  });
  const [first, second] = numbers;
  if (first === undefined) return '';
  if (second === undefined) return seperator === 'offset' ? `OFFSET ${first}` : `LIMIT ${first}`;
  const [limit, offset] = seperator === ',' ? [second, first] : [first, second];
  return `LIMIT ${limit} OFFSET ${offset}`;
}
