import { describe, expect, test } from 'vitest';
import { ok } from '../../../src/kernel/result.ts';
import type { JobContext } from '../../../src/pipeline.ts';
import { codes, value } from '../../support/operations-instance.ts';
import {
  approvedApplication,
  attempt,
  CLAUSES,
  effectiveAgreement,
  grantUnder,
  instance,
  open,
  registered,
  stateOf,
  submit,
  take,
  withInstance,
} from './guangzhou-proceedings.ts';

withInstance();

const SPECIFICATION = {
  kind: 'train',
  dataset: 'city',
  algorithm: 'decision_tree_classifier',
  cohort: { sql: 'SELECT id, district FROM residents', unit: 'id' },
  features: [{ name: 'area', expr: 'district', type: 'categorical', domain: ['north', 'east'] }],
  label: { name: 'is_ill', expr: "CASE WHEN district = 'north' THEN 1 ELSE 0 END", type: 'binary', domain: [0, 1] },
  params: { max_depth: 2, min_leaf: 50 },
  split: { holdout: 0.3, seed: 7 },
};

/** A job that learns a model of simulation data: cohort and trainer are scripted. Gives its id. */
async function learning(): Promise<string> {
  const { pipeline, trainer } = instance.ports;
  const report = { verdict: 'pass', algorithm: 'x', features: 1, metrics: {}, findings: [], files: [] };
  const files = [{ name: 'model.json', bytes: Buffer.from('learnt') }];
  Object.assign(trainer, {
    admit: (_spec: unknown, context: JobContext) => pipeline.admit('SELECT cohort', context),
    train: async () => ok({ files, report, isolation: 'process' }),
  });
  return value(await instance.operations.trainModel(instance.actor('merchant-a'), { specification: SPECIFICATION, target: 'sim' })).id;
}

