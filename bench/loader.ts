import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { createEnclave } from '../src/sandbox/enclave/create-enclave.ts';
import type { Enclave, SessionMounts } from '../src/sandbox/enclave/port.ts';
import { LOADER_LIMITS, loadDataset } from '../src/sandbox/loader/load-dataset.ts';
import type { Emit } from './bench-line.ts';

const DISTRICTS = ['east', 'west', 'north', 'south', 'centre'] as const;

/**
 * Loads one CSV file of 8 columns (SLUICE_BENCH_ROWS rows, default 10 million) and reads the same file with DuckDB's own
 * `CREATE TABLE AS SELECT * FROM read_csv`, in the same enclave with the same limits, one after the other.
 */
export async function runLoaderBench(emit: Emit): Promise<void> {
  const rows = Number(process.env['SLUICE_BENCH_ROWS'] ?? 10_000_000);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-loader-'));
  const enclave = await createEnclave({ isolation: 'auto', allowProcessFallback: true, tempRoot: join(folder, 'workers'), poolSize: 0 });
  try {
    await writeVisits(join(folder, 'visits.csv'), rows);
    const { size } = await stat(join(folder, 'visits.csv'));
    emit({ name: 'loader', metric: 'input', value: Math.round(size / 2 ** 20), unit: 'MiB' });
    const plain = await measured(() => readPlainly(enclave, folder));
    const load = await measured(() => loadVisits(enclave, folder));
    const rate = (seconds: number): number => Math.round(rows / seconds);
    const baseline = rate(plain.seconds);
    emit({
      name: 'loader',
      metric: 'rate',
      value: rate(load.seconds),
      unit: 'rows/s',
      baseline,
      ratio: round(baseline / rate(load.seconds)),
    });
    emit({
      name: 'loader',
      metric: 'time',
      value: round(load.seconds),
      unit: 's',
      baseline: round(plain.seconds),
      ratio: round(load.seconds / plain.seconds),
    });
    emit({
      name: 'loader',
      metric: 'worker-peak-rss',
      value: load.peakMiB,
      unit: 'MiB',
      baseline: plain.peakMiB,
      ratio: round(load.peakMiB / plain.peakMiB),
    });
  } finally {
    await enclave.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;

async function writeVisits(path: string, rows: number): Promise<void> {
  const output = createWriteStream(path);
  const done = finished(output);
  output.write('visit_id,person,hospital,district,visited_on,cost,days,note\n');
  const block: string[] = [];
  for (let row = 0; row < rows; row += 1) {
    const mixed = Math.imul(row, 2_654_435_761) >>> 0;
    const month = 1 + ((mixed >>> 3) % 12);
    const day = 1 + ((mixed >>> 7) % 28);
    const date = `2025-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;
    const cost = `${mixed % 9000}.${String((mixed >>> 5) % 100).padStart(2, '0')}`;
    block.push(
      `${row},P${mixed % Math.max(1, Math.floor(rows / 5))},${mixed % 40},${DISTRICTS[mixed % 5]},${date},${cost},${mixed % 30},n${mixed % 1000}\n`,
    );
    if (block.length < 10_000) continue;
    if (!output.write(block.join(''))) await once(output, 'drain');
    block.length = 0;
  }
  output.end(block.join(''));
  await done;
}

const DECLARATION = {
  dataset: 'bench',
  title: { zh: '基准', en: 'Benchmark' },
  provider: 'bench',
  grade: 'general',
  shareType: 'conditional',
  openness: 'conditional',
  updateFrequency: 'once',
  tables: {
    visits: {
      file: 'visits.csv',
      visibility: 'protected',
      primaryKey: ['visit_id'],
      units: { person: ['person'] },
      columns: {
        visit_id: { type: 'INTEGER', label: 'personal', role: 'directId' },
        person: { type: 'VARCHAR', label: 'personal', role: 'unitId' },
        hospital: { type: 'INTEGER', label: 'none', role: 'dimension' },
        district: { type: 'VARCHAR', label: 'none', role: 'dimension', domain: DISTRICTS, publicDomain: true },
        visited_on: { type: 'DATE', label: 'personal', role: 'quasiId', bounds: ['2025-01-01', '2025-12-31'] },
        cost: { type: 'DECIMAL(12,2)', label: 'personal', role: 'measure', bounds: [0, 10_000] },
        days: { type: 'INTEGER', label: 'personal', role: 'measure', bounds: [0, 365] },
        note: { type: 'VARCHAR', label: 'personal', role: 'dimension' },
      },
    },
  },
};

async function readPlainly(enclave: Enclave, folder: string): Promise<void> {
  const input = join(folder, 'visits.csv');
  const build = join(folder, 'plain');
  await mkdir(build);
  const mounts: SessionMounts = { database: { kind: 'create', path: join(build, 'plain.duckdb') }, readable: [input], writable: [] };
  const opened = await enclave.open(mounts, LOADER_LIMITS);
  if (!opened.ok) throw new Error(`No session: ${opened.error}`);
  const made = await opened.value.query(`CREATE TABLE visits AS SELECT * FROM read_csv('${input}')`);
  await opened.value.close();
  if (!made.ok) throw new Error(`The plain read failed: ${made.error}`);
  await rm(build, { recursive: true });
}

async function loadVisits(enclave: Enclave, folder: string): Promise<void> {
  const outcome = await loadDataset(
    {
      declaration: DECLARATION,
      baseFolder: folder,
      targetFolder: join(folder, 'enclave'),
      stagingFolder: join(folder, 'tmp'),
      version: 'v1',
      bucketKey: new Uint8Array(32).fill(1),
      rowKeyKey: new Uint8Array(32).fill(2),
      origin: 'simulation',
      limits: LOADER_LIMITS,
    },
    {
      enclave,
      clock: { now: () => new Date() },
      progress: () => undefined,
      freeBytes: async () => {
        const { bavail, bsize } = await statfs(folder);
        return bavail * bsize;
      },
    },
  );
  if (!outcome.ok) throw new Error(`The load was refused: ${JSON.stringify(outcome.error)}`);
}

/** Seconds, and the largest resident memory of any process below this one meanwhile (Linux; elsewhere 0). */
async function measured(work: () => Promise<void>): Promise<{ readonly seconds: number; readonly peakMiB: number }> {
  let peakMiB = 0;
  const timer = setInterval(() => {
    void largestDescendantMiB().then((mebibytes) => {
      peakMiB = Math.max(peakMiB, mebibytes);
    });
  }, 100);
  const begun = performance.now();
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return { seconds: (performance.now() - begun) / 1000, peakMiB: Math.round(peakMiB) };
}

async function largestDescendantMiB(): Promise<number> {
  const names = await readdir('/proc').catch(() => []);
  const parents = new Map<number, number>();
  const peaks = new Map<number, number>();
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
    parents.set(Number(name), Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0));
    peaks.set(Number(name), Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) / 1024);
  }
  const isBelow = (pid: number): boolean => {
    const parent = parents.get(pid) ?? 0;
    return parent === process.pid || (parent > 1 && isBelow(parent));
  };
  return Math.max(0, ...[...peaks].filter(([pid]) => isBelow(pid)).map(([, peak]) => peak));
}
