import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import fastify from 'fastify';
import { readConfig } from '../src/config.ts';
import { openInstance } from '../src/instance.ts';
import { done, person } from '../test/support/real-people.ts';
import { CLINIC, residentsCsv } from '../test/support/served-clinic.ts';
import type { Emit } from './bench-line.ts';

const MERCHANTS = Number(process.env['SLUICE_BENCH_MERCHANTS'] ?? 200);
const SECONDS = Number(process.env['SLUICE_BENCH_SECONDS'] ?? 20);
const POLL_MS = 500;
/** An answer that takes longer counts as an error. */
const PATIENCE_MS = 30_000;
const RNG = { bytes: (length: number) => new Uint8Array(randomBytes(length)) };
const CLOCK = { now: () => new Date() };
const ENDED: readonly unknown[] = ['SIM_PASSED', 'SIM_FAILED', 'REFUSED', 'STOPPED'];

interface Measured {
  readonly kind: 'submit' | 'poll' | 'list';
  readonly ms: number;
  readonly status: number;
}

/**
 * A server in a process of its own, and merchants who each submit a query to simulation data, poll it until it has ended,
 * list their jobs and begin again: latencies as they see them, and answers that are no 2xx. Source: issue 6 ("In `bench/`").
 */
export async function runApiBench(emit: Emit): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-api-'));
  let server: ChildProcess | null = null;
  try {
    const keys = await prepare(folder);
    server = serve(folder);
    const address = await listening(server);
    const until = performance.now() + SECONDS * 1000;
    const measured: Measured[] = [];
    const ended = { jobs: 0 };
    await Promise.all(keys.map((key, at) => merchant({ address, key, at, until, measured, ended })));
    report(`${MERCHANTS} merchants`, measured, emit);
    emit({ name: `${MERCHANTS} merchants`, metric: 'jobs ended', value: ended.jobs / SECONDS, unit: '/s' });
    await measurePeer(measured, emit);
  } finally {
    server?.kill('SIGTERM');
    if (server !== null) await new Promise((resolve) => server?.once('exit', resolve));
    await rm(folder, { recursive: true, force: true });
  }
}

/** Dataset, simulation, and as many merchants with keys and grants. */
async function prepare(folder: string): Promise<readonly string[]> {
  const instance = await openInstance({ dataDir: folder, config: readConfig({}), clock: CLOCK, rng: RNG, embedded: true });
  const { operations, identity } = instance;
  try {
    await writeFile(join(folder, 'residents.csv'), residentsCsv(600));
    const load = done(await operations.startLoad(person('source-1'), { declaration: CLINIC, baseFolder: folder }));
    await operations.awaitLoad(person('source-1'), load.id);
    done(await operations.simulate(person('operator-1'), { dataset: 'clinic', rows: 1000, seed: 'bench' }));
    const keys: string[] = [];
    for (let n = 0; n < MERCHANTS; n++) {
      const id = `bench-merchant-${n}`;
      done(await identity.register(null, { id, organisation: `bench-co-${n}`, roles: ['merchant'] }));
      keys.push(done(await identity.issueKey(null, id)).key);
      const grant = { merchant: id, dataset: 'clinic', scenario: 'bench', tables: { residents: '*' as const }, endsOn: '2099-12-31' };
      done(await operations.createGrant(person('operator-1'), grant));
    }
    return keys;
  } finally {
    await instance.close();
  }
}

function serve(folder: string): ChildProcess {
  const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
  // Settings of the measurement are none of the server's.
  const given = Object.entries(process.env).filter(([name]) => !name.startsWith('SLUICE_'));
  const env = { ...Object.fromEntries(given), SLUICE_ADDRESS_RATE_PER_MINUTE: '10000000' };
  return spawn(process.execPath, [main, 'serve', '--port', '0', '--json', '--data', folder], { env, stdio: ['ignore', 'pipe', 'ignore'] });
}

async function listening(server: ChildProcess): Promise<string> {
  if (server.stdout === null) throw new Error('The server has no output');
  for await (const line of createInterface({ input: server.stdout })) {
    const told = JSON.parse(line) as { readonly event?: string; readonly address?: string };
    if (told.event === 'listening' && told.address !== undefined) return told.address;
  }
  throw new Error('The server ended before it listened');
}