describe('the way of a merchant in Guangzhou', () => {
  test('GZ-14, GZ-18, GZ-19, GZ-20b: from admission to a job under an agreement, to its end and true deletion', async () => {
    const agreement = await effectiveAgreement();
    await grantUnder(agreement);
    const job = await instance.realJob('SELECT 1');
    expect(job.state).toBe('EGRESS_REQUESTED');
    expect(await instance.ports.vault.jobs()).toEqual([job.id]);
    const model = { format: 'onnx', base64: Buffer.from('a model').toString('base64') } as const;
    const question = { dataset: 'city', sql: 'SELECT score', target: 'sim', model } as const;
    value(await instance.operations.scoreModel(instance.actor('merchant-a'), question));
    expect(await instance.ports.models.names()).toHaveLength(1);

    // NB-17b: suspension closes access at once, and its end opens it again.
    await take('supervisor-1', agreement, 'suspend', { order: 'correct it', orderDueOn: '2026-04-01' });
    expect(codes(await submit('sim'))).toEqual(['job.no_grant']);
    await take('authority-1', agreement, 'resume', {}, 'corrected');
    expect((await submit('sim')).ok).toBe(true);

    // CQ-OP-23, NB-17a: termination, closing, deletion, holding of logs.
    expect(codes(await attempt('authority-1', agreement, 'terminate', { ground: 'breach' }))).toEqual(['matter.reason_missing']);
    await take('authority-1', agreement, 'terminate', { ground: 'breach' }, 'sold it on');
    expect(codes(await submit('sim'))).toEqual(['job.no_grant']);
    await take('operator-1', agreement, 'close-access');
    expect(codes(await attempt('operator-1', agreement, 'hold-logs'))).toContain('matter.no_such_step');
    const jobs = async () => instance.ports.store.view.jobs.list({});
    expect((await jobs()).some(({ simulation }) => simulation !== undefined)).toBe(true);
    const deleted = await take('operator-1', agreement, 'delete-data');
    expect((await jobs()).filter(({ simulation, scoring }) => simulation !== undefined || scoring !== undefined)).toEqual([]);
    expect(await instance.ports.vault.jobs()).toEqual([]);
    expect(await instance.ports.models.names()).toEqual([]);
    expect(deleted.fields).toMatchObject({
      deletedResults: expect.any(Number),
      certificateDigest: expect.stringMatching(/^[0-9a-f]{64}$/),
      holdUntil: '2029-03-02',
    });
    await take('operator-1', agreement, 'hold-logs');
    expect(codes(await attempt('supervisor-1', agreement, 'close'))).toEqual(['matter.hold_not_over']);
    instance.clock.set('2029-03-03T01:00:00.000Z');
    expect((await take('supervisor-1', agreement, 'close')).state).toBe('CLOSED');
    expect((await instance.ports.audit.verify()).verified).toBe(true);
  });

  test.each(['late', 'learnt'])('NB-17a: a model that is just coming (%s) is not left behind by true deletion', async (which) => {
    const agreement = await effectiveAgreement();
    await grantUnder(agreement);
    const merchant = instance.actor('merchant-a');
    const gate = Promise.withResolvers<void>();
    const kept: string[] = [];
    const { keep } = instance.ports.models;
    const slowly: typeof keep = async (grant, content) => {
      kept.push(Buffer.from(content).toString('utf8'));
      await gate.promise;
      return keep(grant, content);
    };
    Object.assign(instance.ports.models, { keep: slowly });
    const model = { format: 'onnx', base64: Buffer.from('late').toString('base64') } as const;
    const question = { dataset: 'city', sql: 'SELECT score', target: 'sim', model } as const;
    const learnt = which === 'learnt' ? await learning() : null;
    const handed = which === 'late' ? instance.operations.scoreModel(merchant, question) : null;
    await expect.poll(() => kept).toEqual([which]);

    await take('authority-1', agreement, 'terminate', { ground: 'breach' }, 'sold it on');
    await take('operator-1', agreement, 'close-access');
    await take('operator-1', agreement, 'delete-data');
    gate.resolve();
    if (handed !== null) expect(codes(await handed)).toEqual(['job.no_grant']);
    if (learnt !== null) expect(value(await instance.operations.showJob(merchant, learnt)).state).toBe('STOPPED');
    await instance.operations.close();
    expect(await instance.ports.models.names()).toEqual([]);
    expect((await instance.ports.store.view.jobs.list({})).filter(({ scoring }) => scoring !== undefined)).toEqual([]);
  });

  test('GZ-20c: no agreement without its clauses, its plan, its application and its registered merchant', async () => {
    await registered();
    const application = await approvedApplication();
    const agreement = await open('merchant-a', 'agreement', { application: application.id, scenario: 'other', datasets: ['city', 'more'] });
    const signing = { templateVersion: 'v1', startsOn: '2026-03-02', endsOn: '2027-03-01', sealRef: 'seal-1' };
    expect(codes(await attempt('operator-1', agreement, 'sign', signing))).toEqual([
      'matter.application_not_approved',
      'matter.fields_missing',
      'matter.plan_missing',
    ]);
  });

  test('NB-16, CQ-OP-16c: a term beyond the cap of the city needs a recorded reason', async () => {
    await registered();
    const fields = { application: 'none', scenario: 'study', datasets: ['city'], ...CLAUSES };
    const signing = { templateVersion: 'v1', startsOn: '2026-03-02', endsOn: '2029-03-02', sealRef: 's' };
    const agreement = await open('merchant-a', 'agreement', fields, 'NB');
    expect(codes(await attempt('operator-1', agreement, 'sign', signing))).toContain('matter.term_too_long');
    expect(codes(await attempt('operator-1', agreement, 'sign', { ...signing, endsOn: '2029-03-01' }))).not.toContain(
      'matter.term_too_long',
    );
    expect(codes(await attempt('operator-1', agreement, 'sign', { ...signing, termOverride: 'decided' }))).not.toContain(
      'matter.term_too_long',
    );
    expect(codes(await attempt('operator-1', agreement, 'sign', signing))).toContain('matter.decision_missing');
  });

  test('NB-16: an agreement ends on its last day by the clock, and access with it', async () => {
    const agreement = await effectiveAgreement();
    await grantUnder(agreement);
    instance.clock.set('2027-03-01T15:00:00.000Z');
    await instance.operations.sweep();
    expect(await stateOf(agreement)).toBe('EFFECTIVE');
    instance.clock.set('2027-03-01T16:00:00.000Z');
    expect(codes(await submit('sim'))).toEqual(['job.no_grant']); // even before anybody sweeps
    await instance.operations.sweep();
    expect(await stateOf(agreement)).toBe('EXPIRED');
  });

  test('GZ-4a: one scenario, one application', async () => {
    await open('merchant-a', 'use-application', { scenario: 'twice' });
    const again = await instance.operations.openMatter(instance.actor('merchant-a'), {
      noun: 'use-application',
      city: 'GZ',
      fields: { scenario: 'twice' },
    });
    expect(codes(again)).toEqual(['matter.taken']);
    expect((await open('merchant-b', 'use-application', { scenario: 'twice' })).state).toBe('DRAFT');
  });
});

