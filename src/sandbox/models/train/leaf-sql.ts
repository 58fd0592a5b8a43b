import { binOf } from './encode-sql.ts';
import type { SplitTree } from './split-tree.ts';

/** Leaf of a row by its bins, or what is said of its leaf. Constants of one small type, so that the engine groups by position. Source: models-and-audit.md M09. */
export function leafSql(tree: SplitTree, say: (leaf: number) => string = (leaf) => `${leaf}::UTINYINT`): string {
  if (!('split' in tree)) return say(tree.leaf);
  const { feature, bin, isLevel } = tree.split;
  return `CASE WHEN ${binOf(feature)} ${isLevel ? '=' : '<='} ${bin} THEN ${leafSql(tree.left, say)} ELSE ${leafSql(tree.right, say)} END`;
}
