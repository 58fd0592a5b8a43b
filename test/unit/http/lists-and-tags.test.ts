import { describe, expect, test } from 'vitest';
import { tokenBuckets } from '../../../src/http/plugins/rate-limit.ts';
import { ok } from '../../../src/kernel/result.ts';
import type { Operations } from '../../../src/operations/operations.ts';
import { readPage } from '../../../src/operations/page-wish.ts';
import { JOB } from './fake-operations.ts';
import { MERCHANT, OPERATOR, SOURCE, testApp } from './test-app.ts';

describe('lists', () => {
  const jobs = Array.from({ length: 7 }, (_, at) => ({
    ...JOB,
    id: `job_${at}`,
    target: at % 2 === 0 ? ('sim' as const) : ('real' as const),
  }));

  /** As the store gives them: by key, no more than asked for. */
  const listing =
    (present: () => readonly (typeof jobs)[number][]): Operations['listJobs'] =>
    async (_actor, { target, page }) =>
      readPage(page, {
        find: async (id) => present().find((job) => job.id === id) ?? null,
        read: async ({ after, limit }) => {
          const from = present().findIndex((job) => job.id === after) + 1;
          return present().slice(from, limit === undefined ? undefined : from + limit);
        },
        idOf: (job) => job.id,
        mayAfter: () => true,
        view: (job) => (target === undefined || job.target === target ? job : null),
      });

  test('come in stretches that together are the list, also while new items come in at the front', async () => {
    let present: readonly (typeof jobs)[number][] = jobs;
    await using server = await testApp({ listJobs: listing(() => present) });
    const found: string[] = [];
    let url: string | undefined = '/v1/jobs?limit=3';
    while (url !== undefined) {
      const { items, next }: { items: { id: string }[]; next?: string } = (await server.app.inject({ url, headers: MERCHANT })).json();
      found.push(...items.map((item: { id: string }) => item.id));
      present = [{ ...JOB, id: `job_new${present.length}`, target: 'sim' as const }, ...present];
      url = next === undefined ? undefined : `/v1/jobs?limit=3&cursor=${next}`;
    }
    expect(found).toEqual(jobs.map((job) => job.id));
  });

  test('filter, and a cursor is good for its own list and filters only', async () => {
    await using server = await testApp({ listJobs: listing(() => jobs) });
    const first = (await server.app.inject({ url: '/v1/jobs?limit=2&target=real', headers: MERCHANT })).json();
    expect(first.items.map((item: { id: string }) => item.id)).toEqual(['job_1', 'job_3']);
    for (const url of [
      `/v1/jobs?cursor=${first.next}`,
      `/v1/jobs?target=sim&cursor=${first.next}`,
      `/v1/keys?cursor=${first.next}`,
      '/v1/jobs?cursor=AAAA',
    ]) {
      const refused = await server.app.inject({ url, headers: MERCHANT });
      expect([refused.statusCode, refused.json().code], url).toEqual([400, 'request.cursor']);
    }
    for (const query of ['limit=0', 'limit=-1', 'limit=1001', 'limit=1e2', 'cursor=']) {
      const refused = await server.app.inject({ url: `/v1/jobs?${query}`, headers: MERCHANT });
      expect(refused.json().code, query).toBe('request.invalid');
    }
  });
});

describe('entity tags', () => {
  test('of what was read spare sending it again, and of what changed do not', async () => {
    let job = JOB;
    await using server = await testApp({ showJob: async () => ok(job) });
    const first = await server.app.inject({ url: '/v1/jobs/job_1', headers: MERCHANT });
    const tag = String(first.headers['etag']);
    const ask = async (value: string) =>
      (await server.app.inject({ url: '/v1/jobs/job_1', headers: { ...MERCHANT, 'if-none-match': value } })).statusCode;
    expect([await ask(tag), await ask(`"x", W/${tag}`), await ask('*'), await ask('"x"')]).toEqual([304, 304, 304, 200]);
    job = { ...JOB, state: 'STOPPED' };
    expect(await ask(tag)).toBe(200);
  });

  test('guard a step: done on what was read, refused on what changed', async () => {
    let job = JOB;
    await using server = await testApp({ showJob: async () => ok(job) });
    const tag = String((await server.app.inject({ url: '/v1/jobs/job_1', headers: MERCHANT })).headers['etag']);
    const cancel = async (headers: Record<string, string>) =>
      server.app.inject({ method: 'POST', url: '/v1/jobs/job_1/cancellation', headers: { ...MERCHANT, ...headers } });
    expect((await cancel({ 'if-match': tag })).statusCode).toBe(200);
    job = { ...JOB, state: 'SIM_RUNNING' };
    const before = server.calls.length;
    const refused = await cancel({ 'if-match': tag });
    expect([refused.statusCode, refused.json().code]).toEqual([412, 'request.precondition']);
    expect(server.calls.slice(before).map((call) => call.operation)).toEqual([]);
    expect((await cancel({ 'if-match': `W/${tag}` })).statusCode).toBe(412);
    expect((await cancel({ 'if-match': '*' })).statusCode).toBe(200);
    expect((await cancel({})).statusCode).toBe(200);
  });
});

