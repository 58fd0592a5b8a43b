import { foldName } from '../../../catalog/identifier.ts';
import { type Problem, problem } from '../../../problems/problem.ts';
import type { Expression, FromItem, Query, Select } from '../ast.ts';
import { checkCall } from './check-call.ts';
import { isOpenType } from './family.ts';
import { childrenOf } from './grouping.ts';
import { sameExpression } from './same.ts';
import { outputName } from './scope.ts';

/**
 * Everything in a query of the open layer that is not on its list, anywhere in the tree: names of functions, their
 * arguments, types of casts, intervals that move no date, frames, and an order of SELECT DISTINCT by what it does not
 * show. Reads the query alone, before anything runs. Does not check names of tables and columns, nor types.
 * Source: gate.md §3.2.
 */
export function checkOpen(query: Query): readonly Problem[] {
  const problems = [
    ...query.commonTables.flatMap((table) => checkOpen(table.query)),
    ...(query.body.kind === 'select' ? checkSelect(query.body) : [...checkOpen(query.body.left), ...checkOpen(query.body.right)]),
  ];
  if ('all' in query.orderBy) return problems;
  const { body } = query;
  for (const { expression } of query.orderBy) {
    problems.push(...checkExpression(expression));
    if (body.kind === 'select' && body.distinct && !isShown(expression, body)) {
      problems.push(problem('sql.construct_refused', { construct: 'ORDER BY of what SELECT DISTINCT does not show', ...expression.at }));
    }
  }
  return problems;
}

function checkSelect(select: Select): readonly Problem[] {
  const { grouping } = select;
  const expressions = [
    ...select.items.map((item) => item.expression),
    ...[select.where, select.having, select.qualify].filter((item) => item !== null),
    ...(grouping === null || grouping === 'all' ? [] : grouping.expressions),
  ];
  return [...expressions.flatMap(checkExpression), ...(select.from === null ? [] : checkFrom(select.from))];
}

function checkFrom(from: FromItem): readonly Problem[] {
  switch (from.kind) {
    case 'table':
      return [];
    case 'subquery':
      return checkOpen(from.query);
    case 'values':
      return from.rows.flat().flatMap(checkExpression);
    case 'join':
      return [...checkFrom(from.left), ...checkFrom(from.right), ...(from.on === null ? [] : checkExpression(from.on))];
  }
}

function checkExpression(expression: Expression): readonly Problem[] {
  if (expression.kind === 'interval')
    return [problem('sql.construct_refused', { construct: 'INTERVAL outside + and −', ...expression.at })];
  const problems = ownProblems(expression);
  // An interval that a call takes is looked at with the call.
  const children = childrenOf(expression).filter((child) => child.kind !== 'interval' || expression.kind !== 'call');
  return [...problems, ...children.flatMap(checkExpression)];
}

function ownProblems(expression: Expression): readonly Problem[] {
  switch (expression.kind) {
    case 'call':
    case 'window':
      return checkCall(expression);
    case 'cast':
      return isOpenType(expression.type)
        ? []
        : [problem('sql.construct_refused', { construct: `CAST to ${expression.type}`, ...expression.at })];
    case 'subquery':
      return checkOpen(expression.query);
    default:
      return [];
  }
}

/** Whether the items of SELECT DISTINCT decide the value, so that it is one value per row shown. */
function isShown(expression: Expression, select: Select): boolean {
  if (expression.kind === 'literal') return true;
  return select.items.some((item) => {
    if (item.expression.kind === 'star' || sameExpression(item.expression, expression)) return true;
    const name = foldName(outputName(item.expression, item.alias));
    return expression.kind === 'column' && expression.path.length === 1 && foldName(expression.path[0] ?? '') === name;
  });
}
