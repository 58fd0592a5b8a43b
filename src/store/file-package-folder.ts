import { mkdir, mkdtemp, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { PackageFolder } from '../operations/data-ports.ts';
import { syncFolder } from './durable-file.ts';

const RELEASE_ID = /^[a-z0-9_-]{1,80}$/;
const FILE_NAME = /^[a-z0-9][a-z0-9.-]{0,80}$/;
const STAGING = 'release-';

/**
 * Release packages as folders `<folder>/<release>/`, files of mode 0400. A package is written in `stagingFolder` (same
 * file system), brought to disk and renamed into place, so that it is there whole or not at all.
 * Source: formats.md, "An instance on disk".
 */
export function openFilePackageFolder(folder: string, stagingFolder: string): PackageFolder {
  return {
    async put(release, files) {
      const target = pathOf(folder, release);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await mkdir(stagingFolder, { recursive: true, mode: 0o700 });
      const staging = await mkdtemp(join(stagingFolder, STAGING));
      for (const file of files) await writeSynced(join(staging, checkedName(file.name)), file.bytes);
      await syncFolder(staging);
      await rename(staging, target);
      await syncFolder(folder);
    },
    async read(release, name) {
      try {
        return await readFile(join(pathOf(folder, release), checkedName(name)));
      } catch (error) {
        if (isMissing(error)) return null;
        throw error;
      }
    },
    async remove(release) {
      await rm(pathOf(folder, release), { recursive: true, force: true });
    },
    list: async () => (await namesIn(folder)).filter((name) => RELEASE_ID.test(name)),
    async sweep() {
      const left = (await namesIn(stagingFolder)).filter((name) => name.startsWith(STAGING));
      for (const name of left) await rm(join(stagingFolder, name), { recursive: true, force: true });
    },
  };
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const file = await open(path, 'wx', 0o400);
  try {
    await file.writeFile(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** Throws on names that could lead elsewhere: a bug of the caller. */
function pathOf(folder: string, release: string): string {
  if (!RELEASE_ID.test(release)) throw new TypeError('Not a release id');
  return join(folder, release);
}

function checkedName(name: string): string {
  if (!FILE_NAME.test(name)) throw new TypeError('Not a package file name');
  return name;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
