import { emptyRoot, type MerkleHash, nodeHash } from '../../src/audit/merkle-hash.ts';

/** RFC 6962 §2.1 word for word: recursive, over all leaf hashes, sharing nothing with the product's trees. */
export function naiveRoot(algorithm: MerkleHash, leaves: readonly Uint8Array[]): Uint8Array {
  const [only] = leaves;
  if (only === undefined) return emptyRoot(algorithm);
  if (leaves.length === 1) return only;
  const k = largestPowerBelow(leaves.length);
  return nodeHash(algorithm, naiveRoot(algorithm, leaves.slice(0, k)), naiveRoot(algorithm, leaves.slice(k)));
}

/** PATH(m, D[n]). */
export function naiveInclusion(algorithm: MerkleHash, m: number, leaves: readonly Uint8Array[]): readonly Uint8Array[] {
  if (leaves.length === 1) return [];
  const k = largestPowerBelow(leaves.length);
  return m < k
    ? [...naiveInclusion(algorithm, m, leaves.slice(0, k)), naiveRoot(algorithm, leaves.slice(k))]
    : [...naiveInclusion(algorithm, m - k, leaves.slice(k)), naiveRoot(algorithm, leaves.slice(0, k))];
}

/** PROOF(m, D[n]). */
export function naiveConsistency(algorithm: MerkleHash, m: number, leaves: readonly Uint8Array[]): readonly Uint8Array[] {
  return subproof(algorithm, m, leaves, true);
}

function subproof(algorithm: MerkleHash, m: number, leaves: readonly Uint8Array[], complete: boolean): readonly Uint8Array[] {
  if (m === leaves.length) return complete ? [] : [naiveRoot(algorithm, leaves)];
  const k = largestPowerBelow(leaves.length);
  return m <= k
    ? [...subproof(algorithm, m, leaves.slice(0, k), complete), naiveRoot(algorithm, leaves.slice(k))]
    : [...subproof(algorithm, m - k, leaves.slice(k), false), naiveRoot(algorithm, leaves.slice(0, k))];
}

function largestPowerBelow(n: number): number {
  return 2 ** Math.floor(Math.log2(n - 1));
}
