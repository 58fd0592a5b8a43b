import { emptyRoot, type MerkleHash, nodeHash } from './merkle-hash.ts';

/**
 * The right edge of a tree: the roots of its largest complete subtrees, left to right. Enough to append and to know the
 * root. Source: RFC 6962 §2.1.
 */
export interface Frontier {
  /** Leaves in the tree. */
  readonly size: number;
  /** One for each 1 in the binary form of `size`, largest subtree first. */
  readonly nodes: readonly Uint8Array[];
}

/** A complete subtree: `level` 0 is a leaf, level n covers 2ⁿ leaves from `index`·2ⁿ. */
export interface NodePlace {
  readonly level: number;
  readonly index: number;
}

/** A tree that only grows, holding nothing but its right edge. */
export interface TreeBuilder {
  /** Appends the hash of one leaf. `onNode` of the builder is told of every subtree that became complete. */
  append(leaf: Uint8Array): void;
  frontier(): Frontier;
  /** Root of the tree as it is now. */
  root(): Uint8Array;
  size(): number;
}

export const EMPTY_FRONTIER: Frontier = { size: 0, nodes: [] };

/**
 * A builder that goes on from `from`. Throws (a bug, or a record changed from outside) where `from` has another number
 * of nodes than its size asks for.
 * Source: RFC 6962 §2.1; property-tested against the recursive definition.
 */
export function treeBuilder(
  algorithm: MerkleHash,
  from: Frontier = EMPTY_FRONTIER,
  onNode: (place: NodePlace, hash: Uint8Array) => void = () => undefined,
): TreeBuilder {
  if (from.nodes.length !== onesOf(from.size)) throw new RangeError('A frontier that does not fit its size');
  const nodes = [...from.nodes];
  let size = from.size;
  return {
    append(leaf) {
      let hash = leaf;
      let index = size;
      onNode({ level: 0, index }, hash);
      for (let level = 1; index % 2 === 1; level += 1) {
        const left = nodes.pop();
        if (left === undefined) throw new RangeError('A frontier that does not fit its size');
        hash = nodeHash(algorithm, left, hash);
        index = (index - 1) / 2;
        onNode({ level, index }, hash);
      }
      nodes.push(hash);
      size += 1;
    },
    frontier: () => ({ size, nodes: [...nodes] }),
    root: () => frontierRoot(algorithm, { size, nodes }),
    size: () => size,
  };
}

/** Root of the tree with this right edge. Source: RFC 6962 §2.1. */
export function frontierRoot(algorithm: MerkleHash, { nodes }: Frontier): Uint8Array {
  return foldNodes(algorithm, nodes) ?? emptyRoot(algorithm);
}

/** Hash of neighbouring complete subtrees of falling size, from the right; null where there are none. */
export function foldNodes(algorithm: MerkleHash, nodes: readonly Uint8Array[]): Uint8Array | null {
  let folded: Uint8Array | null = null;
  for (const node of nodes.toReversed()) folded = folded === null ? node : nodeHash(algorithm, node, folded);
  return folded;
}

/**
 * Complete subtrees that cover the leaves `from`…`to`−1, left to right. `from` must be a multiple of the largest power
 * of two that is not above the width, as it is in every proof.
 */
export function nodesOfRange(from: number, to: number): readonly NodePlace[] {
  const places: NodePlace[] = [];
  let start = from;
  while (start < to) {
    let level = 0;
    while (start % 2 ** (level + 1) === 0 && start + 2 ** (level + 1) <= to) level += 1;
    places.push({ level, index: start / 2 ** level });
    start += 2 ** level;
  }
  return places;
}

/** The largest power of two below `size` (2 or more): where RFC 6962 splits a tree. */
export function splitPoint(size: number): number {
  let split = 1;
  while (split * 2 < size) split *= 2;
  return split;
}

function onesOf(size: number): number {
  let ones = 0;
  for (let rest = size; rest > 0; rest = Math.floor(rest / 2)) ones += rest % 2;
  return ones;
}
