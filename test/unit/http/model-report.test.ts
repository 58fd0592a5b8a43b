import { expect, test } from 'vitest';
import { ok } from '../../../src/kernel/result.ts';
import type { ModelView } from '../../../src/operations/model-interface.ts';
import { OPERATOR, testApp } from './test-app.ts';

const MODEL: ModelView = {
  id: 'job_1',
  dataset: 'town',
  target: 'sim',
  state: 'SIM_RUNNING',
  merchant: 'merchant-a',
  algorithm: 'kmeans',
  specification: 'ab',
  createdAt: '2026-01-01T00:00:00.000Z',
  progress: { step: 'checking', percent: 61 },
};
const REPORT: NonNullable<ModelView['report']> = {
  verdict: 'review',
  algorithm: 'kmeans',
  features: 2,
  metrics: {},
  findings: [],
  files: [],
  pictures: { attacks: [], support: { of: 'clusters', units: [12, 30], least: 10 } },
};

test('a model says how far it is; its report is a page that may run and fetch nothing', async () => {
  let shown = MODEL;
  await using server = await testApp({ showModel: async () => ok(shown) });
  const get = (url: string) => server.app.inject({ url, headers: OPERATOR });
  expect((await get('/v1/models/job_1')).json()).toMatchObject({ progress: { step: 'checking', percent: 61 } });
  // No report yet.
  expect((await get('/v1/models/job_1?format=html')).statusCode).toBe(404);
  const { progress: _progress, ...ended } = MODEL;
  shown = { ...ended, state: 'SIM_PASSED', report: REPORT };
  const page = await get('/v1/models/job_1?format=html');
  expect(page.headers['content-type']).toContain('text/html');
  expect(page.headers['content-security-policy']).toBe("default-src 'none'; style-src 'unsafe-inline'");
  expect(page.body).toContain('<svg');
  expect((await get('/v1/models/job_1')).json().report.pictures.support.units).toEqual([12, 30]);
  expect((await get('/v1/models/job_1?format=pdf')).statusCode).toBe(400);
});
