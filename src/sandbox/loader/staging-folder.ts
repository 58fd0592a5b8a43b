import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { chmod, link, mkdir, mkdtemp, open, readdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const PREFIX = 'load-';

/** Folders of loads that run in this process. */
const live = new Set<string>();

/** Makes the private folder of one load in the staging folder, which must exist. Its name carries the process, so that a sweep knows what is left over. */
export async function openStaging(stagingFolder: string): Promise<string> {
  const folder = await mkdtemp(join(stagingFolder, `${PREFIX}${process.pid}-`));
  live.add(folder);
  return folder;
}

export async function closeStaging(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  live.delete(folder);
}

/**
 * Removes what crashed loads left in the staging folder. Safe while loads run, in this process or in another one of
 * this machine. Gives how many folders were removed. Call it when an instance starts.
 */
export async function sweepStaging(stagingFolder: string): Promise<number> {
  const names = await readdir(stagingFolder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  let removed = 0;
  for (const name of names) {
    const owner = /^load-(\d+)-/.exec(name)?.[1];
    const folder = join(stagingFolder, name);
    if (owner === undefined || live.has(folder) || isOtherLiveProcess(Number(owner))) continue;
    await rm(folder, { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}

function isOtherLiveProcess(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Puts a finished database file into force: read-only, on disk, then linked into place as the last step, so that a
 * crash leaves either the whole file or none. A link, because a rename would replace what another process put there
 * meanwhile. Gives size and SHA-256 (lower-case hex); null, and nothing is touched, where `target` exists. The source
 * stays, under its old name, for who owns its folder to remove.
 */
export async function publishFile(source: string, target: string): Promise<{ readonly digest: string; readonly bytes: number } | null> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(source, { highWaterMark: 1024 * 1024 }) as AsyncIterable<Buffer>) hash.update(chunk);
  const { size } = await stat(source);
  await chmod(source, 0o400);
  await syncPath(source);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  try {
    await link(source, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
  await syncPath(dirname(target));
  return { digest: hash.digest('hex'), bytes: size };
}

async function syncPath(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
