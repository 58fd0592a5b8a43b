import { hash } from 'node:crypto';

/** Hash of a log: `sha256` of the profile `intl`, `sm3` of the profile `gm`. Fixed for the life of a log. */
export type MerkleHash = 'sha256' | 'sm3';

/** Bytes of every hash here, whichever the function. */
export const HASH_BYTES = 32;

const LEAF_PREFIX = Buffer.of(0x00);
const NODE_PREFIX = Buffer.of(0x01);

/**
 * Hash of an entry: H(0x00 ‖ entry). The prefix keeps entries and inner nodes apart.
 * Source: RFC 6962 §2.1; models-and-audit.md §2.2 (SM3 with the same shape).
 */
export function leafHash(algorithm: MerkleHash, entry: Uint8Array): Uint8Array {
  return hash(algorithm, Buffer.concat([LEAF_PREFIX, entry]), 'buffer');
}

/** Hash of an inner node: H(0x01 ‖ left ‖ right). Source: RFC 6962 §2.1. */
export function nodeHash(algorithm: MerkleHash, left: Uint8Array, right: Uint8Array): Uint8Array {
  return hash(algorithm, Buffer.concat([NODE_PREFIX, left, right]), 'buffer');
}

/** Root of a tree without entries: H(). Source: RFC 6962 §2.1. */
export function emptyRoot(algorithm: MerkleHash): Uint8Array {
  return hash(algorithm, Buffer.alloc(0), 'buffer');
}

/** Whether two hashes are the same bytes. Not in constant time: hashes of a log are no secrets. */
export function sameHash(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
