import { createHmac, getHashes } from 'node:crypto';
import { maskKnown, type ValueOperator } from '../operator.ts';

export type PseudonymHash = 'hmac-sha256' | 'hmac-sm3';

const NODE_NAMES = { 'hmac-sha256': 'sha256', 'hmac-sm3': 'sm3' } as const;
const HEX_DIGITS = 32;

/** Whether this runtime has the hash: SM3 is not in every build of OpenSSL. Source: synthetic-and-masking.md §9. */
export function hasPseudonymHash(hash: PseudonymHash): boolean {
  return getHashes().includes(NODE_NAMES[hash]);
}

/** The keyed hash of a text, lower-case hex. Throws where the runtime lacks the hash. Source: FIPS 198-1; GB/T 32905-2016, GB/T 15852.2. */
export function keyedHash(hash: PseudonymHash, key: Uint8Array, text: string): string {
  return createHmac(NODE_NAMES[hash], key).update(text, 'utf8').digest('hex');
}

/**
 * A pseudonym of 128 bits for each value: equal ones for equal values under this key, unrelated ones under another. Whoever holds the key
 * finds values by trying them; it stays inside the enclave. A pseudonym is still personal information (PIPL art. 73): everybody behind one has it alone.
 * Source: FIPS 198-1, GB/T 32905-2016; GB/T 37964-2019 (假名化).
 */
export function pseudonym(hash: PseudonymHash, key: Uint8Array): ValueOperator {
  return {
    kind: 'value',
    statement: {
      operator: `pseudonym:${hash}`,
      reversible: true,
      by: 'keyHolder',
      releasable: true,
      joinable: true,
      leaves: { en: 'without the key every value; with it one', zh: '无密钥时为全部取值，有密钥时仅为一个' },
    },
    mask: (value) => maskKnown(keyedHash(hash, key, value).slice(0, HEX_DIGITS), null),
  };
}
