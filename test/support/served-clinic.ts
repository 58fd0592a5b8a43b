import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readConfig } from '../../src/config.ts';
import { openInstance } from '../../src/instance.ts';
import { processTree } from '../../src/sandbox/enclave/process-tree.ts';
import { CLOCK, RNG } from '../e2e/process.ts';
import { done, person } from './real-people.ts';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const PEOPLE = ['merchant-a', 'merchant-b', 'operator-1', 'operator-2', 'supervisor-1', 'auditor-1', 'source-1'] as const;

/** Somebody whose values are nowhere but in the data: none of them may be seen again. */
export const CANARY = {
  residentId: '990101196603079517',
  name: '柯纳莉·瓦尔德豪森',
  village: '哨兵坳-Z9Q4',
  income: '987654321',
  diagnosis: '金丝雀综合征-QX7',
} as const;

const dimension = { type: 'VARCHAR', label: 'none', role: 'dimension' };

export const CLINIC = {
  dataset: 'clinic',
  title: { zh: '诊所', en: 'Clinic' },
  provider: 'test',
  collectedBy: 'test',
  verifiedBy: 'test',
  grade: 'general',
  shareType: 'conditional',
  openness: 'conditional',
  updateFrequency: 'monthly',
  tables: {
    residents: {
      file: 'residents.csv',
      visibility: 'protected',
      primaryKey: ['resident_id'],
      foreignKeys: [],
      units: { person: ['resident_id'] },
      columns: {
        resident_id: { type: 'VARCHAR', label: 'personal', role: 'unitId' },
        name: { type: 'VARCHAR', label: 'personal', role: 'directId' },
        district: { ...dimension, domain: ['东区', '西区', '南区', '北区'], publicDomain: true },
        village: dimension,
        birth_date: { type: 'DATE', label: 'personal', role: 'quasiId', bounds: ['1900-01-01', '2026-12-31'] },
        income: { type: 'DECIMAL(12,2)', label: 'personal', role: 'measure', bounds: [0, 2_000_000_000] },
        diagnosis: { type: 'VARCHAR', label: 'sensitivePersonal', role: 'sensitive' },
      },
    },
  },
};

const DISTRICTS = ['东区', '西区', '南区', '北区'];
const DIAGNOSES = ['感冒', '高血压', '糖尿病'];

/** `rows` invented people, and the canary as the last one. */
export function residentsCsv(rows: number, extra: readonly string[] = []): string {
  const lines = Array.from({ length: rows }, (_, i) => {
    const born = `${1940 + ((i * 7) % 70)}-${String(1 + ((i * 5) % 12)).padStart(2, '0')}-${String(1 + ((i * 11) % 28)).padStart(2, '0')}`;
    const income = `${2000 + ((i * 7919) % 30000)}.${String(i % 100).padStart(2, '0')}`;
    return [`R${i}`, `N${i}`, DISTRICTS[i % 4], `村${i % 12}`, born, income, DIAGNOSES[(i * 3 + (i >> 4)) % 3]].join(',');
  });
  const { residentId, name, village, income, diagnosis } = CANARY;
  const canary = `${residentId},${name},东区,${village},1966-03-07,${income}.00,${diagnosis}`;
  return `${['resident_id,name,district,village,birth_date,income,diagnosis', ...lines, canary, ...extra].join('\n')}\n`;
}

export interface Answer {
  readonly status: number;
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly headers: Headers;
  /** The JSON of the answer; empty where it is none. */
  readonly body: Readonly<Record<string, unknown>>;
}

