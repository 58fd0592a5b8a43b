import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import type { Dataset } from '../catalog/dataset.ts';
import type { Config } from '../config.ts';
import { ok, type Result } from '../kernel/result.ts';
import type { Rng } from '../kernel/rng.ts';
import type { Problem } from '../problems/problem.ts';
import { createEnclave } from '../sandbox/enclave/create-enclave.ts';
import type { Enclave } from '../sandbox/enclave/port.ts';
import { type FileTable, withFileTables } from '../sandbox/loader/file-tables.ts';
import { type FitRequest, fitTables } from '../sandbox/loader/fit-tables.ts';
import { type DatasetScore, SCORED, scoreTables } from '../sandbox/loader/score-tables.ts';
import type { FileSchema } from '../synthetic/file-schema.ts';
import type { Artefact } from '../synthetic/fit/artefact.ts';
import { privateNoise } from '../synthetic/privacy/noise.ts';
import type { ScoreOptions } from '../synthetic/score/score-report.ts';

/** What `synth` does over files, without an instance: an enclave of its own, gone with the work. */
export interface SynthWorkbench {
  readonly enclave: Enclave;
  /** Files per table name, absolute or relative to the working folder. */
  fit(schema: FileSchema, files: ReadonlyMap<string, string>, request: FitRequest): Promise<Result<Artefact, readonly Problem[]>>;
  score(
    schema: FileSchema,
    real: ReadonlyMap<string, string>,
    synthetic: ReadonlyMap<string, string>,
    options: ScoreOptions & { readonly mostCells?: number },
  ): Promise<Result<DatasetScore, readonly Problem[]>>;
}

/** Runs `work` with a workbench whose worker processes and temporary folder end with it. Source: formats.md (`synth` over files). */
export async function withSynthWorkbench<T>(config: Config, rng: Rng, work: (bench: SynthWorkbench) => Promise<T>): Promise<T> {
  const tempRoot = await mkdtemp(join(tmpdir(), 'sluice-synth-'));
  const { minimumIsolation } = config.enclave;
  const enclave = await createEnclave({
    isolation: minimumIsolation === 'bubblewrap' ? 'bubblewrap' : 'auto',
    allowProcessFallback: minimumIsolation === 'process',
    tempRoot,
    poolSize: 0,
  });
  try {
    return await work({
      enclave,
      fit: (schema, files, request) =>
        withFileTables(
          enclave,
          fileTables(schema, files, (_, name) => name),
          (session) => fitTables(session, schema.dataset, { ...request, headers: schema.headers }, privateNoise(rng)),
        ),
      score: (schema, real, synthetic, options) =>
        withFileTables(
          enclave,
          [...fileTables(schema, real, SCORED.real), ...fileTables(schema, synthetic, SCORED.synthetic)],
          async (session) => ok(await scoreTables(session, schema.dataset, options)),
        ),
    });
  } finally {
    await enclave.close();
    await rm(tempRoot, { recursive: true, force: true });
  }
}

function fileTables(
  { dataset, headers }: { readonly dataset: Dataset; readonly headers: FileSchema['headers'] },
  files: ReadonlyMap<string, string>,
  name: (index: number, table: string) => string,
): readonly FileTable[] {
  return dataset.tables.map((table, index) => {
    const path = resolve(files.get(table.name) ?? '');
    return {
      name: name(index, table.name),
      path,
      shown: basename(path),
      columns: table.columns.map((column) => ({ name: column.name, header: headers[table.name]?.[column.name] ?? column.name })),
    };
  });
}
