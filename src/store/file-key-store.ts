import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  sign,
} from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sm2 } from 'sm-crypto-v2';
import { newId } from '../kernel/id.ts';
import type { Rng } from '../kernel/rng.ts';
import type { KeyStore } from '../operations/ports.ts';
import { createFile, syncFolder } from './durable-file.ts';

const MASTER = 'master.key';
const API = 'api-key.key';
const AUDIT = 'audit-signing.pem';
const AUDIT_SM2 = 'audit-sm2.key';
const RELEASE = 'release-signing.pem';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const RAW_PUBLIC_KEY_BYTES = 32;

/**
 * The key store of embedded instances: files of mode 0600 in a folder of mode 0700, made together on first use.
 * Throws when the folder is incomplete or other users could read it: keys are never made anew beside old ones.
 * Does not protect against who can read the folder; a KMS or HSM behind `KeyStore` does.
 */
export async function openFileKeyStore(folder: string, rng: Rng): Promise<KeyStore> {
  if (!(await exists(folder))) await createKeys(folder, rng);
  await requirePrivate(folder, 'folder');
  const master = await readKey(folder, MASTER);
  const api = await readKey(folder, API);
  const release = await readSigningKey(folder, RELEASE);
  await readSigningKey(folder, AUDIT);

  return {
    async wrapDataKey(dataKey, context) {
      const nonce = rng.bytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', master, nonce).setAAD(Buffer.from(context, 'utf8'));
      return Buffer.concat([nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
    },
    async unwrapDataKey(wrapped, context) {
      return unwrap(master, wrapped, context);
    },
    async sign(purpose, message) {
      if (purpose === 'audit-sm2') return signSm2(await sm2Key(folder, rng), message);
      return sign(null, message, purpose === 'audit' ? await readSigningKey(folder, AUDIT) : release);
    },
    async publicKey(purpose) {
      if (purpose === 'audit-sm2') return sm2Point(await sm2Key(folder, rng));
      const key = purpose === 'audit' ? await readSigningKey(folder, AUDIT) : release;
      const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
      return spki.subarray(spki.length - RAW_PUBLIC_KEY_BYTES);
    },
    async apiKeyMac(key) {
      return createHmac('sha256', api).update(key, 'utf8').digest();
    },
    async datasetKey(dataset, purpose) {
      return Buffer.from(hkdfSync('sha256', master, Buffer.alloc(0), `sluice/dataset/${purpose}/${dataset}`, KEY_BYTES));
    },
  };
}

function unwrap(master: Uint8Array, wrapped: Uint8Array, context: string): Uint8Array | null {
  if (wrapped.length !== NONCE_BYTES + KEY_BYTES + TAG_BYTES) return null;
  const decipher = createDecipheriv('aes-256-gcm', master, wrapped.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context, 'utf8')).setAuthTag(wrapped.subarray(NONCE_BYTES + KEY_BYTES));
  const dataKey = decipher.update(wrapped.subarray(NONCE_BYTES, NONCE_BYTES + KEY_BYTES));
  try {
    return Buffer.concat([dataKey, decipher.final()]);
  } catch {
    return null;
  }
}

/** Makes all keys in a folder beside and moves it into place: whole, or not at all, also with two processes at it. */
async function createKeys(folder: string, rng: Rng): Promise<void> {
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
  const staging = await mkdtemp(`${folder}.new-`);
  const files = { [MASTER]: rng.bytes(KEY_BYTES), [API]: rng.bytes(KEY_BYTES), [AUDIT]: newSigningKey(), [RELEASE]: newSigningKey() };
  for (const [name, content] of Object.entries(files)) await writeFile(join(staging, name), content, { mode: 0o600, flush: true });
  await syncFolder(staging);
  try {
    await rename(staging, folder);
  } catch (error) {
    await rm(staging, { recursive: true });
    if (!(await exists(folder))) throw error;
  }
  await syncFolder(dirname(folder));
}

/** The SM2 key of the profile `gm`, hex; made when it is first asked for, since older folders have none. */
async function sm2Key(folder: string, rng: Rng): Promise<string> {
  const path = join(folder, AUDIT_SM2);
  if (!(await exists(path))) {
    const secret = sm2.generateKeyPairHex(BigInt(`0x${Buffer.from(rng.bytes(KEY_BYTES)).toString('hex')}`).toString()).privateKey;
    await createFile(path, Buffer.from(secret, 'hex'), 0o600, newId('new', rng)).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
  }
  return Buffer.from(await readKey(folder, AUDIT_SM2)).toString('hex');
}

/** SM2 with SM3 and the default user id. Source: GB/T 32918.2. */
function signSm2(secret: string, message: Uint8Array): Uint8Array {
  return Buffer.from(sm2.doSignature(message, secret, { hash: true }), 'hex');
}

function sm2Point(secret: string): Uint8Array {
  return Buffer.from(sm2.getPublicKeyFromPrivateKey(secret), 'hex').subarray(1);
}

function newSigningKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
}

async function readKey(folder: string, name: string): Promise<Uint8Array> {
  const path = join(folder, name);
  await requirePrivate(path, name);
  const key = await readFile(path);
  if (key.length !== KEY_BYTES) throw new Error(`Key store: ${name} has a wrong length`);
  return key;
}

async function readSigningKey(folder: string, name: string): Promise<KeyObject> {
  const path = join(folder, name);
  await requirePrivate(path, name);
  const key = createPrivateKey(await readFile(path));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`Key store: ${name} is not an Ed25519 key`);
  return key;
}

async function requirePrivate(path: string, name: string): Promise<void> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) throw new Error(`Key store: other users have access to ${name}; take it away (0700 folder, 0600 files)`);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw error;
  }
}
