import { createHmac } from 'node:crypto';

/**
 * What a record of consent holds of its subject: HMAC-SHA-256 of the unit's own value under a key of the dataset, lower-case hex. The value as it stands in the data, without spaces around it. Nobody without the key can try values.
 * Source: requirements.md §7.5 (consent, keyed hash of who gave it); NB-21b.
 */
export function subjectHash(key: Uint8Array, value: string): string {
  return createHmac('sha256', key).update(`consent\u0000${value.trim()}`, 'utf8').digest('hex');
}
