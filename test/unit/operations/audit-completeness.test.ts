import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AuditOperation } from '../../../src/audit/operation.ts';
import type { Actor } from '../../../src/operations/actor.ts';
import type { Operations } from '../../../src/operations/operations.ts';
import { codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance();
});
afterEach(() => dispose(instance));

const who = (id: string) => instance.actor(id);
const log = async (after = 0) => instance.ports.audit.entries({ after, limit: 1000 });
const REASON = { reason: 'because it must be' };

/** What a use case must leave in the log when it does its work; `sight`: it shows what its asker may see anyway, no real data. */
const WRITES: Readonly<Record<string, readonly AuditOperation[] | 'sight'>> = {
  startLoad: ['load.start', 'load.done'],
  showLoad: 'sight',
  awaitLoad: 'sight',
  listDatasets: 'sight',
  showDataset: 'sight',
  withdrawVersion: ['dataset.withdraw'],
  simulate: ['simulation.create'],
  simulationsUnderWay: 'sight',
  listSimulations: 'sight',
  showSimulation: 'sight',
  checkSimulation: ['simulation.check'],
  publishSimulation: ['simulation.publish'],
  withdrawSimulation: ['simulation.withdraw'],
  previewSimulation: ['simulation.preview'],
  simulationFile: ['simulation.download'],
  simulationKit: ['simulation.download'],
  fitModel: ['job.submit', 'fit.spend'],
  scoreModel: ['job.submit', 'job.queue', 'job.intent', 'job.outcome'],
  trainModel: ['job.submit', 'job.queue', 'job.intent', 'job.outcome'],
  listModels: 'sight',
  showModel: 'sight',
  measureFidelity: ['job.submit', 'job.intent'],
  showFitBudget: 'sight',
  maskDataset: ['job.submit', 'job.queue', 'job.intent', 'job.outcome'],
  hashSubject: 'sight',
  proposeMaskPolicy: ['policy.propose'],
  decideMaskPolicy: ['policy.decide'],
  listMaskPolicies: 'sight',
  showMaskPolicy: 'sight',
  registerExternalData: ['external.register'],
  withdrawExternalData: ['external.withdraw'],
  listExternalData: 'sight',
  createGrant: ['grant.create'],
  listGrants: 'sight',
  submitJob: ['job.submit', 'job.queue', 'job.intent', 'job.outcome'],
  listJobs: 'sight',
  showJob: 'sight',
  awaitJob: 'sight',
  jobEvents: 'sight',
  cancelJob: ['job.cancel'],
  listEgress: 'sight',
  showEgress: ['egress.view'],
  approve: ['egress.vote'],
  reject: ['egress.vote'],
  returnToMerchant: ['egress.return'],
  resubmit: ['egress.resubmit'],
  comment: ['egress.comment'],
  clear: ['egress.clear'],
  assess: ['egress.assess'],
  appeal: ['egress.appeal'],
  decideAppeal: ['egress.appeal'],
  declareAffiliation: ['organisation.affiliate'],
  endAffiliation: ['organisation.part'],
  listAffiliations: 'sight',
  listNotices: 'sight',
  issueDownloadToken: ['release.token'],
  traceCopy: ['release.trace'],
  withdraw: ['egress.withdraw'],
  file: ['egress.file'],
  release: ['egress.release'],
  recall: ['egress.recall'],
  showRelease: 'sight',
  releaseFile: ['release.download'],
  replayLedger: ['ledger.replay'],
  searchAudit: ['audit.search', 'audit.search_save'],
  traceAudit: ['audit.trace'],
  auditSignals: ['audit.signals'],
  auditReceipt: ['audit.receipt'],
  auditCheckpoint: 'sight',
  queryText: ['audit.search'],
  requestOpening: ['audit.open_request'],
  approveOpening: ['audit.open_approve'],
  openQueryText: ['audit.open'],
  exportAudit: ['audit.export'],
  pruneAudit: ['audit.prune'],
  holdAudit: ['audit.hold'],
  releaseAuditHold: ['audit.unhold'],
  auditEntries: ['audit.read'],
  verifyAudit: ['audit.verify'],
  createApi: ['egress.create'],
  callApi: ['product.call'],
  createVerification: ['egress.create'],
  verifyKeys: ['verification.ask'],
  stopProduct: ['product.stop'],
  makeReport: ['report.make'],
  scheduleReport: ['report.schedule'],
  listReportSchedules: 'sight',
  endReportSchedule: ['report.unschedule'],
  listKeptReports: 'sight',
  fetchKeptReport: ['report.fetch'],
  createWebhook: ['webhook.register'],
  listWebhooks: 'sight',
  showWebhook: 'sight',
  endWebhook: ['webhook.end'],
  pingWebhook: ['webhook.ping'],
  listDeliveries: 'sight',
  createKey: ['key.issue'],
  inviteAccount: ['account.invite'],
  registerMerchant: ['principal.register'],
  listMerchants: 'sight',
  listKeys: 'sight',
  rotateKey: ['key.issue'],
  revokeKey: ['key.revoke'],
  openMatter: ['matter.open'],
  stepMatter: ['matter.step'],
  listMatters: 'sight',
  showMatter: 'sight',
  listMatterNotices: 'sight',
};
const NAMES = Object.keys(WRITES) as readonly (keyof Operations)[];

