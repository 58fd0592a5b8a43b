import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  type Answer,
  CANARY,
  CLINIC,
  type Clinic,
  fetchFile,
  filedRequest,
  HONEST_SQL,
  makeClinic,
  type Person,
  residentsCsv,
  runToEnd,
  type Served,
} from '../support/served-clinic.ts';
import { CANARY_JOBS } from './canary-jobs.ts';

/**
 * One person's values stand in the real data and nowhere else. After a day of jobs of every kind, bad loads and a killed
 * worker, every byte that came out or stayed is searched for them. Source: architecture.md, "Conventions".
 */
let clinic: Clinic;
let server: Served;
/** Everything that came out over HTTP, headers too. */
const came: { readonly text: string; readonly inDomain: boolean }[] = [];
const states: string[] = [];
const REVIEWERS: ReadonlySet<Person> = new Set(['operator-1', 'operator-2', 'supervisor-1']);

beforeAll(async () => {
  clinic = await makeClinic();
  server = await clinic.serve();
  const { ask } = server;
  server = {
    ...server,
    ask: async (...request) => {
      const answer: Answer = await ask(...request);
      const [who, , path] = request;
      came.push({
        text: `${answer.text}${JSON.stringify([...answer.headers])}`,
        inDomain: REVIEWERS.has(who) && path.startsWith('/v1/egress-requests/'),
      });
      return answer;
    },
  };
  // First: beside a request that waits for its decision nothing near it is given.
  await releaseOne();
  await runJobs();
  await failLoads();
  await killOneWorker();
  await lookAround();
  await server.stop();
  await useTheCommand();
}, 600_000);
afterAll(() => clinic.remove());

async function runJobs(): Promise<void> {
  const waiting = [...CANARY_JOBS];
  const next = async (): Promise<void> => {
    for (let sql = waiting.shift(); sql !== undefined; sql = waiting.shift()) {
      const sim = await runToEnd(server, sql, 'sim');
      states.push(String(sim.body['state'] ?? sim.status));
      if (sim.body['state'] === 'SIM_PASSED') states.push(String((await runToEnd(server, sql, 'real')).body['state']));
      else await server.ask('merchant-a', 'POST', '/v1/jobs', { dataset: 'clinic', sql, target: 'real' });
    }
  };
  await Promise.all([next(), next(), next()]);
}

const { residentId, name, village, income, diagnosis } = CANARY;
const BAD_ROWS = [
  [`${residentId},${name},东区,${village},1966-03-07,${income}.00,${diagnosis}`],
  [`X1,${name},${village},${village},1966-03-07,${income}.00,${diagnosis}`],
  [`X2,${name},东区,${village},${residentId},${diagnosis},${diagnosis}`],
  [`X3,${name},东区,${village},1966-03-07,${income}${income}.00,${diagnosis},${residentId}`],
  [`X4,"${name},东区,${village},1966-03-07,${income},${diagnosis}`],
  [`${residentId}`],
];

async function failLoads(): Promise<void> {
  for (const [index, extra] of BAD_ROWS.entries()) {
    const bytes = new TextEncoder().encode(residentsCsv(50, extra));
    await server.ask('source-1', 'PUT', '/v1/inbox/residents.csv', bytes);
    const started = await server.ask('source-1', 'POST', '/v1/loads', { declaration: CLINIC });
    const ended = await server.ask('source-1', 'GET', `/v1/loads/${String(started.body['id'])}?waitMs=25000`);
    expect([index, ended.body['state']]).toEqual([index, 'refused']);
  }
  // A name of a column is text of people too.
  await server.ask('source-1', 'PUT', '/v1/inbox/residents.csv', new TextEncoder().encode(`resident_id,${diagnosis}\nX,1\n`));
  const started = await server.ask('source-1', 'POST', '/v1/loads', { declaration: CLINIC });
  await server.ask('source-1', 'GET', `/v1/loads/${String(started.body['id'])}?waitMs=25000`);
}

async function releaseOne(): Promise<void> {
  const id = await filedRequest(server, HONEST_SQL);
  const release = await server.ask('operator-1', 'POST', `/v1/egress-requests/${id}/releases`);
  expect(release.status).toBe(201);
  for (const file of ['data.csv', 'data.json', 'data.parquet', 'criteria.json', 'report.html', 'manifest.json'])
    expect((await fetchFile(server, String(release.body['id']), file)).status).toBe(200);
}

async function killOneWorker(): Promise<void> {
  const job = await server.ask('merchant-a', 'POST', '/v1/jobs', { dataset: 'clinic', sql: CANARY_JOBS[4], target: 'real' });
  for (;;) {
    const { state } = (await server.ask('operator-1', 'GET', `/v1/jobs/${String(job.body['id'])}`)).body;
    if (state === 'REAL_RUNNING') {
      // SIGQUIT and SIGSEGV would leave a core file where one is allowed.
      for (const pid of (await server.below()).toReversed()) kill(pid);
    } else if (state !== 'REAL_QUEUED') break;
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGSEGV');
  } catch {
    // gone by itself
  }
}

