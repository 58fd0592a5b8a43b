import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/http/routes/route-context.ts';
import { ACTOR_ROLES } from '../../src/identity/actor.ts';
import type { Actor } from '../../src/operations/actor.ts';
import { type AttackedRoute, attackedApi } from '../support/attacked-api.ts';
import { dispose, seededInstance, type TestInstance, value } from '../support/operations-instance.ts';
import { fittingValue, type JsonSchema } from '../support/schema-values.ts';

/**
 * What the fuzz of `api-fuzz.test.ts` does not send: values of the wrong type in every place of every body, fields that nobody asked for,
 * numbers beyond every range, deep nesting, texts of every kind in addresses, filters and headers, other media types, keys and cursors and
 * tags of somebody else. Two merchants with records of their own attack each other at every route with an id.
 */
const MARKS = { a: 'canary_of_merchant_a', b: 'canary_of_merchant_b' } as const;
/** Texts for the places of an address, encoded as a client would and as none would. */
const PLACES = [
  '..',
  '.',
  '%2e%2e%2f%2e%2e%2fetc%2fpasswd',
  '%00',
  '%ff%fe',
  '%',
  '%25',
  '%F0%9D%92%9C',
  "'%20OR%20'1'%3D'1",
  'x'.repeat(240),
  '__proto__',
  '*',
];
const TEXTS = ['', '\u0000', '\ud800', '\u202eabc', '𝒜'.repeat(300), "' OR 1=1 --", '../../etc/passwd', '1e309', 'constructor', '{{7*7}}'];
const WRONG: readonly unknown[] = [
  null,
  true,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER + 1,
  '',
  '\u0000',
  '\ud800',
  [],
  {},
  [[[]]],
  { __proto__x: 1 },
  'x'.repeat(5000),
];

let instance: TestInstance;
let app: App;
let routes: readonly AttackedRoute[];
let parts: Readonly<Record<string, JsonSchema>>;
let asker: Actor | null = null;
let faults: string[];

beforeAll(async () => {
  instance = await seededInstance();
  ({ app, routes, parts, faults } = await attackedApi(instance, () => asker));
}, 120_000);
afterAll(async () => {
  await app.close();
  await dispose(instance);
});

interface Sending {
  readonly payload?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly place?: string;
  readonly query?: string;
}

async function send(
  route: AttackedRoute,
  { payload, headers = {}, place = 'x_1', query }: Sending,
): Promise<{ status: number; body: string; headers: Record<string, unknown> }> {
  const required = route.query
    .filter((item) => item.required)
    .map((item) => `${item.name}=${encodeURIComponent(String(fittingValue(item.schema, parts, false, 'city')))}`);
  const asked = query ?? required.join('&');
  const url = `${route.path.replaceAll(/\{\w+\}/g, place)}${asked === '' ? '' : `?${asked}`}`;
  const isRaw = route.method === 'PUT';
  const content =
    route.method === 'GET'
      ? {}
      : payload === undefined
        ? isRaw
          ? { payload: 'x' }
          : {}
        : { payload: typeof payload === 'string' ? payload : JSON.stringify(payload) };
  const type = 'payload' in content ? { 'content-type': isRaw ? 'application/octet-stream' : 'application/json' } : {};
  const response = await app.inject({
    method: route.method,
    url,
    headers: { authorization: 'Bearer some-key-of-somebody', ...type, ...headers },
    ...content,
  });
  return { status: response.statusCode, body: response.body, headers: response.headers };
}

const isStream = (route: AttackedRoute): boolean => route.path.endsWith('/events');

/** Every place of a value, with something else in it. */
function* spoilt(sample: unknown, wrong: readonly unknown[], depth = 0): Generator<unknown> {
  if (typeof sample !== 'object' || sample === null || depth > 3) return;
  for (const [name, part] of Object.entries(sample)) {
    for (const other of wrong) yield Array.isArray(sample) ? Object.assign([...sample], { [name]: other }) : { ...sample, [name]: other };
    for (const inner of spoilt(part, wrong.slice(0, 4), depth + 1))
      yield Array.isArray(sample) ? Object.assign([...sample], { [name]: inner }) : { ...sample, [name]: inner };
  }
}

function bodiesFor(route: AttackedRoute): readonly unknown[] {
  if (route.body === null) return [];
  const sample = route.example ?? fittingValue(route.body, parts, true, 'city');
  const deep = `${'{"a":'.repeat(2000)}1${'}'.repeat(2000)}`;
  const extra = typeof sample === 'object' && sample !== null ? [{ ...sample, role: 'operator', organisation: 'x', isAdmin: true }] : [];
  return [...spoilt(sample, WRONG), ...extra, deep, '{"__proto__":{"x":1}}', '{"a":1,"a":2}', '\ufeff{}', '[1e400]', 'x'];
}

