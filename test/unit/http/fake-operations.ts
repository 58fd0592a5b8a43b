import { ok } from '../../../src/kernel/result.ts';
import type { Actor } from '../../../src/operations/actor.ts';
import type { ExternalDataRecord } from '../../../src/operations/external-data-store.ts';
import type { EgressView, JobView, LoadTask, Operations } from '../../../src/operations/operations.ts';

export const JOB: JobView = {
  id: 'job_1',
  dataset: 'town',
  target: 'sim',
  state: 'SIM_PASSED',
  merchant: 'merchant-a',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:01.000Z',
  isolation: 'process',
};

export const EGRESS: EgressView = {
  id: 'egr_1',
  job: 'job_1',
  dataset: 'town',
  merchant: 'merchant-a',
  state: 'REVIEW',
  owner: 'reviewer',
  round: 1,
  productKind: 'indicator',
  contentDigest: 'ab',
  createdAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:01.000Z',
  withheldBand: '1–4',
};

const LOAD: LoadTask = { id: 'load_1', dataset: 'town', state: 'running', step: 'read', percent: 10 };
const VERSION = {
  dataset: 'town',
  version: 'v1',
  state: 'queryable',
  digest: 'ab',
  bytes: 1,
  loadedAt: '2026-01-01T00:00:00.000Z',
  rows: 3,
} as const;
const SIMULATION = {
  id: 'sim_1',
  dataset: 'town',
  state: 'GENERATED',
  datasetVersion: 'v1',
  rows: 5,
  seed: '7',
  label: 'SIMULATED-L0',
  digest: 'ab',
  createdAt: '2026-01-01T00:00:00.000Z',
  tables: [{ table: 'people', rows: 5, digest: 'ab' }],
} as const;
const KEY = {
  id: 'k1',
  principal: 'merchant-a',
  label: 'ci',
  state: 'active',
  createdAt: '2026-01-01T00:00:00.000Z',
  expiresAt: '2026-04-01T00:00:00.000Z',
} as const;
const DATASET = {
  dataset: 'town',
  title: { zh: '镇', en: 'Town' },
  provider: 'office',
  currentVersion: 'v1',
  tables: [],
  mode: { kind: 'exact-withheld' },
  standardTables: [],
} as const;
const GRANT = {
  id: 'grt_1',
  merchant: 'merchant-a',
  dataset: 'town',
  scenario: 'credit',
  tables: { people: '*' },
  endsOn: '2027-01-01',
} as const;
const RELEASE = {
  id: 'rel_1',
  egress: 'egr_1',
  recipient: 'merchant-a',
  releasedAt: '2026-01-01T00:00:00.000Z',
  state: 'available',
  files: [{ name: 'data.csv', bytes: 3, sha256: 'ab' }],
} as const;

const EXTERNAL: ExternalDataRecord = {
  id: 'ext_1',
  dataset: 'town',
  table: 'people',
  name: 'voters',
  source: 'register of voters',
  state: 'REGISTERED',
  columns: ['home'],
  people: 3,
  digest: 'ab'.repeat(32),
  registeredBy: 'operator-1',
  registeredAt: '2026-01-01T00:00:00.000Z',
};
const POLICY = {
  id: 'pol_1',
  dataset: 'town',
  policy: 'p',
  version: 1,
  state: 'PROPOSED',
  rules: [{ label: 'personal', role: '*', purpose: '*', operator: { operator: 'redact' } }],
  digest: 'ab',
  proposedBy: { id: 'operator-1', organisation: 'operator-co' },
  decisions: [],
  createdAt: '2026-01-01T00:00:00.000Z',
} as const;
const OPENING = { id: 'opn_1', job: 'job_1', requestedBy: 'auditor-1', approvedBy: null } as const;
const HOLD = { id: 'hld_1', subject: '*', setBy: 'auditor-1', at: '2026-01-01T00:00:00.000Z' } as const;
const AFFILIATIONS = {
  organisation: 'a',
  affiliates: ['b'],
  terms: [{ organisation: 'a', affiliate: 'b', validFrom: null, validTo: null }],
};
const REPLAY = {
  dataset: 'city',
  policy: { k: 20, dominance: { units: 2, share: 0.8 }, pShare: 0.2 },
  replayed: 2,
  remaining: 0,
  next: null,
  failing: [{ release: 'rel_1', job: 'job_1', dataset: 'city', rule: 'ledger.near', entries: [2], against: [1], releases: ['rel_0'] }],
} as const;

