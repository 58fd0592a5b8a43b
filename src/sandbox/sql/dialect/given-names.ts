import { foldName } from '../../../catalog/identifier.ts';
import type { Disguised } from './disguise.ts';
import { isTreeNode, items } from './tree.ts';

/**
 * The names that a statement gives to columns of its own, in the form in which SQL compares them: aliases of outputs
 * and the column lists of WITH. Such a name may hide a column of the catalog, so what the catalog knows of the
 * column's type does not hold for it.
 * Source: ADR 0012.
 */
export function givenNames(tree: unknown, disguised: Disguised): ReadonlySet<string> {
  const names = new Set<string>();
  const give = (value: unknown): void => {
    const index = typeof value === 'string' ? Number(value.replace(/^zq/, '')) : Number.NaN;
    const token = disguised.tokens[index];
    if (token !== undefined) names.add(foldName(token.value));
    if (isTreeNode(value)) give(value.value ?? value.expr ?? value.column);
  };
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) visit(item);
    if (!isTreeNode(value)) return;
    if ('as' in value) give(value.as);
    if ('stmt' in value) for (const column of items(value.columns)) give(column);
    // A subquery node repeats the fields of its tree: walking both doubles with every level.
    for (const item of 'ast' in value ? [value.ast] : Object.values(value)) visit(item);
  };
  visit(tree);
  return names;
}
