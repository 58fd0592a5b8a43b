import { afterEach, beforeEach, expect, test } from 'vitest';
import { openStore } from '../../../src/store/store.ts';
import { rawRecords, recordPlace, recordText } from '../../support/kept-records.ts';
import { type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';

let opened: TemporaryStore;
beforeEach(async () => {
  opened = await temporaryStore();
});
afterEach(() => opened.remove());

const MARK = { principal: 'merchant-a', key: 'k1', fingerprint: 'f1' };
const ANSWER = { status: 202, headers: { location: '/v1/jobs/job_1' }, body: '{"id":"canary"}' };

test('of many at once one is the first, also across processes', async () => {
  const { keys, folder, checkpointPath } = opened;
  const other = await openStore({ ...(await recordPlace(folder)), checkpointPath, keys, clock: { now: () => new Date() } });
  const found = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 === 0 ? opened : other).answers.begin(MARK)));
  await other.store.close();
  expect(found.map((item) => item.kind).sort()).toEqual(['none', ...Array(19).fill('unsettled')]);
});

test('an answer is kept sealed, for its request and its principal', async () => {
  expect(await opened.answers.begin(MARK)).toEqual({ kind: 'none' });
  await opened.answers.settle(MARK, ANSWER);
  expect(await opened.answers.begin(MARK)).toEqual({ kind: 'answered', answer: ANSWER });
  expect(await opened.answers.begin({ ...MARK, fingerprint: 'f2' })).toEqual({ kind: 'other' });
  expect(await opened.answers.begin({ ...MARK, principal: 'merchant-b' })).toEqual({ kind: 'none' });
  expect(await recordText(opened.folder, ['idempotent_answers'])).not.toMatch(/canary|k1"/);
  await rawRecords(opened.folder, "UPDATE idempotent_answers SET principal = 'thief' WHERE principal = 'merchant-a'");
  await expect(opened.answers.begin({ ...MARK, principal: 'thief' })).rejects.toThrow();
});

test('a secret is not kept, and a day later a key is free again', async () => {
  let now = new Date('2026-03-02T00:00:00.000Z');
  const { keys, folder, checkpointPath } = opened;
  const later = await openStore({ ...(await recordPlace(folder)), checkpointPath, keys, clock: { now: () => now } });
  await later.answers.begin(MARK);
  await later.answers.settle(MARK, null);
  expect(await later.answers.begin(MARK)).toEqual({ kind: 'secret' });
  now = new Date('2026-03-03T00:00:00.001Z');
  expect(await later.answers.begin(MARK)).toEqual({ kind: 'none' });
  await later.store.close();
});

test('of writes that go to the disk together, one that fails fails alone', async () => {
  const marks = Array.from({ length: 50 }, (_, n) => ({ ...MARK, key: `together-${n}` }));
  const bad = { ...MARK, key: 'bad', fingerprint: null as unknown as string }; // the column takes no NULL
  const found = await Promise.allSettled([...marks.slice(0, 25), bad, ...marks.slice(25)].map((mark) => opened.answers.begin(mark)));
  expect(found.map((item) => (item.status === 'fulfilled' ? item.value.kind : 'failed'))).toEqual([
    ...Array(25).fill('none'),
    'failed',
    ...Array(25).fill('none'),
  ]);
});
