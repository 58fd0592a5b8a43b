import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { DatasetVersion } from '../../src/catalog/dataset.ts';
import type { Result } from '../../src/kernel/result.ts';
import type { Problem } from '../../src/problems/problem.ts';
import { createEnclave } from '../../src/sandbox/enclave/create-enclave.ts';
import type { Enclave, QueryRows, SessionLimits } from '../../src/sandbox/enclave/port.ts';
import { type LoadInput, type LoadPorts, loadDataset } from '../../src/sandbox/loader/load-dataset.ts';

export const TEST_LIMITS: SessionLimits = { memoryMiB: 400, threads: 2, tempMiB: 512, timeoutMs: 120_000, maxRows: 10_000 };

/** A folder laid out like an instance, with an enclave of its own. */
export interface LoadingBench {
  readonly folder: string;
  readonly enclave: Enclave;
  /** Writes the files beside the declaration and loads it. */
  load(
    declaration: unknown,
    files: Readonly<Record<string, string | Uint8Array>>,
    changes?: LoadChanges,
  ): Promise<Result<DatasetVersion, readonly Problem[]>>;
  /** Every file below the folders that a load writes to, relative. */
  written(): Promise<readonly string[]>;
  sealedPath(dataset: string, version: string): string;
  close(): Promise<void>;
}

export type LoadChanges = Partial<LoadInput> & Partial<LoadPorts>;

export async function loadingBench(): Promise<LoadingBench> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-loading-'));
  const enclave = await createEnclave({ isolation: 'auto', allowProcessFallback: true, tempRoot: join(folder, 'workers'), poolSize: 0 });
  const inbox = join(folder, 'inbox');
  await mkdir(inbox);
  return {
    folder,
    enclave,
    load: async (declaration, files, changes = {}) => {
      for (const [name, content] of Object.entries(files)) {
        await mkdir(dirname(join(inbox, name)), { recursive: true });
        await writeFile(join(inbox, name), content);
      }
      return loadDataset(
        {
          declaration,
          baseFolder: inbox,
          targetFolder: join(folder, 'enclave'),
          stagingFolder: join(folder, 'tmp'),
          version: 'v1',
          bucketKey: new Uint8Array(32).fill(1),
          rowKeyKey: new Uint8Array(32).fill(2),
          origin: 'real',
          limits: TEST_LIMITS,
          ...changes,
        },
        {
          enclave,
          clock: { now: () => new Date('2026-01-02T03:04:05Z') },
          progress: () => undefined,
          freeBytes: () => Promise.resolve(2 ** 40),
          ...changes,
        },
      );
    },
    written: async () => {
      const found: string[] = [];
      for (const part of ['enclave', 'tmp']) {
        const entries = await readdir(join(folder, part), { recursive: true, withFileTypes: true }).catch(() => []);
        for (const entry of entries)
          if (entry.isFile() || entry.name.startsWith('load-')) found.push(join(entry.parentPath, entry.name).slice(folder.length + 1));
      }
      return found.sort();
    },
    sealedPath: (dataset, version) => join(folder, 'enclave', dataset, `${version}.duckdb`),
    close: async () => {
      await enclave.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Rows of a query over a sealed file, opened as a job would open it. */
export async function querySealed(enclave: Enclave, path: string, digest: string, sql: string): Promise<readonly (readonly unknown[])[]> {
  return (await answerSealed(enclave, path, digest, sql)).rows;
}

export async function answerSealed(enclave: Enclave, path: string, digest: string, sql: string): Promise<QueryRows> {
  const opened = await enclave.open({ database: { kind: 'sealed', path, digest }, readable: [], writable: [] }, TEST_LIMITS);
  if (!opened.ok) throw new Error(`Cannot open the sealed file: ${opened.error}`);
  try {
    const rows = await opened.value.query(sql);
    if (!rows.ok) throw new Error(`Query failed: ${rows.error}`);
    return rows.value;
  } finally {
    await opened.value.close();
  }
}