function faultsIn(sent: readonly { route: AttackedRoute; status: number; body: string }[]): readonly string[] {
  const found = sent.filter((item) => item.status >= 500).map((item) => `${item.route.method} ${item.route.path} ${item.status}`);
  return [...new Set([...found, ...faults.splice(0)])];
}

describe('hostile requests', () => {
  test.each(['merchant', 'operator', 'source', 'supervisor', 'authority'] as const)(
    'as %s: wrong values in every place of every body are no fault',
    { timeout: 300_000 },
    async (role) => {
      asker = instance.actor(role === 'merchant' ? 'merchant-a' : `${role}-1`);
      const sent = [];
      for (const route of routes.filter((item) => !isStream(item)))
        for (const payload of bodiesFor(route)) sent.push({ route, ...(await send(route, { payload, headers: { 'if-match': '"1"' } })) });
      expect(sent.length).toBeGreaterThan(2000);
      expect(faultsIn(sent)).toEqual([]);
    },
  );

  test('addresses, filters and headers of every kind are no fault, and nothing of a file comes out', { timeout: 300_000 }, async () => {
    const sent = [];
    asker = instance.actor('operator-1');
    for (const route of routes.filter((item) => !isStream(item))) {
      const payload = route.body === null ? undefined : route.example;
      if (route.path.includes('{')) for (const place of PLACES) sent.push({ route, ...(await send(route, { place, payload })) });
      for (const item of route.query)
        for (const text of TEXTS) {
          const one = `${item.name}=${encodeURIComponent(text.toWellFormed())}`;
          sent.push({ route, ...(await send(route, { query: one, payload })) });
        }
      for (const query of [
        'a=1&a=2',
        '__proto__=1',
        'limit=1&limit=2',
        'cursor=e30',
        'cursor=%00',
        'limit=-1',
        'limit=1e9',
        '%',
        '&&&',
        'a[b]=1',
      ])
        sent.push({ route, ...(await send(route, { query, payload })) });
      for (const headers of [
        { 'content-type': 'text/plain' },
        { 'content-type': 'application/xml' },
        { 'content-type': 'multipart/form-data; boundary=x' },
        { 'content-type': 'application/json; charset=utf-7' },
        { 'if-match': '*' },
        { 'if-match': '"1", W/"2", x' },
        { 'if-none-match': '*' },
        { 'if-modified-since': 'x' },
        { range: 'bytes=0-1' },
        { accept: 'application/xml' },
        { 'accept-language': 'x'.repeat(2000) },
        { 'idempotency-key': '"' },
        { 'x-http-method-override': 'DELETE' },
        { 'x-forwarded-for': "127.0.0.1, '" },
        { 'transfer-encoding': 'chunked' },
        { traceparent: '00-0-0-0' },
      ] as readonly Readonly<Record<string, string>>[])
        sent.push({ route, ...(await send(route, { headers, payload })) });
    }
    expect(faultsIn(sent)).toEqual([]);
    expect(sent.filter((item) => item.body.includes('root:'))).toEqual([]);
  });

  test('methods that no route has, and overridden ones, do nothing', { timeout: 60_000 }, async () => {
    asker = instance.actor('operator-1');
    for (const route of routes) {
      for (const method of ['DELETE', 'PATCH', 'OPTIONS', 'HEAD'] as const) {
        const response = await app.inject({
          method,
          url: route.path.replaceAll(/\{\w+\}/g, 'x_1'),
          headers: { authorization: 'Bearer some-key-of-somebody' },
        });
        expect([404, 405, 401], `${method} ${route.path}`).toContain(response.statusCode);
      }
    }
    expect(faults.splice(0)).toEqual([]);
  });
});

