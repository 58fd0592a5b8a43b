import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CITY_DECLARATION, generateCity } from '../datasets/city-health/generate.ts';
import { readDeclaration } from '../src/catalog/declaration.ts';
import { createEnclave } from '../src/sandbox/enclave/create-enclave.ts';
import { runSimulation } from '../src/sandbox/loader/simulate.ts';
import { planSimulation } from '../src/synthetic/plan-simulation.ts';
import type { Emit } from './bench-line.ts';

/**
 * Simulation of the demonstration city's schema at two sizes (the larger is SLUICE_BENCH_ROWS, default 2 million visits),
 * and the city itself. Prints figures, asserts nothing.
 */
export async function runSynthBench(emit: Emit): Promise<void> {
  const largest = Number(process.env['SLUICE_BENCH_ROWS'] ?? 2_000_000);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-synth-'));
  const enclave = await createEnclave({ isolation: 'auto', allowProcessFallback: true, tempRoot: join(folder, 'tmp') });
  const measure = async (what: string, run: () => Promise<number>): Promise<void> => {
    const started = performance.now();
    const rows = await run();
    const seconds = (performance.now() - started) / 1000;
    emit({ name: `synth, ${what}`, metric: 'time', value: seconds, unit: 's' });
    emit({ name: `synth, ${what}`, metric: 'rate', value: Math.round(rows / seconds), unit: 'rows/s' });
  };
  try {
    const declaration = readDeclaration(JSON.parse(await readFile(CITY_DECLARATION, 'utf8')));
    if (!declaration.ok) throw new Error('The declaration of the demonstration city is not valid');
    for (const rows of [Math.ceil(largest / 20), largest]) {
      const plan = planSimulation(declaration.value.dataset, { seed: 'bench', rows });
      if (!plan.ok) throw new Error('The demonstration city cannot be simulated');
      await measure(`simulation, ${rows} visits`, async () => {
        const made = await runSimulation(plan.value, { enclave }, join(folder, `simulation-${rows}`));
        if (!made.ok) throw new Error('The simulation failed');
        return made.value.tables.reduce((sum, table) => sum + table.rows, 0);
      });
    }
    await measure('demonstration city', async () => {
      const city = await generateCity(join(folder, 'city'), { enclave });
      return Object.values(city.rows).reduce((sum, rows) => sum + rows, 0);
    });
  } finally {
    await enclave.close();
    await rm(folder, { recursive: true, force: true });
  }
}
