import type { ComparisonOperator } from './ast.ts';
import type { BoundColumn } from './bound.ts';

/** A literal in canonical form: its SQL text. */
export interface CanonicalLiteral {
  readonly sql: string;
}

/** One condition on one column, or on two; literals already on the grid. Half-open ranges: `from <= column < to`. */
export type Leaf =
  | {
      readonly kind: 'range';
      readonly column: BoundColumn;
      readonly from: CanonicalLiteral | null;
      readonly to: CanonicalLiteral | null;
      readonly negated: boolean;
    }
  | { readonly kind: 'equal'; readonly column: BoundColumn; readonly literal: CanonicalLiteral; readonly negated: boolean }
  | { readonly kind: 'isNull'; readonly column: BoundColumn; readonly negated: boolean }
  | { readonly kind: 'columns'; readonly left: BoundColumn; readonly right: BoundColumn; readonly operator: ComparisonOperator };

/** Negation normal form. `id` names a node for good; `text` is its canonical print, which orders operands (D20). */
export type Condition =
  | { readonly kind: 'leaf'; readonly id: number; readonly text: string; readonly leaf: Leaf }
  | { readonly kind: 'and' | 'or'; readonly id: number; readonly text: string; readonly items: readonly Condition[] };

export type Reduced = Condition | 'true' | 'false';

/**
 * The condition without its dropped operands: TRUE under AND (and for the root), FALSE under OR.
 * Source: gate.md §6 (neutral operands), gate-examples.md D3.
 */
export function reduceCondition(condition: Condition, dropped: ReadonlySet<number>): Reduced {
  return dropped.has(condition.id) ? 'true' : reduceInside(condition, dropped);
}

function reduceInside(condition: Condition, dropped: ReadonlySet<number>): Reduced {
  if (condition.kind === 'leaf') return condition;
  const neutral: Reduced = condition.kind === 'and' ? 'true' : 'false';
  const absorbing: Reduced = condition.kind === 'and' ? 'false' : 'true';
  const kept: Condition[] = [];
  for (const item of condition.items) {
    const reduced = dropped.has(item.id) ? neutral : reduceInside(item, dropped);
    if (reduced === absorbing) return absorbing;
    if (reduced !== 'true' && reduced !== 'false') kept.push(reduced);
  }
  const [only] = kept;
  if (only === undefined) return neutral;
  return kept.length === 1 ? only : { ...condition, items: kept };
}

/** Operands in the order in which they are tried: leaves by text, then inner nodes, deeper before higher, root last. */
export function operandOrder(condition: Condition): readonly Condition[] {
  const leaves: Condition[] = [];
  const inner: { readonly node: Condition; readonly depth: number }[] = [];
  const visit = (node: Condition, depth: number): void => {
    if (node.kind === 'leaf') leaves.push(node);
    else {
      inner.push({ node, depth });
      for (const item of node.items) visit(item, depth + 1);
    }
  };
  visit(condition, 0);
  const byText = (a: Condition, b: Condition): number => (a.text < b.text ? -1 : a.text > b.text ? 1 : a.id - b.id);
  leaves.sort(byText);
  inner.sort((a, b) => b.depth - a.depth || byText(a.node, b.node));
  return [...leaves, ...inner.map((item) => item.node)];
}

/** How many comparisons the condition holds. */
export function leafCount(condition: Condition): number {
  return condition.kind === 'leaf' ? 1 : condition.items.reduce((sum, item) => sum + leafCount(item), 0);
}
