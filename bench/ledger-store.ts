import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type AuditEvent, SYSTEM_ACTOR } from '../src/audit/event.ts';
import { DEFAULT_POLICY } from '../src/catalog/disclosure-policy.ts';
import { MOST_BASIS } from '../src/egress/ledger/combinations.ts';
import { LANES } from '../src/egress/ledger/sketch.ts';
import { encodeSketch } from '../src/egress/ledger/sketch-bytes.ts';
import { ok } from '../src/kernel/result.ts';
import { writeWithLedger } from '../src/operations/ledger-memory.ts';
import type { StorePort, StoreTransaction } from '../src/operations/ports.ts';
import type { BenchLine, Emit } from './bench-line.ts';
import { numbers, Population } from './ledger.ts';
import { anySketch } from './ledger-decision.ts';
import { type LedgerStart, openBenchStore, startLedger } from './ledger-start.ts';

/** SLUICE_BENCH_ENTRIES: figures in the ledger of one dataset. */
export const ENTRIES = Number(process.env['SLUICE_BENCH_ENTRIES'] ?? 1_000_000);
const AT_ONCE = 20_000;
const FILLED = { dataset: 'bench', unitType: 'person', families: ['people'] };
const K = 10;

/**
 * The ledger of a dataset with a million figures: what a process that starts needs to read them into its index, how much
 * memory that is, and a look-up in it. Entries are written as a job reserves them.
 */
export async function runLedgerStoreBench(emit: Emit): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-ledger-'));
  try {
    const written = await openBenchStore(folder);
    await fillLedger(written, FILLED, emit);
    await written.close();
    const start = { folder, dataset: FILLED.dataset, entries: ENTRIES };
    await startApart({ ...start, name: 'without an image' }, emit);
    await startApart({ ...start, name: 'from an image' }, emit);
    const store = await openBenchStore(folder);
    const index = await startLedger(store, { ...start, name: 'once more' }, () => {});
    const population = new Population(numbers(2));
    const times = Array.from({ length: 2000 }, () => {
      const { order, from, length } = population.place();
      const sketch = { ...population.window(order, from, length), fine: null, totals: { scale: 0, digits: [] } };
      const asked = performance.now();
      index.near(FILLED.unitType, 'linear', sketch, K);
      return performance.now() - asked;
    }).sort((a, b) => a - b);
    emit({ name: 'ledger-store', metric: 'look-up-p50', value: times[times.length >> 1] ?? 0, unit: 'ms' });
    await store.close();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A start in a process of its own, with its lines. */
async function startApart(start: LedgerStart, emit: Emit): Promise<void> {
  const script = fileURLToPath(new URL('./ledger-start.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, ['--expose-gc', ...process.execArgv, script, JSON.stringify(start)]);
  for (const line of stdout.trim().split('\n')) emit(JSON.parse(line) as BenchLine);
}

/** Whose figures a ledger is filled with; the figures take the families in turns. */
export interface Filled {
  readonly dataset: string;
  readonly unitType: string;
  readonly families: readonly string[];
}

/**
 * `ENTRIES` released figures of jobs of many figures each, over nested and overlapping windows of 100,000 units. The newest of
 * each family, which combinations are looked for among, have buckets as those of small results.
 */
export async function fillLedger(store: StorePort, filled: Filled, emit: Emit): Promise<void> {
  let [wall, processor] = [0, 0];
  const random = numbers(1);
  const population = new Population(random);
  const newest = ENTRIES - MOST_BASIS * filled.families.length;
  for (let from = 0; from < ENTRIES; from += AT_ONCE) {
    const job = `job_${from}`;
    const facts = { dataset: filled.dataset, datasetVersion: 'v1', rules: [] };
    const event: AuditEvent = { operation: 'ledger.reserve', actor: SYSTEM_ACTOR, object: job, outcome: 'done', trace: job, facts };
    const figures = Array.from({ length: Math.min(AT_ONCE, ENTRIES - from) }, (_, ordinal) => ({
      ...figureOf(filled, ordinal),
      job,
      ordinal,
      cell: ordinal,
      sketch: from + ordinal < newest ? windowSketch(population) : encodeSketch(anySketch(random)),
    }));
    const [begun, used] = [performance.now(), process.cpuUsage()];
    const kept = await writeWithLedger(store, filled.dataset, async (tx) => {
      const who = { merchant: 'm', organisation: 'o', grantId: 'g', sql: '', artefactHash: null };
      await tx.jobs.add({ id: job, dataset: filled.dataset, target: 'real', state: 'DONE', ...who }, event);
      await tx.ledger.reserve(figures, event);
      await tx.ledger.settle(job, 'released', event);
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

function windowSketch(population: Population): Uint8Array {
  const { order, from, length } = population.place();
  const digits = Array.from({ length: LANES }, () => BigInt(Math.ceil(length / LANES)));
  return encodeSketch({ ...population.window(order, from, length), fine: null, totals: { scale: 0, digits } });
}

function figureOf(
  { dataset, unitType, families }: Filled,
  ordinal: number,
): Omit<Parameters<Reserve>[0][number], 'job' | 'ordinal' | 'cell' | 'sketch'> {
  const family = families[ordinal % families.length] ?? '';
  return {
    dataset,
    version: 'v1',
    unitType,
    namespace: 'linear',
    family,
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
      answered: `SELECT count(*) FROM ${family}`,
    },
  };
}

type Reserve = StoreTransaction['ledger']['reserve'];
