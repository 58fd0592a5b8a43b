import { createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { UsageError } from '../outcome.ts';

/** Writes a file whole or not at all: beside it first, on the disk, then in its place. Source: issue "Masking" (files written atomically). */
export async function writeAtomically(path: string, parts: Iterable<string>): Promise<void> {
  const beside = `${path}.${process.pid}.part`;
  try {
    await pipeline(Readable.from(parts), createWriteStream(beside, { flags: 'wx', mode: 0o600 }));
    const handle = await open(beside, 'r+');
    await handle.sync().finally(() => handle.close());
    await rename(beside, path);
  } catch (error) {
    await rm(beside, { force: true });
    if (error instanceof Error && 'code' in error) throw new UsageError(`${path} cannot be written (${String(error.code)})`);
    throw error;
  }
}
