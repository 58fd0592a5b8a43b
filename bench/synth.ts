import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CITY_DECLARATION, generateCity } from '../datasets/city-health/generate.ts';
import type { Dataset } from '../src/catalog/dataset.ts';
import { readDeclaration } from '../src/catalog/declaration.ts';
import { createEnclave } from '../src/sandbox/enclave/create-enclave.ts';
import { runSimulation } from '../src/sandbox/loader/simulate.ts';
import { readFileSchema } from '../src/synthetic/file-schema.ts';
import { planSimulation } from '../src/synthetic/plan-simulation.ts';
import type { Emit } from './bench-line.ts';
import { runAdultBench } from './synth-adult.ts';
import { measureChildren } from './synth-children.ts';
import { measureCardinality, measureCpu } from './synth-cpu.ts';

/** Ten columns of every usual kind. */
const PEOPLE = {
  tables: {
    people: {
      primaryKey: ['pid'],
      units: { person: ['pid'] },
      columns: {
        pid: { type: 'VARCHAR', role: 'unitId', semantic: 'residentId' },
        name: { type: 'VARCHAR', role: 'directId', semantic: 'name' },
        birth_date: { type: 'DATE' },
        gender: { type: 'VARCHAR', domain: ['男', '女'] },
        phone: { type: 'VARCHAR', role: 'directId', semantic: 'mobile' },
        district: { type: 'VARCHAR', domain: ['甲区', '乙区', '丙区'] },
        income: { type: 'DECIMAL(12,2)', bounds: [0, 500_000] },
        note: { type: 'VARCHAR', semantic: 'text' },
        seen: { type: 'TIMESTAMP' },
        flag: { type: 'BOOLEAN' },
      },
    },
  },
};

/**
 * Simulation: ten columns of people on one thread (SLUICE_BENCH_ROWS, default 1 million), the demonstration city's schema and the
 * city itself; then fits of UCI Adult where it lies beside the project. Prints figures, asserts nothing. Whoever shares the
 * machine shares the figures: read them beside the load.
 */
export async function runSynthBench(emit: Emit): Promise<void> {
  const rows = Number(process.env['SLUICE_BENCH_ROWS'] ?? 1_000_000);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-synth-'));
  const enclave = await createEnclave({ isolation: 'auto', allowProcessFallback: true, tempRoot: join(folder, 'tmp') });
  const measure = async (what: string, run: () => Promise<number>): Promise<void> => {
    const started = performance.now();
    const made = await run();
    const seconds = (performance.now() - started) / 1000;
    emit({ name: `synth, ${what}`, metric: 'time', value: seconds, unit: 's' });
    emit({ name: `synth, ${what}`, metric: 'rate', value: Math.round(made / seconds), unit: 'rows/s' });
  };
  const simulate = (dataset: Dataset, size: number, name: string, threads: number): Promise<void> =>
    measure(name, async () => {
      const plan = planSimulation(dataset, { seed: 'bench', rows: size });
      if (!plan.ok) throw new Error('The schema cannot be simulated');
      const limits = { threads, memoryMiB: 4096, tempMiB: 65_536 };
      const made = await runSimulation(plan.value, { enclave, limits }, join(folder, name.replaceAll(/\W/g, '-')));
      if (!made.ok) throw new Error('The simulation failed');
      return made.value.tables.reduce((sum, table) => sum + table.rows, 0);
    });
  try {
    emit({ name: 'synth', metric: 'load of the machine', value: await loadAverage(), unit: 'processes' });
    const people = readFileSchema(PEOPLE);
    if (!people.ok) throw new Error('The schema of people is not valid');
    await measureCpu(emit, `synth, ${rows} people × 10 columns, CPU alone`, people.value.dataset, rows, 1024);
    await measureCardinality(emit, ['1', '2', '3', '4', '5', '6']);
    await simulate(people.value.dataset, rows, `${rows} people × 10 columns, 1 thread`, 1);
    const city = readDeclaration(JSON.parse(await readFile(CITY_DECLARATION, 'utf8')));
    if (!city.ok) throw new Error('The declaration of the demonstration city is not valid');
    await simulate(city.value.dataset, rows, `city, ${rows} visits, 2 threads`, 2);
    await measure('demonstration city', async () => {
      const made = await generateCity(join(folder, 'city'), { enclave });
      return Object.values(made.rows).reduce((sum, count) => sum + count, 0);
    });
    await measureChildren(emit);
    await runAdultBench(emit);
  } finally {
    await enclave.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function loadAverage(): Promise<number> {
  return existsSync('/proc/loadavg') ? Number((await readFile('/proc/loadavg', 'utf8')).split(' ')[0]) : 0;
}