interface Merchant {
  readonly address: string;
  readonly key: string;
  readonly at: number;
  readonly until: number;
  readonly measured: Measured[];
  readonly ended: { jobs: number };
}

async function merchant({ address, key, at, until, measured, ended }: Merchant): Promise<void> {
  const headers = { authorization: `Bearer ${key}` };
  const ask = async (kind: Measured['kind'], path: string, init: RequestInit = {}): Promise<Record<string, unknown>> => {
    const from = performance.now();
    const response = await fetch(`${address}${path}`, {
      ...init,
      headers: { ...headers, ...init.headers },
      signal: AbortSignal.timeout(PATIENCE_MS),
    }).catch(() => null);
    const body = response === null ? {} : ((await response.json()) as Record<string, unknown>);
    measured.push({ kind, ms: performance.now() - from, status: response?.status ?? 0 });
    return body;
  };
  await sleep((at / MERCHANTS) * POLL_MS);
  for (let round = 0; performance.now() < until; round++) {
    const sql = `SELECT district, count(*) AS n FROM residents WHERE income >= ${1000 * ((at + round) % 50)} GROUP BY district`;
    const body = JSON.stringify({ dataset: 'clinic', sql, target: 'sim' });
    const job = await ask('submit', '/v1/jobs', {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    });
    let isEnded = job['id'] === undefined;
    while (!isEnded && performance.now() < until) {
      await sleep(POLL_MS);
      isEnded = ENDED.includes((await ask('poll', `/v1/jobs/${String(job['id'])}`))['state']);
      if (isEnded) ended.jobs += 1;
    }
    if (performance.now() < until) await ask('list', '/v1/jobs?limit=20');
  }
}

/**
 * The same number of clients asking a Fastify route that does nothing, for a quarter of the time: what this machine, its load and the
 * client cost by themselves.
 */
async function measurePeer(own: readonly Measured[], emit: Emit): Promise<void> {
  const name = 'plain fastify route';
  const app = fastify();
  app.get('/v1/jobs/:id', async (request) => ({ id: (request.params as { readonly id: string }).id, state: 'SIM_PASSED' }));
  const address = await app.listen({ host: '127.0.0.1', port: 0 });
  const measured: Measured[] = [];
  const until = performance.now() + (SECONDS * 1000) / 4;
  await Promise.all(
    Array.from({ length: MERCHANTS }, async (_, at) => {
      await sleep((at / MERCHANTS) * POLL_MS);
      while (performance.now() < until) {
        const from = performance.now();
        const response = await fetch(`${address}/v1/jobs/x`);
        await response.json();
        measured.push({ kind: 'poll', ms: performance.now() - from, status: response.status });
        await sleep(POLL_MS);
      }
    }),
  );
  await app.close();
  report(name, measured, emit, SECONDS / 4);
  const ratio = timeAt(own, 'poll', 0.5) / timeAt(measured, 'poll', 0.5);
  emit({ name: `${MERCHANTS} merchants`, metric: 'poll p50 over plain route', value: ratio, unit: '×' });
}

function timeAt(measured: readonly Measured[], kind: Measured['kind'], share: number): number {
  const times = measured
    .filter((item) => item.kind === kind)
    .map((item) => item.ms)
    .sort((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
}

function report(name: string, measured: readonly Measured[], emit: Emit, seconds = SECONDS): void {
  for (const kind of ['submit', 'poll', 'list'] as const) {
    const requests = measured.filter((item) => item.kind === kind).length;
    if (requests === 0) continue;
    for (const share of [0.5, 0.99]) emit({ name, metric: `${kind} p${share * 100}`, value: timeAt(measured, kind, share), unit: 'ms' });
    emit({ name, metric: `${kind} requests`, value: requests, unit: '' });
  }
  emit({ name, metric: 'requests', value: measured.length / seconds, unit: '/s' });
  emit({ name, metric: 'errors', value: measured.filter((item) => item.status < 200 || item.status >= 300).length, unit: '' });
}
