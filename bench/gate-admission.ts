import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_POLICY } from '../src/catalog/disclosure-policy.ts';
import { ADMISSION_LIMITS, ADMISSION_MOUNTS } from '../src/pipeline/read-statement.ts';
import { admit, type JobContext } from '../src/pipeline.ts';
import { createEnclave } from '../src/sandbox/enclave/create-enclave.ts';
import type { Emit } from './bench-line.ts';
import { tpchData } from './gate-data.ts';
import { declaredDataset, median, wholeGrant } from './gate-measure.ts';
import { TPCH_QUERIES } from './tpch-queries.ts';

const ROUNDS = 9;
const SCALE = 0.01;

/** Text to program, with a worker started for it and with one from the warm pool. Medians over a few queries. */
export async function runAdmissionBench(emit: Emit): Promise<void> {
  const data = await tpchData(SCALE);
  const root = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const enclave = await createEnclave({ isolation: 'auto', allowProcessFallback: true, tempRoot: root, poolSize: 0 });
  try {
    const dataset = declaredDataset(data.declaration);
    const { version, sealedPath } = data;
    const context: JobContext = { dataset, version, sealedPath, grant: wholeGrant(dataset), policy: DEFAULT_POLICY };
    const measure = async (warm: boolean): Promise<number> => {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) {
        const { id, sql } = TPCH_QUERIES[round % TPCH_QUERIES.length] ?? { id: '', sql: '' };
        if (warm) await enclave.warm(ADMISSION_MOUNTS, ADMISSION_LIMITS);
        const start = performance.now();
        const admitted = await admit(sql, context, { enclave });
        times.push(performance.now() - start);
        if (!admitted.ok && id !== 'Q9-like') throw new Error(`${id}: ${JSON.stringify(admitted.error)}`);
      }
      return median(times);
    };
    const cold = await measure(false);
    const pooled = await measure(true);
    const name = `admission (${enclave.isolation})`;
    emit({ name, metric: 'cold', value: cold, unit: 'ms' });
    emit({ name, metric: 'from a warm pool', value: pooled, unit: 'ms', baseline: cold, ratio: pooled / cold });
  } finally {
    await enclave.close();
    await data.close();
    rmSync(root, { recursive: true, force: true });
  }
}
