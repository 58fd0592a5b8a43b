import type { AnalysedQuery } from './analysed.ts';
import { isNode } from './node-reader.ts';
import { readTree } from './read-tree.ts';

/** Scalar functions that a bound plan of our language may hold: those of grouping keys. */
const KEY_FUNCTIONS = new Set(['date_trunc', 'year', 'quarter', 'month', 'date_part']);

/** Operators that a bound plan of our language may hold. */
const OPERATORS = new Set([
  'LOGICAL_PROJECTION',
  'LOGICAL_AGGREGATE_AND_GROUP_BY',
  'LOGICAL_FILTER',
  'LOGICAL_COMPARISON_JOIN',
  'LOGICAL_CROSS_PRODUCT',
  'LOGICAL_ANY_JOIN',
  'LOGICAL_ORDER_BY',
  'LOGICAL_GET',
]);

interface PlanFacts {
  readonly tables: string[];
  readonly aggregates: string[];
  readonly strange: string[];
}

/**
 * Compares our reading of a query with the engine's bound plan: the same base tables, the same aggregates, no operator
 * or function besides those of the language. Any difference refuses: one of the two readers is wrong.
 * Source: gate.md §3.4.
 */
export function readersAgree(query: AnalysedQuery, plan: string): boolean {
  const root = readTree(plan);
  if (!isNode(root) || root.error !== false) return false;
  const facts: PlanFacts = { tables: [], aggregates: [], strange: [] };
  visit(root.plans ?? root, facts);
  const tables = query.instances.map((instance) => instance.table.name);
  const aggregates = query.outputs.flatMap((output) => {
    if (output.kind === 'key') return [];
    const monomial = query.monomials[output.monomial];
    if (monomial?.kind === 'unit') return ['count distinct'];
    return [output.functional];
  });
  return facts.strange.length === 0 && sameItems(facts.tables, tables) && sameSet(facts.aggregates, aggregates);
}

function visit(value: unknown, facts: PlanFacts): void {
  if (Array.isArray(value)) for (const item of value) visit(item, facts);
  if (!isNode(value)) return;
  if (typeof value.type === 'string' && value.type.startsWith('LOGICAL_')) {
    if (!OPERATORS.has(value.type)) facts.strange.push(value.type);
    if (value.type === 'LOGICAL_GET') facts.tables.push(tableOf(value.function_data));
  }
  if (value.expression_class === 'BOUND_AGGREGATE')
    facts.aggregates.push(aggregateName(value.name, value.aggregate_type ?? value.aggr_type));
  if (value.expression_class === 'BOUND_FUNCTION' && !KEY_FUNCTIONS.has(String(value.name))) facts.strange.push(String(value.name));
  if (value.expression_class === 'BOUND_SUBQUERY' || value.expression_class === 'BOUND_WINDOW') facts.strange.push(value.expression_class);
  for (const item of Object.values(value)) visit(item, facts);
}

function tableOf(data: unknown): string {
  return isNode(data) && typeof data.table === 'string' ? data.table : '?';
}

function aggregateName(name: unknown, type: unknown): string {
  const plain = name === 'count_star' ? 'count' : name === 'mean' ? 'avg' : String(name);
  return type === 'DISTINCT' ? `${plain} distinct` : plain;
}

/** The engine computes an aggregate that is asked for twice once. */
function sameSet(a: readonly string[], b: readonly string[]): boolean {
  return sameItems([...new Set(a)], [...new Set(b)]);
}

function sameItems(a: readonly string[], b: readonly string[]): boolean {
  return JSON.stringify([...a].sort()) === JSON.stringify([...b].sort());
}
