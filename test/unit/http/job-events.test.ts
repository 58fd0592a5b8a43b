import { describe, expect, test } from 'vitest';
import { err, ok } from '../../../src/kernel/result.ts';
import type { JobEvent } from '../../../src/operations/job-states.ts';
import { problem } from '../../../src/problems/problem.ts';
import { MERCHANT, type TestApp, testApp } from './test-app.ts';

const at = '2026-01-01T00:00:00.000Z';
const way = (...states: readonly JobEvent['state'][]): readonly JobEvent[] => states.map((state, index) => ({ seq: index + 1, state, at }));

interface Message {
  readonly id?: string;
  readonly event?: string;
}

function messages(text: string): readonly Message[] {
  return text
    .split('\n\n')
    .filter((block) => /^(id|event):/m.test(block))
    .map((block) => ({ id: /^id: (.*)$/m.exec(block)?.[1], event: /^event: (.*)$/m.exec(block)?.[1] }) as Message);
}

const read = (server: TestApp, headers: Record<string, string> = {}) =>
  server.app.inject({ url: '/v1/jobs/job_1/events', headers: { ...MERCHANT, ...headers } });

describe('the events of a job', () => {
  test('of the past come first, and the stream ends with the job', async () => {
    await using server = await testApp({ jobEvents: async () => ok(way('SUBMITTED', 'SIM_QUEUED', 'SIM_RUNNING', 'SIM_PASSED')) });
    const response = await read(server);
    expect(response.headers['content-type']).toMatch(/^text\/event-stream/);
    expect(messages(response.body)).toEqual([
      { id: '1', event: 'state' },
      { id: '2', event: 'state' },
      { id: '3', event: 'state' },
      { id: '4', event: 'state' },
      { id: undefined, event: 'end' },
    ]);
  });

  test('go on after the one that was seen last, and a strange id starts anew', async () => {
    await using server = await testApp({ jobEvents: async () => ok(way('SUBMITTED', 'SIM_QUEUED', 'SIM_RUNNING', 'SIM_PASSED')) });
    const idsAfter = async (id: string) => messages((await read(server, { 'last-event-id': id })).body).map((message) => message.id);
    expect(await idsAfter('3')).toEqual(['4', undefined]);
    expect(await idsAfter('99')).toEqual([undefined]);
    expect(await idsAfter('-1 OR 1=1')).toEqual(['1', '2', '3', '4', undefined]);
  });

  test('come as they happen', async () => {
    let asked = 0;
    const states = ['SIM_QUEUED', 'SIM_RUNNING', 'SIM_PASSED'] as const;
    await using server = await testApp({ jobEvents: async () => ok(way(...states.slice(0, Math.max(1, asked++)))) });
    expect(messages((await read(server)).body).map((message) => message.id)).toEqual(['1', '2', '3', undefined]);
  });

  test('are refused like the job itself', async () => {
    await using server = await testApp({ jobEvents: async () => err([problem('access.not_found', { kind: 'job' })]) });
    const response = await read(server);
    expect([response.statusCode, response.json().code]).toEqual([404, 'access.not_found']);
  });

  test('end when the service stops, so that it can stop', async () => {
    const server = await testApp({ jobEvents: async () => ok(way('SIM_QUEUED')) });
    const address = await server.app.listen({ host: '127.0.0.1', port: 0 });
    const response = await fetch(`${address}/v1/jobs/job_1/events`, { headers: MERCHANT });
    const text = response.text();
    const before = performance.now();
    await server[Symbol.asyncDispose]();
    expect(performance.now() - before).toBeLessThan(3000);
    expect(messages(await text).map((message) => message.id)).toEqual(['1']);
  });

  test('are read by one person over twenty streams at most', async () => {
    const server = await testApp({ jobEvents: async () => ok(way('SIM_QUEUED')) });
    const address = await server.app.listen({ host: '127.0.0.1', port: 0 });
    const ask = () => fetch(`${address}/v1/jobs/job_1/events`, { headers: MERCHANT });
    const open = await Promise.all(Array.from({ length: 20 }, ask));
    expect(open.every((response) => response.status === 200)).toBe(true);
    const more = await ask();
    expect([more.status, more.headers.get('retry-after')]).toEqual([429, '10']);
    await Promise.all([server[Symbol.asyncDispose](), ...open.map((response) => response.text())]);
  });
});
