import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditEvent, SYSTEM_ACTOR } from '../src/audit/event.ts';
import { DEFAULT_POLICY } from '../src/catalog/disclosure-policy.ts';
import { ok } from '../src/kernel/result.ts';
import { ledgerIndex, writeWithLedger } from '../src/operations/ledger-memory.ts';
import type { StorePort } from '../src/operations/ports.ts';
import { openFileKeyStore } from '../src/store/file-key-store.ts';
import { openStore } from '../src/store/store.ts';
import type { Emit } from './bench-line.ts';
import { numbers, Population, stored } from './ledger.ts';

/** SLUICE_BENCH_ENTRIES: figures in the ledger of one dataset. */
const ENTRIES = Number(process.env['SLUICE_BENCH_ENTRIES'] ?? 1_000_000);
const AT_ONCE = 20_000;
const DATASET = 'bench';
const K = 10;

/**
 * The ledger of a dataset with a million figures: what a process that starts needs to read them into its index, how much
 * memory that is, and a look-up in it. Entries are written as a job reserves them.
 */
export async function runLedgerStoreBench(emit: Emit): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-ledger-'));
  try {
    const written = await open(folder);
    const begun = performance.now();
    await fill(written);
    emit({ name: 'ledger-store', metric: 'insertion', value: (performance.now() - begun) / ENTRIES, unit: 'ms' });
    await written.close();
    const store = await open(folder);
    const before = process.memoryUsage().rss;
    const [start, processor] = [performance.now(), process.cpuUsage()];
    const index = await store.write(async (tx) => ok(await ledgerIndex(store, tx, DATASET)));
    emit({ name: 'ledger-store', metric: `start-with-${ENTRIES}`, value: (performance.now() - start) / 1000, unit: 's' });
    const { user, system } = process.cpuUsage(processor);
    emit({ name: 'ledger-store', metric: `start-with-${ENTRIES}-processor`, value: (user + system) / 1e6, unit: 's' });
    globalThis.gc?.();
    emit({ name: 'ledger-store', metric: `memory-of-${ENTRIES}`, value: (process.memoryUsage().rss - before) / 2 ** 20, unit: 'MiB' });
    if (!index.ok || index.value.size !== ENTRIES) throw new Error('The index is not whole');
    const population = new Population(numbers(2));
    const times = Array.from({ length: 2000 }, () => {
      const { order, from, length } = population.place();
      const sketch = { ...population.window(order, from, length), fine: null, totals: { scale: 0, digits: [] } };
      const asked = performance.now();
      index.value.near('person', 'linear', sketch, K);
      return performance.now() - asked;
    }).sort((a, b) => a - b);
    emit({ name: 'ledger-store', metric: 'look-up-p50', value: times[times.length >> 1] ?? 0, unit: 'ms' });
    await store.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function open(folder: string): Promise<StorePort> {
  const keys = await openFileKeyStore(join(folder, 'keys'), { bytes: (length) => randomBytes(length) });
  const paths = { path: join(folder, 'store.sqlite'), checkpointPath: join(folder, 'audit', 'checkpoint') };
  return (await openStore({ ...paths, keys, clock: { now: () => new Date() } })).store;
}

/** Jobs of many figures each. */
async function fill(store: StorePort): Promise<void> {
  const population = new Population(numbers(1));
  for (let from = 0; from < ENTRIES; from += AT_ONCE) {
    const job = `job_${from}`;
    const facts = { dataset: DATASET, datasetVersion: 'v1', rules: [] };
    const event: AuditEvent = { operation: 'ledger.reserve', actor: SYSTEM_ACTOR, object: job, outcome: 'done', trace: job, facts };
    const figures = Array.from({ length: Math.min(AT_ONCE, ENTRIES - from) }, (_, ordinal) => {
      const { order, from: first, length } = population.place();
      const sketch = new Uint8Array(100);
      stored(population.window(order, first, length), sketch);
      return { ...FIGURE, job, ordinal, cell: ordinal, sketch };
    });
    const kept = await writeWithLedger(store, DATASET, async (tx) => {
      const who = { merchant: 'm', organisation: 'o', grantId: 'g', sql: '', artefactHash: null };
      await tx.jobs.add({ id: job, dataset: DATASET, target: 'real', state: 'DONE', ...who }, event);
      await tx.ledger.reserve(figures, event);
      return ok(null);
    });
    if (!kept.ok) throw new Error('Not kept');
  }
}

const FIGURE = {
  dataset: DATASET,
  version: 'v1',
  unitType: 'person',
  namespace: 'linear',
  family: 'people',
  body: {
    gate: 'g',
    key: [],
    term: 'rows',
    isTotal: true,
    isMagnitude: false,
    isOneSigned: true,
    units: 100,
    policy: DEFAULT_POLICY,
    figure: '100',
    answered: 'SELECT count(*) FROM people',
  },
};
