import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/audit/event.ts';
import { SYSTEM_ACTOR } from '../../../src/audit/event.ts';
import type { Dataset, DatasetVersion } from '../../../src/catalog/dataset.ts';
import { ok } from '../../../src/kernel/result.ts';
import type { JobState } from '../../../src/operations/operations.ts';
import type { EgressRecord, JobRecord, StoreTransaction } from '../../../src/operations/ports.ts';
import { rawRecords } from '../../support/kept-records.ts';
import { openStoreIn, type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';

let opened: TemporaryStore;
beforeEach(async () => {
  opened = await temporaryStore();
});
afterEach(() => opened.remove());

const DIGEST = 'd'.repeat(64);
const event = (operation: AuditEvent['operation'], object: string, trace?: string): AuditEvent =>
  ({ operation, actor: SYSTEM_ACTOR, object, outcome: 'done', facts: {}, trace }) as AuditEvent;

const JOB: Omit<JobRecord, 'createdAt' | 'updatedAt'> = {
  id: 'job_1',
  dataset: 'city',
  target: 'real',
  state: 'SUBMITTED',
  merchant: 'merchant-a',
  organisation: 'merchant-a-co',
  grantId: 'grant_1',
  sql: 'SELECT 1',
  artefactHash: null,
};
const EGRESS: Omit<EgressRecord, 'createdAt' | 'updatedAt'> = {
  id: 'egr_1',
  job: 'job_1',
  dataset: 'city',
  merchant: 'merchant-a',
  organisation: 'merchant-a-co',
  state: 'CREATED',
  round: 1,
  productKind: 'indicator',
  contentDigest: DIGEST,
};
const DATASET: Dataset = {
  name: 'city',
  title: { zh: '城市', en: 'City' },
  provider: 'source-department',
  grade: 'general',
  shareType: 'conditional',
  openness: 'conditional',
  updateFrequency: 'monthly',
  tables: [],
};
const version = (name: string): DatasetVersion => ({
  dataset: 'city',
  version: name,
  digest: DIGEST,
  bytes: 1,
  state: 'queryable',
  loadedAt: '2026-01-01T00:00:00.000Z',
  origin: 'real',
  profile: { tables: [], units: [] },
});

/** Runs one transaction and gives what it answers, as a test expects it to succeed. */
async function write<T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T> {
  const result = await opened.store.write(async (tx) => ok(await work(tx)));
  if (!result.ok) throw new Error('refused');
  return result.value;
}

const addJob = (changes: Partial<JobRecord> = {}) =>
  write((tx) => tx.jobs.add({ ...JOB, ...changes }, event('job.submit', changes.id ?? JOB.id)));
const operations = async () => (await opened.audit.entries({ after: 0, limit: 1000 })).map((entry) => entry.operation);

test('a stretch of jobs goes on after its key, by every filter', async () => {
  for (let n = 0; n < 9; n++)
    await addJob({ id: `job_${n}`, dataset: n % 2 === 0 ? 'city' : 'town', merchant: n % 3 === 0 ? 'm-1' : 'm-2' });
  const ids = async (filter: Parameters<typeof opened.store.view.jobs.list>[0]) =>
    (await opened.store.view.jobs.list(filter)).map((job) => job.id.slice(4)).join('');
  expect(await ids({})).toBe('876543210');
  expect(await ids({ limit: 3 })).toBe('876');
  expect(await ids({ after: 'job_6', limit: 3 })).toBe('543');
  expect(await ids({ after: 'job_5', dataset: 'city' })).toBe('420');
  expect(await ids({ after: 'job_8', merchant: 'm-1', states: ['SUBMITTED'], limit: 2 })).toBe('63');
  expect(await ids({ after: 'job_0' })).toBe('');
  expect(await ids({ after: 'job_none' })).toBe('');
});

describe('a transition', () => {
  test('changes the state, keeps the rest, and writes its event', async () => {
    await addJob();
    const step = { from: ['SUBMITTED'], to: 'REAL_QUEUED', patch: { artefactHash: DIGEST, isolation: 'process' } } as const;
    const moved = await write((tx) => tx.jobs.transition('job_1', step, event('job.queue', 'job_1')));
    expect(moved).toMatchObject({ ok: true, value: { ...JOB, state: 'REAL_QUEUED', artefactHash: DIGEST, isolation: 'process' } });
    expect(await opened.store.view.jobs.get('job_1')).toEqual(moved.ok && moved.value);
    expect(await operations()).toEqual(['job.submit', 'job.queue']);
  });

  test('from another state changes nothing and writes nothing', async () => {
    const before = await addJob();
    const step = { from: ['REAL_RUNNING'], to: 'RESULT_SEALED', patch: { artefactHash: DIGEST } } as const;
    const refused = await write((tx) => tx.jobs.transition('job_1', step, event('job.outcome', 'job_1')));
    expect(refused).toEqual({ ok: false, error: [{ code: 'access.state_conflict', facts: { kind: 'job', state: 'SUBMITTED' } }] });
    expect(await opened.store.view.jobs.get('job_1')).toEqual(before);
    expect(await operations()).toEqual(['job.submit']);
  });

  test('of something that is not there is refused as not found', async () => {
    const step = { from: ['SUBMITTED'], to: 'STOPPED' } as const;
    const refused = await write((tx) => tx.jobs.transition('job_9', step, event('job.cancel', 'job_9')));
    expect(refused).toMatchObject({ ok: false, error: [{ code: 'access.not_found' }] });
  });

  test('of many at once, from two processes’ stores, exactly one wins', async () => {
    await addJob();
    const other = await openStoreIn(opened.folder);
    const step = { from: ['SUBMITTED'] as readonly JobState[], to: 'REAL_RUNNING' as const };
    const tries = Array.from({ length: 10 }, (_, index) =>
      (index % 2 === 0 ? opened : other).store.write((tx) => tx.jobs.transition('job_1', step, event('job.intent', 'job_1'))),
    );
    const results = await Promise.all(tries);
    expect(results.filter((result) => result.ok)).toHaveLength(1);
    expect(await operations()).toEqual(['job.submit', 'job.intent']);
    await other.store.close();
  });

  test('with an event the log refuses changes nothing', async () => {
    const before = await addJob();
    const bad = { ...event('job.queue', 'job_1'), facts: { sql: 'SELECT 1' } } as unknown as AuditEvent;
    await expect(write((tx) => tx.jobs.transition('job_1', { from: ['SUBMITTED'], to: 'REAL_QUEUED' }, bad))).rejects.toThrow(TypeError);
    expect(await opened.store.view.jobs.get('job_1')).toEqual(before);
  });

  test('with an event about something else changes nothing', async () => {
    const before = await addJob();
    const step = { from: ['SUBMITTED'], to: 'REAL_QUEUED' } as const;
    await expect(write((tx) => tx.jobs.transition('job_1', step, event('job.queue', 'job_2')))).rejects.toThrow('not about');
    expect(await opened.store.view.jobs.get('job_1')).toEqual(before);
  });
});

describe('one transaction', () => {
  test('writes an event that tells of several changes once', async () => {
    await addJob({ state: 'RESULT_SEALED' });
    const created = event('egress.create', 'egr_1', 'job_1');
    await write(async (tx) => {
      await tx.egress.add(EGRESS, created);
      await tx.jobs.transition('job_1', { from: ['RESULT_SEALED'], to: 'EGRESS_REQUESTED', patch: { egressId: 'egr_1' } }, created);
    });
    expect(await operations()).toEqual(['job.submit', 'egress.create']);
    expect((await opened.store.view.jobs.get('job_1'))?.egressId).toBe('egr_1');
  });

  test('sees its own changes, which others see only after it', async () => {
    await write(async (tx) => {
      await tx.jobs.add(JOB, event('job.submit', 'job_1'));
      expect(await tx.jobs.get('job_1')).not.toBeNull();
      expect(await opened.store.view.jobs.get('job_1')).toBeNull();
    });
    expect(await opened.store.view.jobs.get('job_1')).not.toBeNull();
  });

  test('that refuses takes every change back', async () => {
    await opened.store.write(async (tx) => {
      await tx.jobs.add(JOB, event('job.submit', 'job_1'));
      return tx.jobs.transition('job_1', { from: ['DONE'], to: 'DONE' }, event('job.done', 'job_1'));
    });
    expect(await opened.store.view.jobs.get('job_1')).toBeNull();
    expect(await operations()).toEqual([]);
  });
});

describe('records', () => {
  test('jobs are listed newest first, filtered by what is asked', async () => {
    await addJob();
    await addJob({ id: 'job_2', merchant: 'merchant-b', target: 'sim', state: 'SIM_PASSED', artefactHash: DIGEST });
    await addJob({ id: 'job_3', state: 'DONE' });
    const ids = async (filter: Parameters<typeof opened.store.view.jobs.list>[0]) =>
      (await opened.store.view.jobs.list(filter)).map((job) => job.id);
    expect(await ids({})).toEqual(['job_3', 'job_2', 'job_1']);
    expect(await ids({ merchant: 'merchant-a' })).toEqual(['job_3', 'job_1']);
    expect(await ids({ states: ['SIM_PASSED', 'DONE'], target: 'sim' })).toEqual(['job_2']);
    expect(await ids({ artefactHash: DIGEST })).toEqual(['job_2']);
    expect(await ids({ dataset: "city' OR '1'='1" })).toEqual([]);
  });

  test('a dataset keeps every version; withdrawing the one in force leaves none in force', async () => {
    await write(async (tx) => {
      const loaded = event('load.done', 'load_1');
      await tx.datasets.put({ name: 'city', dataset: DATASET, owner: { id: 'source-1', organisation: 's' } }, loaded);
      expect(await tx.datasets.addVersion(version('v1'), loaded)).toMatchObject({ ok: true });
      expect(await tx.datasets.addVersion(version('v2'), loaded)).toMatchObject({ ok: true });
      expect(await tx.datasets.addVersion(version('v2'), loaded)).toMatchObject({ ok: false });
    });
    expect(await opened.store.view.datasets.get('city')).toMatchObject({ currentVersion: 'v2', dataset: DATASET });
    const withdraw = event('dataset.withdraw', 'city');
    const step = { from: ['queryable'], to: 'withdrawn' } as const;
    expect(await write((tx) => tx.datasets.retireVersion('city', 'v2', step, withdraw))).toMatchObject({ ok: true });
    expect(await write((tx) => tx.datasets.retireVersion('city', 'v2', step, withdraw))).toMatchObject({ ok: false });
    expect((await opened.store.view.datasets.get('city'))?.currentVersion).toBeNull();
    expect((await opened.store.view.datasets.versions('city')).map((each) => [each.version, each.state])).toEqual([
      ['v1', 'queryable'],
      ['v2', 'withdrawn'],
    ]);
  });

  test('a person votes once in a round, and again in the next', async () => {
    await addJob();
    const vote = {
      egress: 'egr_1',
      voter: 'operator-1',
      organisation: 'o',
      vote: 'approve',
      reason: '同意',
      contentDigest: DIGEST,
      step: 'operator_check',
      grounds: null,
      files: [],
      checklist: [],
      waivers: [],
    } as const;
    const voted = event('egress.vote', 'egr_1');
    await write((tx) => tx.egress.add(EGRESS, event('egress.create', 'egr_1')));
    expect((await write((tx) => tx.egress.vote({ ...vote, round: 1 }, voted))).ok).toBe(true);
    expect((await write((tx) => tx.egress.vote({ ...vote, round: 1, vote: 'reject' }, voted))).ok).toBe(false);
    expect((await write((tx) => tx.egress.vote({ ...vote, round: 2 }, voted))).ok).toBe(true);
    expect((await opened.store.view.egress.votes('egr_1')).map((each) => [each.round, each.vote])).toEqual([
      [1, 'approve'],
      [2, 'approve'],
    ]);
    await expect(rawRecords(opened.folder, 'INSERT INTO votes SELECT * FROM votes WHERE round = 1')).rejects.toThrow(/unique/i);
  });

  test('a request has one release; a release is recalled once', async () => {
    await addJob();
    const released = event('egress.release', 'egr_1');
    const release = {
      id: 'rel_1',
      egress: 'egr_1',
      recipient: 'm',
      releasedAt: 'now',
      state: 'available',
      files: [],
      contentDigest: DIGEST,
      fingerprint: 'f1',
    } as const;
    await write(async (tx) => {
      await tx.egress.add(EGRESS, event('egress.create', 'egr_1'));
      await tx.releases.add(release, released);
    });
    await expect(write((tx) => tx.releases.add({ ...release, id: 'rel_2' }, event('egress.release', 'egr_1')))).rejects.toThrow(/unique/i);
    const step = { from: ['available'], to: 'recalled' } as const;
    expect((await write((tx) => tx.releases.transition('rel_1', step, event('egress.recall', 'egr_1')))).ok).toBe(true);
    expect((await write((tx) => tx.releases.transition('rel_1', step, event('egress.recall', 'egr_1')))).ok).toBe(false);
    expect(await opened.store.view.releases.ofEgress('egr_1')).toEqual({ ...release, state: 'recalled' });
    expect(await operations()).toEqual(['job.submit', 'egress.create', 'egress.release', 'egress.recall']);
  });

  test('grants, simulations and loads come back as they were put in', async () => {
    const grant = {
      id: 'g1',
      merchant: 'merchant-a',
      dataset: 'city',
      scenario: '医疗',
      tables: { t: ['a'], u: '*' as const },
      endsOn: '2026-12-31',
    };
    const owner = { id: 'source-1', organisation: 's' };
    const load = { id: 'l1', dataset: 'city', state: 'running', step: 'read', percent: 0, owner, createdAt: 'x', updatedAt: 'x' } as const;
    const simulation = {
      id: 's1',
      dataset: 'city',
      state: 'GENERATED',
      datasetVersion: 'v1',
      schemaDigest: DIGEST,
      rows: 10,
      seed: '1',
      label: 'SIMULATED-L0',
      digest: DIGEST,
      createdAt: 'x',
      tables: [],
      owner,
      version: version('s1'),
    } as const;
    await write(async (tx) => {
      await tx.grants.add(grant, event('grant.create', 'g1'));
      await tx.loads.add(load, event('load.start', 'l1'));
      await tx.simulations.add(simulation, event('simulation.create', 's1'));
    });
    await opened.store.reportLoadProgress('l1', { step: 'seal', percent: 41.6 });
    expect(await opened.store.view.loads.get('l1')).toEqual({ ...load, step: 'seal', percent: 42 });
    expect(await opened.store.view.simulations.list('city')).toEqual([simulation]);
    expect(await opened.store.view.grants.list({ merchant: 'merchant-a', dataset: 'city' })).toMatchObject([{ ...grant, revokedAt: null }]);
    await write((tx) => tx.grants.revoke('g1', event('grant.revoke', 'g1')));
    expect((await opened.store.view.grants.get('g1'))?.revokedAt).not.toBeNull();
    const done = { from: ['running'], to: 'refused', patch: { problems: [{ code: 'access.not_found', facts: { kind: 'x' } }] } } as const;
    await write((tx) => tx.loads.transition('l1', done, event('load.refused', 'l1')));
    expect(await opened.store.view.loads.list({ state: 'refused' })).toMatchObject([{ id: 'l1', problems: done.patch.problems }]);
    await opened.store.reportLoadProgress('l1', { step: 'late', percent: 1 });
    expect((await opened.store.view.loads.get('l1'))?.step).toBe('seal');
  });
});
