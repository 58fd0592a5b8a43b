import { type Problem, problem } from '../../problems/problem.ts';
import type { ComparisonOperator, Expression } from './ast.ts';
import type { BoundCondition, BoundLiteral } from './bound.ts';
import { resolveColumn, type Scope } from './scope.ts';

const FLIPPED: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};

/** Literals in one IN list. */
const MAX_IN_ITEMS = 100;

/**
 * Resolves a condition and spells out BETWEEN and IN, so that only leaves of one column against a literal or another
 * column remain. Pushes a problem and gives undefined for everything else. Source: gate.md §5 (predicates).
 */
export function bindCondition(expression: Expression, scope: Scope, problems: Problem[]): BoundCondition | undefined {
  const again = (item: Expression): BoundCondition | undefined => bindCondition(item, scope, problems);
  switch (expression.kind) {
    case 'and':
    case 'or':
      return gather(expression.kind, expression.items.map(again));
    case 'not': {
      const item = again(expression.item);
      return item === undefined ? undefined : { kind: 'not', item };
    }
    case 'compare':
      return compare(expression.left, expression.operator, expression.right, scope, problems);
    case 'between':
      return gather('and', [
        compare(expression.input, '>=', expression.lower, scope, problems),
        compare(expression.input, '<=', expression.upper, scope, problems),
      ]);
    case 'in':
      return membership(expression, scope, problems);
    case 'isNull': {
      if (expression.input.kind !== 'column') return refuse('IS NULL of an expression', expression, problems);
      const column = resolveColumn(expression.input, scope, problems);
      return column === undefined ? undefined : { kind: 'isNull', column, negated: expression.negated };
    }
    default:
      return refuse(
        expression.kind === 'call' ? `${expression.name}() in a condition` : 'condition without a comparison',
        expression,
        problems,
      );
  }
}

function refuse(construct: string, at: Expression, problems: Problem[]): undefined {
  problems.push(problem('sql.construct_refused', { construct, ...at.at }));
  return undefined;
}

function gather(kind: 'and' | 'or', items: readonly (BoundCondition | undefined)[]): BoundCondition | undefined {
  const bound = items.filter((item) => item !== undefined);
  return bound.length === items.length ? { kind, items: bound } : undefined;
}

function membership(expression: Extract<Expression, { kind: 'in' }>, scope: Scope, problems: Problem[]): BoundCondition | undefined {
  if (expression.items.length > MAX_IN_ITEMS) return refuse(`IN with more than ${MAX_IN_ITEMS} values`, expression, problems);
  const items = expression.items.map((item) => compare(expression.input, '=', item, scope, problems));
  const any = items.length === 1 ? items[0] : gather('or', items);
  if (any === undefined) return undefined;
  return expression.negated ? { kind: 'not', item: any } : any;
}

function compare(
  left: Expression,
  operator: ComparisonOperator,
  right: Expression,
  scope: Scope,
  problems: Problem[],
): BoundCondition | undefined {
  if (left.kind === 'literal' && right.kind === 'column') return compare(right, FLIPPED[operator], left, scope, problems);
  if (left.kind !== 'column')
    return refuse(left.kind === 'call' ? `${left.name}() in a condition` : 'comparison without a bare column', left, problems);
  const column = resolveColumn(left, scope, problems);
  if (right.kind === 'literal') {
    if (right.type === 'null') return refuse('comparison with NULL', right, problems);
    const literal: BoundLiteral = { type: right.type, text: right.text, at: right.at };
    return column === undefined ? undefined : { kind: 'literal', column, operator, literal };
  }
  if (right.kind !== 'column')
    return refuse(right.kind === 'call' ? `${right.name}() in a condition` : 'comparison of expressions', right, problems);
  const other = resolveColumn(right, scope, problems);
  return column === undefined || other === undefined ? undefined : { kind: 'columns', left: column, right: other, operator };
}
