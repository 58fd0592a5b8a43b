import { createPublicKey, hash, verify } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';

/**
 * What signs a note: `ed25519` and `sm2-sm3` sign its text; `cosignature` is a witness's Ed25519 signature over time
 * and text.
 */
export type NoteAlgorithm = 'ed25519' | 'cosignature' | 'sm2-sm3';

/** A public key that is known under a name. Its id is derived, never given. */
export interface NoteKey {
  readonly name: string;
  readonly algorithm: NoteAlgorithm;
  /** Ed25519: 32 bytes. SM2: 64 bytes, x ‖ y. */
  readonly publicKey: Uint8Array;
}

/**
 * Type bytes before the key. SM2 has no number of its own and takes 0xff with a long name, as the specification
 * provides. Source: C2SP signed-note, "Signature types"; models-and-audit.md §2.2.
 */
const TYPES: Readonly<Record<NoteAlgorithm, Uint8Array>> = {
  ed25519: Buffer.of(0x01),
  cosignature: Buffer.of(0x04),
  'sm2-sm3': Buffer.concat([Buffer.of(0xff), Buffer.from('sm2-sm3.v1', 'utf8')]),
};
const KEY_BYTES: Readonly<Record<NoteAlgorithm, number>> = { ed25519: 32, cosignature: 32, 'sm2-sm3': 64 };
const ID_BYTES = 4;
const KEY_NAME = /^[^\s+\p{Cc}]{1,200}$/u;
const VERIFIER_KEY = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/]+={0,2})$/;

/** Whether a text can name a key: no spaces, no plus, no control characters. */
export function isKeyName(name: string): boolean {
  return KEY_NAME.test(name);
}

/** First four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key). Source: C2SP signed-note, "Signatures". */
export function keyId({ name, algorithm, publicKey }: NoteKey): Uint8Array {
  return hash('sha256', Buffer.concat([Buffer.from(`${name}\n`, 'utf8'), TYPES[algorithm], publicKey]), 'buffer').subarray(0, ID_BYTES);
}

/** The key as one line: `name+id+Base64(type ‖ key)`. Source: C2SP signed-note, "Verifier keys". */
export function printKey(key: NoteKey): string {
  const encoded = Buffer.concat([TYPES[key.algorithm], key.publicKey]).toString('base64');
  return `${key.name}+${Buffer.from(keyId(key)).toString('hex')}+${encoded}`;
}

/** Reads `printKey`'s line. Null for unknown types, wrong lengths, and an id that is not the key's. */
export function readKey(line: string): NoteKey | null {
  const parts = VERIFIER_KEY.exec(line.trim());
  if (parts === null) return null;
  const [, name = '', id = '', encoded = ''] = parts;
  const bytes = Buffer.from(encoded, 'base64');
  for (const [algorithm, type] of Object.entries(TYPES) as readonly (readonly [NoteAlgorithm, Uint8Array])[]) {
    if (bytes.length !== type.length + KEY_BYTES[algorithm] || !bytes.subarray(0, type.length).equals(type)) continue;
    const key: NoteKey = { name, algorithm, publicKey: bytes.subarray(type.length) };
    return isKeyName(name) && Buffer.from(keyId(key)).toString('hex') === id ? key : null;
  }
  return null;
}

/**
 * Whether the signature over the message is this key's. False for anything malformed. Ed25519 by Node; SM2 (GB/T
 * 32918.2 with SM3 and the default user id) by sm-crypto-v2, because Node's `verify('sm3')` is ECDSA on the same curve.
 * Source: RFC 8032; GB/T 32918.2; models-and-audit.md §2.2 "SM2 trap".
 */
export function signedBy({ algorithm, publicKey }: NoteKey, message: Uint8Array, signature: Uint8Array): boolean {
  if (publicKey.length !== KEY_BYTES[algorithm] || signature.length !== 64) return false;
  if (algorithm === 'sm2-sm3') {
    const [point, value] = [Buffer.concat([Buffer.of(0x04), publicKey]), Buffer.from(signature)];
    try {
      return sm2.doVerifySignature(message, value.toString('hex'), point.toString('hex'), { hash: true });
    } catch {
      return false;
    }
  }
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: Buffer.from(publicKey).toString('base64url') };
  try {
    return verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature);
  } catch {
    return false;
  }
}
