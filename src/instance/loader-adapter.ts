import { readdir, rm, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { readDeclaration } from '../catalog/declaration.ts';
import type { Clock } from '../kernel/clock.ts';
import { ok } from '../kernel/result.ts';
import type { LoaderPort } from '../operations/data-ports.ts';
import type { KeyStore } from '../operations/ports.ts';
import type { Enclave } from '../sandbox/enclave/port.ts';
import { LOADER_LIMITS, loadDataset } from '../sandbox/loader/load-dataset.ts';
import { sweepStaging } from '../sandbox/loader/staging-folder.ts';

export interface DataFolders {
  /** `DIR/enclave`, `DIR/simulation`, `DIR/tmp`. */
  readonly enclave: string;
  readonly simulation: string;
  readonly temp: string;
}

export interface AdapterParts {
  readonly folders: DataFolders;
  readonly enclave: Enclave;
  readonly keys: KeyStore;
  readonly clock: Clock;
}

/** The loader of real data as the operations know it, over the folders of one instance. */
export function loaderPort({ folders, enclave, keys, clock }: AdapterParts): LoaderPort {
  const sealedPath = (dataset: string, version: string): string => join(folders.enclave, dataset, `${version}.duckdb`);
  return {
    read(declaration) {
      const read = readDeclaration(declaration);
      return read.ok ? ok(read.value.dataset) : read;
    },
    async load({ dataset, declaration, baseFolder, version, onProgress }) {
      return loadDataset(
        {
          declaration,
          baseFolder,
          version,
          targetFolder: folders.enclave,
          stagingFolder: folders.temp,
          origin: 'real',
          limits: LOADER_LIMITS,
          bucketKey: await keys.datasetKey(dataset.name, 'bucket'),
          rowKeyKey: await keys.datasetKey(dataset.name, 'row'),
        },
        { enclave, clock, freeBytes, progress: onProgress },
      );
    },
    sealedPath,
    erase: (dataset, version) => rm(sealedPath(dataset, version), { force: true }),
    async sweep(registered) {
      await sweepStaging(folders.temp);
      await removeUnregistered(folders.enclave, new Set(registered.map((item) => sealedPath(item.dataset, item.version))));
    },
  };
}

/** Bytes that this process may still write on the file system of `path`. */
export async function freeBytes(path: string): Promise<number> {
  const found = await statfs(path);
  return found.bavail * found.bsize;
}

/** Removes everything two levels below `root` (`<dataset>/<name>`) that is not in `kept`. */
export async function removeUnregistered(root: string, kept: ReadonlySet<string>): Promise<void> {
  for (const dataset of await namesIn(root)) {
    for (const name of await namesIn(join(root, dataset))) {
      const path = join(root, dataset, name);
      if (!kept.has(path)) await rm(path, { recursive: true, force: true });
    }
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return readdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}
