/** SQL with holes: conditions that print according to what was dropped. */
export type SqlTemplate = readonly (string | Condition)[];

/**
 * Negation normal form. `id` names a node for good within a statement; `text` is its canonical print, which orders
 * operands (gate-examples.md D20). A leaf is one comparison; its SQL may hold conditions of its own (those inside a
 * semi-join). Source: gate.md §5 (predicates), §6 (neutral operands).
 */
export type Condition =
  | { readonly kind: 'leaf'; readonly id: number; readonly text: string; readonly sql: SqlTemplate; readonly shown: SqlTemplate }
  | { readonly kind: 'and' | 'or'; readonly id: number; readonly text: string; readonly items: readonly Condition[] };

/**
 * What was dropped: `neutral` operands are TRUE under AND and at the root, FALSE under OR; `never` are conditions of
 * pieces that no row satisfies any more.
 */
export interface Reduction {
  readonly neutral: ReadonlySet<number>;
  readonly never: ReadonlySet<number>;
}

export const NOTHING_DROPPED: Reduction = { neutral: new Set(), never: new Set() };

/** Which of the two prints: as it runs, or with the names of the query, as people are shown it. */
export type Print = 'sql' | 'shown';

/** The SQL of a condition without its dropped operands. Source: gate.md §6, gate-examples.md D3. */
export function printCondition(condition: Condition, reduction: Reduction, print: Print = 'sql'): string {
  if (reduction.never.has(condition.id)) return 'FALSE';
  return reduction.neutral.has(condition.id) ? 'TRUE' : printInside(condition, reduction, print);
}

function printInside(condition: Condition, reduction: Reduction, print: Print): string {
  if (condition.kind === 'leaf') return printTemplate(condition[print], reduction, print);
  const [neutral, absorbing] = condition.kind === 'and' ? ['TRUE', 'FALSE'] : ['FALSE', 'TRUE'];
  const kept: string[] = [];
  for (const item of condition.items) {
    const printed = reduction.neutral.has(item.id) ? neutral : printInside(item, reduction, print);
    if (printed === absorbing) return absorbing;
    if (printed !== neutral) kept.push(printed);
  }
  if (kept.length === 0) return neutral;
  return kept.length === 1 ? (kept[0] ?? neutral) : `(${kept.join(condition.kind === 'and' ? ' AND ' : ' OR ')})`;
}

/** The SQL of a template without what was dropped. */
export function printTemplate(template: SqlTemplate, reduction: Reduction, print: Print = 'sql'): string {
  return template.map((part) => (typeof part === 'string' ? part : printCondition(part, reduction, print))).join('');
}

/** Conditions inside a template, outermost first. */
export function conditionsIn(template: SqlTemplate): readonly Condition[] {
  return template.filter((part) => typeof part !== 'string');
}

/**
 * Operands in the order in which they are tried: leaves by text, then inner nodes, deeper before higher, roots last.
 * A semi-join is tried after the conditions inside it. Source: gate.md §6, gate-examples.md D20.
 */
export function operandOrder(roots: readonly Condition[]): readonly Condition[] {
  const leaves: Condition[] = [];
  const inner: { readonly node: Condition; readonly depth: number }[] = [];
  const visit = (node: Condition, depth: number): void => {
    const parts = node.kind === 'leaf' ? conditionsIn(node.sql) : node.items;
    if (parts.length === 0) leaves.push(node);
    else {
      inner.push({ node, depth });
      for (const item of parts) visit(item, depth + 1);
    }
  };
  for (const root of roots) visit(root, 0);
  const byText = (a: Condition, b: Condition): number => (a.text < b.text ? -1 : a.text > b.text ? 1 : a.id - b.id);
  leaves.sort(byText);
  inner.sort((a, b) => b.depth - a.depth || byText(a.node, b.node));
  return [...leaves, ...inner.map((item) => item.node)];
}

/** How many comparisons the condition holds, those inside semi-joins too. */
export function leafCount(condition: Condition): number {
  const parts = condition.kind === 'leaf' ? conditionsIn(condition.sql) : condition.items;
  return (condition.kind === 'leaf' ? 1 : 0) + parts.reduce((sum, item) => sum + leafCount(item), 0);
}
