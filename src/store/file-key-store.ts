import { createCipheriv, createDecipheriv, createHmac, hkdfSync, type KeyObject, sign } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { sm2 } from 'sm-crypto-v2';
import { newId } from '../kernel/id.ts';
import type { Rng } from '../kernel/rng.ts';
import type { KeyStore } from '../operations/ports.ts';
import { createFile, syncFolder } from './durable-file.ts';
import { masterKeys, newSigningKey, type SigningKeys, signingKeys } from './key-files.ts';

export const MASTER_FILE = 'master.key';
const API = 'api-key.key';
const AUDIT = 'audit-signing.pem';
const AUDIT_SM2 = 'audit-sm2.key';
export const RELEASE_FILE = 'release-signing.pem';
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
  const masters = masterKeys(await readPrivate(folder, MASTER_FILE));
  const [master = new Uint8Array()] = masters;
  // What data were sealed with is derived from the first master key there was.
  const root = masters.at(-1) ?? master;
  const api = await readKey(folder, API);
  const release = await readSigningKeys(folder, RELEASE_FILE);
  await readSigningKeys(folder, AUDIT);

  return {
    async wrapDataKey(dataKey, context) {
      const nonce = rng.bytes(NONCE_BYTES);
      const cipher = createCipheriv('aes-256-gcm', master, nonce).setAAD(Buffer.from(context, 'utf8'));
      return Buffer.concat([nonce, cipher.update(dataKey), cipher.final(), cipher.getAuthTag()]);
    },
    async unwrapDataKey(wrapped, context) {
      for (const key of masters) {
        const opened = unwrap(key, wrapped, context);
        if (opened !== null) return opened;
      }
      return null;
    },
    async sign(purpose, message) {
      if (purpose === 'audit-sm2') return signSm2(await sm2Key(folder, rng), message);
      return sign(null, message, purpose === 'audit' ? (await readSigningKeys(folder, AUDIT)).current : release.current);
    },
    async publicKey(purpose) {
      if (purpose === 'audit-sm2') return sm2Point(await sm2Key(folder, rng));
      return rawPublicKey((purpose === 'audit' ? await readSigningKeys(folder, AUDIT) : release).known[0]);
    },
    async releaseKeys() {
      return release.known.map(rawPublicKey);
    },
    async isWrappedNow(wrapped, context) {
      return unwrap(master, wrapped, context) !== null;
    },
    async apiKeyMac(key) {
      return createHmac('sha256', api).update(key, 'utf8').digest();
    },
    async datasetKey(dataset, purpose) {
      return Buffer.from(hkdfSync('sha256', root, Buffer.alloc(0), `sluice/dataset/${purpose}/${dataset}`, KEY_BYTES));
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
  const files = {
    [MASTER_FILE]: rng.bytes(KEY_BYTES),
    [API]: rng.bytes(KEY_BYTES),
    [AUDIT]: newSigningKey(),
    [RELEASE_FILE]: newSigningKey(),
  };
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

function rawPublicKey(key: KeyObject | undefined): Uint8Array {
  if (key === undefined) throw new Error('Key store: there is no signing key');
  const spki = key.export({ format: 'der', type: 'spki' });
  return spki.subarray(spki.length - RAW_PUBLIC_KEY_BYTES);
}

async function readKey(folder: string, name: string): Promise<Uint8Array> {
  const key = await readPrivate(folder, name);
  if (key.length !== KEY_BYTES) throw new Error(`Key store: ${name} has a wrong length`);
  return key;
}

async function readPrivate(folder: string, name: string): Promise<Buffer> {
  const path = join(folder, name);
  await requirePrivate(path, name);
  return readFile(path);
}

async function readSigningKeys(folder: string, name: string): Promise<SigningKeys> {
  return signingKeys((await readPrivate(folder, name)).toString('utf8'), name);
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
