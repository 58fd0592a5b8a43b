import { ROLE_PERMISSIONS } from '../../catalog/permissions.ts';
import { problem } from '../../problems/problem.ts';
import type { ComparisonOperator } from './ast.ts';
import type { BoundColumn, BoundComparison, BoundCondition } from './bound.ts';
import { typeClass } from './column-type.ts';
import { type Condition, type Leaf, leafCount } from './condition.ts';
import { type LeafContext, literalLeaf } from './leaves.ts';
import { type ColumnPrinter, printCondition, printLeaf } from './print.ts';

const OPPOSITE: Readonly<Record<ComparisonOperator, ComparisonOperator>> = {
  '=': '<>',
  '<>': '=',
  '<': '>=',
  '>=': '<',
  '>': '<=',
  '<=': '>',
};
const MAX_LEAVES = 64;

/**
 * Negation normal form with canonical leaves: NOT pushed down (sound in three-valued logic for WHERE), nested AND and
 * OR flattened, equal operands once, operands sorted by their printed text.
 * Source: gate.md §5 (predicates), gate-examples.md D20.
 */
export function normaliseCondition(bound: BoundCondition, context: LeafContext, print: ColumnPrinter): Condition | undefined {
  let nextId = 0;
  const build = (node: BoundCondition, negated: boolean): Condition | undefined => {
    if (node.kind === 'not') return build(node.item, !negated);
    if (node.kind === 'literal' || node.kind === 'columns' || node.kind === 'isNull') {
      const leaf = leafFrom(node, negated, context);
      return leaf === undefined ? undefined : { kind: 'leaf', id: nextId++, text: printLeaf(leaf, print), leaf };
    }
    const kind = (node.kind === 'and') === negated ? 'or' : 'and';
    const items = node.items.map((item) => build(item, negated));
    const built = items.filter((item) => item !== undefined);
    return built.length === items.length ? join(kind, built) : undefined;
  };
  const join = (kind: 'and' | 'or', items: readonly Condition[]): Condition => {
    const flat = items.flatMap((item) => (item.kind === kind ? item.items : [item]));
    const sorted = [...new Map(flat.map((item) => [item.text, item])).values()].sort((a, b) => (a.text < b.text ? -1 : 1));
    const [only] = sorted;
    if (only !== undefined && sorted.length === 1) return only;
    const node = { kind, id: nextId++, text: '', items: sorted } as const;
    return { ...node, text: printCondition(node, print) };
  };
  const condition = build(bound, false);
  if (condition !== undefined && leafCount(condition) > MAX_LEAVES) {
    context.problems.push(
      problem('sql.construct_refused', { construct: `condition with more than ${MAX_LEAVES} comparisons`, line: 1, column: 1 }),
    );
    return undefined;
  }
  return condition;
}

function leafFrom(node: BoundComparison, negated: boolean, context: LeafContext): Leaf | undefined {
  if (node.kind === 'literal') return literalLeaf(negated ? { ...node, operator: OPPOSITE[node.operator] } : node, context);
  if (node.kind === 'isNull') {
    return mayCompare(node.column, context) ? { kind: 'isNull', column: node.column, negated: node.negated !== negated } : undefined;
  }
  const operator = negated ? OPPOSITE[node.operator] : node.operator;
  const { left, right } = node;
  if (!mayCompare(left, context) || !mayCompare(right, context)) return undefined;
  const kind = typeClass(left.column);
  const comparable =
    kind === typeClass(right.column) &&
    kind !== 'other' &&
    (operator === '=' || operator === '<>' || (kind !== 'text' && kind !== 'boolean'));
  if (!comparable) {
    context.problems.push(
      problem('sql.column_not_allowed', {
        name: left.column.name,
        use: `compare by ${operator} with ${right.column.name}`,
        role: left.column.role,
        ...left.at,
      }),
    );
    return undefined;
  }
  return { kind: 'columns', left, right, operator };
}

function mayCompare(bound: BoundColumn, context: LeafContext): boolean {
  const isPublic = context.instances[bound.instance]?.table.visibility === 'public';
  if (isPublic || ROLE_PERMISSIONS[bound.column.role].compareColumn === 'yes') return true;
  context.problems.push(
    problem('sql.column_not_allowed', { name: bound.column.name, use: 'compare', role: bound.column.role, ...bound.at }),
  );
  return false;
}
