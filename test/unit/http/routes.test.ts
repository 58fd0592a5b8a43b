import { describe, expect, test } from 'vitest';
import type { Machine } from '../../../src/governance/machine.ts';
import { MACHINES } from '../../../src/governance/machines.ts';
import { assertGuarded } from '../../../src/http/plugins/identity.ts';
import { MERCHANT, OPERATOR, SOURCE, testApp } from './test-app.ts';

interface Case {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly route: string;
  readonly operation: string | null;
  readonly status: number;
  readonly body?: Record<string, unknown>;
  readonly as?: Record<string, string>;
}

const REASON = { reason: 'looks right' };
const EGRESS = '/v1/egress-requests';
/** Every kind of proceeding has the same routes, made from its table. */
const casesOf = (machines: readonly Machine[]): readonly Case[] =>
  machines.flatMap((machine): readonly Case[] => {
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

const CASES: readonly Case[] = [
  { method: 'GET', url: '/v1/datasets', route: '/v1/datasets', operation: 'listDatasets', status: 200 },
  { method: 'GET', url: '/v1/datasets/town', route: '/v1/datasets/{dataset}', operation: 'showDataset', status: 200 },
  {
    method: 'POST',
    url: '/v1/datasets/town/versions/v1/withdrawal',
    route: '/v1/datasets/{dataset}/versions/{version}/withdrawal',
    operation: 'withdrawVersion',
    status: 200,
    body: { ...REASON, erase: false },
  },
  { method: 'POST', url: '/v1/loads', route: '/v1/loads', operation: 'startLoad', status: 202, body: { declaration: { dataset: 'town' } } },
  { method: 'GET', url: '/v1/loads/load_1', route: '/v1/loads/{id}', operation: 'showLoad', status: 200 },
  { method: 'PUT', url: '/v1/inbox/people.csv', route: '/v1/inbox/{name}', operation: null, status: 201, as: SOURCE },
  {
    method: 'POST',
    url: '/v1/simulations',
    route: '/v1/simulations',
    operation: 'simulate',
    status: 201,
    body: { dataset: 'town', rows: 5, seed: '7' },
  },
  {
    method: 'GET',
    url: '/v1/simulations/under-way?dataset=town',
    route: '/v1/simulations/under-way',
    operation: 'simulationsUnderWay',
    status: 200,
  },
  { method: 'GET', url: '/v1/simulations?dataset=town', route: '/v1/simulations', operation: 'listSimulations', status: 200 },
  {
    method: 'GET',
    url: '/v1/simulations/sim_1/tables/people',
    route: '/v1/simulations/{id}/tables/{table}',
    operation: 'simulationFile',
    status: 200,
  },
  {
    method: 'GET',
    url: '/v1/simulations/sim_1/database',
    route: '/v1/simulations/{id}/database',
    operation: 'simulationFile',
    status: 200,
  },
  {
    method: 'GET',
    url: '/v1/simulations/sim_1/tables/people/preview?rows=3',
    route: '/v1/simulations/{id}/tables/{table}/preview',
    operation: 'previewSimulation',
    status: 200,
  },
  { method: 'GET', url: '/v1/simulations/sim_1', route: '/v1/simulations/{id}', operation: 'showSimulation', status: 200 },
  { method: 'GET', url: '/v1/simulations/sim_1/kit', route: '/v1/simulations/{id}/kit', operation: 'simulationKit', status: 200 },
  { method: 'POST', url: '/v1/simulations/sim_1/check', route: '/v1/simulations/{id}/check', operation: 'checkSimulation', status: 200 },
  {
    method: 'POST',
    url: '/v1/simulations/sim_1/publication',
    route: '/v1/simulations/{id}/publication',
    operation: 'publishSimulation',
    status: 200,
  },
  {
    method: 'POST',
    url: '/v1/simulations/sim_1/withdrawal',
    route: '/v1/simulations/{id}/withdrawal',
    operation: 'withdrawSimulation',
    status: 200,
    body: REASON,
  },
  {
    method: 'POST',
    url: '/v1/fits',
    route: '/v1/fits',
    operation: 'fitModel',
    status: 202,
    body: { dataset: 'town', epsilon: 1, delta: 1e-9 },
  },
  {
    method: 'POST',
    url: '/v1/masked-datasets',
    route: '/v1/masked-datasets',
    operation: 'maskDataset',
    status: 202,
    body: { dataset: 'town', table: 'people', k: 10 },
  },
  {
    method: 'POST',
    url: '/v1/consent-subjects',
    route: '/v1/consent-subjects',
    operation: 'hashSubject',
    status: 200,
    body: { dataset: 'town', subject: 'x' },
  },
  {
    method: 'POST',
    url: '/v1/models',
    route: '/v1/models',
    operation: 'trainModel',
    status: 202,
    body: { specification: { kind: 'train' }, target: 'sim' },
  },
  {
    method: 'POST',
    url: '/v1/models/scores',
    route: '/v1/models/scores',
    operation: 'scoreModel',
    status: 202,
    body: { dataset: 'town', sql: 'SELECT avg(score(x)) FROM t', target: 'sim', model: { format: 'onnx', base64: 'AAAA' } },
  },
  { method: 'GET', url: '/v1/models?dataset=town', route: '/v1/models', operation: 'listModels', status: 200 },
  { method: 'GET', url: '/v1/models/job_1', route: '/v1/models/{id}', operation: 'showModel', status: 200 },
  {
    method: 'POST',
    url: '/v1/mask-policies',
    route: '/v1/mask-policies',
    operation: 'proposeMaskPolicy',
    status: 201,
    body: { policy: 'p', dataset: 'town', rules: [{ label: 'personal', operator: { operator: 'redact' } }] },
  },
  {
    method: 'POST',
    url: '/v1/external-data',
    route: '/v1/external-data',
    operation: 'registerExternalData',
    status: 201,
    body: {
      dataset: 'town',
      table: 'people',
      name: 'voters',
      source: 'register of voters',
      people: { columns: [{ name: 'home', type: 'VARCHAR' }], rows: [['a']] },
    },
  },
  {
    method: 'POST',
    url: '/v1/webhooks',
    route: '/v1/webhooks',
    operation: 'createWebhook',
    status: 201,
    body: { url: 'https://hooks.example.org/sluice', kinds: [] },
  },
  {
    method: 'GET',
    url: '/v1/reports/use?from=2026-01-01&to=2026-01-31',
    route: '/v1/reports/{name}',
    operation: 'makeReport',
    status: 200,
  },
  {
    method: 'POST',
    url: '/v1/report-schedules',
    route: '/v1/report-schedules',
    operation: 'scheduleReport',
    status: 201,
    body: { report: 'use', rhythm: 'month' },
  },
  { method: 'GET', url: '/v1/report-schedules', route: '/v1/report-schedules', operation: 'listReportSchedules', status: 200 },
  {
    method: 'POST',
    url: '/v1/report-schedules/rps_1/end',
    route: '/v1/report-schedules/{id}/end',
    operation: 'endReportSchedule',
    status: 200,
  },
  { method: 'GET', url: '/v1/kept-reports', route: '/v1/kept-reports', operation: 'listKeptReports', status: 200 },
  { method: 'GET', url: '/v1/kept-reports/rpt_1', route: '/v1/kept-reports/{id}', operation: 'fetchKeptReport', status: 200 },
  { method: 'GET', url: '/v1/webhooks', route: '/v1/webhooks', operation: 'listWebhooks', status: 200 },
  { method: 'GET', url: '/v1/webhooks/wh_1', route: '/v1/webhooks/{id}', operation: 'showWebhook', status: 200 },
  { method: 'POST', url: '/v1/webhooks/wh_1/end', route: '/v1/webhooks/{id}/end', operation: 'endWebhook', status: 200 },
  { method: 'POST', url: '/v1/webhooks/wh_1/pings', route: '/v1/webhooks/{id}/pings', operation: 'pingWebhook', status: 202 },
  { method: 'GET', url: '/v1/webhooks/wh_1/deliveries', route: '/v1/webhooks/{id}/deliveries', operation: 'listDeliveries', status: 200 },
  { method: 'GET', url: '/v1/external-data', route: '/v1/external-data', operation: 'listExternalData', status: 200 },
  {
    method: 'POST',
    url: '/v1/external-data/ext_1/withdrawal',
    route: '/v1/external-data/{id}/withdrawal',
    operation: 'withdrawExternalData',
    status: 200,
    body: REASON,
  },
  { method: 'GET', url: '/v1/mask-policies', route: '/v1/mask-policies', operation: 'listMaskPolicies', status: 200 },
  { method: 'GET', url: '/v1/mask-policies/pol_1', route: '/v1/mask-policies/{id}', operation: 'showMaskPolicy', status: 200 },
  {
    method: 'POST',
    url: '/v1/mask-policies/pol_1/decision',
    route: '/v1/mask-policies/{id}/decision',
    operation: 'decideMaskPolicy',
    status: 200,
    body: { decision: 'approve', ...REASON },
  },
  {
    method: 'POST',
    url: '/v1/fidelity-reports',
    route: '/v1/fidelity-reports',
    operation: 'measureFidelity',
    status: 202,
    body: { simulation: 'sim_1' },
  },
  {
    method: 'GET',
    url: '/v1/datasets/town/fit-budget',
    route: '/v1/datasets/{dataset}/fit-budget',
    operation: 'showFitBudget',
    status: 200,
  },
  {
    method: 'POST',
    url: '/v1/grants',
    route: '/v1/grants',
    operation: 'createGrant',
    status: 201,
    body: { merchant: 'merchant-a', dataset: 'town', scenario: 'credit', tables: { people: '*', homes: ['area'] }, endsOn: '2027-01-01' },
  },
  { method: 'GET', url: '/v1/grants', route: '/v1/grants', operation: 'listGrants', status: 200 },
  {
    method: 'POST',
    url: '/v1/jobs',
    route: '/v1/jobs',
    operation: 'submitJob',
    status: 202,
    body: { dataset: 'town', sql: 'SELECT 1', target: 'sim' },
  },
  { method: 'GET', url: '/v1/jobs?state=REFUSED', route: '/v1/jobs', operation: 'listJobs', status: 200 },
  { method: 'GET', url: '/v1/jobs/job_1', route: '/v1/jobs/{id}', operation: 'showJob', status: 200 },
  { method: 'GET', url: '/v1/jobs/job_1/events', route: '/v1/jobs/{id}/events', operation: 'jobEvents', status: 200 },
  { method: 'POST', url: '/v1/jobs/job_1/cancellation', route: '/v1/jobs/{id}/cancellation', operation: 'cancelJob', status: 200 },
  { method: 'GET', url: EGRESS, route: EGRESS, operation: 'listEgress', status: 200 },
  { method: 'GET', url: `${EGRESS}/egr_1`, route: `${EGRESS}/{id}`, operation: 'showEgress', status: 200 },
  { method: 'POST', url: `${EGRESS}/egr_1/approvals`, route: `${EGRESS}/{id}/approvals`, operation: 'approve', status: 200, body: REASON },
  { method: 'POST', url: `${EGRESS}/egr_1/rejections`, route: `${EGRESS}/{id}/rejections`, operation: 'reject', status: 200, body: REASON },
  {
    method: 'POST',
    url: `${EGRESS}/egr_1/returns`,
    route: `${EGRESS}/{id}/returns`,
    operation: 'returnToMerchant',
    status: 200,
    body: REASON,
  },
  {
    method: 'POST',
    url: `${EGRESS}/egr_1/withdrawals`,
    route: `${EGRESS}/{id}/withdrawals`,
    operation: 'withdraw',
    status: 200,
    body: REASON,
  },
  { method: 'POST', url: `${EGRESS}/egr_1/recalls`, route: `${EGRESS}/{id}/recalls`, operation: 'recall', status: 200, body: REASON },
  {
    method: 'POST',
    url: `${EGRESS}/egr_1/filings`,
    route: `${EGRESS}/{id}/filings`,
    operation: 'file',
    status: 200,
    body: { receipt: '2026-17' },
  },
  { method: 'POST', url: `${EGRESS}/egr_1/releases`, route: `${EGRESS}/{id}/releases`, operation: 'release', status: 201 },
  {
    method: 'POST',
    url: `${EGRESS}/egr_1/resubmissions`,
    route: `${EGRESS}/{id}/resubmissions`,
    operation: 'resubmit',
    status: 200,
    body: { answers: ['yes'] },
  },
  {
    method: 'POST',
    url: `${EGRESS}/egr_1/comments`,
    route: `${EGRESS}/{id}/comments`,
    operation: 'comment',
    status: 200,
    body: { text: 'hm', visibility: 'private' },
  },
  { method: 'POST', url: `${EGRESS}/egr_1/clearances`, route: `${EGRESS}/{id}/clearances`, operation: 'clear', status: 200, body: REASON },
  {
    method: 'POST',
    url: `${EGRESS}/egr_1/assessments`,
    route: `${EGRESS}/{id}/assessments`,
    operation: 'assess',
    status: 200,
    body: { reference: 'RA-2026-1' },
  },
  { method: 'POST', url: `${EGRESS}/egr_1/appeals`, route: `${EGRESS}/{id}/appeals`, operation: 'appeal', status: 200, body: REASON },
  {
    method: 'POST',
    url: `${EGRESS}/egr_1/appeal-decisions`,
    route: `${EGRESS}/{id}/appeal-decisions`,
    operation: 'decideAppeal',
    status: 200,
    body: { isUpheld: false, ...REASON },
  },
  {
    method: 'POST',
    url: '/v1/releases/rel_1/download-tokens',
    route: '/v1/releases/{id}/download-tokens',
    operation: 'issueDownloadToken',
    status: 201,
    body: { name: 'data.csv' },
  },
  {
    method: 'POST',
    url: '/v1/releases/traces',
    route: '/v1/releases/traces',
    operation: 'traceCopy',
    status: 200,
    body: { dataset: 'town', table: { columns: [], rows: [] } },
  },
  {
    method: 'POST',
    url: '/v1/products/apis',
    route: '/v1/products/apis',
    operation: 'createApi',
    status: 201,
    body: { dataset: 'town', template: 'SELECT 1', parameters: [], callsPerDay: 1, callsPerMinute: 1 },
  },
  {
    method: 'POST',
    url: '/v1/products/rel_1/calls',
    route: '/v1/products/{id}/calls',
    operation: 'callApi',
    status: 200,
    body: { values: { x: 1 } },
  },
  {
    method: 'POST',
    url: '/v1/products/rel_1/stop-switch',
    route: '/v1/products/{id}/stop-switch',
    operation: 'stopProduct',
    status: 200,
    body: { isStopped: true, ...REASON },
  },
  {
    method: 'POST',
    url: '/v1/products/verifications',
    route: '/v1/products/verifications',
    operation: 'createVerification',
    status: 201,
    body: {
      dataset: 'town',
      table: 'people',
      keyColumn: 'id',
      compareColumn: null,
      basis: { kind: 'law', reference: 'art. 1' },
      batchMinimum: 20,
      keysPerDay: 100,
    },
  },
  {
    method: 'POST',
    url: '/v1/products/rel_1/verifications',
    route: '/v1/products/{id}/verifications',
    operation: 'verifyKeys',
    status: 200,
    body: { reference: 'art. 1', items: [] },
  },
  {
    method: 'POST',
    url: '/v1/account-invitations',
    route: '/v1/account-invitations',
    operation: 'inviteAccount',
    status: 201,
    body: { principal: 'merchant-a' },
  },
  { method: 'GET', url: '/v1/session', route: '/v1/session', operation: null, status: 200 },
  { method: 'POST', url: '/v1/session/end', route: '/v1/session/end', operation: null, status: 204 },
  { method: 'POST', url: '/v1/keys', route: '/v1/keys', operation: 'createKey', status: 201, body: { label: 'ci' } },
  { method: 'GET', url: '/metrics', route: '/metrics', operation: null, status: 200, as: OPERATOR },
  { method: 'GET', url: '/v1/keys?principal=merchant-a', route: '/v1/keys', operation: 'listKeys', status: 200 },
  {
    method: 'POST',
    url: '/v1/keys/k1/rotation',
    route: '/v1/keys/{id}/rotation',
    operation: 'rotateKey',
    status: 201,
    body: { overlapHours: 1 },
  },
  { method: 'POST', url: '/v1/keys/k1/revocation', route: '/v1/keys/{id}/revocation', operation: 'revokeKey', status: 200 },
  { method: 'GET', url: '/v1/notices', route: '/v1/notices', operation: 'listNotices', status: 200 },
  {
    method: 'POST',
    url: '/v1/affiliations',
    route: '/v1/affiliations',
    operation: 'declareAffiliation',
    status: 201,
    body: { organisation: 'a', affiliate: 'b', ...REASON },
  },
  {
    method: 'POST',
    url: '/v1/affiliations/ends',
    route: '/v1/affiliations/ends',
    operation: 'endAffiliation',
    status: 201,
    body: { organisation: 'a', affiliate: 'b', validTo: '2026-12-31', ...REASON },
  },
  { method: 'GET', url: '/v1/affiliations?organisation=a', route: '/v1/affiliations', operation: 'listAffiliations', status: 200 },
  { method: 'GET', url: '/v1/releases/rel_1', route: '/v1/releases/{id}', operation: 'showRelease', status: 200 },
  {
    method: 'GET',
    url: '/v1/releases/rel_1/files/data.csv',
    route: '/v1/releases/{id}/files/{name}',
    operation: 'releaseFile',
    status: 200,
  },
  {
    method: 'POST',
    url: '/v1/ledger/replay',
    route: '/v1/ledger/replay',
    operation: 'replayLedger',
    status: 200,
    body: { dataset: 'town', policy: { k: 20, dominance: { units: 2, share: 0.8 }, pShare: 0.2 } },
  },
  { method: 'GET', url: '/v1/matter-notices?limit=5', route: '/v1/matter-notices', operation: 'listMatterNotices', status: 200 },
  ...casesOf(MACHINES.slice(0, 2)),
  { method: 'GET', url: '/v1/audit/entries?after=0&limit=10', route: '/v1/audit/entries', operation: 'auditEntries', status: 200 },
  { method: 'GET', url: '/v1/audit/search?actor=merchant-a', route: '/v1/audit/search', operation: 'searchAudit', status: 200 },
  { method: 'GET', url: '/v1/audit/traces/job_1', route: '/v1/audit/traces/{id}', operation: 'traceAudit', status: 200 },
  { method: 'GET', url: '/v1/audit/signals?days=7', route: '/v1/audit/signals', operation: 'auditSignals', status: 200 },
  { method: 'GET', url: '/v1/audit/receipts/7', route: '/v1/audit/receipts/{seq}', operation: 'auditReceipt', status: 200 },
  { method: 'GET', url: '/v1/audit/checkpoint', route: '/v1/audit/checkpoint', operation: 'auditCheckpoint', status: 200 },
  { method: 'GET', url: '/v1/audit/queries/job_1', route: '/v1/audit/queries/{id}', operation: 'queryText', status: 200 },
  {
    method: 'POST',
    url: '/v1/audit/openings',
    route: '/v1/audit/openings',
    operation: 'requestOpening',
    status: 200,
    body: { job: 'job_1', ...REASON },
  },
  {
    method: 'POST',
    url: '/v1/audit/openings/opn_1/approval',
    route: '/v1/audit/openings/{id}/approval',
    operation: 'approveOpening',
    status: 200,
  },
  { method: 'POST', url: '/v1/audit/openings/opn_1/text', route: '/v1/audit/openings/{id}/text', operation: 'openQueryText', status: 200 },
  { method: 'GET', url: '/v1/audit/exports?format=csv', route: '/v1/audit/exports', operation: 'exportAudit', status: 200 },
  { method: 'POST', url: '/v1/audit/prunings', route: '/v1/audit/prunings', operation: 'pruneAudit', status: 200 },
  {
    method: 'POST',
    url: '/v1/audit/holds',
    route: '/v1/audit/holds',
    operation: 'holdAudit',
    status: 200,
    body: { subject: '*', ...REASON },
  },
  {
    method: 'POST',
    url: '/v1/audit/holds/hld_1/release',
    route: '/v1/audit/holds/{id}/release',
    operation: 'releaseAuditHold',
    status: 200,
    body: REASON,
  },
  { method: 'GET', url: '/v1/audit/verification', route: '/v1/audit/verification', operation: 'verifyAudit', status: 200 },
];
const PUBLIC = ['/health/live', '/health/ready', '/openapi.json', '/v1/catalogue'];

const name = (item: Case): string => `${item.method} ${item.url}`;

function payloadOf(item: Case): { payload?: string; headers: Record<string, string> } {
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
