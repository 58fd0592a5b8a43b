import type { Rng } from './rng.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford base 32: no i, l, o, u

/**
 * A random id such as `job_4x0…`: prefix, underscore, 26 characters of base 32 (130 bits).
 * Does not sort by time and carries no meaning.
 */
export function newId(prefix: string, rng: Rng): string {
  let text = '';
  for (const byte of rng.bytes(26)) text += ALPHABET[byte & 31];
  return `${prefix}_${text}`;
}