describe('separation of duties in the store', () => {
  test('S1, GZ-4d: an affiliate of a merchant is never registered as operator, and an operator is nobody’s affiliate', async () => {
    const onboarding = await open('merchant-a', 'onboarding', {
      legalName: 'A公司',
      creditCode: '91440101MA00000000',
      affiliates: ['sister-co', 'operator-co'],
    });
    const materials = { credit: 'g', technical: 't', security: 's', serviceKinds: ['develop'], responsiblePerson: 'p', realNameRef: 'r' };
    await take('merchant-a', onboarding, 'submit', materials);
    await take('operator-1', onboarding, 'accept', { rulesetVersion: 'v1' });
    const passed = { creditPassed: true, technicalPassed: true, securityPassed: true };
    expect(codes(await attempt('operator-1', onboarding, 'register', passed))).toEqual(['access.conflicting_roles']);
    expect(await stateOf(onboarding)).toBe('ACCEPTED');
    await take('operator-1', onboarding, 'refuse', {}, 'affiliated with the operator');
    await take('supervisor-1', onboarding, 'recheck', { supervisorView: 'parted' }, 'parted');
  });

  test('S1: what was declared as affiliate stands, whoever asks the store', async () => {
    const onboarding = await open('merchant-a', 'onboarding', {
      legalName: 'A公司',
      creditCode: '91440101MA00000000',
      affiliates: ['sister-co'],
    });
    await take('merchant-a', onboarding, 'submit', {
      credit: 'g',
      technical: 't',
      security: 's',
      serviceKinds: ['develop'],
      responsiblePerson: 'p',
      realNameRef: 'r',
    });
    await take('operator-1', onboarding, 'accept', { rulesetVersion: 'v1' });
    await take('operator-1', onboarding, 'register', { creditPassed: true, technicalPassed: true, securityPassed: true });
    const event = {
      operation: 'principal.register',
      actor: instance.actor('operator-1'),
      object: 'op-9',
      outcome: 'done',
      facts: {},
    } as const;
    const added = await instance.ports.store.write((tx) =>
      tx.principals.add({ id: 'op-9', organisation: 'sister-co', roles: ['operator'] }, event),
    );
    expect(codes(added)).toEqual(['access.conflicting_roles']);
    expect(await instance.ports.store.view.principals.get('op-9')).toBeNull();
  });

  test('NB-23a, GZ-27e: a grant rests on an agreement in force of the same merchant, scenario, dataset and term', async () => {
    const agreement = await effectiveAgreement();
    const grant = {
      merchant: 'merchant-a',
      dataset: 'city',
      scenario: 'study',
      tables: { residents: '*' as const },
      endsOn: '2027-03-01',
      basis: agreement.id,
    };
    for (const change of [{ merchant: 'merchant-b' }, { scenario: 'another' }, { endsOn: '2027-03-02' }, { basis: 'mat_nothing' }]) {
      expect(codes(await instance.operations.createGrant(instance.actor('operator-1'), { ...grant, ...change }))).toEqual([
        'matter.no_agreement',
      ]);
    }
    expect((await instance.operations.createGrant(instance.actor('operator-1'), grant)).ok).toBe(true);
  });
});

