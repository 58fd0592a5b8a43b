import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/*
 * Forms of the key files. A file holds the key in use and, after it, those before: it is replaced as one, so that a process that is killed while
 * keys are turned leaves the old file or the new one. Source: tracker issue 5 ("Master-key and signing-key rotation"); ADR 0033.
 */

const KEY_BYTES = 32;
const MOST_KEYS = 1000;
const PEM_BLOCK = /-----BEGIN [A-Z ]+-----[\s\S]+?-----END [A-Z ]+-----\n?/g;

/** The master key in use first, the one that everything is derived from last. Throws on any other length. */
export function masterKeys(bytes: Uint8Array): readonly Uint8Array[] {
  const count = bytes.length / KEY_BYTES;
  if (!Number.isSafeInteger(count) || count < 1 || count > MOST_KEYS) throw new Error('Key store: master.key has a wrong length');
  return Array.from({ length: count }, (_, at) => bytes.slice(at * KEY_BYTES, (at + 1) * KEY_BYTES));
}

/** The same file with a new key in use. */
export function withNewMaster(bytes: Uint8Array, fresh: Uint8Array): Uint8Array {
  return Buffer.concat([fresh, ...masterKeys(bytes)]);
}

export function newSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
}

export interface SigningKeys {
  readonly current: KeyObject;
  /** Public halves, the current one first. */
  readonly known: readonly KeyObject[];
}

/** Throws where a key is no Ed25519 key, or the first is no private one. */
export function signingKeys(pem: string, name: string): SigningKeys {
  const [first = '', ...earlier] = pem.match(PEM_BLOCK) ?? [];
  const current = createPrivateKey(first);
  const known = [createPublicKey(current), ...earlier.map((block) => createPublicKey(block))];
  if (known.some((key) => key.asymmetricKeyType !== 'ed25519')) throw new Error(`Key store: ${name} is not an Ed25519 key`);
  return { current, known };
}

/** The same file with a new key that signs; of the one before its public half stays, and the private one goes. */
export function withNewSigner(pem: string, name: string): string {
  const { known } = signingKeys(pem, name);
  return [newSigningKey(), ...known.map((key) => key.export({ format: 'pem', type: 'spki' }) as string)].join('');
}
