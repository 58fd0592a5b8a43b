import { timingSafeEqual } from 'node:crypto';
import type { Rng } from '../kernel/rng.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const FORM = /^slk_([0-9a-hjkmnp-tv-z]{16})_([0-9a-hjkmnp-tv-z]{52})$/;

/** Parts of a key that has the right form. `id` is no secret and finds the stored record; `key` is the whole text. */
export interface ParsedApiKey {
  readonly id: string;
  readonly key: string;
}

/**
 * A new API key, `slk_<id>_<secret>`: 16 characters that identify it and 52 characters of base 32, 260 random bits.
 * Only the MAC of the whole text is to be stored. Source: architecture.md, "identity" (256-bit keys, stored hashed).
 */
export function makeApiKey(rng: Rng): ParsedApiKey {
  const id = base32(rng.bytes(16));
  return { id, key: `slk_${id}_${base32(rng.bytes(52))}` };
}

/** Null for anything that is not exactly of the form of a key. Does not say whether such a key exists. */
export function parseApiKey(text: string): ParsedApiKey | null {
  const id = FORM.exec(text)?.[1];
  return id === undefined ? null : { id, key: text };
}

/** Compares a key's MAC with the stored one (hex) in constant time; false for a stored text of any other form. */
export function macMatches(mac: Uint8Array, storedHex: string): boolean {
  const stored = Buffer.from(storedHex, 'hex');
  return stored.length === mac.length && stored.toString('hex') === storedHex && timingSafeEqual(stored, mac);
}

function base32(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += ALPHABET[byte & 31];
  return text;
}
