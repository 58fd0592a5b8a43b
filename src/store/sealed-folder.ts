import { createCipheriv, createDecipheriv } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rm, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Rng } from '../kernel/rng.ts';
import type { KeyStore } from '../operations/ports.ts';
import { createFile, replaceFile, syncFolder } from './durable-file.ts';

/** File: magic ‖ wrapped data key (60) ‖ nonce (12) ‖ ciphertext ‖ tag (16). */
const MAGIC = Buffer.from('SLV1', 'ascii');
const WRAPPED_BYTES = 60;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;
const NONCE_AT = MAGIC.length + WRAPPED_BYTES;
const CIPHERTEXT_AT = NONCE_AT + NONCE_BYTES;
const SUFFIX = '.sealed';
/** What a process that was killed leaves of a file that it made or closed anew. */
const HALF_WRITTEN = /\.sealed(\.[0-9a-f]+)?\.tmp$/;

/** What stands in a folder: names that may be, and what ties a file to its name and to this kind alone. */
export interface SealedKind {
  readonly name: RegExp;
  readonly context: string;
}

/** Files `<name>.sealed` of one kind. Each function throws on a name that could mean another file: a bug of the caller. */
export interface SealedFolder {
  /** On disk when it returns. Throws `EEXIST` where there is one, and changes nothing. */
  create(name: string, content: Uint8Array): Promise<void>;
  /** The same in place of what is there, whole or not at all. */
  replace(name: string, content: Uint8Array): Promise<void>;
  /** The content; or that there is none, or that it is not what was sealed under this name. */
  open(name: string): Promise<Uint8Array | 'missing' | 'changed'>;
  /** For good, as far as the disk allows. Nothing happens where there is none. */
  destroy(name: string): Promise<void>;
  names(): Promise<readonly string[]>;
  /** Removes what a process that was killed left half written. Not while another one writes. */
  sweep(): Promise<void>;
}

/**
 * Files of mode 0400: AES-256-GCM under a random key each, which is wrapped by the key store's master key. Kind and name are authenticated
 * with both, so that no file can stand in for another. Source: formats.md, "An instance on disk".
 */
export function sealedFolder(folder: string, kind: SealedKind, keys: KeyStore, rng: Rng): SealedFolder {
  const pathOf = (name: string): string => {
    if (!kind.name.test(name)) throw new TypeError('Not a name of a sealed file');
    return join(folder, name + SUFFIX);
  };
  const write = async (name: string, content: Uint8Array, how: typeof createFile): Promise<void> => {
    const path = pathOf(name);
    const made = await mkdir(folder, { recursive: true, mode: 0o700 });
    if (made !== undefined) await syncFolder(dirname(made));
    await how(path, await sealed(contextOf(kind, name), content, keys, rng), 0o400, Buffer.from(rng.bytes(8)).toString('hex'));
  };
  return {
    create: (name, content) => write(name, content, createFile),
    replace: (name, content) => write(name, content, replaceFile),
    async open(name) {
      const bytes = await readOrNull(pathOf(name));
      if (bytes === null) return 'missing';
      return (await unsealed(contextOf(kind, name), bytes, keys)) ?? 'changed';
    },
    async destroy(name) {
      const path = pathOf(name);
      // Somebody else may be destroying it too: gone is gone.
      await overwriteKey(path).catch(unlessMissing);
      await unlink(path).catch(unlessMissing);
      await syncFolder(folder).catch(unlessMissing);
    },
    names: () => sealedNames(folder),
    async sweep() {
      for (const name of (await entries(folder)).filter((each) => HALF_WRITTEN.test(each))) await rm(join(folder, name), { force: true });
    },
  };
}

/**
 * Closes every file's data key under the master key in use; gives how many were not. Each file is replaced as a whole: after a kill
 * some are done and all open. Files that do not open are left for who reads them to report.
 */
export async function rewrapFolder(folder: string, kind: SealedKind, keys: KeyStore): Promise<number> {
  let count = 0;
  for (const name of await sealedNames(folder)) {
    const path = join(folder, name + SUFFIX);
    const context = contextOf(kind, name);
    const bytes = await readOrNull(path);
    const wrapped = bytes?.subarray(MAGIC.length, NONCE_AT);
    if (bytes === null || wrapped === undefined || (await keys.isWrappedNow(wrapped, context))) continue;
    const dataKey = await keys.unwrapDataKey(wrapped, context);
    if (dataKey === null) continue;
    const fresh = await keys.wrapDataKey(dataKey, context);
    await rm(`${path}.tmp`, { force: true }); // of one that was killed
    await replaceFile(path, Buffer.concat([MAGIC, fresh, bytes.subarray(NONCE_AT)]), 0o400);
    count += 1;
  }
  return count;
}

async function entries(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
}

async function sealedNames(folder: string): Promise<readonly string[]> {
  return (await entries(folder)).filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
}

async function sealed(context: string, content: Uint8Array, keys: KeyStore, rng: Rng): Promise<Uint8Array> {
  const dataKey = rng.bytes(KEY_BYTES);
  const wrapped = await keys.wrapDataKey(dataKey, context);
  const nonce = rng.bytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', dataKey, nonce).setAAD(Buffer.from(context, 'utf8'));
  return Buffer.concat([MAGIC, wrapped, nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

async function unsealed(context: string, bytes: Buffer, keys: KeyStore): Promise<Uint8Array | null> {
  if (bytes.length < CIPHERTEXT_AT + TAG_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const dataKey = await keys.unwrapDataKey(bytes.subarray(MAGIC.length, NONCE_AT), context);
  if (dataKey === null) return null;
  const nonce = bytes.subarray(NONCE_AT, CIPHERTEXT_AT);
  const decipher = createDecipheriv('aes-256-gcm', dataKey, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(context, 'utf8')).setAuthTag(bytes.subarray(-TAG_BYTES));
  const content = decipher.update(bytes.subarray(CIPHERTEXT_AT, -TAG_BYTES));
  try {
    return Buffer.concat([content, decipher.final()]);
  } catch {
    return null;
  }
}

/** Without its wrapped data key a file cannot be read any more, even where the disk keeps old blocks of the rest. */
async function overwriteKey(path: string): Promise<void> {
  await chmod(path, 0o600);
  const file = await open(path, 'r+');
  try {
    await file.write(Buffer.alloc(WRAPPED_BYTES), 0, WRAPPED_BYTES, MAGIC.length);
    await file.sync();
  } finally {
    await file.close();
  }
}

function contextOf(kind: SealedKind, name: string): string {
  return kind.context + name;
}

async function readOrNull(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function unlessMissing(error: unknown): void {
  if (!isMissing(error)) throw error;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
