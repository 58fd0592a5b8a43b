import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inboxFolderOf } from '../../../src/http/inbox.ts';
import { preferredLanguage } from '../../../src/http/plugins/language.ts';
import { err, ok } from '../../../src/kernel/result.ts';
import { problem } from '../../../src/problems/problem.ts';
import { JOB } from './fake-operations.ts';
import { KEYS, MERCHANT, SOURCE, testApp } from './test-app.ts';

const notFound = async () => err([problem('access.not_found', { kind: 'job' })]);

describe('refusals', () => {
  test('are problem documents with every problem at once', async () => {
    const both = async () => err([problem('access.forbidden', { action: 'x' }), problem('access.not_found', { kind: 'job' })]);
    await using server = await testApp({ showJob: both });
    const response = await server.app.inject({ url: '/v1/jobs/job_1', headers: MERCHANT });
    expect(response.statusCode).toBe(403);
    expect(response.headers['content-type']).toMatch(/^application\/problem\+json/);
    expect(response.json()).toMatchObject({
      type: 'urn:sluice:problem:access.forbidden',
      status: 403,
      code: 'access.forbidden',
      problems: [{ code: 'access.forbidden' }, { code: 'access.not_found' }],
    });
  });

  test.each([
    ['zh-CN,zh;q=0.9,en;q=0.8', 'zh', '未找到'],
    ['en', 'en', 'Not found'],
    ['fr', 'en', 'Not found'],
    ['en;q=0.1, zh;q=0.2', 'zh', '未找到'],
  ])('speak the language of %s', async (header, language, title) => {
    await using server = await testApp({ showJob: notFound });
    const response = await server.app.inject({ url: '/v1/jobs/job_1', headers: { ...MERCHANT, 'accept-language': header } });
    expect([response.headers['content-language'], response.json().title]).toEqual([language, title]);
    expect(response.headers['vary']).toBe('Accept-Language');
  });

  test('inside a job are worded too', async () => {
    const refused = { ...JOB, state: 'REFUSED' as const, problems: [problem('access.not_found', { kind: 'dataset' })] };
    await using server = await testApp({ showJob: async () => ok(refused) });
    const response = await server.app.inject({ url: '/v1/jobs/job_1', headers: { ...MERCHANT, 'accept-language': 'zh' } });
    expect(response.json().problems).toEqual([
      { code: 'access.not_found', facts: { kind: 'dataset' }, title: '未找到', detail: expect.stringContaining('dataset') },
    ]);
  });

  test('of a foreign, a missing and a malformed id are the same bytes', async () => {
    await using server = await testApp({ showJob: notFound });
    const bodies = await Promise.all(
      ['job_foreign', 'job_missing', '..%2F..%2Fetc', "'%20OR%201=1"].map(async (id) => {
        const response = await server.app.inject({ url: `/v1/jobs/${id}`, headers: MERCHANT });
        return `${response.statusCode} ${response.body}`;
      }),
    );
    expect(new Set(bodies).size).toBe(1);
  });

  test('an unknown address has its own code, with and without a key', async () => {
    await using server = await testApp();
    for (const headers of [{}, MERCHANT]) {
      const response = await server.app.inject({ url: '/v1/nothing', headers });
      expect([response.statusCode, response.json().code]).toEqual([404, 'request.unknown_route']);
    }
  });

  test.each([
    ['{"dataset": ', 400, 'request.malformed'],
    ['', 400, 'request.malformed'],
    ['{"__proto__": {"x": 1}}', 400, 'request.malformed'],
    [`{"dataset": "${'x'.repeat(5000)}"}`, 413, 'request.too_large'],
  ])('body %.20s is refused', async (payload, status, code) => {
    await using server = await testApp();
    const response = await server.app.inject({
      method: 'POST',
      url: '/v1/jobs',
      headers: { ...MERCHANT, 'content-type': 'application/json' },
      payload,
    });
    expect([response.statusCode, response.json().code]).toEqual([status, code]);
    expect(server.calls).toEqual([]);
  });

  test('a body of another media type is refused', async () => {
    await using server = await testApp();
    const response = await server.app.inject({
      method: 'POST',
      url: '/v1/jobs',
      headers: { ...MERCHANT, 'content-type': 'text/xml' },
      payload: '<a/>',
    });
    expect([response.statusCode, response.json().code]).toEqual([415, 'request.media_type']);
  });
});