describe('rates', () => {
  test('a bucket holds a minute’s worth, fills with time, and says how long to wait', () => {
    let now = 0;
    const buckets = tokenBuckets(60, { now: () => new Date(now) });
    for (let n = 0; n < 60; n++) expect(buckets.take('a')).toBeNull();
    expect(buckets.take('a')).toBe(1);
    expect(buckets.take('b')).toBeNull();
    now += 2000;
    expect([buckets.take('a'), buckets.take('a'), buckets.take('a')]).toEqual([null, null, 1]);
    now -= 10_000; // a clock that goes back gives nothing
    expect(buckets.take('a')).toBe(1);
  });

  test('of one principal do not touch another; the answer says when to come again', async () => {
    await using server = await testApp({}, { rates: { perPrincipal: 3, perAddress: 1000 } });
    const ask = (headers: Record<string, string>) => server.app.inject({ url: '/v1/jobs/job_1', headers });
    const statuses = [];
    for (let n = 0; n < 4; n++) statuses.push((await ask(MERCHANT)).statusCode);
    expect(statuses).toEqual([200, 200, 200, 429]);
    const refused = await ask(MERCHANT);
    expect([refused.json().code, Number(refused.headers['retry-after'])]).toEqual(['request.too_many', 20]);
    expect((await ask(SOURCE)).statusCode).not.toBe(429);
  });

  test('of one address hold before anybody is known, and wrong keys weigh more', async () => {
    await using server = await testApp({}, { rates: { perPrincipal: 1000, perAddress: 100 } });
    const guess = () => server.app.inject({ url: '/v1/jobs', headers: { authorization: 'Bearer wrong-key-0000000000' } });
    expect([(await guess()).statusCode, (await guess()).statusCode, (await guess()).statusCode]).toEqual([401, 401, 429]);
    expect((await server.app.inject({ url: '/v1/jobs', headers: MERCHANT })).statusCode).toBe(429);
    const elsewhere = await server.app.inject({ url: '/v1/jobs', headers: MERCHANT, remoteAddress: '10.0.0.9' });
    expect(elsewhere.statusCode).toBe(200);
    const forged = { ...MERCHANT, 'x-forwarded-for': '10.0.0.77' };
    expect((await server.app.inject({ url: '/v1/jobs', headers: forged })).statusCode).toBe(429);
  });
});

describe('metrics', () => {
  test('count by pattern, hold nothing that was asked for, and are for who runs or watches the service', async () => {
    await using server = await testApp();
    await server.app.inject({ url: '/v1/jobs/job_canary', headers: MERCHANT });
    await server.app.inject({ url: '/canary', headers: MERCHANT });
    expect((await server.app.inject({ url: '/metrics', headers: MERCHANT })).statusCode).toBe(403);
    expect((await server.app.inject('/metrics')).statusCode).toBe(401);
    const { body, headers } = await server.app.inject({ url: '/metrics', headers: OPERATOR });
    expect(headers['content-type']).toContain('text/plain; version=0.0.4');
    expect(body).toContain('sluice_http_request_duration_seconds_count{method="GET",route="/v1/jobs/:id",status="2xx"} 1');
    expect(body).toContain('route="unknown",status="4xx"');
    expect(body).not.toMatch(/canary|merchant-a/);
    for (const line of body.trim().split('\n')) expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^}]*\})? \d[\d.e+-]*)$/);
  });
});

test('an instance whose records do not answer is alive and not ready', async () => {
  await using server = await testApp({}, { isHealthy: async () => false });
  const ready = await server.app.inject('/health/ready');
  expect([ready.statusCode, ready.json().status]).toEqual([503, 'unavailable']);
  expect((await server.app.inject('/health/live')).statusCode).toBe(200);
});
