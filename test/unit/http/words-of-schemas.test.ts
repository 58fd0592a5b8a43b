import { expect, test } from 'vitest';
import { MERCHANT, testApp } from './test-app.ts';

test('a word that a schema does not take is answered with those it takes, never with what was sent', async () => {
  await using server = await testApp();
  const sent = { dataset: 'city', sql: 'SELECT 1', target: 'canary-target' };
  const answer = await server.app.inject({ method: 'POST', url: '/v1/jobs', headers: MERCHANT, payload: sent });
  expect(answer.json().facts).toEqual({ place: 'body', pointer: '/target', keyword: 'invalid_value', values: ['sim', 'real'] });
  expect(answer.json().detail).toContain('It takes sim, real.');
  expect(answer.body).not.toContain('canary');
});