describe('who sees and does what', () => {
  test('somebody else’s matter answers as one that does not exist, and a decision on a stale reading is refused', async () => {
    const onboarding = await open('merchant-a', 'onboarding', { legalName: 'A公司', creditCode: '91440101MA00000000' });
    const look = (as: string, id: string) => instance.operations.showMatter(instance.actor(as), { noun: 'onboarding', id });
    expect(codes(await look('merchant-b', onboarding.id))).toEqual(['access.not_found']);
    expect(await look('merchant-b', onboarding.id)).toEqual(await look('merchant-b', 'mat_nothing'));
    expect(codes(await instance.operations.showMatter(instance.actor('merchant-a'), { noun: 'agreement', id: onboarding.id }))).toEqual([
      'access.not_found',
    ]);
    expect(value(await instance.operations.listMatters(instance.actor('merchant-b'), { noun: 'onboarding' }))).toEqual([]);
    expect((await look('auditor-1', onboarding.id)).ok).toBe(true);
    const stale = {
      noun: 'onboarding',
      id: onboarding.id,
      step: 'submit',
      fields: { credit: 'g', technical: 't', security: 's', serviceKinds: ['develop'], responsiblePerson: 'p', realNameRef: 'r' },
      revision: 9,
    };
    expect(codes(await instance.operations.stepMatter(instance.actor('merchant-a'), stale))).toEqual(['matter.changed']);
    expect(codes(await attempt('auditor-1', onboarding, 'submit'))).toEqual(['access.forbidden']);
  });

  test('S7, GZ-28a: every step stands in the log, without a word that a person wrote', async () => {
    const onboarding = await open('merchant-a', 'onboarding', { legalName: 'CANARY公司', creditCode: '91440101MA00000000' });
    await take('merchant-a', onboarding, 'submit', {
      credit: 'CANARY',
      technical: 't',
      security: 's',
      serviceKinds: ['develop'],
      responsiblePerson: 'p',
      realNameRef: 'r',
    });
    await take('operator-1', onboarding, 'return', {}, 'CANARY reason');
    const entries = await instance.ports.audit.entries({ after: 0, limit: 1000 });
    const about = entries.filter((entry) => entry.object.id === onboarding.id);
    expect(about.map((entry) => [entry.operation, entry.facts['step'] ?? null])).toEqual([
      ['matter.open', null],
      ['matter.step', 'submit'],
      ['matter.step', 'return'],
    ]);
    expect(JSON.stringify(entries)).not.toContain('CANARY');
    expect(about.every((entry) => entry.facts['profile'] === 'GZ@2024-08-01.1')).toBe(true);
  });

  test('GZ-8d, GZ-16a: the catalogue is public once it is published, and searched by name, item, type and provider', async () => {
    const search = async (query?: string, shareType?: string) =>
      value(await instance.operations.searchCatalogue({ query, shareType })).map((item) => item.catalogueName);
    const content = {
      itemNames: ['区划', '人数'],
      shareType: 'conditional',
      openness: 'conditional',
      updateFrequency: 'monthly',
      category: 'people',
      grade: 'general',
      sensitivity: 'none',
    };
    const entry = await open('source-1', 'catalogue-entry', { catalogueName: '人口统计', provider: '统计局' });
    await take('source-1', entry, 'submit', content);
    await take('authority-1', entry, 'approve', { authorityConsentRef: 'c-1' });
    expect(await search()).toEqual([]);
    await take('supervisor-1', entry, 'publish', { pushedOn: '2026-03-02' });
    expect([
      await search('人口'),
      await search('区划'),
      await search('统计局', 'conditional'),
      await search('统计局', 'none'),
      await search('其他'),
    ]).toEqual([['人口统计'], ['人口统计'], ['人口统计'], [], []]);
  });

  test('NB-4b, GZ-2: what the city bars from operation does not enter the catalogue', async () => {
    const content = { itemNames: ['x'], shareType: 'none', updateFrequency: 'monthly', category: 'c', grade: 'core' };
    const barred = await open('source-1', 'catalogue-entry', { catalogueName: 'x', provider: 'p' }, 'NB');
    expect(codes(await attempt('source-1', barred, 'submit', { ...content, openness: 'none', sensitivity: 'none' }))).toEqual([
      'matter.data_refused',
    ]);
    const secret = await open('source-1', 'catalogue-entry', { catalogueName: 'y', provider: 'p' });
    expect(
      codes(await attempt('source-1', secret, 'submit', { ...content, openness: 'conditional', sensitivity: 'state_secret' })),
    ).toEqual(['matter.data_refused']);
  });

  test('NB-18: a person enters the domain only after everything the city asks for', async () => {
    const member = await open('merchant-a', 'staff-member', { principal: 'merchant-a', trainedOn: '2026-02-01' }, 'NB');
    expect(codes(await attempt('supervisor-1', member, 'enable'))).toEqual(['matter.staff_gate']);
    await take('merchant-a', member, 'record', { realNameRef: 'r', vettingRef: 'v', confidentialityRef: 'c' });
    expect((await take('supervisor-1', member, 'enable')).state).toBe('ENABLED');
  });

  test('GZ-35, GZ-14c: an upheld appeal sends the refusal back to be checked, and decides nothing itself', async () => {
    const onboarding = await open('merchant-a', 'onboarding', { legalName: 'A公司', creditCode: '91440101MA00000000' });
    await take('merchant-a', onboarding, 'submit', {
      credit: 'g',
      technical: 't',
      security: 's',
      serviceKinds: ['develop'],
      responsiblePerson: 'p',
      realNameRef: 'r',
    });
    await take('operator-1', onboarding, 'accept', { rulesetVersion: 'v1' });
    await take('operator-1', onboarding, 'refuse', {}, 'credit');
    const grounds = { subjectKind: 'onboarding_result', subject: onboarding.id, grounds: 'unfair', remedy: 'register' };
    const stranger = await instance.operations.openMatter(instance.actor('merchant-b'), { noun: 'appeal', city: 'GZ', fields: grounds });
    expect(codes(stranger)).toEqual(['matter.not_a_party']);
    const appeal = await open('merchant-a', 'appeal', grounds);
    await take('supervisor-1', appeal, 'investigate');
    await take('supervisor-1', appeal, 'submit-file', { hearing: 'both' });
    await take('authority-1', appeal, 'uphold', { decision: 'look again' });
    await take('supervisor-1', appeal, 'reopen', {}, 'as decided');
    expect(await stateOf(onboarding)).toBe('ACCEPTED');
  });
});