describe('faults', () => {
  const CANARY = 'Could not convert string Zhang-San-canary to INT32';
  const fault = async (): Promise<never> => {
    throw new TypeError(CANARY);
  };

  test('give an incident id, which also stands in the log, and no text of the error anywhere', async () => {
    await using server = await testApp({ showJob: fault });
    const response = await server.app.inject({ url: '/v1/jobs/job_1?', headers: MERCHANT });
    const body = response.json();
    expect([response.statusCode, body.code, Object.keys(body.facts)]).toEqual([500, 'request.internal', ['incident']]);
    const logged = server.log.find((line) => line.event === 'fault');
    expect(logged).toMatchObject({ incident: body.facts.incident, kind: 'TypeError', route: '/v1/jobs/:id' });
    expect(logged?.frames?.[0]).toMatch(/^behaviour\.test\.ts:\d+:\d+$/);
    for (const text of [response.body, JSON.stringify(response.headers), JSON.stringify(server.log)]) expect(text).not.toContain('canary');
  });

  test('an answer that does not fit its own schema is a fault, not a leak', async () => {
    await using server = await testApp({ showJob: async () => ok({ ...JOB, state: 'canary' as 'DONE' }) });
    const response = await server.app.inject({ url: '/v1/jobs/job_1', headers: MERCHANT });
    expect([response.statusCode, response.json().code]).toEqual([500, 'request.internal']);
    expect(response.body).not.toContain('canary');
  });

  test('fields that the schema does not name do not leave', async () => {
    await using server = await testApp({ showJob: async () => ok({ ...JOB, sealedPath: 'canary' } as typeof JOB) });
    const response = await server.app.inject({ url: '/v1/jobs/job_1', headers: MERCHANT });
    expect(response.statusCode).toBe(200);
    expect(response.body).not.toContain('canary');
  });

  test('an answer that takes too long is a timeout', async () => {
    await using server = await testApp({ showJob: () => new Promise(() => undefined) }, { handlerTimeoutMs: 50 });
    const response = await server.app.inject({ url: '/v1/jobs/job_1', headers: MERCHANT });
    expect([response.statusCode, response.json().code]).toEqual([503, 'request.timeout']);
  });
});

describe('logs', () => {
  test('hold the pattern of the route and never what was asked for or sent', async () => {
    await using server = await testApp();
    await server.app.inject({ url: '/v1/jobs/job_canary?state=canary', headers: { ...MERCHANT, 'x-canary': 'canary' } });
    await server.app.inject({
      method: 'POST',
      url: '/v1/jobs',
      headers: MERCHANT,
      payload: { dataset: 'canary', sql: "SELECT 'canary'", target: 'sim' },
    });
    expect(server.log.map((line) => [line.method, line.route, line.status, line.actor])).toEqual([
      ['GET', '/v1/jobs/:id', 400, 'merchant-a'],
      ['POST', '/v1/jobs', 202, 'merchant-a'],
    ]);
    expect(JSON.stringify(server.log)).not.toMatch(/canary|merchant-key/);
  });
});

describe('waiting', () => {
  test('a job that ends in time is answered at once, one that does not as it stands', async () => {
    await using quick = await testApp();
    expect((await quick.app.inject({ url: '/v1/jobs/job_1?waitMs=5000', headers: MERCHANT })).json().state).toBe('SIM_PASSED');
    expect(quick.calls.map((call) => call.operation)).toEqual(['awaitJob']);
    await using slow = await testApp({
      awaitJob: () => new Promise(() => undefined),
      showJob: async () => ok({ ...JOB, state: 'SIM_RUNNING' }),
    });
    expect((await slow.app.inject({ url: '/v1/jobs/job_1?waitMs=20', headers: MERCHANT })).json().state).toBe('SIM_RUNNING');
  });

  test('202 names where to look', async () => {
    await using server = await testApp();
    const job = await server.app.inject({
      method: 'POST',
      url: '/v1/jobs',
      headers: MERCHANT,
      payload: { dataset: 'town', sql: 'SELECT 1', target: 'sim' },
    });
    expect([job.statusCode, job.headers['location']]).toEqual([202, '/v1/jobs/job_1']);
    const load = await server.app.inject({ method: 'POST', url: '/v1/loads', headers: SOURCE, payload: { declaration: {} } });
    expect([load.statusCode, load.headers['location']]).toEqual([202, '/v1/loads/load_1']);
  });
});

