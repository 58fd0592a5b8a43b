import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import type { Dataset } from '../src/catalog/dataset.ts';
import { readFileSchema } from '../src/synthetic/file-schema.ts';
import { planSimulation } from '../src/synthetic/plan-simulation.ts';
import { ksComplement } from '../src/synthetic/score/column-metrics.ts';
import type { Emit } from './bench-line.ts';

const MIB = 1024 * 1024;

/**
 * L0 by CPU time, which nobody else on the machine shares: the statements of a plan on one thread of this process, and what it
 * takes to hold them. Prints figures, asserts nothing. Source: issue "Simulation data" (1 million rows × 10 columns per 5 s and core).
 */
export async function measureCpu(emit: Emit, name: string, dataset: Dataset, rows: number, memoryMiB: number): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-cpu-'));
  const settings = {
    threads: '1',
    memory_limit: `${memoryMiB}MiB`,
    temp_directory: join(folder, 'spill'),
    preserve_insertion_order: 'false',
  };
  const instance = await DuckDBInstance.create(':memory:', settings);
  const connection = await instance.connect();
  try {
    const plan = planSimulation(dataset, { seed: 'bench', rows });
    if (!plan.ok) throw new Error('The schema cannot be simulated');
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage.rss());
    }, 50);
    const before = process.cpuUsage();
    for (const statement of plan.value.statements) await connection.run(statement);
    for (const table of plan.value.tables)
      await connection.run(`COPY (${table.select}) TO '${join(folder, table.file)}' (FORMAT csv, HEADER true)`);
    const used = process.cpuUsage(before);
    clearInterval(watch);
    const seconds = (used.user + used.system) / 1e6;
    const made = plan.value.tables.reduce((sum, table) => sum + table.rows, 0);
    emit({ name, metric: 'CPU time', value: Number(seconds.toFixed(2)), unit: 's' });
    emit({ name, metric: 'CPU time per million rows', value: Number(((seconds * 1e6) / made).toFixed(2)), unit: 's' });
    emit({ name, metric: 'largest resident size', value: Math.round(peak / MIB), unit: 'MiB' });
  } finally {
    connection.closeSync();
    instance.closeSync();
    await rm(folder, { recursive: true, force: true });
  }
}

const PARENTS = 20_000;
const FAMILY = {
  tables: {
    parents: { primaryKey: ['id'], units: { person: ['id'] }, rows: PARENTS, columns: { id: { type: 'INTEGER', role: 'unitId' } } },
    children: {
      primaryKey: ['no'],
      foreignKeys: [{ columns: ['id'], references: 'parents.id' }],
      units: { person: ['id'] },
      rows: PARENTS * 3,
      simulation: { cardinality: [{ columns: ['id'], min: 0, mean: 3, max: 40 }] },
      columns: { no: { type: 'INTEGER', role: 'directId' }, id: { type: 'INTEGER', role: 'unitId' } },
    },
  },
};

/** How alike the numbers of children are between two seeds, at 20,000 parents, by KS complement. Source: synthetic-and-masking.md §2. */
export async function measureCardinality(emit: Emit, seeds: readonly string[]): Promise<void> {
  const family = readFileSchema(FAMILY);
  if (!family.ok) throw new Error('The schema of families is not valid');
  const counts: Float64Array[] = [];
  for (const seed of seeds) {
    const plan = planSimulation(family.value.dataset, { seed, rows: PARENTS * 3 });
    if (!plan.ok) throw new Error('The schema cannot be simulated');
    const instance = await DuckDBInstance.create(':memory:', { threads: '1' });
    const connection = await instance.connect();
    for (const statement of plan.value.statements) await connection.run(statement);
    const children = plan.value.tables.find((table) => table.table === 'children')?.select ?? '';
    const [row] = (
      await connection.runAndReadAll(`SELECT list(n) FROM (SELECT count(*) AS n FROM (${children}) GROUP BY id)`)
    ).getRowsJson();
    const found = ((row?.[0] ?? []) as readonly string[]).map(Number);
    counts.push(Float64Array.from([...found, ...new Array<number>(PARENTS - found.length).fill(0)]));
    connection.closeSync();
    instance.closeSync();
  }
  const [first = new Float64Array(), ...others] = counts;
  for (const [at, other] of others.entries())
    emit({
      name: 'synth, children of 20,000 parents',
      metric: `alike between seeds, seed ${seeds[at + 1]}`,
      value: Number(ksComplement(first, other).toFixed(4)),
      unit: '',
    });
}
