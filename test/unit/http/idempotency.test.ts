import { describe, expect, test } from 'vitest';
import { err, ok } from '../../../src/kernel/result.ts';
import { problem } from '../../../src/problems/problem.ts';
import { JOB } from './fake-operations.ts';
import { MERCHANT, SOURCE, type TestApp, testApp } from './test-app.ts';

const BODY = { dataset: 'town', sql: 'SELECT 1', target: 'sim' };

function submit(server: TestApp, key: string, change: Record<string, unknown> = {}, headers: Record<string, string> = MERCHANT) {
  return server.app.inject({
    method: 'POST',
    url: '/v1/jobs',
    headers: { ...headers, 'idempotency-key': key },
    payload: { ...BODY, ...change },
  });
}

describe('an idempotency key', () => {
  test('has the request done once and gives the same answer again', async () => {
    let made = 0;
    await using server = await testApp({ submitJob: async () => ok({ ...JOB, id: `job_${++made}` }) });
    const first = await submit(server, 'k1');
    const again = await submit(server, 'k1');
    const quoted = await submit(server, '"k1"');
    expect([first.statusCode, first.json().id, first.headers['idempotency-replayed']]).toEqual([202, 'job_1', undefined]);
    for (const response of [again, quoted]) {
      expect([response.statusCode, response.body, response.headers['location']]).toEqual([202, first.body, '/v1/jobs/job_1']);
      expect(response.headers['idempotency-replayed']).toBe('true');
    }
    expect(made).toBe(1);
  });

  test('stands for one request: another body, address or precondition is refused', async () => {
    await using server = await testApp();
    await submit(server, 'k1');
    const others = [
      await submit(server, 'k1', { sql: 'SELECT 2' }),
      await submit(server, 'k1', {}, { ...MERCHANT, 'if-match': '"x"' }),
      await server.app.inject({ method: 'POST', url: '/v1/jobs/job_1/cancellation', headers: { ...MERCHANT, 'idempotency-key': 'k1' } }),
    ];
    for (const response of others) expect([response.statusCode, response.json().code]).toEqual([422, 'request.idempotency_reused']);
    expect(server.calls.map((call) => call.operation)).toEqual(['submitJob']);
  });

  test('is the principal’s own', async () => {
    await using server = await testApp();
    await submit(server, 'k1');
    const other = await submit(server, 'k1', { sql: 'SELECT 2' }, SOURCE);
    expect(other.headers['idempotency-replayed']).toBeUndefined();
    expect(server.calls).toHaveLength(2);
  });

  test('while the first is under way, the second is not done', async () => {
    const started = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const slow = async () => {
      started.resolve();
      await finish.promise;
      return ok(JOB);
    };
    await using server = await testApp({ submitJob: slow });
    const first = submit(server, 'k1');
    await started.promise;
    const second = await submit(server, 'k1');
    expect([second.statusCode, second.json().code]).toEqual([409, 'request.idempotency_unsettled']);
    finish.resolve();
    expect((await first).statusCode).toBe(202);
    expect((await submit(server, 'k1')).statusCode).toBe(202);
  });

  test('after a fault nothing is done again: nobody can tell what was', async () => {
    let calls = 0;
    const fault = async (): Promise<never> => {
      calls += 1;
      throw new Error('after the commit');
    };
    await using server = await testApp({ submitJob: fault });
    expect((await submit(server, 'k1')).statusCode).toBe(500);
    expect((await submit(server, 'k1')).json().code).toBe('request.idempotency_unsettled');
    expect(calls).toBe(1);
  });

  test('refusals are answers too; what never reached the operation leaves the key free', async () => {
    let calls = 0;
    const refused = async () => {
      calls += 1;
      return err([problem('access.forbidden', { action: 'job.submit' })]);
    };
    await using server = await testApp({ submitJob: refused });
    expect((await submit(server, 'k1', { nonsense: 1 })).statusCode).toBe(400);
    const bodies = [(await submit(server, 'k1')).body, (await submit(server, 'k1')).body];
    expect([new Set(bodies).size, calls]).toEqual([1, 1]);
  });

  test('of an answer with a secret, the secret is told once', async () => {
    await using server = await testApp();
    const ask = () =>
      server.app.inject({ method: 'POST', url: '/v1/keys', headers: { ...MERCHANT, 'idempotency-key': 'k1' }, payload: { label: 'ci' } });
    const first = await ask();
    const again = await ask();
    expect([first.statusCode, first.json().key]).toEqual([201, 'slk_k_s']);
    expect([again.statusCode, again.json().code]).toEqual([409, 'request.idempotency_secret']);
    expect(again.body).not.toContain('slk_k_s');
    expect(server.calls).toHaveLength(1);
  });

  test.each(['', ' ', '""', 'a b', 'x'.repeat(201), '密'])('%j is no key', async (key) => {
    await using server = await testApp();
    const response = await server.app.inject({
      method: 'POST',
      url: '/v1/jobs',
      headers: { ...MERCHANT, 'idempotency-key': Buffer.from(key, 'utf8').toString('latin1') },
      payload: BODY,
    });
    expect([response.statusCode, response.json().code]).toEqual([400, 'request.idempotency_key']);
    expect(server.calls).toEqual([]);
  });
});