/** A server process over a clinic's instance. */
export interface Served {
  readonly address: string;
  readonly pid: number;
  ask(who: Person, method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Answer>;
  /** kill -9; resolves when it is gone. */
  kill(): Promise<void>;
  /** As by the terminal; gives the exit status. */
  stop(): Promise<number | null>;
  /** Processes below the server now. */
  below(): Promise<readonly number[]>;
}

export type Person = (typeof PEOPLE)[number] | 'nobody';

/** The folder of an instance and what surrounds it, outlasting the processes that serve it. */
export interface Clinic {
  /** Everything below it was written by the product or is one of the two next. */
  readonly root: string;
  /** `--data` of the instance. */
  readonly dir: string;
  /** Declaration and files of the source. */
  readonly source: string;
  readonly keys: Readonly<Record<string, string>>;
  /** Everything processes printed so far. */
  printed(): string;
  serve(environment?: Readonly<Record<string, string>>): Promise<Served>;
  /** The command as a process of its own. */
  command(
    argv: readonly string[],
    stdin?: string,
  ): Promise<{ readonly status: number | null; readonly stdout: string; readonly stderr: string }>;
  remove(): Promise<void>;
}

/**
 * An instance with the clinic loaded as v1, simulated and granted to merchant-a, and an API key for everyone. Not running.
 *
 * @param environment  settings it is made with; those who serve it say them again.
 */
export async function makeClinic(rows = 1200, environment: Readonly<Record<string, string>> = {}): Promise<Clinic> {
  const root = await mkdtemp(join(tmpdir(), 'sluice-clinic-'));
  const [dir, source, cwd] = [join(root, 'data'), join(root, 'source'), join(root, 'cwd')];
  for (const folder of [dir, source, cwd, join(root, 'tmp')]) await mkdir(folder, { recursive: true });
  await writeFile(join(source, 'residents.csv'), residentsCsv(rows));
  await writeFile(join(source, 'declaration.json'), JSON.stringify(CLINIC));
  const keys: Record<string, string> = {};
  const instance = await openInstance({ dataDir: dir, config: readConfig(environment), clock: CLOCK, rng: RNG, embedded: true });
  try {
    const { operations, identity } = instance;
    const task = done(await operations.startLoad(person('source-1'), { declaration: CLINIC, baseFolder: source }));
    const loaded = done(await operations.awaitLoad(person('source-1'), task.id));
    if (loaded.state !== 'done') throw new Error(`Not loaded: ${JSON.stringify(loaded.problems)}`);
    const grant = { dataset: 'clinic', scenario: 'research', tables: { residents: '*' as const }, endsOn: '2099-12-31' };
    done(await operations.createGrant(person('operator-1'), { merchant: 'merchant-a', ...grant }));
    done(await operations.simulate(person('operator-1'), { dataset: 'clinic', rows: 2000, seed: 'clinic' }));
    for (const id of PEOPLE) keys[id] = done(await identity.issueKey(null, id)).key;
  } finally {
    await instance.close();
  }
  return clinicIn(root, keys);
}

function clinicIn(root: string, keys: Readonly<Record<string, string>>): Clinic {
  const dir = join(root, 'data');
  let printed = '';
  const running = new Set<ChildProcess>();
  const start = (argv: readonly string[], environment: Readonly<Record<string, string>> = {}): ChildProcess => {
    const child = spawn(process.execPath, [MAIN, ...argv], {
      cwd: join(root, 'cwd'),
      env: { PATH: process.env.PATH ?? '', HOME: join(root, 'cwd'), TMPDIR: join(root, 'tmp'), ...environment },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    running.add(child);
    child.once('exit', () => running.delete(child));
    for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', (text: string) => (printed += text));
    return child;
  };
  return {
    root,
    dir,
    source: join(root, 'source'),
    keys,
    printed: () => printed,
    serve: (environment) => served(start(['serve', '--data', dir, '--port', '0', '--json'], environment), keys),
    command(argv, stdin = '') {
      const child = start([...argv, '--data', dir]);
      const [out, error] = [collect(child.stdout), collect(child.stderr)];
      child.stdin?.end(stdin);
      return new Promise((resolve) => child.once('close', (status) => resolve({ status, stdout: out(), stderr: error() })));
    },
    async remove() {
      for (const child of running) child.kill('SIGKILL');
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = '';
  stream?.on('data', (chunk: string) => (text += chunk));
  return () => text;
}

async function served(child: ChildProcess, keys: Readonly<Record<string, string>>): Promise<Served> {
  const gone = new Promise<number | null>((resolve) => child.once('exit', (status) => resolve(status)));
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout?.once('data', (line: string) => resolve((JSON.parse(line) as { address: string }).address));
    void gone.then((status) => reject(new Error(`The server ended with ${status}`)));
  });
  const pid = child.pid ?? 0;
  return {
    address,
    pid,
    async ask(who, method, path, body, headers = {}) {
      const raw = body instanceof Uint8Array;
      const response = await fetch(`${address}${path}`, {
        method,
        headers: {
          ...(who === 'nobody' ? {} : { authorization: `Bearer ${keys[who]}` }),
          ...(body === undefined ? {} : { 'content-type': raw ? 'application/octet-stream' : 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: raw ? Buffer.from(body) : JSON.stringify(body) }),
      });
      const bytes = new Uint8Array(await response.arrayBuffer());
      const text = new TextDecoder().decode(bytes);
      const json = (response.headers.get('content-type') ?? '').includes('json') && path !== '/openapi.json';
      return {
        status: response.status,
        text,
        bytes,
        headers: response.headers,
        body: json && text.startsWith('{') ? (JSON.parse(text) as Answer['body']) : {},
      };
    },
    async kill() {
      child.kill('SIGKILL');
      await gone;
    },
    async stop() {
      child.kill('SIGTERM');
      return gone;
    },
    below: async () => processTree(pid).slice(1),
  };
}

/** Submits and waits until the job is neither waiting nor running. */
export async function runToEnd(server: Served, sql: string, target: 'sim' | 'real', who: Person = 'merchant-a'): Promise<Answer> {
  const submitted = await server.ask(who, 'POST', '/v1/jobs', { dataset: 'clinic', sql, target });
  if (submitted.status !== 202) return submitted;
  return jobEnd(server, String(submitted.body['id']), who);
}

export async function jobEnd(server: Served, id: string, who: Person = 'merchant-a'): Promise<Answer> {
  for (;;) {
    const seen = await server.ask(who, 'GET', `/v1/jobs/${id}?waitMs=20000`);
    if (!/_(QUEUED|RUNNING)$|^SUBMITTED$/.test(String(seen.body['state']))) return seen;
  }
}

export const HONEST_SQL = 'SELECT district, count(*) AS n, avg(income) AS mean FROM residents WHERE income < 1000000 GROUP BY district';

/** Approved by two and filed: ready for the release. Gives the id of the egress request. */
export async function filedRequest(server: Served, sql: string): Promise<string> {
  const sim = await runToEnd(server, sql, 'sim');
  if (sim.body['state'] !== 'SIM_PASSED') throw new Error(`On simulation data: ${sim.text}`);
  const real = await runToEnd(server, sql, 'real');
  const id = String(real.body['egressId']);
  const steps = [
    ['operator-1', 'approvals', { reason: 'aggregates only' }],
    ['operator-2', 'approvals', { reason: 'aggregates only' }],
    ['supervisor-1', 'filings', { receipt: 'FILING-2026-0001' }],
  ] as const;
  for (const [who, step, body] of steps) {
    const answer = await server.ask(who, 'POST', `/v1/egress-requests/${id}/${step}`, body);
    if (answer.status !== 200) throw new Error(`${step}: ${answer.text} (job ${real.text})`);
  }
  return id;
}

/** The store of a clinic's instance, to be read beside the process that writes it. */
export function storeFile(clinic: Clinic): string {
  return join(clinic.dir, 'store.sqlite');
}

/** One file of a release as merchant-a fetches it: a token first, then the file for it. */
export async function fetchFile(server: Served, release: string, name: string): Promise<Answer> {
  const issued = await server.ask('merchant-a', 'POST', `/v1/releases/${release}/download-tokens`, { name });
  return server.ask('merchant-a', 'GET', `/v1/releases/${release}/files/${name}?token=${String(issued.body['token'])}`);
}