describe('two merchants', () => {
  const own: Record<'a' | 'b', Readonly<Record<string, string>>> = { a: {}, b: {} };

  beforeAll(async () => {
    for (const side of ['a', 'b'] as const) own[side] = await recordsOf(side);
  }, 60_000);

  async function recordsOf(side: 'a' | 'b'): Promise<Readonly<Record<string, string>>> {
    const id = `merchant-${side}`;
    const { operations } = instance;
    const actor = instance.actor(id);
    const job = await instance.realJob(`SELECT 1 -- ${MARKS[side]}`, id);
    const key = value(await operations.createKey(actor, { label: MARKS[side] }));
    const matter = value(
      await operations.openMatter(actor, {
        noun: 'onboarding',
        city: 'GZ',
        fields: { legalName: MARKS[side], creditCode: '91440101MA00000000' },
      }),
    );
    return { jobs: job.id, 'egress-requests': job.egressId ?? job.id, keys: key.id, onboardings: matter.id };
  }

  const stateOf = async (side: 'a' | 'b'): Promise<string> => {
    const actor = instance.actor(`merchant-${side}`);
    const { operations } = instance;
    return JSON.stringify([
      await operations.listJobs(actor, {}),
      await operations.listEgress(actor, {}),
      await operations.listKeys(actor, {}).then((keys) => (keys.ok ? keys.value.map((key) => [key.id, key.state]) : [])),
      await operations.listMatters(actor, { noun: 'onboarding' }),
    ]);
  };

  test.each([
    ['a', 'b'],
    ['b', 'a'],
  ] as const)(
    'merchant-%s gets nothing of merchant-%s at any route with an id, and changes nothing',
    { timeout: 120_000 },
    async (from, to) => {
      asker = instance.actor(`merchant-${to}`);
      const before = await stateOf(to);
      const tags: string[] = [];
      for (const route of routes.filter((item) => item.method === 'GET' && item.path.includes('{id}') && !isStream(item))) {
        const id = own[to][route.path.split('/')[2] ?? ''];
        if (id === undefined) continue;
        const { headers } = await send(route, { place: id });
        if (typeof headers['etag'] === 'string') tags.push(headers['etag']);
      }
      expect(tags.length).toBeGreaterThan(1);
      asker = instance.actor(`merchant-${from}`);
      const words = [MARKS[to], `merchant-${to}-co`];
      const sent = [];
      for (const route of routes.filter((item) => item.path.includes('{'))) {
        for (const id of Object.values(own[to])) {
          const payload = route.body === null ? undefined : route.example;
          // The tag of the other's record, seen in passing, opens nothing.
          const headers: Record<string, string> =
            route.method === 'GET' ? { 'if-none-match': tags[0] ?? '' } : { 'if-match': tags[0] ?? '' };
          const answer = await send(route, { place: id, payload, headers });
          const missing = await send(route, { place: `${id.slice(0, -3)}xyz`, payload, headers });
          // The same answer as for what is not there, but for the id itself.
          if (answer.status === missing.status)
            expect(answer.body.replaceAll(id, ''), route.path).toBe(missing.body.replaceAll(`${id.slice(0, -3)}xyz`, ''));
          else expect([answer.status, missing.status], `${route.method} ${route.path} ${id}`).toEqual([missing.status, missing.status]);
          sent.push({ route, ...answer });
        }
      }
      expect(faultsIn(sent)).toEqual([]);
      expect(sent.filter((item) => words.some((word) => item.body.includes(word))).map((item) => item.route.path)).toEqual([]);
      expect(await stateOf(to)).toBe(before);
    },
  );

  test('a cursor of the other, a forged one and one of another list begin nothing', async () => {
    asker = instance.actor('merchant-b');
    const list = routes.find((item) => item.method === 'GET' && item.path === '/v1/jobs');
    if (list === undefined) throw new Error('No list of jobs');
    await instance.realJob(`SELECT 2 -- ${MARKS.b}`, 'merchant-b');
    const { next } = JSON.parse((await send(list, { query: 'limit=1' })).body) as { next?: string };
    expect(next).toBeDefined();
    asker = instance.actor('merchant-a');
    const forged = Buffer.from(JSON.stringify(['x', own.b['jobs']]), 'utf8').toString('base64url');
    for (const cursor of [next, forged, 'AAAA', '']) {
      const answer = await send(list, { query: `limit=1&cursor=${cursor}` });
      expect([400, 422, 409], String(cursor)).toContain(answer.status);
      expect(answer.body).not.toContain(MARKS.b);
    }
  });

  test('an idempotency key of the other gives nothing of his answer; reused with another body it is refused', async () => {
    const submit = routes.find((item) => item.method === 'POST' && item.path === '/v1/jobs');
    if (submit === undefined) throw new Error('No submission');
    const key = { 'idempotency-key': randomUUID() };
    const body = (sql: string) => ({ dataset: 'city', target: 'sim', sql });
    asker = instance.actor('merchant-b');
    const first = await send(submit, { payload: body(`SELECT 3 -- ${MARKS.b}`), headers: key });
    expect(first.status).toBe(202);
    const other = await send(submit, { payload: body('SELECT 4'), headers: key });
    expect(other.body).toContain('request.idempotency_reused');
    asker = instance.actor('merchant-a');
    const foreign = await send(submit, { payload: body(`SELECT 3 -- ${MARKS.b}`), headers: key });
    expect(foreign.headers['idempotency-replayed']).toBeUndefined();
    expect((JSON.parse(foreign.body) as { id: string }).id).not.toBe((JSON.parse(first.body) as { id: string }).id);
  });
});

test('every role is among those that the fuzz asks as', () => {
  expect(ACTOR_ROLES).toEqual(expect.arrayContaining(['merchant', 'operator', 'source', 'supervisor', 'authority', 'auditor']));
});
