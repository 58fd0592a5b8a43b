import { createHash, randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Actor } from '../operations/actor.ts';
import { type Problem, problem } from '../problems/problem.ts';

const PLAIN_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/;

/** A name without folder, without leading dot, in a closed alphabet. */
export function isPlainFileName(name: string): boolean {
  return PLAIN_NAME.test(name);
}

/** One folder per principal, so that sources cannot overwrite or load each other's files. Its name tells nothing. */
export function inboxFolderOf(actor: Actor): string {
  return createHash('sha256').update(actor.id, 'utf8').digest('hex').slice(0, 32);
}

/**
 * Writes `content` to the actor's inbox under `name`, replacing a file of that name at once and whole.
 * Refuses more than `limitBytes` and broken-off uploads; then nothing is left behind. Does not look at the content.
 */
export async function receiveFile(input: {
  readonly inboxFolder: string;
  readonly actor: Actor;
  readonly name: string;
  readonly content: Readable;
  readonly limitBytes: number;
}): Promise<Result<{ readonly name: string; readonly bytes: number; readonly sha256: string }, readonly Problem[]>> {
  if (!isPlainFileName(input.name)) return err([problem('request.file_name', {})]);
  const folder = join(input.inboxFolder, inboxFolderOf(input.actor));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const staged = join(folder, `.upload-${randomBytes(8).toString('hex')}`);
  const file = await open(staged, 'wx', 0o600);
  try {
    const received = await copy(input.content, file, input.limitBytes);
    if (received === null) return err([problem('request.too_large', { limitBytes: input.limitBytes })]);
    await file.sync();
    await rename(staged, join(folder, input.name));
    return ok({ name: input.name, ...received });
  } catch (error) {
    if (BROKEN_OFF.has((error as NodeJS.ErrnoException).code ?? '')) return err([problem('request.upload_incomplete', {})]);
    throw error;
  } finally {
    await file.close();
    await rm(staged, { force: true });
  }
}

/** Null as soon as there is more than `limitBytes`. Leaves `content` open: its connection still has to carry the answer. */
async function copy(
  content: Readable,
  file: FileHandle,
  limitBytes: number,
): Promise<{ readonly bytes: number; readonly sha256: string } | null> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of content.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > limitBytes) return null;
    hash.update(chunk);
    await file.writeFile(chunk);
  }
  return { bytes, sha256: hash.digest('hex') };
}

const BROKEN_OFF = new Set(['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE', 'ABORT_ERR']);
