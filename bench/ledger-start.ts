import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { LedgerIndex } from '../src/egress/ledger/ledger-index.ts';
import { ok } from '../src/kernel/result.ts';
import { keepLedgerImages } from '../src/operations/ledger-images.ts';
import { ledgerIndex, writeWithLedger } from '../src/operations/ledger-memory.ts';
import type { StorePort } from '../src/operations/ports.ts';
import { openFileKeyStore } from '../src/store/file-key-store.ts';
import { fileLedgerImages } from '../src/store/ledger-image-file.ts';
import { openStore } from '../src/store/store.ts';
import type { BenchLine, Emit } from './bench-line.ts';

/** The records of a bench, in a folder of its own. */
export async function openBenchStore(folder: string): Promise<StorePort> {
  const keys = await openFileKeyStore(join(folder, 'keys'), { bytes: (length) => randomBytes(length) });
  const paths = { path: join(folder, 'store.sqlite'), checkpointPath: join(folder, 'audit', 'checkpoint') };
  return (await openStore({ ...paths, keys, clock: { now: () => new Date() } })).store;
}

/** Reads the ledger of a dataset as a process that starts does, says what that costs, and leaves an image for the next. */
export async function startLedger(store: StorePort, { folder, dataset, entries, name }: LedgerStart, emit: Emit): Promise<LedgerIndex> {
  const keys = await openFileKeyStore(join(folder, 'keys'), { bytes: (length) => randomBytes(length) });
  const files = fileLedgerImages(join(folder, 'ledger'), keys);
  let written: Promise<void> = Promise.resolve();
  keepLedgerImages(store, {
    read: (of) => files.read(of),
    write: (of, mark, image) => {
      written = files.write(of, mark, image);
      return written;
    },
  });
  globalThis.gc?.();
  const before = process.memoryUsage().rss;
  const [begun, processor] = [performance.now(), process.cpuUsage()];
  const index = await writeWithLedger(store, dataset, async (tx) => ok(await ledgerIndex(store, tx, dataset)));
  const { user, system } = process.cpuUsage(processor);
  const line = (metric: string, value: number, unit: string): void => emit({ name: `ledger-store, ${name}`, metric, value, unit });
  line(`start-with-${entries}`, (performance.now() - begun) / 1000, 's');
  line(`start-with-${entries}-processor`, (user + system) / 1e6, 's');
  if (!index.ok || index.value.size !== entries) throw new Error('The index is not whole');
  globalThis.gc?.();
  line(`memory-of-${entries}`, (process.memoryUsage().rss - before) / 2 ** 20, 'MiB');
  // The image is begun once the mark was read.
  await store.view.ledger.mark(dataset, { seq: 1, revision: 1 });
  await setImmediate();
  await written;
  return index.value;
}

export interface LedgerStart {
  readonly folder: string;
  readonly dataset: string;
  readonly entries: number;
  /** From what it starts, for the line. */
  readonly name: string;
}

/** A start in a process of its own: its memory is not what an earlier start left behind. */
async function main(started: string): Promise<void> {
  const start = JSON.parse(started) as LedgerStart;
  const store = await openBenchStore(start.folder);
  await startLedger(store, start, (line: BenchLine) => process.stdout.write(`${JSON.stringify(line)}\n`));
  await store.close();
}

const [, script = '', started] = process.argv;
if (import.meta.url === pathToFileURL(script).href && started !== undefined) await main(started);
