import { problem, problemDocument } from '../../problems/problem.ts';
import { EXAMPLE_DIGEST } from './field-values.ts';

/*
 * Examples that the names of fields do not give: what belongs together. Source: requirements.md §7; docs/reference/declaration.md, models.md.
 */

const AT = '2026-03-02T09:30:00.000Z';
const SQL = 'SELECT district, count(*) AS residents FROM residents GROUP BY district';

const JOB = {
  id: 'job_7h3n5t',
  dataset: 'city-residents',
  target: 'sim',
  state: 'SIM_PASSED',
  merchant: 'merchant-a',
  createdAt: AT,
  updatedAt: '2026-03-02T09:30:02.000Z',
  admitted: { canonicalSql: SQL, artefactHash: EXAMPLE_DIGEST, tables: ['residents'], columns: ['residents.district'], roundings: [] },
  simulation: {
    table: {
      columns: [
        { name: 'district', type: 'VARCHAR' },
        { name: 'residents', type: 'BIGINT' },
      ],
      rows: [
        ['东城', 1204],
        ['西城', 988],
      ],
    },
    withheldRows: 0,
    findings: [],
  },
  verdict: 'releasable',
  isolation: 'namespaces',
  datasetVersion: 'v1',
  productKind: 'indicator',
};

const RESULT = {
  columns: [
    { name: 'district', type: 'VARCHAR' },
    { name: 'residents', type: 'BIGINT' },
  ],
  rows: [['东城', 1204]],
};

const EGRESS = {
  id: 'egr_3w6y1d',
  job: 'job_9k2p7s',
  dataset: 'city-residents',
  merchant: 'merchant-a',
  state: 'REVIEW',
  owner: 'operator',
  round: 1,
  productKind: 'indicator',
  profile: 'GZ@1',
  contentDigest: EXAMPLE_DIGEST,
  createdAt: AT,
  updatedAt: AT,
  withheldBand: '0',
  chain: [{ name: 'operator_check', by: 'votes', role: 'operator', people: 2, source: 'QY-44c' }],
  standings: [{ step: 'operator_check', approvals: 1, rejections: 0, standing: 'open' }],
  votesCast: 1,
  sql: SQL,
};

const DECLARATION = {
  dataset: 'city-residents',
  title: { zh: '城市居民', en: 'Residents of the city' },
  provider: '示例市公安局',
  collectedBy: '示例市公安局',
  verifiedBy: '示例市大数据中心',
  grade: 'general',
  shareType: 'conditional',
  openness: 'conditional',
  updateFrequency: 'monthly',
  tables: {
    residents: {
      file: 'residents.csv',
      visibility: 'protected',
      primaryKey: ['resident_id'],
      units: { person: ['resident_id'] },
      rows: 1000,
      columns: {
        resident_id: { type: 'VARCHAR', label: 'personal', role: 'unitId' },
        district: { type: 'VARCHAR', label: 'none', role: 'dimension', domain: ['东城', '西城'], publicDomain: true },
      },
    },
  },
};

const TRAINING = {
  dataset: 'city-residents',
  algorithm: 'logistic_regression',
  sql: 'SELECT district, insured FROM residents',
  target: 'insured',
};

/** Name of a schema → example of it, wherever it is referred to. */
export const WRITTEN_SCHEMAS: Readonly<Record<string, unknown>> = { Job: JOB, EgressRequest: EGRESS, ResultTable: RESULT };

/** Method and path → example of its body. */
export const WRITTEN_BODIES: Readonly<Record<string, unknown>> = {
  'post /v1/loads': { declaration: DECLARATION },
  'post /v1/models': { specification: TRAINING, target: 'sim' },
  'post /v1/jobs': { dataset: 'city-residents', sql: SQL, target: 'sim', productKind: 'indicator' },
  'post /v1/simulations': { dataset: 'city-residents', rows: 1000, seed: 'first-day' },
  'post /v1/grants': {
    merchant: 'merchant-a',
    dataset: 'city-residents',
    scenario: 'planning of bus lines in the city',
    tables: { residents: ['district'] },
    endsOn: '2026-12-31',
  },
  'post /v1/products/apis': {
    dataset: 'city-residents',
    template: 'SELECT count(DISTINCT resident_id) AS n FROM residents WHERE income >= :least',
    parameters: [{ name: 'least', type: 'integer', domain: { from: 0, to: 20_000, step: 1000 } }],
    callsPerDay: 500,
    callsPerMinute: 10,
  },
  'post /v1/products/{id}/calls': { values: { least: 2000 } },
  'post /v1/masked-datasets': { dataset: 'city-residents', table: 'residents', k: 10 },
};

/** Refusals as they come: one by its asker's fault, one by a fault of the service. */
export const REFUSALS: Readonly<Record<'Refused' | 'Fault', { readonly summary: string; readonly value: unknown }>> = {
  Refused: {
    summary: 'Not permitted',
    value: problemDocument([problem('access.forbidden', { action: 'job.submit' })], 'en', '/requests/req_5d8w2c'),
  },
  Fault: { summary: 'A fault of the service', value: problemDocument([problem('store.unavailable', {})], 'en', '/requests/req_5d8w2c') },
};
