import { createReadStream } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { catalogDigest } from '../catalog/canonical-dataset.ts';
import { type Dataset, findTable, type Table } from '../catalog/dataset.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { SimulationRecipe, SimulatorPort } from '../operations/data-ports.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { fileDigest } from '../sandbox/loader/file-digest.ts';
import { LOADER_LIMITS, loadDataset } from '../sandbox/loader/load-dataset.ts';
import { runSimulation, type SimulationManifest } from '../sandbox/loader/simulate.ts';
import { databaseFile, parquetFile, previewRows, type SetFolder } from '../sandbox/loader/simulation-files.ts';
import { readArtefact } from '../synthetic/fit/artefact.ts';
import { planSimulation } from '../synthetic/plan-simulation.ts';
import { simulationDeclaration, simulationFile } from '../synthetic/simulation-declaration.ts';
import { type AdapterParts, freeBytes, removeUnregistered } from './loader-adapter.ts';
import { queryWishes } from './query-wishes.ts';
import { writeSampledRows } from './sample-artefact.ts';

/** Share of the work that making the tables is; the rest is sealing them. A guess: what is shown is progress, not time. */
const MAKING = 0.6;

/**
 * Simulation data of one instance: CSV files in `DIR/simulation/<dataset>/<id>/` for who downloads them (other formats beside
 * them once asked for), and the same rows sealed as `<id>.duckdb` for jobs. Planned from the declaration, or sampled from a
 * released model, and made in a worker that sees that folder alone; its keys are not those of the real data.
 */
export function simulatorPort({ folders, enclave, keys, clock }: AdapterParts): SimulatorPort {
  const tablesFolder = (dataset: string, id: string): string => join(folders.simulation, dataset, id);
  const sealedPath = (dataset: string, id: string): string => join(folders.simulation, dataset, `${id}.duckdb`);
  const setOf = (dataset: string, id: string): SetFolder => ({ enclave, folder: tablesFolder(dataset, id), staging: folders.temp });
  return {
    wishes: async (sql) => Object.fromEntries(await queryWishes(enclave, sql)),
    async simulate({ id, onProgress = () => undefined, ...recipe }) {
      const { dataset } = recipe;
      const folder = tablesFolder(dataset.name, id);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const made = await makeTables(enclave, recipe, folder, (percent) => onProgress(Math.floor(percent * MAKING)));
      if (!made.ok) return abandon(folder, made);
      const loaded = await loadDataset(
        {
          declaration: simulationDeclaration(dataset),
          baseFolder: folder,
          version: id,
          targetFolder: folders.simulation,
          stagingFolder: folders.temp,
          origin: 'simulation',
          limits: LOADER_LIMITS,
          bucketKey: await keys.datasetKey(`simulation/${dataset.name}`, 'bucket'),
          rowKeyKey: await keys.datasetKey(`simulation/${dataset.name}`, 'row'),
        },
        { enclave, clock, freeBytes, progress: ({ percent }) => onProgress(Math.floor(100 * MAKING + percent * (1 - MAKING))) },
      );
      if (!loaded.ok) return abandon(folder, loaded);
      const tables = made.value.tables.map((item) => ({ table: item.table, rows: item.rows, digest: item.sha256 }));
      return ok({ version: loaded.value, tables });
    },
    async differing({ id, tables, ...recipe }) {
      const again = await mkdtemp(join(folders.temp, 'check-'));
      try {
        const made = await makeTables(enclave, recipe, again);
        if (!made.ok) return made;
        const folder = tablesFolder(recipe.dataset.name, id);
        const found: string[] = [];
        for (const { table, digest } of tables) {
          const same = made.value.tables.some((item) => item.table === table && item.sha256 === digest);
          const kept = await fileDigest(join(folder, simulationFile(table))).catch(() => null);
          if (!same || kept !== digest) found.push(table);
        }
        return ok(found);
      } finally {
        await rm(again, { recursive: true, force: true });
      }
    },
    sealedPath,
    async preview({ dataset, id, table, rows }) {
      const read = await previewRows(setOf(dataset.name, id), tableOf(dataset, table), rows);
      if (!read.ok) return read;
      return ok({
        columns: read.value.columns,
        rows: read.value.rows.map((row) => row.map((cell) => (cell === null ? null : String(cell)))),
      });
    },
    async file({ dataset, id, label, format, table }) {
      const set = setOf(dataset.name, id);
      const path = await filePath(set, dataset, table, label, format);
      return path.ok ? ok(createReadStream(path.value) as AsyncIterable<Uint8Array>) : path;
    },
    async remove(dataset, id) {
      await rm(tablesFolder(dataset, id), { recursive: true, force: true });
      await rm(sealedPath(dataset, id), { force: true });
    },
    async sweep(registered) {
      const kept = registered.flatMap((item) => [tablesFolder(item.dataset, item.id), sealedPath(item.dataset, item.id)]);
      await removeUnregistered(folders.simulation, new Set(kept));
    },
  };
}

/** CSV files of a recipe in a folder. */
async function makeTables(
  enclave: AdapterParts['enclave'],
  { dataset, rows, seed, wishes, model, mode }: SimulationRecipe,
  folder: string,
  progress?: (percent: number) => void,
): Promise<Result<SimulationManifest, readonly Problem[]>> {
  const artefact = model === undefined ? null : readArtefact(model);
  if (artefact !== null && !artefact.ok) return artefact;
  // A model of another declaration would fill columns that this one does not have.
  if (artefact !== null && artefact.value.catalogDigest !== catalogDigest(dataset)) {
    return err([problem('simulation.schema_changed', { dataset: dataset.name })]);
  }
  const given = artefact === null ? undefined : await writeSampledRows(artefact.value, { rows, seed }, folder);
  const plan = planSimulation(dataset, {
    rows,
    seed,
    ...(mode === undefined ? {} : { mode }),
    ...(wishes === undefined ? {} : { wishes: new Map(Object.entries(wishes)) }),
    ...(given === undefined ? {} : { given }),
  });
  return plan.ok ? runSimulation(plan.value, { enclave, ...(progress === undefined ? {} : { progress }) }, folder) : plan;
}

async function filePath(
  set: SetFolder,
  dataset: Dataset,
  table: string,
  label: string,
  format: 'csv' | 'parquet' | 'duckdb',
): Promise<Result<string, readonly Problem[]>> {
  if (format === 'csv') return ok(join(set.folder, simulationFile(table)));
  return format === 'parquet' ? parquetFile(set, tableOf(dataset, table), label) : databaseFile(set, dataset, label);
}

function tableOf(dataset: Dataset, name: string): Table {
  const table = findTable(dataset, name);
  if (table === undefined) throw new Error('A set with a table that its dataset does not have');
  return table;
}

async function abandon<R>(folder: string, refusal: R): Promise<R> {
  await rm(folder, { recursive: true, force: true });
  return refusal;
}
