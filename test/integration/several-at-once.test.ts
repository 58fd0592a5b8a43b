import { existsSync, readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Answer,
  type Clinic,
  filedRequest,
  HONEST_SQL,
  makeClinic,
  type Person,
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

const MISSING = { job: `job_${'0'.repeat(26)}`, egr: `egr_${'0'.repeat(26)}`, rel: `rel_${'0'.repeat(26)}`, sim: `sim_${'0'.repeat(26)}` };

/** What an asker can tell two answers apart by, apart from the id that was asked for. */
function visible(answer: Answer): unknown {
  const { date: _date, ...headers } = Object.fromEntries(answer.headers);
  return { status: answer.status, text: answer.text, headers };
}

function median(times: readonly number[]): number {
  return times.toSorted((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

describe('what belongs to another merchant', () => {
  let egress = '';
  let job = '';
  let release = '';
  beforeAll(async () => {
    egress = await filedRequest(server, HONEST_SQL);
    job = String((await server.ask('merchant-a', 'GET', `/v1/egress-requests/${egress}`)).body['job']);
    release = String((await server.ask('operator-1', 'POST', `/v1/egress-requests/${egress}/releases`)).body['id']);
  });

  test('answers as what does not exist, whatever is asked of it', async () => {
    const reason = { reason: 'curious' };
    const asked: readonly (readonly [string, string, string, unknown?])[] = [
      ['GET', `/v1/jobs/${job}`, `/v1/jobs/${MISSING.job}`],
      ['GET', `/v1/jobs/${job}?waitMs=10`, `/v1/jobs/${MISSING.job}?waitMs=10`],
      ['POST', `/v1/jobs/${job}/cancellation`, `/v1/jobs/${MISSING.job}/cancellation`],
      ['GET', `/v1/egress-requests/${egress}`, `/v1/egress-requests/${MISSING.egr}`],
      ['POST', `/v1/egress-requests/${egress}/withdrawals`, `/v1/egress-requests/${MISSING.egr}/withdrawals`, reason],
      ['POST', `/v1/egress-requests/${egress}/approvals`, `/v1/egress-requests/${MISSING.egr}/approvals`, reason],
      ['POST', `/v1/egress-requests/${egress}/releases`, `/v1/egress-requests/${MISSING.egr}/releases`],
      ['GET', `/v1/releases/${release}`, `/v1/releases/${MISSING.rel}`],
      ['POST', `/v1/releases/${release}/download-tokens`, `/v1/releases/${MISSING.rel}/download-tokens`, { name: 'data.csv' }],
      ['GET', `/v1/releases/${release}/files/data.csv`, `/v1/releases/${MISSING.rel}/files/data.csv`],
    ];
    for (const [method, theirs, missing, body] of asked) {
      const [one, other] = [await server.ask('merchant-b', method, theirs, body), await server.ask('merchant-b', method, missing, body)];
      expect([theirs, visible(one)]).toEqual([theirs, visible(other)]);
      expect([403, 404]).toContain(one.status);
    }
    for (const noun of ['jobs', 'egress-requests', 'grants']) {
      expect((await server.ask('merchant-b', 'GET', `/v1/${noun}`)).body).toEqual({ items: [] });
    }
  });

  test('and takes no wildly different time', async () => {
    const times: Record<string, number[]> = { theirs: [], missing: [] };
    for (let round = 0; round < 40; round += 1) {
      for (const [name, id] of [
        ['theirs', job],
        ['missing', MISSING.job],
      ] as const) {
        const from = performance.now();
        await server.ask('merchant-b', 'GET', `/v1/jobs/${id}`);
        times[name]?.push(performance.now() - from);
      }
    }
    const [theirs, missing] = [median(times['theirs'] ?? []), median(times['missing'] ?? [])];
    expect(Math.max(theirs, missing) / Math.min(theirs, missing)).toBeLessThan(3);
  });
});

describe('at the same moment', () => {
  test('two approvals of the same operator count once, those of two operators both', async () => {
    await runToEnd(server, HONEST_SQL, 'sim');
    const id = String((await runToEnd(server, HONEST_SQL, 'real')).body['egressId']);
    const approve = (who: Person) => server.ask(who, 'POST', `/v1/egress-requests/${id}/approvals`, { reason: 'fine' });
    const twice = await Promise.all([approve('operator-1'), approve('operator-1')]);
    expect(twice.map((answer) => answer.status).sort()).toEqual([200, expect.any(Number)]);
    expect(twice.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect((await server.ask('operator-2', 'GET', `/v1/egress-requests/${id}`)).body).toMatchObject({ state: 'REVIEW' });
    const second = await Promise.all([approve('operator-2'), approve('operator-2'), approve('operator-1')]);
    expect(second.filter((answer) => answer.status === 200)).toHaveLength(1);
    const seen = await server.ask('operator-2', 'GET', `/v1/egress-requests/${id}`);
    expect(seen.body).toMatchObject({ state: 'CHECKED' });
    expect(seen.body['votes']).toHaveLength(2);
  });

  test('a running job on real data can be cancelled; nothing of it stays', async () => {
    const results = readdirSync(join(clinic.dir, 'results')).length;
    const job = await server.ask('merchant-a', 'POST', '/v1/jobs', { dataset: 'clinic', sql: HONEST_SQL, target: 'real' });
    const path = `/v1/jobs/${String(job.body['id'])}`;
    while ((await server.ask('merchant-a', 'GET', path)).body['state'] === 'REAL_QUEUED');
    const cancelled = await server.ask('merchant-a', 'POST', `${path}/cancellation`);
    expect([cancelled.status, cancelled.body['state']]).toEqual([200, 'STOPPED']);
    expect((await server.ask('merchant-a', 'POST', `${path}/cancellation`)).body).toMatchObject({ code: 'job.not_cancellable' });
    expect((await runToEnd(server, HONEST_SQL, 'real')).body['state']).toBe('EGRESS_REQUESTED');
    expect((await server.ask('merchant-a', 'GET', path)).body).toMatchObject({ state: 'STOPPED' });
    expect(readdirSync(join(clinic.dir, 'results'))).toHaveLength(results + 1);
  });

  test('commands on the folder of a running server work beside it and disturb nothing', async () => {
    const running = server.ask('merchant-a', 'POST', '/v1/jobs', { dataset: 'clinic', sql: HONEST_SQL, target: 'real' });
    const submit = ['job', 'submit', '--dataset', 'clinic', '--sql', '-', '--target', 'real', '--as', 'merchant-a', '--json'];
    const [one, two, verified] = await Promise.all([
      clinic.command(submit, HONEST_SQL),
      clinic.command(submit, HONEST_SQL),
      clinic.command(['audit', 'verify', '--as', 'auditor-1', '--json']),
    ]);
    expect([one.status, two.status, verified.status]).toEqual([0, 0, 0]);
    const end = await server.ask('merchant-a', 'GET', `/v1/jobs/${String((await running).body['id'])}?waitMs=20000`);
    expect(end.body['state']).toBe('EGRESS_REQUESTED');
    expect((await server.ask('auditor-1', 'GET', '/v1/audit/verification')).body).toMatchObject({ verified: true });
  });

  test('two processes that load the same data set: every version that is told of is whole', async () => {
    await writeFile(join(clinic.source, 'residents.csv'), residentsCsv(300));
    const load = ['dataset', 'load', join(clinic.source, 'declaration.json'), '--as', 'source-1', '--json'];
    const both = await Promise.all([clinic.command(load), clinic.command(load)]);
    for (const one of both)
      expect([one.status, one.stderr.includes('Fault')]).toEqual([expect.toSatisfy((status) => status === 0 || status === 1), false]);
    expect(both.some((one) => one.status === 0)).toBe(true);
    const { versions } = (await server.ask('operator-1', 'GET', '/v1/datasets/clinic')).body as {
      readonly versions: readonly { readonly version: string }[];
    };
    for (const { version } of versions) expect(existsSync(join(clinic.dir, 'enclave', 'clinic', `${version}.duckdb`))).toBe(true);
    expect((await runToEnd(server, HONEST_SQL, 'sim')).body['state']).toBe('SIM_PASSED');
    expect((await runToEnd(server, HONEST_SQL, 'real')).body['state']).toBe('EGRESS_REQUESTED');
  });
});

test('starting and stopping of a server are on record', async () => {
  expect(await server.stop()).toBe(0);
  server = await clinic.serve();
  const entries = (await server.ask('auditor-1', 'GET', '/v1/audit/entries?after=0&limit=1000')).body['items'] as readonly {
    readonly operation: string;
  }[];
  const told = entries.map((entry) => entry.operation).filter((name) => name === 'instance.start' || name === 'instance.stop');
  expect(told).toEqual(['instance.start', 'instance.stop', 'instance.start']);
});
