import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readDeclaration } from '../../src/catalog/declaration.ts';
import type { DisclosurePolicy } from '../../src/catalog/disclosure-policy.ts';
import type { Grant } from '../../src/catalog/grant.ts';
import type { JobContext } from '../../src/pipeline.ts';
import type { Enclave } from '../../src/sandbox/enclave/port.ts';
import { LOADER_LIMITS, loadDataset } from '../../src/sandbox/loader/load-dataset.ts';
import { sharedEnclave } from '../support/shared-enclave.ts';
import type { DataSpec } from './case-file.ts';
import { type Declared, inferDeclaration, loadedType, ROW_NUMBER } from './infer-declaration.ts';
import { findKeys, type KeyFacts } from './key-facts.ts';
import { quoteName, quoteText, RealData } from './real-data.ts';

type LoadedContext = Omit<JobContext, 'policy'>;

/** Data of one setup behind the product's gate. */
export interface PreparedData {
  readonly spec: DataSpec;
  /** The newest state of the real data, for the oracle. Those before stay as they are. */
  readonly real: RealData;
  readonly enclave: Enclave;
  context(policy: DisclosurePolicy): JobContext;
  /** The same dataset without a row, loaded when first asked for. */
  emptyContext(policy: DisclosurePolicy): Promise<JobContext>;
  /** Runs the source department's statement and loads what came of it as a new version. */
  refresh(sql: string): Promise<void>;
  close(): Promise<void>;
}

/** @param texts  all statements of the file, for the keys that they join on. */
export async function prepareData(spec: DataSpec, texts: readonly string[], below: Enclave): Promise<PreparedData> {
  const real = await RealData.build(spec);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-conformance-'));
  const enclave = sharedEnclave(below);
  const versions = [real];
  const sources: string[] = [];
  const close = async (): Promise<void> => {
    for (const version of versions) version.close();
    await enclave.endWorkers();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const bench: Bench = { folder, enclave: below, spec, real, facts: await findKeys(spec.catalog, real, texts) };
    let version = 1;
    let current = await load(bench, 'conformance', version, false);
    let empty: LoadedContext | null = null;
    return {
      spec,
      get real() {
        return versions.at(-1) ?? real;
      },
      enclave,
      context: (policy) => ({ ...current, policy }),
      emptyContext: async (policy) => {
        empty ??= await load(bench, 'conformance-empty', 1, true);
        return { ...empty, policy };
      },
      refresh: async (sql) => {
        sources.push(sql);
        const refreshed = await RealData.build({ ...spec, setup: [...spec.setup, ...sources] });
        versions.push(refreshed);
        current = await load({ ...bench, real: refreshed }, 'conformance', ++version, false);
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Bench {
  readonly folder: string;
  readonly enclave: Enclave;
  readonly spec: DataSpec;
  readonly real: RealData;
  readonly facts: KeyFacts;
}

async function load(bench: Bench, name: string, number: number, empty: boolean): Promise<LoadedContext> {
  const declared = inferDeclaration(name, bench.spec.catalog, bench.facts);
  const inbox = join(bench.folder, `${name}-${number}`);
  await exportTables(bench, inbox, name, declared, empty);
  const read = readDeclaration(declared.declaration);
  if (!read.ok) throw new Error(`The inferred declaration is refused: ${JSON.stringify(read.error)}`);
  const { dataset } = read.value;
  const loaded = await loadDataset(
    {
      declaration: declared.declaration,
      baseFolder: inbox,
      targetFolder: join(bench.folder, 'enclave'),
      stagingFolder: join(bench.folder, 'tmp'),
      version: `v${number}`,
      bucketKey: new Uint8Array(32).fill(1),
      rowKeyKey: new Uint8Array(32).fill(2),
      origin: 'real',
      limits: { ...LOADER_LIMITS, memoryMiB: 400, tempMiB: 512 },
    },
    {
      enclave: bench.enclave,
      clock: { now: () => new Date('2026-01-02T03:04:05Z') },
      progress: () => undefined,
      freeBytes: () => Promise.resolve(2 ** 40),
    },
  );
  if (!loaded.ok) throw new Error(`The loader refuses the setup: ${JSON.stringify(loaded.error)}`);
  const grant: Grant = {
    id: 'conformance',
    merchant: 'merchant-1',
    dataset: name,
    scenario: 'conformance',
    tables: declared.grant,
    endsOn: '2099-12-31',
  };
  return { dataset, version: loaded.value, sealedPath: join(bench.folder, 'enclave', name, `v${number}.duckdb`), grant };
}

async function exportTables(bench: Bench, inbox: string, name: string, declared: Declared, empty: boolean): Promise<void> {
  await mkdir(inbox, { recursive: true });
  for (const table of Object.keys(bench.spec.catalog)) {
    const columns = (bench.facts.columns.get(table) ?? []).map(
      (column) => `CAST(${quoteName(column.name)} AS ${loadedType(column.type)}) AS ${quoteName(column.name)}`,
    );
    if (declared.numbered.has(table)) columns.push(`CAST(row_number() OVER () AS BIGINT) AS ${ROW_NUMBER}`);
    const select = `SELECT ${columns.join(', ')} FROM ${quoteName(table)}${empty ? ' WHERE false' : ''}`;
    await bench.real.run(`COPY (${select}) TO ${quoteText(join(inbox, `${name}-${table}.parquet`))} (FORMAT parquet)`);
  }
}
