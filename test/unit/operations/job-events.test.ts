import { afterEach, beforeEach, expect, test } from 'vitest';
import { codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance();
});
afterEach(() => dispose(instance));

test('a job that was withheld and one that failed go the same way for their merchant', async () => {
  const merchant = instance.actor('merchant-a');
  const ways = [];
  for (const sql of ['SELECT small', 'SELECT fail', 'SELECT fault']) {
    const job = await instance.realJob(sql);
    const events = value(await instance.operations.jobEvents(merchant, job.id));
    ways.push(events.map(({ seq, state }) => [seq, state]));
  }
  expect(new Set(ways.map((way) => JSON.stringify(way))).size).toBe(1);
  expect(ways[0]).toEqual([
    [1, 'SUBMITTED'],
    [2, 'REAL_QUEUED'],
    [3, 'REAL_RUNNING'],
    [4, 'REAL_FAILED'],
  ]);
});

test('the way of a job is what the records say, and nobody else’s to see', async () => {
  const job = await instance.realJob('SELECT 1');
  const seen = value(await instance.operations.jobEvents(instance.actor('merchant-a'), job.id));
  expect(seen.map((event) => event.state)).toEqual(['SUBMITTED', 'REAL_QUEUED', 'REAL_RUNNING', 'RESULT_SEALED', 'EGRESS_REQUESTED']);
  expect(codes(await instance.operations.jobEvents(instance.actor('merchant-b'), job.id))).toEqual(['access.not_found']);
  expect(codes(await instance.operations.jobEvents(instance.actor('merchant-a'), 'job_missing'))).toEqual(['access.not_found']);
});