export const MATTER = {
  id: 'mat_1',
  noun: 'onboarding',
  state: 'DRAFT',
  revision: 3,
  organisation: 'merchant-a-co',
  city: 'GZ',
  profile: 'GZ@2024-08-01.1',
  fields: {},
  timers: [],
  steps: [],
  next: ['submit'],
  openedAt: '2026-01-01T00:00:00.000Z',
  updatedAt: '2026-01-01T00:00:00.000Z',
} as const;

const KIT = {
  format: 'sluice-kit-1',
  simulation: SIMULATION,
  schemaDigest: 'ab',
  dataset: { name: 'town', tables: [{ name: 'people', visibility: 'protected', columns: [{ name: 'id', role: 'unitId' }] }] },
  version: { version: 'sim_1' },
  policy: { k: 10 },
  grant: { tables: { people: '*' }, endsOn: '2027-01-01', scenario: '', live: false },
} as const;

const MODEL = {
  id: 'job_1',
  dataset: 'town',
  target: 'sim',
  state: 'SIM_PASSED',
  merchant: 'merchant-a',
  algorithm: 'linear_regression',
  specification: 'ab',
  createdAt: '2026-01-01T00:00:00.000Z',
} as const;

export interface Call {
  readonly operation: keyof Operations;
  readonly actor: Actor;
  readonly input: unknown;
}

const REPORT = {
  name: 'use',
  title: { zh: '使用', en: 'Use' },
  meets: ['GZ-11b'],
  from: '2026-01-01',
  to: '2026-01-31',
  madeAt: '2026-02-01T00:00:00.000Z',
  columns: [{ name: 'dataset', zh: '数据集', en: 'dataset' }],
  rows: [['town']],
} as const;

const SCHEDULE = {
  id: 'rps_1',
  report: 'use',
  rhythm: 'month',
  organisation: 'operator-co',
  state: 'active',
  createdAt: '2026-01-01T00:00:00.000Z',
} as const;
const KEPT = {
  id: 'rpt_1',
  schedule: 'rps_1',
  report: 'use',
  from: '2026-01-01',
  to: '2026-01-31',
  madeAt: '2026-02-01T00:00:00.000Z',
  digest: '0'.repeat(64),
  signature: 'AA==',
} as const;

const WEBHOOK = {
  id: 'whk_1',
  url: 'https://hooks.example.org/',
  kinds: [],
  state: 'active',
  createdAt: '2026-01-01T00:00:00.000Z',
} as const;

const NOBODY: Actor = { id: 'nobody', organisation: '', roles: [] };

async function* csv(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('id\n');
  yield Buffer.from('1\n');
}

