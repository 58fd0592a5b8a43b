import { hkdfSync } from 'node:crypto';

/** What a key belongs to: another project, column, use or turn has another key, so that outputs cannot be joined by it. */
export interface KeyScope {
  readonly project: string;
  readonly column: string;
  readonly use: 'pseudonym' | 'ff1' | 'date-shift';
  /** Counted up when the key is changed; from 1. */
  readonly rotation: number;
}

const KEY_BYTES = 32;

/**
 * The key of a column in a project, from a master key of at least 32 bytes. Throws on a shorter one. The master key cannot be computed from it.
 * Source: RFC 5869 (HKDF-SHA-256); synthetic-and-masking.md §6.3 (per-project key).
 */
export function columnKey(master: Uint8Array, scope: KeyScope): Uint8Array {
  if (master.length < KEY_BYTES) throw new RangeError('A master key has at least 32 bytes');
  const info = JSON.stringify(['sluice.masking', scope.use, scope.project, scope.column, scope.rotation]);
  return new Uint8Array(hkdfSync('sha256', master, 'sluice.masking.v1', info, KEY_BYTES));
}
