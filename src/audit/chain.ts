import { hash } from 'node:crypto';

/** The end of a log: how many entries, and the hash of the last one (hex). */
export interface ChainHead {
  readonly size: number;
  readonly hash: string;
}

/** A log without entries. Its hash stands before the first entry. */
export const EMPTY_CHAIN: ChainHead = { size: 0, hash: '0'.repeat(64) };

/** An entry as it lies in the store. `body` is the canonical text of an `AuditEntry`. */
export interface StoredEntry {
  readonly seq: number;
  readonly body: string;
  readonly previousHash: string;
  readonly hash: string;
}

const ENTRY_PREFIX = Buffer.of(0x01);

/**
 * SHA-256(0x01 ‖ previous hash ‖ canonical entry), hex. The prefix and the fixed length of the previous hash keep the
 * three parts apart. First form of the log; the Merkle tree of models-and-audit.md §2.2 follows.
 */
export function entryHash(previousHash: string, body: string): string {
  return hash('sha256', Buffer.concat([ENTRY_PREFIX, Buffer.from(previousHash, 'hex'), Buffer.from(body, 'utf8')]), 'hex');
}

/** The next entry of a log that ends in `head`. */
export function link(head: ChainHead, body: string): StoredEntry {
  return { seq: head.size + 1, body, previousHash: head.hash, hash: entryHash(head.hash, body) };
}
