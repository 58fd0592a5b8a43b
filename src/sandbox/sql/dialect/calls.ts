import { DIFFERENCES } from './dialect.ts';
import { FUNCTIONS, WINDOW_ONLY } from './functions.ts';
import { printOrder } from './order.ts';
import { isTreeNode, items, nameOf, only, type Printed, refused, type Translation, type TreeNode } from './tree.ts';
import { asCondition, asNumber, commonType } from './value-types.ts';

/** Prints a call by the table of the dialect's functions. Throws DialectRefused for functions that are not on it. Source: ADR 0012. */
export function printCall(node: TreeNode, t: Translation): Printed {
  only(node, ['type', 'name', 'args', 'over', 'parentheses'], 'a call', t);
  const path = isTreeNode(node.name) ? items(only(node.name, ['name'], 'a call', t).name) : [];
  const [word, ...rest] = path;
  if (rest.length > 0) throw refused('a function of a schema', node, t);
  const name = nameOf(word, t).toLowerCase();
  const args = items(isTreeNode(node.args) ? only(node.args, ['type', 'value'], 'arguments', t).value : undefined);
  if (node.over) return windowCall(name, args, node, t);
  const translate = FUNCTIONS[t.dialect].get(name);
  if (translate === undefined) throw refused(`${name}()`, node, t);
  const printed = translate(args, t);
  if (printed === undefined) throw refused(`${name}() with these arguments`, node, t);
  return printed;
}

/** PostgreSQL's grammar gives these a node of their own. */
export function printWindowCall(node: TreeNode, t: Translation): Printed {
  only(node, ['type', 'name', 'args', 'over', 'parentheses'], 'a window function', t);
  const args = items(isTreeNode(node.args) ? only(node.args, ['type', 'value'], 'arguments', t).value : undefined);
  return windowCall(String(node.name).toLowerCase(), args, node, t);
}

function windowCall(name: string, args: readonly unknown[], node: TreeNode, t: Translation): Printed {
  const type = WINDOW_ONLY[name];
  if (type === undefined || !isTreeNode(node.over)) throw refused(`${name}() OVER`, node, t);
  const printed = args.map((item) => t.print(item).sql);
  return { sql: `${name}(${printed.join(', ')})${printOver(node.over, t)}`, type };
}

/** COUNT, SUM, AVG, MIN and MAX, with DISTINCT, FILTER and OVER. */
export function printAggregate(node: TreeNode, t: Translation): Printed {
  only(node, ['type', 'name', 'args', 'over', 'filter', 'parentheses'], 'an aggregate', t);
  const name = String(node.name).toLowerCase();
  const given = only(node.args, ['expr', 'distinct'], `${name}()`, t);
  if (!['count', 'sum', 'avg', 'min', 'max'].includes(name) || !isTreeNode(given.expr)) throw refused(`${name}()`, node, t);
  const isStar = given.expr.type === 'star';
  if (isStar && name !== 'count') throw refused(`${name}(*)`, node, t);
  const argument = isStar ? { sql: '*', type: 'unknown' as const } : t.print(given.expr);
  const value = name === 'sum' || name === 'avg' ? asNumber(argument, t) : argument;
  const filter = isTreeNode(node.filter) ? only(node.filter, ['keyword', 'parentheses', 'where'], 'FILTER', t).where : undefined;
  const where = filter === undefined ? '' : ` FILTER (WHERE ${asCondition(t.print(filter), t)})`;
  const over = isTreeNode(node.over) ? printOver(node.over, t) : '';
  if (name === 'avg' && t.dialect !== 'postgresql') t.differences.add(DIFFERENCES.quotientsAreNotRounded);
  const sql = `${name}(${given.distinct ? 'DISTINCT ' : ''}${value.sql})${where}${over}`;
  return { sql, type: name === 'count' ? 'integer' : name === 'avg' ? 'fraction' : commonType([value]) };
}

/** OVER (PARTITION BY … ORDER BY …). Without a frame all four engines take the same one. */
function printOver(over: TreeNode, t: Translation): string {
  const spec = only(over, ['type', 'as_window_specification'], 'OVER', t).as_window_specification;
  const inner = only(spec, ['window_specification', 'parentheses'], 'OVER', t).window_specification;
  const parts = only(inner, ['partitionby', 'orderby'], 'a window', t);
  const keys = items(parts.partitionby).map((item) => t.print(only(item, ['type', 'expr'], 'PARTITION BY', t).expr).sql);
  const order = printOrder(parts.orderby, t);
  return ` OVER (${[keys.length === 0 ? '' : `PARTITION BY ${keys.join(', ')}`, order].filter((part) => part !== '').join(' ')})`;
}
