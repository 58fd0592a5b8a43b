import { createReadStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { ok } from '../kernel/result.ts';
import type { SimulatorPort } from '../operations/data-ports.ts';
import { LOADER_LIMITS, loadDataset } from '../sandbox/loader/load-dataset.ts';
import { runSimulation } from '../sandbox/loader/simulate.ts';
import { planSimulation } from '../synthetic/plan-simulation.ts';
import { type AdapterParts, freeBytes, removeUnregistered } from './loader-adapter.ts';

/**
 * Simulation data of one instance: CSV files in `DIR/simulation/<dataset>/<id>/` for who downloads them, and the same
 * rows sealed as `<id>.duckdb` for jobs. Planned from the declaration and made in a worker that sees that folder alone;
 * its keys are not those of the real data.
 */
export function simulatorPort({ folders, enclave, keys, clock }: AdapterParts): SimulatorPort {
  const tablesFolder = (dataset: string, id: string): string => join(folders.simulation, dataset, id);
  const sealedPath = (dataset: string, id: string): string => join(folders.simulation, dataset, `${id}.duckdb`);
  return {
    async simulate({ id, dataset, rows, seed }) {
      const plan = planSimulation(dataset, { rows, seed });
      if (!plan.ok) return plan;
      const folder = tablesFolder(dataset.name, id);
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const made = await runSimulation(plan.value, { enclave }, folder);
      if (!made.ok) return abandon(folder, made);
      const loaded = await loadDataset(
        {
          declaration: plan.value.declaration,
          baseFolder: folder,
          version: id,
          targetFolder: folders.simulation,
          stagingFolder: folders.temp,
          origin: 'simulation',
          limits: LOADER_LIMITS,
          bucketKey: await keys.datasetKey(`simulation/${dataset.name}`, 'bucket'),
          rowKeyKey: await keys.datasetKey(`simulation/${dataset.name}`, 'row'),
        },
        { enclave, clock, freeBytes, progress: () => undefined },
      );
      if (!loaded.ok) return abandon(folder, loaded);
      const tables = made.value.tables.map((item) => ({ table: item.table, rows: item.rows, digest: item.sha256 }));
      return ok({ version: loaded.value, tables });
    },
    sealedPath,
    async csv({ dataset, id, table }) {
      const path = join(tablesFolder(dataset.name, id), `${table}.csv`);
      return ok(createReadStream(path) as AsyncIterable<Uint8Array>);
    },
    async sweep(registered) {
      const kept = registered.flatMap((item) => [tablesFolder(item.dataset, item.id), sealedPath(item.dataset, item.id)]);
      await removeUnregistered(folders.simulation, new Set(kept));
    },
  };
}

async function abandon<R>(folder: string, refusal: R): Promise<R> {
  await rm(folder, { recursive: true, force: true });
  return refusal;
}
