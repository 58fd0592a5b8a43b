import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyStore } from '../operations/ports.ts';

const KEY_BYTES = 32;
const WRAPPED_BYTES = 60;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const CIPHERTEXT_AT = WRAPPED_BYTES + NONCE_BYTES;

/** Encrypts the parts of records that tell of single people. */
export interface SealedFields {
  /** A JSON value as Base64. `context` names the record and the field, so that none can stand in for another. */
  seal(value: unknown, context: string): Promise<string>;
  /** Throws where bytes or context were changed: what cannot be trusted is not read. */
  open(sealed: string, context: string): Promise<unknown>;
}

/**
 * Fields under AES-256-GCM with a random key each, wrapped by the master key, which is not in the store: exact least
 * and greatest values of the data (unit profiles) and labels of withheld cells (findings) would otherwise stand in its
 * file in clear. Does not hide that there is something, nor about how long it is.
 * Layout: wrapped data key (60) ‖ nonce (12) ‖ ciphertext ‖ tag (16). Source: architecture.md, "Conventions" (canary).
 */
export function sealedFields(keys: KeyStore): SealedFields {
  return {
    async seal(value, context) {
      const dataKey = randomBytes(KEY_BYTES);
      const nonce = randomBytes(NONCE_BYTES);
      const wrapped = await keys.wrapDataKey(dataKey, contextOf(context));
      const cipher = createCipheriv('aes-256-gcm', dataKey, nonce).setAAD(Buffer.from(contextOf(context), 'utf8'));
      const text = Buffer.concat([cipher.update(JSON.stringify(value), 'utf8'), cipher.final()]);
      return Buffer.concat([wrapped, nonce, text, cipher.getAuthTag()]).toString('base64');
    },
    async open(sealed, context) {
      const bytes = Buffer.from(sealed, 'base64');
      const dataKey = await keys.unwrapDataKey(bytes.subarray(0, WRAPPED_BYTES), contextOf(context));
      if (dataKey === null || bytes.length < CIPHERTEXT_AT + TAG_BYTES) throw new Error('A sealed field of the store was changed');
      const nonce = bytes.subarray(WRAPPED_BYTES, CIPHERTEXT_AT);
      const decipher = createDecipheriv('aes-256-gcm', dataKey, nonce, { authTagLength: TAG_BYTES });
      decipher.setAAD(Buffer.from(contextOf(context), 'utf8')).setAuthTag(bytes.subarray(-TAG_BYTES));
      const text = Buffer.concat([decipher.update(bytes.subarray(CIPHERTEXT_AT, -TAG_BYTES)), decipher.final()]);
      return JSON.parse(text.toString('utf8'));
    },
  };
}

function contextOf(context: string): string {
  return `sluice-field/v1/${context}`;
}
