import { describe, expect, test } from 'vitest';
import type { Machine } from '../../../src/governance/machine.ts';
import { MACHINES } from '../../../src/governance/machines.ts';
import { assertGuarded } from '../../../src/http/plugins/identity.ts';
import { DATA_ROUTES } from './data-route-cases.ts';
import { EGRESS_ROUTES } from './egress-route-cases.ts';
import type { RouteCase } from './route-case.ts';
import { MERCHANT, testApp } from './test-app.ts';

/** Every kind of proceeding has the same routes, made from its table. */
const casesOf = (machines: readonly Machine[]): readonly RouteCase[] =>
  machines.flatMap((machine): readonly RouteCase[] => {
    const url = `/v1/${machine.plural}`;
    const [step] = machine.transitions.filter((item) => !item.by.includes('clock')).map((item) => item.step);
    const body = { city: 'GZ', fields: {} };
    const headers = { ...MERCHANT, 'if-match': '"3"' };
    return [
      { method: 'GET', url, route: url, operation: 'listMatters', status: 200 },
      { method: 'POST', url, route: url, operation: 'openMatter', status: 201, body },
      { method: 'GET', url: `${url}/mat_1`, route: `${url}/{id}`, operation: 'showMatter', status: 200 },
      {
        method: 'POST',
        url: `${url}/mat_1/steps`,
        route: `${url}/{id}/steps`,
        operation: 'stepMatter',
        status: 200,
        body: { step },
        as: headers,
      },
    ];
  });
const CASES: readonly RouteCase[] = [...DATA_ROUTES, ...EGRESS_ROUTES, ...casesOf(MACHINES.slice(0, 2))];
const PUBLIC = ['/health/live', '/health/ready', '/openapi.json', '/v1/catalogue'];

const name = (item: RouteCase): string => `${item.method} ${item.url}`;

function payloadOf(item: RouteCase): { payload?: string; headers: Record<string, string> } {
  const identity = item.as ?? MERCHANT;
  if (item.method === 'PUT') return { payload: 'id\n1\n', headers: { ...identity, 'content-type': 'application/octet-stream' } };
  if (item.body === undefined) return { headers: identity };
  return { payload: JSON.stringify(item.body), headers: { ...identity, 'content-type': 'application/json' } };
}

describe('every route', () => {
  test.each(CASES.map((item) => [name(item), item] as const))('%s answers and calls its operation alone', async (_name, item) => {
    await using server = await testApp();
    const response = await server.app.inject({ method: item.method, url: item.url, ...payloadOf(item) });
    expect([response.statusCode, server.calls.map((call) => call.operation)]).toEqual([
      item.status,
      item.operation === null ? [] : [item.operation],
    ]);
    for (const call of server.calls) expect(call.actor.id).toBe('merchant-a');
  });

  test.each(CASES.map((item) => [name(item), item] as const))('%s wants an API key', async (_name, item) => {
    await using server = await testApp();
    for (const authorization of [undefined, 'Bearer unknown-key-00000000', 'Basic bWVyY2hhbnQ6eA==', 'merchant-key-0000000']) {
      const { headers, ...rest } = payloadOf(item);
      const response = await server.app.inject({
        method: item.method,
        url: item.url,
        ...rest,
        headers: { ...headers, authorization: authorization ?? '' },
      });
      expect(response.statusCode).toBe(401);
      expect(response.json().code).toBe('access.unauthenticated');
      expect(response.headers['www-authenticate']).toBe('Bearer');
    }
    expect(server.calls).toEqual([]);
  });

  test.each(CASES.map((item) => [name(item), item] as const))('%s refuses unknown query parameters', async (_name, item) => {
    await using server = await testApp();
    const url = `${item.url}${item.url.includes('?') ? '&' : '?'}surprise=1`;
    const response = await server.app.inject({ method: item.method, url, ...payloadOf(item) });
    expect([response.statusCode, response.json().problems]).toEqual([
      400,
      [expect.objectContaining({ code: 'request.invalid', facts: { place: 'query', pointer: '/surprise', keyword: 'unrecognized_keys' } })],
    ]);
    expect(server.calls).toEqual([]);
  });

  test.each(CASES.filter((item) => item.body !== undefined).map((item) => [name(item), item] as const))(
    '%s refuses unknown, missing and wrong fields without repeating values',
    async (_name, item) => {
      await using server = await testApp();
      const post = (body: unknown) =>
        server.app.inject({ method: item.method, url: item.url, headers: MERCHANT, payload: body as Record<string, unknown> });
      const unknown = await post({ ...item.body, surprise: 'canary-value' });
      expect(unknown.json().problems[0].facts).toEqual({ place: 'body', pointer: '/surprise', keyword: 'unrecognized_keys' });
      const missing = await post({});
      expect(missing.json().code).toBe('request.invalid');
      const field = Object.keys(item.body ?? {})[0] ?? '';
      const wrong = await post({ ...item.body, [field]: [['canary-value']] });
      expect(wrong.json().problems[0].facts.pointer.split('/')[1]).toBe(field);
      for (const response of [unknown, missing, wrong]) {
        expect(response.statusCode).toBe(400);
        expect(response.body).not.toContain('canary-value');
      }
      expect(server.calls).toEqual([]);
    },
  );

  test('stands in the OpenAPI document with its answers, and nothing else does', async () => {
    await using server = await testApp();
    const response = await server.app.inject('/openapi.json');
    const document = response.json();
    expect(document.openapi).toBe('3.1.0');
    const documented = Object.entries(document.paths as Record<string, Record<string, { responses: Record<string, unknown> }>>).flatMap(
      ([path, methods]) =>
        Object.entries(methods).map(([method, body]) => ({ path, method: method.toUpperCase(), responses: Object.keys(body.responses) })),
    );
    const all = [...CASES, ...casesOf(MACHINES.slice(2))];
    const expected = [
      ...all.map((item) => `${item.method} ${item.route}`),
      ...PUBLIC.map((path) => `GET ${path}`),
      'POST /v1/accounts',
      'POST /v1/sessions',
    ];
    expect(documented.map((item) => `${item.method} ${item.path}`).sort()).toEqual(expected.sort());
    for (const item of documented) {
      expect(item.responses).toEqual(expect.arrayContaining(['4XX', '5XX']));
      expect(item.responses.some((status) => status.startsWith('2'))).toBe(true);
    }
    const references = [...response.body.matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(references.length).toBeGreaterThan(10);
    for (const reference of references) expect(document.components.schemas).toHaveProperty(reference);
    expect(document.paths['/health/live'].get.security).toEqual([]);
    expect(document.paths['/v1/jobs'].post.requestBody.content['application/json'].schema.additionalProperties).toBe(false);
  });

  test('needs a permission or to be public, and response schemas', () => {
    const handler = () => undefined;
    const schema = { response: { 200: {} } };
    const route = { method: 'GET', url: '/v1/x', path: '/v1/x', prefix: '', handler } as const;
    expect(() => assertGuarded({ ...route, schema })).toThrow('needs either');
    expect(() => assertGuarded({ ...route, schema, config: { public: true, permission: 'listJobs' } })).toThrow('needs either');
    expect(() => assertGuarded({ ...route, config: { permission: 'listJobs' } })).toThrow('no response schema');
    expect(() => assertGuarded({ ...route, schema, config: { permission: 'listJobs' } })).not.toThrow();
  });

  test.each(PUBLIC)('%s is public', async (url) => {
    await using server = await testApp();
    expect((await server.app.inject(url)).statusCode).toBe(200);
  });
});
