import { type FileHandle, link, open, rename, rm, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file so that after a crash either the old or the new content is there, whole; on disk when it returns. `unique` names the
 * temporary file where several may write at once.
 */
export async function replaceFile(path: string, content: Uint8Array | string, mode: number, unique?: string): Promise<void> {
  const temporary = unique === undefined ? `${path}.tmp` : `${path}.${unique}.tmp`;
  await writeSynced(temporary, unique === undefined ? 'w' : 'wx', content, mode).catch((fault: unknown) =>
    dropped(temporary, unique, fault),
  );
  await rename(temporary, path);
  await syncFolder(dirname(path));
}

/** The same for a file that must not be there yet: fails with `EEXIST` and changes nothing. `unique` names the temporary file. */
export async function createFile(path: string, content: Uint8Array, mode: number, unique: string): Promise<void> {
  const temporary = `${path}.${unique}.tmp`;
  await writeSynced(temporary, 'wx', content, mode).catch((fault: unknown) => dropped(temporary, unique, fault));
  try {
    await link(temporary, path);
  } finally {
    await unlink(temporary);
  }
  await syncFolder(dirname(path));
}

/** A disk that is full is not to be filled by halves of what did not fit; the next writer of the same name takes the others over. */
async function dropped(temporary: string, unique: string | undefined, fault: unknown): Promise<never> {
  if (unique !== undefined) await rm(temporary, { force: true });
  throw fault;
}

/** Makes entries of a folder (new, renamed, removed files) durable. */
export async function syncFolder(path: string): Promise<void> {
  await using(await open(path, 'r'), (folder) => folder.sync());
}

async function writeSynced(path: string, flags: 'w' | 'wx', content: Uint8Array | string, mode: number): Promise<void> {
  await using(await open(path, flags, mode), async (file) => {
    await file.writeFile(content);
    await file.sync();
  });
}

async function using(file: FileHandle, work: (file: FileHandle) => Promise<void>): Promise<void> {
  try {
    await work(file);
  } finally {
    await file.close();
  }
}
