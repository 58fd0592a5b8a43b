import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rm, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { err, ok } from '../kernel/result.ts';
import type { Rng } from '../kernel/rng.ts';
import type { KeyStore, ResultVault } from '../operations/ports.ts';
import { problem } from '../problems/problem.ts';
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
const JOB_ID = /^[a-z0-9_-]{1,80}$/;

/**
 * Sealed results as files `<job>.sealed` of mode 0400: AES-256-GCM under a random key per job, which is wrapped by the
 * key store's master key. The job's id is authenticated with both, so that no result can stand in for another.
 * Source: formats.md, "An instance on disk".
 */
export function openFileResultVault(folder: string, keys: KeyStore, rng: Rng): ResultVault {
  return {
    async seal(job, content) {
      const path = pathOf(folder, job);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await createFile(path, await sealed(job, content, keys, rng), 0o400, Buffer.from(rng.bytes(8)).toString('hex'));
      return { digest: createHash('sha256').update(content).digest('hex') };
    },
    async open(job) {
      const bytes = await readOrNull(pathOf(folder, job));
      if (bytes === null) return err([problem('audit.sealed_result_missing', { job })]);
      const content = await unsealed(job, bytes, keys);
      return content === null ? err([problem('audit.sealed_result_changed', { job })]) : ok(content);
    },
    async destroy(job) {
      const path = pathOf(folder, job);
      if ((await readOrNull(path)) === null) return;
      await overwriteKey(path);
      await unlink(path);
      await syncFolder(folder);
    },
    jobs: () => resultJobs(folder),
  };
}

/**
 * Closes every result's data key under the master key in use; gives how many were not. Each file is replaced as a whole: after a kill
 * some are done and all open. Results that do not open are left for who reads them to report.
 */
export async function rewrapResults(folder: string, keys: KeyStore): Promise<number> {
  let count = 0;
  for (const job of await resultJobs(folder)) {
    const path = pathOf(folder, job);
    const bytes = await readOrNull(path);
    const wrapped = bytes?.subarray(MAGIC.length, NONCE_AT);
    if (bytes === null || wrapped === undefined || (await keys.isWrappedNow(wrapped, contextOf(job)))) continue;
    const dataKey = await keys.unwrapDataKey(wrapped, contextOf(job));
    if (dataKey === null) continue;
    const fresh = await keys.wrapDataKey(dataKey, contextOf(job));
    await rm(`${path}.tmp`, { force: true }); // of one that was killed
    await replaceFile(path, Buffer.concat([MAGIC, fresh, bytes.subarray(NONCE_AT)]), 0o400);
    count += 1;
  }
  return count;
}

async function resultJobs(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  return names.filter((name) => name.endsWith(SUFFIX)).map((name) => name.slice(0, -SUFFIX.length));
}

async function sealed(job: string, content: Uint8Array, keys: KeyStore, rng: Rng): Promise<Uint8Array> {
  const dataKey = rng.bytes(KEY_BYTES);
  const wrapped = await keys.wrapDataKey(dataKey, contextOf(job));
  const nonce = rng.bytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', dataKey, nonce).setAAD(Buffer.from(contextOf(job), 'utf8'));
  return Buffer.concat([MAGIC, wrapped, nonce, cipher.update(content), cipher.final(), cipher.getAuthTag()]);
}

async function unsealed(job: string, bytes: Buffer, keys: KeyStore): Promise<Uint8Array | null> {
  if (bytes.length < CIPHERTEXT_AT + TAG_BYTES || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return null;
  const dataKey = await keys.unwrapDataKey(bytes.subarray(MAGIC.length, NONCE_AT), contextOf(job));
  if (dataKey === null) return null;
  const nonce = bytes.subarray(NONCE_AT, CIPHERTEXT_AT);
  const decipher = createDecipheriv('aes-256-gcm', dataKey, nonce, { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(contextOf(job), 'utf8')).setAuthTag(bytes.subarray(-TAG_BYTES));
  const content = decipher.update(bytes.subarray(CIPHERTEXT_AT, -TAG_BYTES));
  try {
    return Buffer.concat([content, decipher.final()]);
  } catch {
    return null;
  }
}

/** Without its wrapped data key a result cannot be read any more, even where the disk keeps old blocks of the rest. */
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

function contextOf(job: string): string {
  return `sluice-result/v1/${job}`;
}

/** Throws on ids that could name another file: a bug of the caller. */
function pathOf(folder: string, job: string): string {
  if (!JOB_ID.test(job)) throw new TypeError('Not a job id');
  return join(folder, job + SUFFIX);
}

async function readOrNull(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