/** Everyone reads everything they may. */
async function lookAround(): Promise<void> {
  const everyone: readonly Person[] = ['merchant-a', 'merchant-b', 'operator-1', 'supervisor-1', 'auditor-1', 'source-1', 'nobody'];
  const paths = ['jobs', 'egress-requests', 'datasets', 'datasets/clinic', 'grants', 'simulations?dataset=clinic', 'audit/verification'];
  for (const who of everyone) {
    for (const path of paths) await server.ask(who, 'GET', `/v1/${path}`, undefined, { 'accept-language': 'zh-CN' });
    const requests = (await server.ask(who, 'GET', '/v1/egress-requests')).body['items'] as readonly { readonly id: string }[] | undefined;
    for (const { id } of requests ?? []) await server.ask(who, 'GET', `/v1/egress-requests/${id}`);
    const jobs = (await server.ask(who, 'GET', '/v1/jobs')).body['items'] as readonly { readonly id: string }[] | undefined;
    for (const { id } of (jobs ?? []).slice(0, 20)) await server.ask(who, 'GET', `/v1/jobs/${id}`);
  }
  for (let after = 0; after < 2000; after += 1000) await server.ask('auditor-1', 'GET', `/v1/audit/entries?after=${after}&limit=1000`);
}

async function useTheCommand(): Promise<void> {
  for (const json of [[], ['--json']]) {
    for (const target of ['sim', 'real']) {
      const sql = CANARY_JOBS[target === 'sim' ? 40 : 4] ?? '';
      const submit = ['job', 'submit', '--dataset', 'clinic', '--sql', '-', '--target', target, '--as', 'merchant-a', ...json];
      expect((await clinic.command(submit, sql)).status).toBeLessThan(2);
    }
    await writeFile(join(clinic.source, 'residents.csv'), residentsCsv(20, BAD_ROWS[1]));
    const load = ['dataset', 'load', join(clinic.source, 'declaration.json'), '--as', 'source-1', ...json];
    expect((await clinic.command(load)).status).toBe(1);
    for (const noun of ['job', 'egress']) await clinic.command([noun, 'list', '--as', 'operator-1', ...json]);
  }
}

/** The ways in which a value may have been written down. */
function spellings(value: string): readonly Buffer[] {
  const utf8 = Buffer.from(value, 'utf8');
  const escaped = [...value].map((letter) => (letter > '~' ? `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}` : letter)).join('');
  const base64 = [0, 1, 2].map((shift) =>
    Buffer.concat([Buffer.alloc(shift), utf8])
      .toString('base64')
      .slice(4, -4),
  );
  const texts = [escaped, encodeURIComponent(value), utf8.toString('hex'), ...base64];
  return [utf8, Buffer.from(value, 'utf16le'), ...texts.filter((text) => text.length >= 8).map((text) => Buffer.from(text, 'latin1'))];
}

const VALUES = Object.entries(CANARY).flatMap(([field, value]) => spellings(value).map((bytes) => ({ field, bytes })));

function canariesIn(bytes: Buffer): readonly string[] {
  return [...new Set(VALUES.filter((value) => bytes.includes(value.bytes)).map((value) => value.field))];
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

test('the corpus is what it is meant to be: results, refusals and failures', () => {
  const count = (state: string): number => states.filter((item) => item === state).length;
  expect(CANARY_JOBS.length).toBeGreaterThanOrEqual(60);
  expect(count('EGRESS_REQUESTED')).toBeGreaterThan(5);
  expect(count('REAL_FAILED')).toBeGreaterThan(0);
  expect(count('REFUSED')).toBeGreaterThan(20);
});

test('the search finds the canary where it must be: in the upload and in the sealed data', async () => {
  expect(canariesIn(await readFile(join(clinic.source, 'residents.csv')))).not.toEqual([]);
  for (const name of ['village', 'diagnosis']) {
    const sealed = await readFile(join(clinic.dir, 'enclave', 'clinic', 'v1.duckdb'));
    expect(canariesIn(sealed)).toContain(name);
  }
});

test('nothing over HTTP', () => {
  expect(came.length).toBeGreaterThan(300);
  const found = came.map(({ text, inDomain }) => ({ fields: canariesIn(Buffer.from(text)), inDomain }));
  expect(found.filter((item) => !item.inDomain && item.fields.length > 0)).toEqual([]);
  // Reviewers, inside the domain, are shown which cells were withheld: their labels, and no value of a person besides.
  expect(found.flatMap((item) => item.fields).filter((field) => !['village', 'diagnosis'].includes(field))).toEqual([]);
});

test('nothing in logs and on the terminal', () => {
  expect(clinic.printed()).toContain('"event":"request"');
  expect(canariesIn(Buffer.from(clinic.printed()))).toEqual([]);
});

test('nothing in files, but for sealed data and uploads', async () => {
  const found: string[] = [];
  const looked: string[] = [];
  for (const path of await filesBelow(clinic.root)) {
    const place = relative(clinic.root, path);
    if (/^(data\/(enclave|inbox)|source)\//.test(place)) continue;
    looked.push(place);
    const fields = canariesIn(await readFile(path));
    if (fields.length > 0) found.push(`${place}: ${fields.join(', ')}`);
  }
  expect(found).toEqual([]);
  expect(looked).toContain('data/store.sqlite');
  for (const part of ['audit', 'results', 'releases', 'simulation'])
    expect(looked.some((place) => place.startsWith(`data/${part}/`))).toBe(true);
  expect(looked.filter((place) => /(^|\/)core(\.\d+)?$/.test(place))).toEqual([]);
  expect(looked.filter((place) => place.startsWith('data/tmp/'))).toEqual([]);
});
