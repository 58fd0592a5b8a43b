/** A split sends bins up to `bin` (numbers), or the level `bin` (categories), to the left. */
export interface Split {
  readonly feature: number;
  readonly bin: number;
  readonly isLevel: boolean;
}

/** A tree as it grows: `leaf` numbers the leaves from 0 in the order of the whole tree. */
export type SplitTree = { readonly leaf: number } | { readonly split: Split; readonly left: SplitTree; readonly right: SplitTree };

/** Leaf of a row whose bin of a feature is `bin`. Source: models-and-audit.md M09. */
export function leafOf(tree: SplitTree, bin: (feature: number) => number): number {
  let at = tree;
  while ('split' in at) at = goesLeft(at.split, bin(at.split.feature)) ? at.left : at.right;
  return at.leaf;
}

/** Whether a bin is on the left of a split. */
export function goesLeft({ bin, isLevel }: Split, value: number): boolean {
  return isLevel ? value === bin : value <= bin;
}

/** How many leaves a tree has. */
export function leafCount(tree: SplitTree): number {
  return 'split' in tree ? leafCount(tree.left) + leafCount(tree.right) : 1;
}

/** The tree with leaves split as asked, numbered anew from left to right; `from` tells for each new leaf which it came from. */
export function withSplits(
  tree: SplitTree,
  splits: ReadonlyMap<number, Split>,
): { readonly tree: SplitTree; readonly from: readonly number[] } {
  const from: number[] = [];
  const next = (old: number): SplitTree => ({ leaf: from.push(old) - 1 });
  const visit = (at: SplitTree): SplitTree => {
    if ('split' in at) return { split: at.split, left: visit(at.left), right: visit(at.right) };
    const split = splits.get(at.leaf);
    return split === undefined ? next(at.leaf) : { split, left: next(at.leaf), right: next(at.leaf) };
  };
  return { tree: visit(tree), from };
}
