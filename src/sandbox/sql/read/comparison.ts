import type { ComparisonOperator, NullAwareOperator } from '../ast.ts';

const COMPARISONS: ReadonlyMap<unknown, ComparisonOperator> = new Map([
  ['COMPARE_EQUAL', '='],
  ['COMPARE_NOTEQUAL', '<>'],
  ['COMPARE_LESSTHAN', '<'],
  ['COMPARE_LESSTHANOREQUALTO', '<='],
  ['COMPARE_GREATERTHAN', '>'],
  ['COMPARE_GREATERTHANOREQUALTO', '>='],
]);

const NULL_AWARE: ReadonlyMap<unknown, NullAwareOperator> = new Map([
  ['COMPARE_DISTINCT_FROM', 'is distinct from'],
  ['COMPARE_NOT_DISTINCT_FROM', 'is not distinct from'],
]);

/** The comparison of the engine's name, or undefined. Source: gate.md §5 (predicates). */
export function comparisonOf(type: unknown): ComparisonOperator | undefined {
  return COMPARISONS.get(type);
}

/** IS [NOT] DISTINCT FROM by the engine's name, or undefined. Source: gate.md §5 (predicates). */
export function nullAwareOf(type: unknown): NullAwareOperator | undefined {
  return NULL_AWARE.get(type);
}
