import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/http/routes/route-context.ts';
import { ACTOR_ROLES } from '../../src/identity/actor.ts';
import type { Actor } from '../../src/operations/actor.ts';
import { type AttackedRoute, attackedApi } from '../support/attacked-api.ts';
import { dispose, seededInstance, type TestInstance, value } from '../support/operations-instance.ts';
import { fittingValue, type JsonSchema, NASTY_TEXTS } from '../support/schema-values.ts';

/**
 * Every route of the OpenAPI document, as nobody, as each role, as another merchant and with a key that may do nothing:
 * with bodies made from its own schema, with nasty texts, with broken bodies, at ids of merchant-a and at none.
 */
const CANARY = 'canary_of_merchant_a';
let instance: TestInstance;
let app: App;
let routes: readonly AttackedRoute[];
let parts: Readonly<Record<string, JsonSchema>>;
let ids: Readonly<Record<string, string>>;
let asker: Actor | null = null;
let faults: string[];

beforeAll(async () => {
  instance = await seededInstance();
  ({ app, routes, parts, faults } = await attackedApi(instance, () => asker));
  ids = await idsOfMerchantA();
}, 120_000);
afterAll(async () => {
  await app.close();
  await dispose(instance);
});

async function idsOfMerchantA(): Promise<Readonly<Record<string, string>>> {
  const merchant = instance.actor('merchant-a');
  const filed = await instance.requestFiled(`SELECT 1 -- ${CANARY}`);
  const released = value(await instance.operations.release(instance.actor('operator-1'), filed.id));
  const open = await instance.requestInReview(`SELECT 2 -- ${CANARY}`);
  const key = value(await instance.operations.createKey(merchant, { label: CANARY }));
  const fields = { legalName: CANARY, creditCode: '91440101MA00000000' };
  const matter = value(await instance.operations.openMatter(merchant, { noun: 'onboarding', city: 'GZ', fields }));
  const [simulation] = value(await instance.operations.listSimulations(merchant, 'city'));
  return {
    jobs: filed.job,
    'egress-requests': open.id,
    releases: released.id,
    products: released.id,
    keys: key.id,
    onboardings: matter.id,
    simulations: simulation?.id ?? '',
    datasets: 'city',
  };
}

function addressOf(route: AttackedRoute, own: boolean): string {
  const noun = route.path.split('/')[2] ?? '';
  const names = { '{dataset}': 'city', '{table}': 'residents', '{version}': 'v1', '{name}': 'data.csv', '{seq}': '1' };
  const path = route.path.replaceAll(/\{\w+\}/g, (name) =>
    name === '{id}' ? ((own ? ids[noun] : undefined) ?? 'x_1') : (names[name as keyof typeof names] ?? 'x'),
  );
  const query = route.query
    .filter((item) => item.required)
    .map(
      (item) =>
        `${item.name}=${encodeURIComponent(String(item.name === 'dataset' ? 'city' : fittingValue(item.schema, parts, false, 'x')))}`,
    );
  return query.length === 0 ? path : `${path}?${query.join('&')}`;
}

const isStream = (route: AttackedRoute): boolean => route.path.endsWith('/events');

interface Sent {
  readonly route: AttackedRoute;
  readonly status: number;
  readonly body: string;
}

async function send(route: AttackedRoute, payload: unknown, own = true, ifMatch = true): Promise<Sent> {
  const raw = route.method === 'PUT';
  const headers = {
    authorization: 'Bearer some-key-of-somebody',
    ...(route.method === 'GET' ? {} : { 'content-type': raw ? 'application/octet-stream' : 'application/json' }),
    ...(route.method === 'GET' || !ifMatch ? {} : { 'if-match': '"1"' }),
  };
  const content =
    route.method === 'GET' || (payload === undefined && !raw)
      ? {}
      : { payload: typeof payload === 'string' ? payload : JSON.stringify(payload ?? {}) };
  if (payload === undefined && route.method === 'POST') Reflect.deleteProperty(headers, 'content-type');
  const response = await app.inject({ method: route.method, url: addressOf(route, own), headers, ...content });
  return { route, status: response.statusCode, body: response.body };
}

