import { basename, resolve } from 'node:path';
import type { Dataset } from '../catalog/dataset.ts';
import type { Config } from '../config.ts';
import { ok, type Result } from '../kernel/result.ts';
import type { Rng } from '../kernel/rng.ts';
import type { Problem } from '../problems/problem.ts';
import type { Enclave } from '../sandbox/enclave/port.ts';
import { type FileTable, withFileTables } from '../sandbox/loader/file-tables.ts';
import { type FitRequest, fitTables } from '../sandbox/loader/fit-tables.ts';
import { type DatasetScore, scoreTables } from '../sandbox/loader/score-tables.ts';
import { fileSides, SCORED } from '../sandbox/loader/scored-sides.ts';
import { runSimulation, type SimulationManifest } from '../sandbox/loader/simulate.ts';
import type { FileSchema } from '../synthetic/file-schema.ts';
import type { Artefact } from '../synthetic/fit/artefact.ts';
import { planSimulation, type SimulationOptions } from '../synthetic/plan-simulation.ts';
import { privateNoise } from '../synthetic/privacy/noise.ts';
import type { ColumnWish } from '../synthetic/query-wishes.ts';
import type { ReportOptions } from '../synthetic/report/fidelity-report.ts';
import type { ScoreOptions } from '../synthetic/score/score-report.ts';
import { withOwnEnclave } from './own-enclave.ts';
import { queryWishes } from './query-wishes.ts';

/** What `synth` does over files, without an instance: an enclave of its own, gone with the work. */
export interface SynthWorkbench {
  readonly enclave: Enclave;
  /** Files per table name, absolute or relative to the working folder. */
  fit(schema: FileSchema, files: ReadonlyMap<string, string>, request: FitRequest): Promise<Result<Artefact, readonly Problem[]>>;
  /** Simulation data (L0) in a folder, with `manifest.json` and `declaration.json`. */
  generate(
    dataset: Dataset,
    options: SimulationOptions,
    folder: string,
    progress?: (percent: number) => void,
  ): Promise<Result<SimulationManifest, readonly Problem[]>>;
  /** What a query asks of columns; nothing where it does not parse. */
  wishes(sql: string): Promise<ReadonlyMap<string, ColumnWish>>;
  score(
    schema: FileSchema,
    real: ReadonlyMap<string, string>,
    synthetic: ReadonlyMap<string, string>,
    options: ScoreOptions & { readonly mostCells?: number; readonly report?: ReportOptions },
  ): Promise<Result<DatasetScore, readonly Problem[]>>;
}

/** Runs `work` with a workbench whose worker processes and temporary folder end with it. Source: formats.md (`synth` over files). */
export function withSynthWorkbench<T>(config: Config, rng: Rng, work: (bench: SynthWorkbench) => Promise<T>): Promise<T> {
  return withOwnEnclave(config, (enclave) =>
    work({
      enclave,
      fit: (schema, files, request) =>
        withFileTables(
          enclave,
          fileTables(schema, files, (_, name) => name),
          (session) => fitTables(session, schema.dataset, { ...request, headers: schema.headers }, privateNoise(rng)),
        ),
      generate: async (dataset, options, folder, progress) => {
        const plan = planSimulation(dataset, options);
        if (!plan.ok) return plan;
        return runSimulation(plan.value, { enclave, ...(progress === undefined ? {} : { progress }) }, folder);
      },
      wishes: (sql) => queryWishes(enclave, sql),
      score: (schema, real, synthetic, options) =>
        withFileTables(
          enclave,
          [...fileTables(schema, real, SCORED.real), ...fileTables(schema, synthetic, SCORED.synthetic)],
          async (session) => ok(await scoreTables(fileSides(session), schema.dataset, options)),
        ),
    }),
  );
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
