import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createEnclave } from '../src/sandbox/enclave/create-enclave.ts';
import type { Enclave, SessionLimits, SessionMounts } from '../src/sandbox/enclave/port.ts';
import type { Emit } from './bench-line.ts';

const MOUNTS: SessionMounts = { database: { kind: 'memory' }, readable: [], writable: [] };
const LIMITS: SessionLimits = { memoryMiB: 256, threads: 1, tempMiB: 64, timeoutMs: 30_000, maxRows: 10 };
const ROUNDS = 9;

/** Time until the first answer of a session: with a worker started for it, and with one from the warm pool. Medians. */
export async function measureWorkerStart(emit: Emit): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), 'sluice-bench-'));
  const enclave = await createEnclave({ isolation: 'auto', allowProcessFallback: true, tempRoot: root, poolSize: 0 });
  try {
    const cold = await medianOf(() => firstAnswerMs(enclave));
    const pooled = await medianOf(async () => {
      await enclave.warm(MOUNTS, LIMITS);
      return firstAnswerMs(enclave);
    });
    const name = `worker start (${enclave.isolation})`;
    emit({ name, metric: 'cold, first answer', value: cold, unit: 'ms' });
    emit({ name, metric: 'pooled, first answer', value: pooled, unit: 'ms', baseline: cold, ratio: pooled / cold });
  } finally {
    await enclave.close();
    rmSync(root, { recursive: true, force: true });
  }
}

async function firstAnswerMs(enclave: Enclave): Promise<number> {
  const start = performance.now();
  const opened = await enclave.open(MOUNTS, LIMITS);
  if (!opened.ok) throw new Error(`No session: ${opened.error}`);
  const answer = await opened.value.query('SELECT 1');
  const elapsed = performance.now() - start;
  await opened.value.close();
  if (!answer.ok) throw new Error(`No answer: ${answer.error}`);
  return elapsed;
}

async function medianOf(measure: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) values.push(await measure());
  values.sort((left, right) => left - right);
  return values[Math.floor(ROUNDS / 2)] ?? Number.NaN;
}