/** Everything sent to every route, by the present asker. */
async function sweep(round: number): Promise<readonly Sent[]> {
  const sent: Sent[] = [];
  const nasty = NASTY_TEXTS[round % NASTY_TEXTS.length] ?? '';
  for (const route of routes.filter((item) => !isStream(item))) {
    const of = (whole: boolean, text: string): unknown => (route.body === null ? undefined : fittingValue(route.body, parts, whole, text));
    sent.push(await send(route, of(false, 'city')));
    sent.push(await send(route, of(true, nasty), false));
    if (route.body !== null) sent.push(await send(route, ['{', '[]', 'null', '{"a":', '"x"'][round % 5]));
  }
  return sent;
}

const faultsOf = (sent: readonly Sent[]): readonly string[] =>
  sent
    .filter((item) => item.status >= 500)
    .map((item) => `${item.route.method} ${item.route.path} ${item.status} ${item.body.slice(0, 200)}`);

describe('the whole API', () => {
  test('as nobody: every route that is not public is closed, and nothing of merchant-a comes out', { timeout: 120_000 }, async () => {
    asker = null;
    const sent = await sweep(0);
    expect(routes.length).toBeGreaterThan(120);
    expect(sent.filter((item) => !item.route.isPublic && item.status !== 401).map((item) => `${item.route.path} ${item.status}`)).toEqual(
      [],
    );
    expect(faultsOf(sent)).toEqual([]);
    expect(sent.filter((item) => item.body.includes(CANARY))).toEqual([]);
  });

  test('as another merchant: nothing of merchant-a is seen or changed', { timeout: 120_000 }, async () => {
    const merchant = instance.actor('merchant-a');
    const state = async (): Promise<string> =>
      JSON.stringify([
        await instance.operations.listJobs(merchant, {}),
        await instance.operations.listEgress(merchant, {}),
        await instance.operations.listKeys(merchant, {}).then((keys) => (keys.ok ? keys.value.map((key) => [key.id, key.state]) : [])),
        await instance.operations.listMatters(merchant, { noun: 'onboarding' }),
        await instance.operations.showRelease(merchant, ids['releases'] ?? ''),
      ]);
    const before = await state();
    asker = instance.actor('merchant-b');
    const sent = await sweep(1);
    expect(faultsOf(sent)).toEqual([]);
    const leaks = sent.filter(
      (item) => item.body.includes(CANARY) || item.body.includes(ids['jobs'] ?? '?') || item.body.includes('merchant-a-co'),
    );
    expect(leaks.map((item) => `${item.route.method} ${item.route.path}`)).toEqual([]);
    expect(await state()).toBe(before);
  });

  test('with a key that may do nothing: nothing but looking at itself', { timeout: 120_000 }, async () => {
    for (const person of ['merchant-a', 'operator-1']) {
      asker = { ...instance.actor(person), scopes: [] };
      const sent = await sweep(2);
      const done = sent.filter((item) => item.status < 400 && !item.route.isPublic).map((item) => item.route.path);
      expect([...new Set(done)].sort()).toEqual(['/v1/session', '/v1/session/end']);
    }
  });

  test.each(ACTOR_ROLES.filter((role) => role !== 'merchant'))('as %s: no fault, whatever is sent', { timeout: 180_000 }, async (role) => {
    asker = { id: `${role}-9`, organisation: `${role}-office`, roles: [role] };
    faults.length = 0;
    const sent = await sweep(3 + ACTOR_ROLES.indexOf(role));
    expect([...new Set([...faultsOf(sent), ...faults])]).toEqual([]);
    // What the document says of a route holds: it asks for that action first, and takes the body that stands there as an example.
    const closed = routes.filter((route) => !route.isPublic && route.permission !== 'self' && !route.roles.includes(role));
    for (const route of closed) {
      const { status, body } = await send(route, route.example, true, route.path.endsWith('/steps'));
      const facts = (JSON.parse(body) as { facts?: unknown }).facts;
      expect([status, facts], `${route.method} ${route.path}`).toEqual([403, { action: route.permission }]);
    }
    // Proceedings are for who decides on them, requests for who reviews them; the others come across neither.
    const words = sent.filter(
      (item) => item.body.includes(CANARY) && !['operator', 'supervisor', 'auditor', 'authority', 'expert', 'secrecy'].includes(role),
    );
    expect(words.map((item) => `${item.route.method} ${item.route.path}`)).toEqual([]);
  });
});