/** An input that every operation can read something out of; refusals come before it is looked at. */
const ANY = {
  dataset: 'city',
  version: 'v1',
  erase: false,
  id: 'x_1',
  job: 'job_1',
  name: 'data.csv',
  table: 'residents',
  sql: 'SELECT 1',
  target: 'sim',
  declaration: {},
  baseFolder: '.',
  rows: 1,
  seed: 's',
  receipt: 'r',
  reference: 'r',
  text: 't',
  visibility: 'private',
  answers: [],
  organisation: 'a-co',
  affiliate: 'b-co',
  token: 't',
  after: 0,
  limit: 10,
  filter: {},
  format: 'csv',
  days: 7,
  subject: '*',
  policy: { k: 20, dominance: { units: 2, share: 0.8 }, pShare: 0.2 },
  label: 'l',
  overlapHours: 1,
  merchant: 'merchant-a',
  scenario: 's',
  tables: {},
  endsOn: '2026-12-31',
  ...REASON,
};
const BY_ID: readonly (keyof Operations)[] = [
  'showLoad',
  'awaitLoad',
  'showDataset',
  'showFitBudget',
  'showMaskPolicy',
  'showModel',
  'simulationsUnderWay',
  'listSimulations',
  'showJob',
  'awaitJob',
  'jobEvents',
  'cancelJob',
  'showEgress',
  'release',
  'showRelease',
  'traceAudit',
  'queryText',
  'approveOpening',
  'openQueryText',
  'revokeKey',
];
const call = (name: keyof Operations, actor: Actor): Promise<{ readonly ok: boolean }> =>
  (instance.operations[name] as (actor: Actor, input: unknown) => Promise<{ readonly ok: boolean }>)(
    actor,
    BY_ID.includes(name) ? 'x_1' : ANY,
  );

/** What the instance does by itself, and the one thing that anybody may do without being asked who he is. */
const NOBODYS: readonly string[] = ['recover', 'attend', 'takeJobs', 'othersLive', 'close', 'sweep', 'deliverWebhooks', 'searchCatalogue'];

test('every use case is in the table', () => {
  const found = Object.keys(instance.operations).filter((name) => !NOBODYS.includes(name));
  expect(found.sort()).toEqual([...NAMES].sort());
});

describe('whoever has no role', () => {
  test.each(NAMES)('%s refuses, and the refusal is on record', async (name) => {
    const nobody: Actor = { id: 'nobody', organisation: 'nowhere', roles: [] };
    const before = (await log()).length;
    expect((await call(name, nobody)).ok).toBe(false);
    const entries = await log(before);
    expect(entries.map(({ operation, actor, outcome }) => [operation, actor, outcome])).toEqual([['auth.refused', 'nobody', 'refused']]);
  });
});

