import { afterEach, beforeEach, expect, test } from 'vitest';
import { type AuditEvent, SYSTEM_ACTOR } from '../../../src/audit/event.ts';
import type { ProbingScope } from '../../../src/egress/probing-budget.ts';
import { err, ok } from '../../../src/kernel/result.ts';
import type { StorePort } from '../../../src/operations/ports.ts';
import { makeOlder } from '../../support/older-store.ts';
import { openStoreIn, type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';

let opened: TemporaryStore;
beforeEach(async () => {
  opened = await temporaryStore();
  await addJob('job_1');
});
afterEach(() => opened.remove());

const SCOPE: ProbingScope = { organisation: 'merchant-a-co', dataset: 'city', period: '2026-03' };
const event = (operation: 'job.submit' | 'job.outcome', object: string): AuditEvent => ({
  operation,
  actor: SYSTEM_ACTOR,
  object,
  outcome: 'done',
  facts: {},
});
const digests = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => ({ column: 'a.x', digest: `d${from + index}` }));

async function addJob(id: string): Promise<void> {
  const job = {
    id,
    dataset: 'city',
    target: 'real',
    state: 'REAL_RUNNING',
    merchant: 'merchant-a',
    organisation: 'merchant-a-co',
  } as const;
  await opened.store.write(async (tx) =>
    ok(await tx.jobs.add({ ...job, grantId: 'g', sql: 'SELECT 1', artefactHash: null }, event('job.submit', id))),
  );
}

/** Counts, adds, and gives what there was before: what a job does at its end. */
async function end(store: StorePort, job: string, probes: readonly { readonly column: string; readonly digest: string }[], scope = SCOPE) {
  const counted = await store.write(async (tx) => {
    const before = await tx.probes.counted(scope, ['a.x']);
    await tx.probes.add({ scope, job, probes }, event('job.outcome', job));
    return ok(before.length);
  });
  return counted.ok ? counted.value : -1;
}

test('literals are told apart by organisation, dataset, period and column, and kept once', async () => {
  await end(opened.store, 'job_1', [...digests(0, 3), { column: 'a.y', digest: 'd0' }]);
  await end(opened.store, 'job_1', digests(2, 2));
  const { counted } = opened.store.view.probes;
  expect((await counted(SCOPE, ['a.x'])).map((item) => item.digest).sort()).toEqual(['d0', 'd1', 'd2', 'd3']);
  expect(await counted(SCOPE, ['a.y'])).toEqual([{ column: 'a.y', digest: 'd0' }]);
  expect(await counted(SCOPE, ['a.x', 'a.y'])).toHaveLength(5);
  expect(await counted(SCOPE, [])).toEqual([]);
  for (const other of [{ organisation: 'other' }, { dataset: 'town' }, { period: '2026-04' }]) {
    expect(await counted({ ...SCOPE, ...other }, ['a.x'])).toEqual([]);
  }
});

test('a refused transaction keeps none', async () => {
  await opened.store.write(async (tx) => {
    await tx.probes.add({ scope: SCOPE, job: 'job_1', probes: digests(0, 3) }, event('job.outcome', 'job_1'));
    return err([]);
  });
  expect(await opened.store.view.probes.counted(SCOPE, ['a.x'])).toEqual([]);
});

test('of jobs that end at once, in two processes’ stores, each sees those before it', async () => {
  const other = await openStoreIn(opened.folder);
  const jobs = Array.from({ length: 10 }, (_, index) => index);
  const seen = await Promise.all(jobs.map((index) => end(index % 2 === 0 ? opened.store : other.store, 'job_1', digests(index * 2, 2))));
  expect([...seen].sort((a, b) => a - b)).toEqual(jobs.map((index) => index * 2));
  expect(await opened.store.view.probes.counted(SCOPE, ['a.x'])).toHaveLength(20);
  await other.store.close();
});

test('a statement with very many literals fits', async () => {
  await end(opened.store, 'job_1', digests(0, 20_000));
  expect(await opened.store.view.probes.counted(SCOPE, ['a.x'])).toHaveLength(20_000);
});

test('an event about another job adds nothing', async () => {
  const write = opened.store.write(async (tx) =>
    ok(await tx.probes.add({ scope: SCOPE, job: 'job_1', probes: digests(0, 1) }, event('job.outcome', 'job_2'))),
  );
  await expect(write).rejects.toThrow('not about');
  expect(await opened.store.view.probes.counted(SCOPE, ['a.x'])).toEqual([]);
});

test('an instance of before the budget gets the table and keeps what it has', async () => {
  await opened.store.close();
  await makeOlder(opened.folder, '0001-records');
  const again = await openStoreIn(opened.folder);
  expect((await again.store.view.jobs.get('job_1'))?.id).toBe('job_1');
  expect(await end(again.store, 'job_1', digests(0, 1))).toBe(0);
  expect((await again.audit.verify()).verified).toBe(true);
  await again.store.close();
});
