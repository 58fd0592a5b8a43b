import { emptyRoot, HASH_BYTES, type MerkleHash, nodeHash, sameHash } from './merkle-hash.ts';
import { foldNodes, type NodePlace, nodesOfRange, splitPoint } from './merkle-tree.ts';

/** Gives hashes of complete subtrees, in the order asked. Throws where it does not have one. */
export type NodeReader = (places: readonly NodePlace[]) => Promise<readonly Uint8Array[]>;

interface Range {
  readonly from: number;
  readonly to: number;
}

/**
 * The audit path of leaf `index` (from 0) in the tree of `size` leaves, from the leaf's sibling up.
 * Throws on places outside the tree. Source: RFC 6962 §2.1.1.
 */
export async function inclusionProof(algorithm: MerkleHash, index: number, size: number, read: NodeReader): Promise<readonly Uint8Array[]> {
  if (!(index >= 0 && index < size)) throw new RangeError('No such leaf in the tree');
  return hashesOf(algorithm, inclusionRanges(index, { from: 0, to: size }), read);
}

/**
 * Proof that the tree of `size` leaves continues the tree of `oldSize`. Empty where either is empty or both are the
 * same. Throws where `oldSize` is larger. Source: RFC 6962 §2.1.2.
 */
export async function consistencyProof(
  algorithm: MerkleHash,
  oldSize: number,
  size: number,
  read: NodeReader,
): Promise<readonly Uint8Array[]> {
  if (!(oldSize >= 0 && oldSize <= size)) throw new RangeError('The old tree is larger');
  if (oldSize === 0 || oldSize === size) return [];
  return hashesOf(algorithm, consistencyRanges(oldSize, { from: 0, to: size }, true), read);
}

/** Whether `path` leads from the leaf at `index` to the root of the tree of `size`. Source: RFC 9162 §2.1.3.2. */
export function includes(
  algorithm: MerkleHash,
  claim: { readonly index: number; readonly size: number; readonly leaf: Uint8Array; readonly root: Uint8Array },
  path: readonly Uint8Array[],
): boolean {
  const { index, size, leaf, root } = claim;
  if (!isSize(index) || !isSize(size) || index >= size || [leaf, root, ...path].some((item) => item.length !== HASH_BYTES)) return false;
  let first = index;
  let second = size - 1;
  let hash = leaf;
  for (const step of path) {
    if (second === 0) return false;
    if (first % 2 === 1 || first === second) {
      hash = nodeHash(algorithm, step, hash);
      while (first % 2 === 0 && first !== 0) [first, second] = [first / 2, half(second)];
    } else {
      hash = nodeHash(algorithm, hash, step);
    }
    [first, second] = [half(first), half(second)];
  }
  return second === 0 && sameHash(hash, root);
}

/**
 * Whether the tree `to` continues the tree `from`. An empty `from` must have the root of an empty tree; equal sizes
 * must have equal roots and no proof. Source: RFC 9162 §2.1.4.2.
 */
export function continues(
  algorithm: MerkleHash,
  from: { readonly size: number; readonly root: Uint8Array },
  to: { readonly size: number; readonly root: Uint8Array },
  path: readonly Uint8Array[],
): boolean {
  if (!isSize(from.size) || !isSize(to.size) || from.size > to.size) return false;
  if ([from.root, to.root, ...path].some((item) => item.length !== HASH_BYTES)) return false;
  if (from.size === 0 && !sameHash(from.root, emptyRoot(algorithm))) return false;
  if (from.size === to.size) return path.length === 0 && sameHash(from.root, to.root);
  if (from.size === 0) return path.length === 0;
  let first = from.size - 1;
  let second = to.size - 1;
  while (first % 2 === 1) [first, second] = [half(first), half(second)];
  const steps = [...path];
  const start = first === 0 ? from.root : steps.shift();
  if (start === undefined) return false;
  let [oldHash, newHash] = [start, start];
  for (const step of steps) {
    if (second === 0) return false;
    if (first % 2 === 1 || first === second) {
      oldHash = nodeHash(algorithm, step, oldHash);
      newHash = nodeHash(algorithm, step, newHash);
      while (first % 2 === 0 && first !== 0) [first, second] = [first / 2, half(second)];
    } else {
      newHash = nodeHash(algorithm, newHash, step);
    }
    [first, second] = [half(first), half(second)];
  }
  return second === 0 && sameHash(oldHash, from.root) && sameHash(newHash, to.root);
}

function inclusionRanges(index: number, { from, to }: Range): readonly Range[] {
  if (to - from === 1) return [];
  const middle = from + splitPoint(to - from);
  return index < middle
    ? [...inclusionRanges(index, { from, to: middle }), { from: middle, to }]
    : [...inclusionRanges(index, { from: middle, to }), { from, to: middle }];
}

/** `whole`: the old tree is a complete subtree of its own, so that its reader has its hash already. */
function consistencyRanges(oldEnd: number, { from, to }: Range, whole: boolean): readonly Range[] {
  if (oldEnd === to) return whole ? [] : [{ from, to }];
  const middle = from + splitPoint(to - from);
  return oldEnd <= middle
    ? [...consistencyRanges(oldEnd, { from, to: middle }, whole), { from: middle, to }]
    : [...consistencyRanges(oldEnd, { from: middle, to }, false), { from, to: middle }];
}

async function hashesOf(algorithm: MerkleHash, ranges: readonly Range[], read: NodeReader): Promise<readonly Uint8Array[]> {
  const places = ranges.map(({ from, to }) => nodesOfRange(from, to));
  const nodes = await read(places.flat());
  let taken = 0;
  return places.map((of) => {
    const folded = foldNodes(algorithm, nodes.slice(taken, taken + of.length));
    taken += of.length;
    if (folded === null) throw new RangeError('A range without nodes');
    return folded;
  });
}

function half(value: number): number {
  return Math.floor(value / 2);
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
