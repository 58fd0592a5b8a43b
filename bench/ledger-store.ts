import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { type AuditEvent, SYSTEM_ACTOR } from '../src/audit/event.ts';
import { DEFAULT_POLICY } from '../src/catalog/disclosure-policy.ts';
import type { LedgerIndex } from '../src/egress/ledger/ledger-index.ts';
import { ok } from '../src/kernel/result.ts';
import { keepLedgerImages } from '../src/operations/ledger-images.ts';
import { ledgerIndex, writeWithLedger } from '../src/operations/ledger-memory.ts';
import type { StorePort } from '../src/operations/ports.ts';
import { openFileKeyStore } from '../src/store/file-key-store.ts';
import { fileLedgerImages } from '../src/store/ledger-image-file.ts';
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
    await fill(written, emit);
    await written.close();
    await start(folder, 'without an image', emit);
    const { store, index } = await start(folder, 'from an image', emit);
    const population = new Population(numbers(2));
    const times = Array.from({ length: 2000 }, () => {
      const { order, from, length } = population.place();
      const sketch = { ...population.window(order, from, length), fine: null, totals: { scale: 0, digits: [] } };
      const asked = performance.now();
      index.near('person', 'linear', sketch, K);
      return performance.now() - asked;
    }).sort((a, b) => a - b);
    emit({ name: 'ledger-store', metric: 'look-up-p50', value: times[times.length >> 1] ?? 0, unit: 'ms' });
    await store.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Opens the ledger as a process that starts does, and leaves an image for the next. */
async function start(folder: string, name: string, emit: Emit): Promise<{ readonly store: StorePort; readonly index: LedgerIndex }> {
  const store = await open(folder);
  const keys = await openFileKeyStore(join(folder, 'keys'), { bytes: (length) => randomBytes(length) });
  const files = fileLedgerImages(join(folder, 'ledger'), keys);
  let written: Promise<void> = Promise.resolve();
  keepLedgerImages(store, {
    read: (dataset) => files.read(dataset),
    write: (dataset, mark, image) => {
      written = files.write(dataset, mark, image);
      return written;
    },
  });
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const [begun, processor] = [performance.now(), process.cpuUsage()];
  const index = await writeWithLedger(store, DATASET, async (tx) => ok(await ledgerIndex(store, tx, DATASET)));
  const { user, system } = process.cpuUsage(processor);
  const line = (metric: string, value: number, unit: string): void => emit({ name: `ledger-store, ${name}`, metric, value, unit });
  line(`start-with-${ENTRIES}`, (performance.now() - begun) / 1000, 's');
  line(`start-with-${ENTRIES}-processor`, (user + system) / 1e6, 's');
  if (!index.ok || index.value.size !== ENTRIES) throw new Error('The index is not whole');
  globalThis.gc?.();
  line(`memory-of-${ENTRIES}`, (process.memoryUsage().rss - before) / 2 ** 20, 'MiB');
  // The image is begun once the mark was read.
  await store.view.ledger.mark(DATASET, { seq: 1, revision: 1 });
  await setImmediate();
  await written;
  if (name !== 'from an image') await store.close();
  return { store, index: index.value };
}

async function open(folder: string): Promise<StorePort> {
  const keys = await openFileKeyStore(join(folder, 'keys'), { bytes: (length) => randomBytes(length) });
  const paths = { path: join(folder, 'store.sqlite'), checkpointPath: join(folder, 'audit', 'checkpoint') };
  return (await openStore({ ...paths, keys, clock: { now: () => new Date() } })).store;
}

/** Jobs of many figures each. */
async function fill(store: StorePort, emit: Emit): Promise<void> {
  let [wall, processor] = [0, 0];
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
    const [begun, used] = [performance.now(), process.cpuUsage()];
    const kept = await writeWithLedger(store, DATASET, async (tx) => {
      const who = { merchant: 'm', organisation: 'o', grantId: 'g', sql: '', artefactHash: null };
      await tx.jobs.add({ id: job, dataset: DATASET, target: 'real', state: 'DONE', ...who }, event);
      await tx.ledger.reserve(figures, event);
      return ok(null);
    });
    if (!kept.ok) throw new Error('Not kept');
    const { user, system } = process.cpuUsage(used);
    wall += performance.now() - begun;
    processor += (user + system) / 1000;
  }
  emit({ name: 'ledger-store', metric: 'insertion', value: wall / ENTRIES, unit: 'ms' });
  emit({ name: 'ledger-store', metric: 'insertion-processor', value: processor / ENTRIES, unit: 'ms' });
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
