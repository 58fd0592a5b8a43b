import { foldName } from '../../../catalog/identifier.ts';
import type { Expression, Select } from '../ast.ts';
import { openFunction } from './functions.ts';
import type { Scope } from './scope.ts';

/** Whether the expression has an aggregate of the select it stands in; those of subqueries and windows are not. Source: gate.md §9 (what stands above a gate). */
export function hasAggregate(expression: Expression): boolean {
  if (expression.kind === 'call' && openFunction(expression.name)?.aggregate != null) return true;
  return childrenOf(expression).some(hasAggregate);
}

/** Whether the expression has a window function or a grouping() of the select it stands in. */
export function hasWindow(expression: Expression): boolean {
  if (expression.kind === 'window' || (expression.kind === 'call' && expression.name === 'grouping')) return true;
  return childrenOf(expression).some(hasWindow);
}

/** The expressions directly inside one; not those of subqueries, which have a select of their own. */
export function childrenOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case 'compare':
      return [expression.left, expression.right];
    case 'between':
      return [expression.input, expression.lower, expression.upper];
    case 'in':
      return [expression.input, ...expression.items];
    case 'isNull':
    case 'cast':
      return [expression.input];
    case 'and':
    case 'or':
      return expression.items;
    case 'not':
      return [expression.item];
    case 'case':
      return [
        ...expression.branches.flatMap((branch) => [branch.when, branch.then]),
        ...(expression.otherwise === null ? [] : [expression.otherwise]),
      ];
    case 'call':
      return [
        ...expression.arguments,
        ...(expression.filter === null ? [] : [expression.filter]),
        ...expression.orderBy.map((item) => item.expression),
      ];
    case 'window':
      return [
        ...expression.arguments,
        ...expression.partitionBy,
        ...expression.orderBy.map((item) => item.expression),
        ...(expression.filter === null ? [] : [expression.filter]),
      ];
    case 'subquery':
      return expression.input === null ? [] : [expression.input];
    case 'star':
      return expression.replace.map((item) => item.expression);
    default:
      return [];
  }
}

/** Whether the select's rows are groups. */
export function isAggregated(select: Select): boolean {
  if (select.grouping !== null || select.having !== null) return true;
  return select.items.some((item) => hasAggregate(item.expression));
}

/**
 * The grouping keys as expressions: positions and aliases are replaced by the items they name. DuckDB takes a column of
 * FROM before an alias; where the columns are not known, the alias is taken. Null: GROUP BY ALL with a star.
 */
export function groupingKeys(select: Select, scope: Scope): readonly Expression[] {
  const { grouping } = select;
  if (grouping === null) return [];
  if (grouping === 'all') {
    return select.items.map((item) => item.expression).filter((item) => item.kind !== 'star' && !hasAggregate(item) && !hasWindow(item));
  }
  return grouping.expressions.map((expression) => {
    if (expression.kind === 'literal' && expression.type === 'integer')
      return select.items[Number(expression.text) - 1]?.expression ?? expression;
    if (expression.kind !== 'column' || expression.path.length !== 1) return expression;
    const name = foldName(expression.path[0] ?? '');
    const isColumn = scope.relations.some((relation) => relation.columns?.some((column) => foldName(column.name) === name));
    const item = isColumn ? undefined : select.items.find((candidate) => foldName(candidate.alias) === name);
    return item?.expression ?? expression;
  });
}
