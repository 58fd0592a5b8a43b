import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leafHash, type MerkleHash } from '../../src/audit/merkle-hash.ts';
import { consistencyProof, continues, includes, inclusionProof, type NodeReader } from '../../src/audit/merkle-proof.ts';
import { frontierRoot, type NodePlace, treeBuilder } from '../../src/audit/merkle-tree.ts';
import { naiveConsistency, naiveInclusion, naiveRoot } from '../support/naive-merkle.ts';

function grown(algorithm: MerkleHash, size: number) {
  const nodes = new Map<string, Uint8Array>();
  const key = ({ level, index }: NodePlace) => `${level}/${index}`;
  const builder = treeBuilder(algorithm, undefined, (place, hash) => nodes.set(key(place), hash));
  const leaves = Array.from({ length: size }, (_, at) => leafHash(algorithm, Buffer.from(`entry ${at}`)));
  for (const leaf of leaves) builder.append(leaf);
  const read: NodeReader = async (places) =>
    places.map((place) => {
      const hash = nodes.get(key(place));
      if (hash === undefined) throw new Error('A node that is not complete was asked for');
      return hash;
    });
  return { builder, leaves, read };
}

describe('the tree beside the recursive definition', () => {
  test.each(['sha256', 'sm3'] as const)('%s: all proofs of all sizes up to 130', async (algorithm) => {
    const { leaves, read } = grown(algorithm, 130);
    for (const size of [1, 2, 3, 7, 8, 9, 63, 64, 65, 100, 127, 128, 129, 130]) {
      const tree = leaves.slice(0, size);
      const root = naiveRoot(algorithm, tree);
      for (let index = 0; index < size; index += 1) {
        const path = await inclusionProof(algorithm, index, size, read);
        expect(path).toEqual(naiveInclusion(algorithm, index, tree));
        expect(includes(algorithm, { index, size, leaf: tree[index] as Uint8Array, root }, path)).toBe(true);
      }
    }
    const roots = leaves.map((_, at) => naiveRoot(algorithm, leaves.slice(0, at + 1)));
    for (let size = 1; size <= 130; size += 1) {
      for (let old = 1; old <= size; old += size > 40 ? 7 : 1) {
        const path = await consistencyProof(algorithm, old, size, read);
        expect(path).toEqual(naiveConsistency(algorithm, old, leaves.slice(0, size)));
        const [from, to] = [roots[old - 1] as Uint8Array, roots[size - 1] as Uint8Array];
        expect(continues(algorithm, { size: old, root: from }, { size, root: to }, path)).toBe(true);
      }
    }
  });

  test('any size, stopped and gone on with at any place', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2000 }), fc.nat(), (size, at) => {
        const leaves = Array.from({ length: size }, (_, index) => leafHash('sha256', Buffer.from(`${index}`)));
        const stop = size === 0 ? 0 : at % (size + 1);
        const first = treeBuilder('sha256');
        for (const leaf of leaves.slice(0, stop)) first.append(leaf);
        const second = treeBuilder('sha256', first.frontier());
        for (const leaf of leaves.slice(stop)) second.append(leaf);
        expect(second.root()).toEqual(naiveRoot('sha256', leaves));
        expect(frontierRoot('sha256', second.frontier())).toEqual(second.root());
      }),
      { numRuns: 30 },
    );
  });

  test('a frontier that does not fit its size is refused', () => {
    expect(() => treeBuilder('sha256', { size: 3, nodes: [] })).toThrow(RangeError);
  });
});