describe('whoever has', () => {
  test('a day leaves an entry for everything that changes, reads real data, hands out or looks', async () => {
    const { operations } = instance;
    const [merchant, operator, supervisor, auditor] = ['merchant-a', 'operator-1', 'supervisor-1', 'auditor-1'].map(who) as [
      Actor,
      Actor,
      Actor,
      Actor,
    ];
    const filed = await instance.requestFiled('SELECT 1');
    value(await operations.showEgress(operator, filed.id));
    const released = value(await operations.release(operator, filed.id));
    const { token } = value(await operations.issueDownloadToken(merchant, { id: released.id, name: 'data.csv' }));
    value(await operations.releaseFile(merchant, { id: released.id, name: 'data.csv', token }));
    value(await operations.recall(supervisor, { id: filed.id, ...REASON }));
    const other = await instance.requestInReview('SELECT 2');
    value(await operations.reject(operator, { id: other.id, ...REASON }));
    value(await operations.appeal(merchant, { id: other.id, ...REASON }));
    value(await operations.decideAppeal(supervisor, { id: other.id, isUpheld: false, ...REASON }));
    const returned = await instance.requestInReview('SELECT 3');
    value(await operations.comment(operator, { id: returned.id, text: 'look at this', visibility: 'private' }));
    value(await operations.assess(operator, { id: returned.id, reference: 'RA-2026-1' }));
    value(await operations.returnToMerchant(operator, { id: returned.id, ...REASON }));
    value(await operations.resubmit(merchant, { id: returned.id, answers: [] }));
    const withdrawn = await instance.requestInReview('SELECT 4');
    value(await operations.withdraw(merchant, { id: withdrawn.id, ...REASON }));
    value(await operations.submitJob(merchant, { dataset: 'city', sql: 'SELECT hang', target: 'sim' }));
    const hanging = value(await operations.submitJob(merchant, { dataset: 'city', sql: 'SELECT 5', target: 'sim' }));
    await operations.cancelJob(merchant, hanging.id);
    const simulation = value(await operations.listSimulations(merchant, 'city'))[0]?.id ?? '';
    value(await operations.checkSimulation(operator, simulation));
    value(await operations.publishSimulation(operator, simulation));
    value(await operations.previewSimulation(operator, { id: simulation, table: 'residents', rows: 1 }));
    for await (const _ of value(await operations.simulationFile(operator, { id: simulation, table: 'residents', format: 'csv' })));
    await operations.replayLedger(operator, {
      dataset: 'city',
      policy: { k: 20, dominance: { units: 2, share: 0.8 }, pShare: 0.5 },
      after: 0,
    });
    value(await operations.traceCopy(operator, { dataset: 'city', table: { columns: [], rows: [] } }));
    value(await operations.declareAffiliation(operator, { organisation: 'merchant-a-co', affiliate: 'another-co', ...REASON }));
    value(await operations.endAffiliation(operator, { organisation: 'merchant-a-co', affiliate: 'another-co', ...REASON }));
    value(await operations.withdrawSimulation(operator, { id: simulation, ...REASON }));
    const fields = { legalName: 'A公司', creditCode: '91440101MA00000000' };
    value(await operations.openMatter(merchant, { noun: 'onboarding', city: 'GZ', fields }));
    value(await operations.makeReport(operator, { name: 'use', from: '2026-01-01', to: '2026-12-31' }));
    const schedule = value(await operations.scheduleReport(operator, { report: 'use', rhythm: 'month' }));
    value(await operations.endReportSchedule(operator, schedule.id));
    const hook = value(await operations.createWebhook(merchant, { url: 'https://hooks.example.org/', kinds: [] }));
    value(await operations.pingWebhook(merchant, hook.id));
    value(await operations.endWebhook(merchant, hook.id));
    const people = { columns: [{ name: 'district', type: 'VARCHAR' }], rows: [['east']] };
    const list = { dataset: 'city', table: 'residents', name: 'voters', source: 'a register that everybody may buy', people };
    const external = value(await operations.registerExternalData(operator, list));
    value(await operations.withdrawExternalData(operator, { id: external.id, ...REASON }));
    value(await operations.registerMerchant(operator, { principal: 'merchant-d', organisation: 'merchant-d-co' }));
    value(await operations.inviteAccount(operator, { principal: 'merchant-b' }));
    const key = value(await operations.createKey(merchant, { label: 'ci', days: 10 }));
    value(await operations.revokeKey(merchant, value(await operations.rotateKey(merchant, { id: key.id, overlapHours: 1 })).id));
    value(await operations.searchAudit(auditor, { filter: { actor: 'merchant-a' }, limit: 5, save: 'mine' }));
    value(await operations.traceAudit(auditor, filed.job));
    value(await operations.auditSignals(auditor, { days: 30 }));
    value(await operations.auditReceipt(auditor, 1));
    const opening = value(await operations.requestOpening(auditor, { job: filed.job, ...REASON }));
    value(await operations.approveOpening(supervisor, opening.id));
    value(await operations.openQueryText(auditor, opening.id));
    value(await operations.exportAudit(auditor, { format: 'ocsf', after: 0, limit: 10 }));
    const hold = value(await operations.holdAudit(auditor, { subject: '*', ...REASON }));
    value(await operations.releaseAuditHold(auditor, { id: hold.id, ...REASON }));
    value(await operations.auditEntries(auditor, { after: 0, limit: 10 }));
    value(await operations.verifyAudit(auditor));
    value(await operations.withdrawVersion(operator, { dataset: 'city', version: 'v1', ...REASON, erase: false }));
    const written = new Set((await log()).map(({ operation }) => operation));
    const wanted = Object.values(WRITES).flatMap((writes) => (writes === 'sight' ? [] : writes));
    // Tests of their own: pruning (nothing of one day is old enough), the ledger's own data, fits, proceedings, products.
    const later: readonly string[] = [
      'audit.prune',
      'ledger.replay',
      'egress.clear',
      'fit.spend',
      'report.fetch',
      'policy.propose',
      'policy.decide',
      'matter.step',
      'product.call',
      'product.stop',
      'verification.ask',
    ];
    expect(wanted.filter((operation) => !written.has(operation) && !later.includes(operation))).toEqual([]);
  });

  test('every read of real data stands between its intent and its outcome', async () => {
    await instance.realJob('SELECT 7');
    await instance.realJob('SELECT fail');
    await instance.realJob('SELECT fault');
    const entries = await log();
    const intents = entries.filter(({ operation, facts }) => operation === 'job.intent' && facts['target'] === 'real');
    expect(intents).toHaveLength(3);
    for (const intent of intents) {
      const after = entries.filter(({ seq, object }) => seq > intent.seq && object.id === intent.object.id);
      expect(after.map(({ operation }) => operation)).toContain('job.outcome');
    }
    expect(await instance.ports.audit.overdueIntents(0)).toEqual([]);
  });

  test('a refusal at another person’s object is on record too', async () => {
    const { id } = await instance.requestInReview();
    const before = (await log()).length;
    expect(codes(await instance.operations.withdraw(who('merchant-b'), { id, ...REASON }))).toEqual(['access.not_found']);
    expect((await log(before)).map(({ operation }) => operation)).toEqual(['auth.refused']);
  });
});
