import { DatabaseSync } from 'node:sqlite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { dispose, seededInstance, type TestInstance, value } from '../support/operations-instance.ts';
import { pipelineOfFigures, type ScriptedFigure } from '../support/scripted-figures.ts';
import { type Clinic, filedRequest, jobEnd, makeClinic, runToEnd, type Served, storeFile } from '../support/served-clinic.ts';

const ALL: ScriptedFigure = { name: 'all', total: (unit) => BigInt(1000 + ((unit * 37) % 500)) };
const BUT_3: ScriptedFigure = { name: 'but3', total: (unit) => (unit < 3 ? 0n : ALL.total(unit)) };
const HALF: ScriptedFigure = { name: 'half', total: (unit) => (unit < 200 ? 0n : ALL.total(unit)) };

describe('a job that does not release leaves no reservation', () => {
  let instance: TestInstance;
  let around: (settle: () => Promise<void>) => Promise<void>;
  beforeEach(async () => {
    around = (settle) => settle();
    instance = await seededInstance({ pipeline: pipelineOfFigures([ALL, BUT_3, HALF], (settle) => around(settle)) });
  });
  afterEach(() => dispose(instance));

  async function statesOf(job: string): Promise<readonly string[]> {
    return (await instance.ports.store.view.ledger.ofJob(job)).map((entry) => entry.state);
  }

  /** What was held is free: another job gets its own figure, which is registered. */
  async function expectFree(): Promise<void> {
    around = (settle) => settle();
    const next = await instance.realJob('SELECT but3 FROM residents', 'merchant-b');
    expect(await statesOf(next.id)).toEqual(['reserved']);
  }

  test('while it is reserved another is not registered beside it', async () => {
    const first = await instance.realJob('SELECT all FROM residents');
    expect(await statesOf(first.id)).toEqual(['reserved']);
    const second = await instance.realJob('SELECT but3 FROM residents', 'merchant-b');
    expect(await statesOf(second.id)).toEqual([]);
  });

  for (const word of ['fail', 'fault', 'small'])
    test(`one that ends with "${word}" after it reserved`, async () => {
      const job = await instance.realJob(`SELECT all FROM residents WHERE ${word}`);
      expect(await statesOf(job.id)).toEqual(['dropped']);
      await expectFree();
    });

  async function cancelRunning(): Promise<void> {
    const [running] = value(await instance.operations.listJobs(instance.actor('merchant-a'), { state: 'REAL_RUNNING' }));
    value(await instance.operations.cancelJob(instance.actor('merchant-a'), running?.id ?? 'none'));
  }
  const orders: readonly (readonly [string, (settle: () => Promise<void>) => Promise<void>])[] = [
    ['before it settles', async (settle) => cancelRunning().then(settle)],
    ['when it begins to settle', async (settle) => void (await Promise.all([settle(), cancelRunning()]))],
    ['just before it begins to settle', async (settle) => void (await Promise.all([cancelRunning(), settle()]))],
    ['after it settled', async (settle) => settle().then(cancelRunning)],
  ];
  for (const [order, race] of orders)
    test(`one that is cancelled ${order}`, async () => {
      around = race;
      const job = await instance.realJob('SELECT all FROM residents');
      expect(job.state).toBe('STOPPED');
      expect(await statesOf(job.id)).not.toContain('reserved');
      await expectFree();
    });

  test('one that is rejected, and one that is withdrawn', async () => {
    const rejected = await instance.requestInReview('SELECT all FROM residents');
    value(await instance.operations.reject(instance.actor('operator-1'), { id: rejected.id, reason: 'no' }));
    expect(await statesOf(rejected.job)).toEqual(['dropped']);
    const withdrawn = await instance.requestInReview('SELECT all FROM residents');
    expect(await statesOf(withdrawn.job)).toEqual(['reserved']);
    value(await instance.operations.withdraw(instance.actor('merchant-a'), { id: withdrawn.id, reason: 'mistake' }));
    expect(await statesOf(withdrawn.job)).toEqual(['dropped']);
    await expectFree();
  });

  test('what a transaction that did not commit let expire is not taken for gone', async () => {
    await instance.realJob('SELECT all FROM residents');
    instance.clock.set('2026-03-08T01:00:00.000Z');
    const later = await instance.realJob('SELECT half FROM residents');
    instance.clock.set('2026-03-10T01:00:00.000Z');
    const { store } = instance.ports;
    around = async (settle) => {
      const write = store.write.bind(store);
      const broken: typeof store.write = (work) => write(async (tx) => Promise.reject(new Error(`disk full: ${await ended(work(tx))}`)));
      Object.assign(store, { write: broken });
      await settle().finally(() => Object.assign(store, { write }));
    };
    await instance.realJob('SELECT but3 FROM residents');
    around = (settle) => settle();
    value(await instance.operations.reject(instance.actor('operator-1'), { id: later.egressId ?? 'none', reason: 'no' }));
    const next = await instance.realJob('SELECT half FROM residents', 'merchant-b');
    expect(await statesOf(next.id)).toEqual(['reserved']);
  });

  const ended = (work: Promise<unknown>): Promise<string> => work.then(() => 'done');
});

