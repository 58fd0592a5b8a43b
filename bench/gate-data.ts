import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, statfs, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { TPCH_TABLES, tpchSql } from '../datasets/tpch/tpch-sql.ts';
import type { DatasetVersion } from '../src/catalog/dataset.ts';
import { createEnclave } from '../src/sandbox/enclave/create-enclave.ts';
import type { Enclave } from '../src/sandbox/enclave/port.ts';
import { LOADER_LIMITS, loadDataset } from '../src/sandbox/loader/load-dataset.ts';

/** A sealed dataset of a bench, made by the product's own loader. */
export interface BenchData {
  readonly enclave: Enclave;
  readonly declaration: unknown;
  readonly version: DatasetVersion;
  readonly sealedPath: string;
  close(): Promise<void>;
}

const DECLARATION = join(import.meta.dirname, '..', 'datasets', 'tpch', 'declaration.json');

/**
 * TPC-H tables at a scale factor, generated and loaded. With SLUICE_BENCH_FOLDER they stay there and are loaded once;
 * otherwise they go when the bench is done.
 */
export async function tpchData(scale: number): Promise<BenchData> {
  const declaration: unknown = JSON.parse(await readFile(DECLARATION, 'utf8'));
  return benchData(`tpch-${scale}`, declaration, async (inbox) => {
    const instance = await DuckDBInstance.create(join(inbox, 'made.duckdb'), { threads: '2', temp_directory: join(inbox, 'spill') });
    const connection = await instance.connect();
    for (const sql of tpchSql(scale)) await connection.run(sql);
    for (const table of TPCH_TABLES) await connection.run(`COPY ${table} TO '${join(inbox, `${table}.parquet`)}' (FORMAT parquet)`);
    connection.closeSync();
    instance.closeSync();
    await rm(join(inbox, 'made.duckdb'));
  });
}

/** Loads what `make` writes into the folder it is given. */
export async function benchData(name: string, declaration: unknown, make: (inbox: string) => Promise<void>): Promise<BenchData> {
  const kept = process.env['SLUICE_BENCH_FOLDER'];
  const root = kept ?? (await mkdtemp(join(tmpdir(), 'sluice-bench-gate-')));
  const folder = join(root, name);
  await mkdir(folder, { recursive: true });
  const enclave = await createEnclave({ isolation: 'auto', allowProcessFallback: true, tempRoot: join(folder, 'workers'), poolSize: 0 });
  const record = join(folder, 'version.json');
  if (!existsSync(record)) await writeFile(record, JSON.stringify(await load(enclave, folder, declaration, make)));
  const version = JSON.parse(await readFile(record, 'utf8')) as DatasetVersion;
  return {
    enclave,
    declaration,
    version,
    sealedPath: join(folder, 'enclave', version.dataset, `${version.version}.duckdb`),
    close: async () => {
      await enclave.close();
      if (kept === undefined) await rm(root, { recursive: true, force: true });
    },
  };
}

async function load(
  enclave: Enclave,
  folder: string,
  declaration: unknown,
  make: (inbox: string) => Promise<void>,
): Promise<DatasetVersion> {
  const inbox = join(folder, 'inbox');
  await mkdir(inbox, { recursive: true });
  await make(inbox);
  const loaded = await loadDataset(
    {
      declaration,
      baseFolder: inbox,
      targetFolder: join(folder, 'enclave'),
      stagingFolder: join(folder, 'tmp'),
      version: 'v1',
      bucketKey: new Uint8Array(32).fill(1),
      rowKeyKey: new Uint8Array(32).fill(2),
      origin: 'simulation',
      limits: { ...LOADER_LIMITS, tempMiB: 65_536 },
    },
    {
      enclave,
      clock: { now: () => new Date() },
      progress: () => undefined,
      freeBytes: async (path) => {
        const { bavail, bsize } = await statfs(path);
        return bavail * bsize;
      },
    },
  );
  if (!loaded.ok) throw new Error(`The load was refused: ${JSON.stringify(loaded.error)}`);
  await rm(inbox, { recursive: true, force: true });
  return loaded.value;
}
