import { createHash } from 'node:crypto';
import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import { err, ok, type Result } from '../../kernel/result.ts';

/** Tells one state of one file from another: device, inode, size and times of change. */
export type FileIdentity = string;

function identityOf(stats: BigIntStats): FileIdentity {
  return [stats.dev, stats.ino, stats.size, stats.mtimeNs, stats.ctimeNs].join(':');
}

/** Identity of what `path` names now, without following a link; null if nothing can be seen there. */
export async function fileIdentity(path: string): Promise<FileIdentity | null> {
  try {
    return identityOf(await lstat(path, { bigint: true }));
  } catch {
    return null;
  }
}

/** SHA-256 of a file as 64 lower-case hexadecimal digits, streamed. Throws on file errors. */
export async function fileDigest(path: string): Promise<string> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    return await digestOf(handle.createReadStream({ autoClose: false, highWaterMark: 1024 * 1024 }));
  } finally {
    await handle.close();
  }
}

async function digestOf(stream: AsyncIterable<Buffer>): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of stream) hash.update(chunk);
  return hash.digest('hex');
}

/**
 * Checks a sealed file before it is opened: a regular file, no link, writable by no one but its owner, and with this
 * digest. Gives the identity of what was checked, for the caller to see that it is the same file that is opened.
 * Source: gate.md §10.
 */
export async function checkSealedFile(path: string, digest: string): Promise<Result<FileIdentity, 'file' | 'digest_mismatch'>> {
  try {
    const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    try {
      const stats = await handle.stat({ bigint: true });
      if (!stats.isFile() || (stats.mode & 0o022n) !== 0n) return err('file');
      const found = await digestOf(handle.createReadStream({ autoClose: false, start: 0, highWaterMark: 1024 * 1024 }));
      const after = identityOf(await handle.stat({ bigint: true }));
      return found === digest && after === identityOf(stats) ? ok(after) : err('digest_mismatch');
    } finally {
      await handle.close();
    }
  } catch {
    return err('file');
  }
}