/** Stand-in for the use cases while the HTTP layer is tested alone: fixed answers, and every call noted. */
export function fakeOperations(changes: Partial<Operations> = {}): { readonly operations: Operations; readonly calls: Call[] } {
  const calls: Call[] = [];
  const answers: { readonly [K in keyof Operations]: unknown } = {
    makeReport: REPORT,
    scheduleReport: SCHEDULE,
    listReportSchedules: [SCHEDULE],
    endReportSchedule: { ...SCHEDULE, state: 'ended' },
    listKeptReports: [KEPT],
    fetchKeptReport: { ...KEPT, content: REPORT },
    createWebhook: { ...WEBHOOK, secret: 'whsec_AA==' },
    listWebhooks: [WEBHOOK],
    showWebhook: WEBHOOK,
    endWebhook: { ...WEBHOOK, state: 'ended' },
    pingWebhook: WEBHOOK,
    listDeliveries: [],
    startLoad: LOAD,
    showLoad: LOAD,
    awaitLoad: { ...LOAD, state: 'done', percent: 100 },
    listDatasets: [DATASET],
    showDataset: DATASET,
    withdrawVersion: VERSION,
    simulate: SIMULATION,
    simulationsUnderWay: [{ id: 'sim_1', dataset: 'town', rows: 5, percent: 40, startedAt: SIMULATION.createdAt }],
    listSimulations: [SIMULATION],
    showSimulation: SIMULATION,
    checkSimulation: { ...SIMULATION, state: 'CHECKED' },
    publishSimulation: { ...SIMULATION, state: 'PUBLISHED' },
    withdrawSimulation: { ...SIMULATION, state: 'WITHDRAWN' },
    previewSimulation: { columns: [{ name: 'id', type: 'INTEGER' }], rows: [['1']] },
    simulationFile: null,
    simulationKit: KIT,
    registerMerchant: { principal: 'merchant-c', organisation: 'merchant-c-co', state: 'active' },
    listMerchants: [{ principal: 'merchant-c', organisation: 'merchant-c-co', state: 'active' }],
    inviteAccount: { principal: 'merchant-a', token: 'sle_x', expiresAt: '2026-01-01T00:00:00.000Z' },
    createKey: { ...KEY, key: 'slk_k_s' },
    listKeys: [KEY],
    rotateKey: { ...KEY, key: 'slk_k_s' },
    revokeKey: { ...KEY, state: 'revoked' },
    fitModel: JOB,
    maskDataset: JOB,
    hashSubject: { dataset: 'town', subjectHash: 'ab' },
    trainModel: JOB,
    scoreModel: JOB,
    listModels: [MODEL],
    showModel: MODEL,
    proposeMaskPolicy: POLICY,
    decideMaskPolicy: POLICY,
    listMaskPolicies: [POLICY],
    registerExternalData: EXTERNAL,
    listExternalData: [EXTERNAL],
    withdrawExternalData: EXTERNAL,
    showMaskPolicy: POLICY,
    measureFidelity: JOB,
    showFitBudget: { dataset: 'town', limit: 0.12, spent: 0 },
    createGrant: GRANT,
    listGrants: [GRANT],
    submitJob: JOB,
    listJobs: [JOB],
    showJob: JOB,
    awaitJob: JOB,
    jobEvents: [{ seq: 1, state: 'SIM_PASSED', at: '2026-01-01T00:00:00.000Z' }],
    cancelJob: { ...JOB, state: 'STOPPED' },
    listEgress: [EGRESS],
    showEgress: EGRESS,
    approve: EGRESS,
    reject: { ...EGRESS, state: 'REJECTED' },
    returnToMerchant: EGRESS,
    withdraw: EGRESS,
    file: EGRESS,
    release: RELEASE,
    recall: EGRESS,
    showRelease: RELEASE,
    resubmit: EGRESS,
    comment: EGRESS,
    clear: EGRESS,
    assess: EGRESS,
    appeal: EGRESS,
    decideAppeal: EGRESS,
    issueDownloadToken: { token: 'sdt_1', release: 'rel_1', file: 'data.csv', expiresAt: '2026-01-01T00:10:00.000Z' },
    releaseFile: Buffer.from('a,b'),
    traceCopy: { suspects: [], compared: 1 },
    createApi: EGRESS,
    callApi: {
      call: 'job_1',
      release: 'rel_1',
      table: { columns: [], rows: [] },
      withheldBand: 'untold',
      caution: { en: 'Figures are exact up to fewer than 10 units.', zh: '数字并非精确。' },
    },
    createVerification: EGRESS,
    verifyKeys: { release: 'rel_1', answers: ['yes'] },
    stopProduct: { isStopped: true },
    listNotices: [{ id: 'ntc_1', kind: 'release.recalled', object: 'rel_1', at: '2026-01-01T00:00:00.000Z' }],
    declareAffiliation: AFFILIATIONS,
    endAffiliation: AFFILIATIONS,
    listAffiliations: AFFILIATIONS,
    replayLedger: REPLAY,
    searchAudit: { entries: [], next: null },
    traceAudit: { id: 'job_1', steps: [], links: [], entries: [], isComplete: true },
    auditSignals: [],
    auditReceipt: { receipt: 'c2sp.org/tlog-proof@v1\n' },
    auditCheckpoint: { checkpoint: '', keys: [] },
    queryText: { job: 'job_1', shape: 'SELECT ?', digest: 'ab', at: '2026-01-01T00:00:00.000Z' },
    requestOpening: OPENING,
    approveOpening: OPENING,
    openQueryText: OPENING,
    exportAudit: { format: 'csv', first: 0, last: 0, text: '', note: '' },
    pruneAudit: { entries: 0, ranges: [] },
    holdAudit: HOLD,
    releaseAuditHold: [HOLD],
    auditEntries: [],
    openMatter: MATTER,
    listMatters: [MATTER],
    showMatter: MATTER,
    stepMatter: MATTER,
    listMatterNotices: [],
    searchCatalogue: [],
    verifyAudit: { verified: true, entries: 3, checkpoint: null, faults: [], root: 'ab', lastRight: null },
  };
  const entries = Object.entries(answers).map(([operation, value]) => [
    operation,
    async (actor: Actor, input: unknown) => {
      calls.push({ operation: operation as keyof Operations, actor: operation === 'searchCatalogue' ? NOBODY : actor, input });
      return ok(operation === 'simulationFile' ? csv() : value);
    },
  ]);
  return { operations: { ...(Object.fromEntries(entries) as unknown as Operations), ...changes }, calls };
}