describe('inbox', () => {
  const put = (name: string, payload: string, headers: Record<string, string> = SOURCE) =>
    ({ method: 'PUT', url: `/v1/inbox/${name}`, payload, headers: { ...headers, 'content-type': 'application/octet-stream' } }) as const;
  const folderOf = (key: string) => inboxFolderOf(KEYS[key] ?? { id: '', organisation: '', roles: [] });

  test('keeps the bytes in the folder of the caller, which the load then names', async () => {
    await using server = await testApp();
    const response = await server.app.inject(put('people.csv', 'id\n一\n'));
    expect([response.statusCode, response.json().bytes]).toEqual([201, 7]);
    const folder = join(server.inboxFolder, folderOf('source-key-000000000'));
    expect(await readFile(join(folder, 'people.csv'), 'utf8')).toBe('id\n一\n');
    await server.app.inject({
      method: 'POST',
      url: '/v1/loads',
      headers: SOURCE,
      payload: { declaration: { tables: { p: { file: 'people.csv' } } } },
    });
    expect(server.calls[0]?.input).toMatchObject({ baseFolder: folder });
  });

  test.each(['..%2Fpeople.csv', '.hidden', '%2Fetc%2Fpasswd', 'a%5Cb', '%E4%B8%80'])('refuses the name %s', async (name) => {
    await using server = await testApp();
    const response = await server.app.inject(put(name, 'x'));
    expect([response.statusCode, response.json().code]).toEqual([400, 'request.file_name']);
    expect(await readdir(server.inboxFolder)).toEqual([]);
  });

  test('refuses too much and keeps nothing of it, also without an announced length', async () => {
    await using server = await testApp({}, { inboxFileLimitBytes: 10 });
    const announced = await server.app.inject(put('big.csv', 'x'.repeat(11)));
    expect([announced.statusCode, announced.json()]).toEqual([
      413,
      expect.objectContaining({ code: 'request.too_large', facts: { limitBytes: 10 } }),
    ]);
    const address = await server.app.listen({ host: '127.0.0.1', port: 0 });
    const body = new ReadableStream({
      start(controller) {
        controller.enqueue(Buffer.from('123456'));
        controller.enqueue(Buffer.from('789012'));
        controller.close();
      },
    });
    const headers = { ...SOURCE, 'content-type': 'application/octet-stream' };
    const streamed = await fetch(`${address}/v1/inbox/big.csv`, { method: 'PUT', headers, body, duplex: 'half' } as RequestInit);
    expect([streamed.status, await streamed.json()]).toEqual([413, expect.objectContaining({ code: 'request.too_large' })]);
    const folder = join(server.inboxFolder, folderOf('source-key-000000000'));
    expect(await readdir(folder).catch(() => [])).toEqual([]);
  });

  test('takes nothing from those who do not load', async () => {
    await using server = await testApp();
    const response = await server.app.inject(put('people.csv', 'x', MERCHANT));
    expect([response.statusCode, response.json().code]).toEqual([403, 'access.forbidden']);
    expect(await readdir(server.inboxFolder)).toEqual([]);
  });

  test.each(['../people.csv', '/etc/passwd', 'sub/people.csv', '.upload-x'])('a declaration cannot reach %s', async (file) => {
    await using server = await testApp();
    const payload = { declaration: { tables: { people: { file } } } };
    const response = await server.app.inject({ method: 'POST', url: '/v1/loads', headers: SOURCE, payload });
    expect([response.statusCode, response.json().code]).toEqual([400, 'request.file_name']);
    expect(server.calls).toEqual([]);
  });

  test('local folders are for embedded instances only', async () => {
    const payload = { declaration: {}, localFolder: '/data' };
    await using served = await testApp();
    const refused = await served.app.inject({ method: 'POST', url: '/v1/loads', headers: SOURCE, payload });
    expect([refused.statusCode, refused.json().code, served.calls.length]).toEqual([403, 'request.local_folder', 0]);
    await using embedded = await testApp({}, { allowLocalFolders: true });
    const taken = await embedded.app.inject({ method: 'POST', url: '/v1/loads', headers: SOURCE, payload });
    expect([taken.statusCode, embedded.calls[0]?.input]).toEqual([202, { declaration: {}, baseFolder: '/data' }]);
  });
});

describe('downloads', () => {
  test('are bytes that no browser interprets', async () => {
    await using server = await testApp();
    const file = await server.app.inject({ url: '/v1/releases/rel_1/files/data.csv', headers: MERCHANT });
    expect([file.body, file.headers['content-type'], file.headers['x-content-type-options']]).toEqual([
      'a,b',
      'application/octet-stream',
      'nosniff',
    ]);
    const csv = await server.app.inject({ url: '/v1/simulations/sim_1/tables/people', headers: MERCHANT });
    expect([csv.body, csv.headers['content-type']]).toEqual(['id\n1\n', 'text/csv; charset=utf-8']);
  });
});

describe('stopping', () => {
  test('finishes what is under way and refuses what comes after', async () => {
    let finish: (() => void) | undefined;
    const started = Promise.withResolvers<void>();
    const slow = () =>
      new Promise<ReturnType<typeof ok<typeof JOB>>>((resolve) => {
        finish = () => resolve(ok(JOB));
        started.resolve();
      });
    await using server = await testApp({ showJob: slow });
    const address = await server.app.listen({ host: '127.0.0.1', port: 0 });
    const underWay = fetch(`${address}/v1/jobs/job_1`, { headers: MERCHANT });
    await started.promise;
    const closed = server.app.close();
    const late = await fetch(`${address}/v1/jobs/job_2`, { headers: MERCHANT }).then(
      (response) => response.status,
      () => 'refused',
    );
    finish?.();
    expect([503, 'refused']).toContain(late);
    expect((await underWay).status).toBe(200);
    await closed;
  });
});

test('languages by weight', () => {
  expect(['zh', 'en-GB, zh;q=0.9', '', 'zh;q=0', '*', 'zh;q=abc'].map((header) => preferredLanguage(header))).toEqual([
    'zh',
    'en',
    'en',
    'en',
    'en',
    'zh',
  ]);
});