/** The canary's condition moves nobody but them and is dropped: both ask for the same people. */
const FIRST = 'SELECT count(*) AS n FROM residents WHERE income < 1000000';
const NEAR = "SELECT count(*) AS n FROM residents WHERE birth_date >= DATE '1900-01-01'";

describe('a server killed with -9 between reserve and release', () => {
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

  function reserved(): number {
    const file = new DatabaseSync(storeFile(clinic), { readOnly: true });
    try {
      return Number(file.prepare(`SELECT count(*) AS n FROM ledger_entries WHERE state = 'reserved'`).get()?.['n']);
    } finally {
      file.close();
    }
  }

  test('the moment it has reserved: the reservation lives exactly as long as its job', async () => {
    expect((await runToEnd(server, FIRST, 'sim')).body['state']).toBe('SIM_PASSED');
    const job = await server.ask('merchant-a', 'POST', '/v1/jobs', { dataset: 'clinic', sql: FIRST, target: 'real' });
    while (reserved() === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    await server.kill();
    server = await clinic.serve();
    const { state } = (await jobEnd(server, String(job.body['id']))).body;
    expect(['EGRESS_REQUESTED', 'REAL_FAILED']).toContain(state);
    expect(reserved() > 0).toBe(state === 'EGRESS_REQUESTED');
    if (state !== 'EGRESS_REQUESTED') return;
    const { egressId } = (await server.ask('merchant-a', 'GET', `/v1/jobs/${String(job.body['id'])}`)).body;
    const reason = { reason: 'again' };
    expect((await server.ask('merchant-a', 'POST', `/v1/egress-requests/${String(egressId)}/withdrawals`, reason)).status).toBe(200);
  });

  test('while it waits for its decision: it binds as before, and so does the release', async () => {
    expect((await runToEnd(server, NEAR, 'sim')).body['state']).toBe('SIM_PASSED');
    const id = await filedRequest(server, FIRST);
    expect(reserved()).toBeGreaterThan(0);
    await server.kill();
    server = await clinic.serve();
    expect(reserved()).toBeGreaterThan(0);
    expect(await previewOf(NEAR)).toEqual([]);
    expect((await server.ask('operator-1', 'POST', `/v1/egress-requests/${id}/releases`)).status).toBe(201);
    await server.kill();
    server = await clinic.serve();
    expect(reserved()).toBe(0);
    const released = await server.ask('operator-1', 'GET', `/v1/egress-requests/${id}`);
    expect(await previewOf(NEAR)).toEqual((released.body['preview'] as { readonly rows: unknown }).rows);
  });

  async function previewOf(sql: string): Promise<unknown> {
    const job = await runToEnd(server, sql, 'real');
    const { egressId } = (await server.ask('operator-1', 'GET', `/v1/jobs/${String(job.body['id'])}`)).body;
    const request = await server.ask('operator-1', 'GET', `/v1/egress-requests/${String(egressId)}`);
    return (request.body['preview'] as { readonly rows: unknown } | undefined)?.rows;
  }
});
