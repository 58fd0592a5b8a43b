import { existsSync, readdirSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { releaseKey, verifyPackage } from '../../src/egress/manifest.ts';
import { isRunning } from '../../src/sandbox/enclave/process-tree.ts';
import { openFileKeyStore } from '../../src/store/file-key-store.ts';
import {
  CLINIC,
  type Clinic,
  fetchFile,
  filedRequest,
  HONEST_SQL,
  jobEnd,
  makeClinic,
  residentsCsv,
  runToEnd,
  type Served,
} from '../support/served-clinic.ts';

let clinic: Clinic;
let server: Served;
beforeAll(async () => {
  clinic = await makeClinic();
  server = await clinic.serve();
});
afterAll(async () => {
  await server.kill();
  await clinic.remove();
});

const inDir = (...parts: readonly string[]): string => join(clinic.dir, ...parts);
const namesIn = (path: string): readonly string[] => (existsSync(path) ? readdirSync(path) : []);

/** Kills the server the moment `reached` holds; gives whether it was reached before `done` settled. */
async function killWhen(reached: () => boolean, work: Promise<unknown>): Promise<boolean> {
  let ended = false;
  void work.catch(() => undefined).finally(() => (ended = true));
  while (!ended && !reached()) await new Promise((resolve) => setTimeout(resolve, 1));
  await server.kill();
  await work.catch(() => undefined);
  return !ended || reached();
}

/** The next server, and what must hold whenever one has started. */
async function restart(): Promise<void> {
  server = await clinic.serve();
  expect(namesIn(inDir('tmp')).filter((name) => name !== 'open' && name !== 'workers')).toEqual([]);
  expect(namesIn(inDir('tmp', 'open')).map((name) => Number(name.split('-')[0]))).toEqual([server.pid]);
  for (const name of namesIn(inDir('tmp', 'workers'))) expect(name).toMatch(new RegExp(`^enclave-${server.pid}-`));
  expect((await server.ask('auditor-1', 'GET', '/v1/audit/verification')).body).toMatchObject({ verified: true, faults: [] });
}

interface Versions {
  readonly currentVersion: string;
  readonly versions: readonly { readonly version: string; readonly state: string }[];
}

async function versions(): Promise<Versions> {
  return (await server.ask('operator-1', 'GET', '/v1/datasets/clinic')).body as unknown as Versions;
}

/** What the files of the enclave are, and what the catalog says, are one. */
async function expectWholeVersions(): Promise<Versions> {
  const found = await versions();
  expect([...(await readdir(inDir('enclave', 'clinic')))].sort()).toEqual(found.versions.map((item) => `${item.version}.duckdb`).sort());
  return found;
}

async function startLoad(rows: number): Promise<string> {
  const bytes = new TextEncoder().encode(residentsCsv(rows));
  expect((await server.ask('source-1', 'PUT', '/v1/inbox/residents.csv', bytes)).status).toBe(201);
  const started = await server.ask('source-1', 'POST', '/v1/loads', { declaration: CLINIC });
  expect(started.status).toBe(202);
  return String(started.body['id']);
}

describe('a server killed with -9 in a load', () => {
  const points: readonly (readonly [string, () => boolean])[] = [
    ['as soon as it stages', () => namesIn(inDir('tmp')).some((name) => name.startsWith('load-'))],
    ['while it builds the file', () => namesIn(inDir('tmp')).some((name) => existsSync(inDir('tmp', name, 'work', 'staging.duckdb')))],
    ['when the file is finished', () => namesIn(inDir('tmp')).some((name) => existsSync(inDir('tmp', name, 'sealed.duckdb')))],
    ['when the file is in its place', () => namesIn(inDir('enclave', 'clinic')).length > before],
  ];
  let before = 0;

  for (const [point, reached] of points) {
    test(`${point}: the old version is in force, or the whole new one`, async () => {
      const old = await expectWholeVersions();
      before = old.versions.length;
      const load = await startLoad(30_000);
      expect(await killWhen(reached, loadEnd(load))).toBe(true);
      await restart();
      const task = await server.ask('source-1', 'GET', `/v1/loads/${load}`);
      const now = await expectWholeVersions();
      // Only in the last moment may the load have been done already.
      if (task.body['state'] === 'done') {
        expect(point).toMatch(/finished|place/);
        expect(now.versions).toHaveLength(before + 1);
      } else {
        expect(task.body['state']).toBe('failed');
        expect(now).toEqual(old);
      }
    });
  }

  test('afterwards real jobs run, and the next load makes the next version', async () => {
    const old = await expectWholeVersions();
    expect((await runToEnd(server, HONEST_SQL, 'sim')).body['state']).toBe('SIM_PASSED');
    const real = await runToEnd(server, HONEST_SQL, 'real');
    expect(real.body['state']).toBe('EGRESS_REQUESTED');
    // While it waits for its decision nothing near it is given.
    const rejections = `/v1/egress-requests/${String(real.body['egressId'])}/rejections`;
    expect((await server.ask('operator-1', 'POST', rejections, { reason: 'only tried' })).status).toBe(200);
    const load = await startLoad(1200);
    expect((await loadEnd(load)).body['state']).toBe('done');
    const now = await expectWholeVersions();
    expect(now.versions).toHaveLength(old.versions.length + 1);
    expect(now.currentVersion).not.toBe(old.currentVersion);
  });

  async function loadEnd(load: string) {
    for (;;) {
      const seen = await server.ask('source-1', 'GET', `/v1/loads/${load}?waitMs=20000`);
      if (seen.body['state'] !== 'running') return seen;
    }
  }
});

describe('a server killed with -9 in a release', () => {
  const points: readonly (readonly [string, (known: readonly string[]) => boolean])[] = [
    ['while the package is written', () => namesIn(inDir('tmp')).some((name) => name.startsWith('release-'))],
    ['when the package is in its place', (known) => namesIn(inDir('releases')).length > known.length],
    ['at once', () => true],
  ];

  for (const [index, [point, reached]] of points.entries()) {
    test(`${point}: released whole, or not at all and still to be released`, async () => {
      const id = await filedRequest(server, HONEST_SQL.replace('1000000', String(1_000_000 + index * 500_000)));
      const known = namesIn(inDir('releases'));
      await killWhen(() => reached(known), server.ask('operator-1', 'POST', `/v1/egress-requests/${id}/releases`));
      await restart();
      const request = await server.ask('merchant-a', 'GET', `/v1/egress-requests/${id}`);
      if (request.body['state'] === 'FILED') {
        expect(request.body['releaseId']).toBeUndefined();
        expect(namesIn(inDir('releases'))).toEqual(known);
        expect((await server.ask('operator-1', 'POST', `/v1/egress-requests/${id}/releases`)).status).toBe(201);
      } else expect(request.body['state']).toBe('RELEASED');
      await expectWholePackage(id);
      expect(namesIn(inDir('releases'))).toHaveLength(known.length + 1);
    });
  }

  async function expectWholePackage(egress: string): Promise<void> {
    const { body } = await server.ask('merchant-a', 'GET', `/v1/egress-requests/${egress}`);
    const release = await server.ask('merchant-a', 'GET', `/v1/releases/${String(body['releaseId'])}`);
    const files = new Map<string, Uint8Array>();
    for (const { name } of release.body['files'] as readonly { readonly name: string }[]) {
      const file = await fetchFile(server, String(body['releaseId']), name);
      expect(file.status).toBe(200);
      files.set(name, file.bytes);
    }
    const keys = await openFileKeyStore(inDir('keys'), { bytes: () => new Uint8Array() });
    expect(verifyPackage(files, releaseKey(await keys.publicKey('release'))).verified).toBe(true);
  }
});

describe('a server killed with -9 while jobs run', () => {
  test('the running ones are tried once more, the waiting ones run after the restart, each asks to leave once', async () => {
    expect((await runToEnd(server, HONEST_SQL, 'sim')).body['state']).toBe('SIM_PASSED');
    const submit = () => server.ask('merchant-a', 'POST', '/v1/jobs', { dataset: 'clinic', sql: HONEST_SQL, target: 'real' });
    const ids = (await Promise.all(Array.from({ length: 3 }, submit))).map((job) => String(job.body['id']));
    const states = async () => {
      const jobs = (await server.ask('operator-1', 'GET', '/v1/jobs')).body['items'] as readonly {
        readonly id: string;
        readonly state: string;
      }[];
      return jobs.filter((job) => ids.includes(job.id));
    };
    const running = async () => (await states()).filter((job) => job.state === 'REAL_RUNNING').map((job) => job.id);
    let lost = await running();
    while (lost.length === 0) lost = await running();
    await server.kill();
    await restart();
    const ends = await Promise.all(ids.map((id) => jobEnd(server, id)));
    // While one of them waits for its decision, nothing near it is given.
    const asked = ends.filter((end) => end.body['state'] === 'EGRESS_REQUESTED').map((end) => end.body);
    expect(ends.filter((end) => end.body['state'] === 'REAL_FAILED').length + asked.length).toBe(ids.length);
    expect(asked.length).toBeGreaterThan(0);
    const requests = (await server.ask('operator-1', 'GET', '/v1/egress-requests')).body['items'] as readonly { readonly job: string }[];
    const ours = requests.map(({ job }) => job).filter((job) => ids.includes(job));
    expect(ours.length).toBe(new Set(ours).size);
    // What the lost try had reserved does not stand in the way of the second.
    const retried = asked.find((job) => lost.includes(String(job['id']))) ?? asked[0];
    const path = `/v1/egress-requests/${String(retried?.['egressId'])}`;
    for (const who of ['operator-1', 'operator-2'] as const)
      await server.ask(who, 'POST', `${path}/approvals`, { reason: 'aggregates only' });
    await server.ask('supervisor-1', 'POST', `${path}/filings`, { receipt: 'FILING-2026-0002' });
    expect((await server.ask('operator-1', 'POST', `${path}/releases`)).status).toBe(201);
  }, 180_000);
});

/** Submits a job and kills every process below the server while it runs; gives the job when it has ended. */
async function killWhileRunning(): Promise<string> {
  const job = await server.ask('merchant-a', 'POST', '/v1/jobs', { dataset: 'clinic', sql: HONEST_SQL, target: 'real' });
  const id = String(job.body['id']);
  for (;;) {
    const { state } = (await server.ask('operator-1', 'GET', `/v1/jobs/${id}`)).body;
    if (state === 'REAL_RUNNING') {
      for (const pid of await server.below()) {
        try {
          process.kill(pid, 'SIGKILL');
        } catch {
          // gone by itself
        }
      }
    } else if (state !== 'REAL_QUEUED') return id;
  }
}

describe('a worker killed with -9', () => {
  test('its job ends with the constant code, another one completes, nothing is left', async () => {
    // A job may be done before its worker is found: then another one is tried.
    let doomed = '';
    for (let tries = 0; tries < 8; tries++) {
      doomed = await killWhileRunning();
      const { state } = (await server.ask('operator-1', 'GET', `/v1/jobs/${doomed}`)).body;
      if (state === 'REAL_FAILED') break;
    }
    const end = await server.ask('merchant-a', 'GET', `/v1/jobs/${doomed}`);
    expect(end.body).toMatchObject({ state: 'REAL_FAILED', problems: [{ code: 'job.not_released', facts: {} }] });
    expect(end.body['egressId']).toBeUndefined();
    expect((await runToEnd(server, HONEST_SQL, 'real')).body['state']).toBe('EGRESS_REQUESTED');
    const below = await server.below();
    expect(await server.stop()).toBe(0);
    // What only waits to be reaped by the system's first process is gone.
    expect(below.filter(isRunning)).toEqual([]);
    expect(namesIn(inDir('tmp', 'workers'))).toEqual([]);
    expect(namesIn(inDir('tmp', 'open'))).toEqual([]);
    await restart();
  });
});
