import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Fields } from '../../../src/governance/field.ts';
import type { MatterView } from '../../../src/operations/matter-view.ts';
import { codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance();
});
afterEach(() => dispose(instance));

const open = async (as: string, noun: string, fields: Fields, city = 'GZ'): Promise<MatterView> =>
  value(await instance.operations.openMatter(instance.actor(as), { noun, city, fields }));

const attempt = async (as: string, matter: Pick<MatterView, 'noun' | 'id'>, step: string, fields: Fields = {}, reason?: string) => {
  const { revision } = (await instance.ports.store.view.matters.get(matter.id)) ?? { revision: 0 };
  return instance.operations.stepMatter(instance.actor(as), { noun: matter.noun, id: matter.id, step, fields, reason, revision });
};

const take = async (as: string, matter: Pick<MatterView, 'noun' | 'id'>, step: string, fields: Fields = {}, reason?: string) =>
  value(await attempt(as, matter, step, fields, reason));

const stateOf = async (matter: Pick<MatterView, 'id'>) => (await instance.ports.store.view.matters.get(matter.id))?.state;

async function registered(): Promise<MatterView> {
  const onboarding = await open('merchant-a', 'onboarding', { legalName: 'A公司', creditCode: '91440101MA00000000' });
  const materials = {
    credit: 'good',
    technical: 'able',
    security: 'safe',
    serviceKinds: ['develop'],
    responsiblePerson: 'person-1',
    realNameRef: 'r1',
  };
  await take('merchant-a', onboarding, 'submit', materials);
  await take('operator-1', onboarding, 'accept', { rulesetVersion: 'v1' });
  return take('operator-1', onboarding, 'register', { creditPassed: true, technicalPassed: true, securityPassed: true });
}

async function approvedApplication(): Promise<MatterView> {
  const five = { purpose: 'credit for farms', scenario: 'study', scope: 'one city', endsOn: '2027-03-01', securityMeasures: 'enclave' };
  const application = await open('merchant-a', 'use-application', five);
  await take('merchant-a', application, 'submit', {
    ...five,
    necessity: 'needed',
    datasets: ['city'],
    columns: ['residents.district'],
    productKinds: ['indicator'],
  });
  await take('operator-1', application, 'check', { rulesetVersion: 'v1' });
  await take('operator-1', application, 'forward', {
    domainsPassed: ['data_security', 'network_security', 'personal_information', 'trade_secret'],
  });
  await take('supervisor-1', application, 'start-review', { route: ['source', 'supervisor'], sources: ['source-department'] });
  await take('source-1', application, 'review', {}, 'fine');
  expect(await stateOf(application)).toBe('IN_REVIEW');
  return take('supervisor-1', application, 'review', {}, 'fine too');
}

const CLAUSES = {
  duties: 'd',
  conditions: 'c',
  security: 's',
  fees: 'f',
  trade: 't',
  grounds: 'g',
  breach: 'b',
} as const;

async function effectiveAgreement(): Promise<MatterView> {
  await registered();
  const application = await approvedApplication();
  expect(application.state).toBe('APPROVED');
  const plan = await open('merchant-a', 'emergency-plan', { scenarioClass: 'finance', content: 'call everybody' });
  await take('supervisor-1', plan, 'file', { filingNo: 'p-1' });
  const agreement = await open('merchant-a', 'agreement', {
    application: application.id,
    scenario: 'study',
    datasets: ['city'],
    plan: plan.id,
    ...CLAUSES,
  });
  await take('operator-1', agreement, 'sign', { templateVersion: 'v1', startsOn: '2026-03-02', endsOn: '2027-03-01', sealRef: 'seal-1' });
  const effective = await take('operator-1', agreement, 'take-effect');
  expect(await stateOf(application)).toBe('ACTIVE');
  return effective;
}

async function grantUnder(agreement: MatterView): Promise<void> {
  for (const grant of await instance.ports.store.view.grants.list({ merchant: 'merchant-a' })) {
    const event = { operation: 'grant.revoke', actor: instance.actor('operator-1'), object: grant.id, outcome: 'done', facts: {} } as const;
    await instance.ports.store.write((tx) => tx.grants.revoke(grant.id, event));
  }
  const grant = {
    merchant: 'merchant-a',
    dataset: 'city',
    scenario: 'study',
    tables: { residents: '*' as const },
    endsOn: '2027-03-01',
    basis: agreement.id,
  };
  value(await instance.operations.createGrant(instance.actor('operator-1'), grant));
}

const submit = (target: 'sim' | 'real') =>
  instance.operations.submitJob(instance.actor('merchant-a'), { dataset: 'city', sql: 'SELECT 1', target });

describe('the way of a merchant in Guangzhou', () => {
  test('GZ-14, GZ-18, GZ-19, GZ-20b: from admission to a job under an agreement, to its end and true deletion', async () => {
    const agreement = await effectiveAgreement();
    await grantUnder(agreement);
    const job = await instance.realJob('SELECT 1');
    expect(job.state).toBe('EGRESS_REQUESTED');
    expect(await instance.ports.vault.jobs()).toEqual([job.id]);

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

describe('time limits', () => {
  test('GZ-14b, U9: a limit that passes is reported once and decides nothing', async () => {
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
    instance.clock.set('2026-03-09T02:00:00.000Z');
    expect(await instance.operations.sweep()).toEqual({ passed: 0, late: 0 });
    instance.clock.set('2026-03-09T16:00:00.000Z');
    expect(await instance.operations.sweep()).toEqual({ passed: 0, late: 1 });
    expect(await instance.operations.sweep()).toEqual({ passed: 0, late: 0 });
    expect(await stateOf(onboarding)).toBe('ACCEPTED');
    const notices = value(await instance.operations.listMatterNotices(instance.actor('supervisor-1'), { limit: 10 }));
    expect(notices).toMatchObject([{ kind: 'late', what: 'decision', matter: onboarding.id }]);
    expect(value(await instance.operations.listMatterNotices(instance.actor('merchant-b'), { limit: 10 }))).toEqual([]);
  });

  test('U9: a clock that jumps a year ahead and a day back escalates each limit once, ends rights by their last day and decides nothing', async () => {
    const onboarding = await open('merchant-a', 'onboarding', { legalName: 'A公司', creditCode: '91440101MA00000000' });
    const materials = { credit: 'g', technical: 't', security: 's', serviceKinds: ['develop'], responsiblePerson: 'p', realNameRef: 'r' };
    await take('merchant-a', onboarding, 'submit', materials);
    const ticket = await open('merchant-a', 'incident', { kind: 'outage', description: 'x' }, 'QZ');
    const sweeps: number[] = [];
    for (const day of ['2027-03-10', '2027-03-09', '2027-03-10', '2028-03-10', '2026-03-03', '2028-03-11']) {
      instance.clock.set(`${day}T02:00:00.000Z`);
      sweeps.push((await instance.operations.sweep()).late);
      await instance.operations.sweep();
    }
    const late = value(await instance.operations.listMatterNotices(instance.actor('supervisor-1'), { limit: 100 })).filter(
      ({ kind }) => kind === 'late',
    );
    expect(new Set(late.map(({ matter, what }) => `${matter} ${what}`)).size).toBe(late.length);
    expect(sweeps.slice(1)).toEqual([0, 0, 0, 0, 0]);
    expect(sweeps[0]).toBeGreaterThan(0);
    expect([await stateOf(onboarding), await stateOf(ticket)]).toEqual(['SUBMITTED', 'DETECTED']);
  });

  test('NB-12b: a laboratory is simulation only, at most six months, and ends hard', async () => {
    await registered();
    const laboratory = await open('merchant-a', 'laboratory', { datasets: ['city'], developmentMethod: 'sql', marketPlan: 'sell' }, 'NB');
    await take('merchant-a', laboratory, 'apply');
    const term = { startsOn: '2026-03-02', feeFree: true };
    expect(codes(await attempt('authority-1', laboratory, 'grant', { ...term, endsOn: '2026-09-03' }))).toEqual([
      'matter.laboratory_too_long',
    ]);
    const active = await take('authority-1', laboratory, 'grant', { ...term, endsOn: '2026-09-02' });
    await grantUnderLaboratory(active);
    expect((await submit('sim')).ok).toBe(true);
    expect(codes(await submit('real'))).toEqual(['job.no_grant']);
    instance.clock.set('2026-09-02T16:00:00.000Z');
    await instance.operations.sweep();
    expect(await stateOf(laboratory)).toBe('ENDED');
    expect(codes(await submit('sim'))).toEqual(['job.no_grant']);
  });

  async function grantUnderLaboratory(laboratory: MatterView): Promise<void> {
    for (const grant of await instance.ports.store.view.grants.list({ merchant: 'merchant-a' })) {
      const event = {
        operation: 'grant.revoke',
        actor: instance.actor('operator-1'),
        object: grant.id,
        outcome: 'done',
        facts: {},
      } as const;
      await instance.ports.store.write((tx) => tx.grants.revoke(grant.id, event));
    }
    const grant = {
      merchant: 'merchant-a',
      dataset: 'city',
      scenario: 'lab',
      tables: { residents: '*' as const },
      endsOn: '2026-09-02',
      basis: laboratory.id,
    };
    value(await instance.operations.createGrant(instance.actor('operator-1'), grant));
  }

  test('S2, S5: evidence of a body that belongs to the registrant, and a product made from a delivered one by the operator’s own, are refused', async () => {
    const fields = { kind: 'first', subject: 'product', description: 'x' };
    const certificate = await open('source-1', 'certificate', { ...fields, dataset: 'city' }, 'CQ');
    const evidence = (evidenceProvider: string) => ({ evidenceDigest: 'a'.repeat(64), evidenceProvider });
    const declare = (organisation: string, affiliate: string) =>
      instance.operations.declareAffiliation(instance.actor('operator-1'), { organisation, affiliate, reason: 'register of companies' });
    value(await declare('source-department', 'notary-co'));
    for (const provider of ['source-department', 'notary-co'])
      expect(codes(await attempt('source-1', certificate, 'fix-evidence', evidence(provider)))).toEqual(['access.separation_of_duties']);
    await take('source-1', certificate, 'fix-evidence', evidence('independent-co'));
    const submit = { internalReviewRef: 'i', declaration: 'true', parentProduct: 'rel_1' };
    value(await declare('operator-co', 'source-department'));
    expect(codes(await attempt('source-1', certificate, 'submit', submit))).toEqual(['access.separation_of_duties']);
    await take('source-1', certificate, 'submit', { internalReviewRef: 'i', declaration: 'true' });
  });

  test('CQ-REG-17b, CQ-REG-18a: a certificate becomes renewable 60 days before its end and lapses after it', async () => {
    const certificate = await open(
      'source-1',
      'certificate',
      { kind: 'first', subject: 'resource', dataset: 'city', description: 'x' },
      'CQ',
    );
    await take('source-1', certificate, 'fix-evidence', { evidenceDigest: 'a'.repeat(64) });
    await take('source-1', certificate, 'submit', { internalReviewRef: 'i', declaration: 'true' });
    for (const step of ['accept', 'review']) await take('registry-1', certificate, step);
    await take('registry-1', certificate, 'publicise', { announcementRef: 'a' });
    const issue = { code: 'CQ-1', validFrom: '2026-03-02', validUntil: '2029-03-02' };
    expect(codes(await attempt('registry-1', certificate, 'issue', issue))).toEqual(['matter.certificate_too_long']);
    await take('registry-1', certificate, 'issue', { ...issue, validUntil: '2029-03-01' });
    instance.clock.set('2028-12-30T15:59:00.000Z'); // 30 December in Shanghai: 61 days before
    await instance.operations.sweep();
    expect(await stateOf(certificate)).toBe('VALID');
    instance.clock.set('2028-12-30T16:00:00.000Z'); // 31 December: 60 days before
    await instance.operations.sweep();
    expect(await stateOf(certificate)).toBe('RENEWABLE');
    instance.clock.set('2029-03-01T16:00:00.000Z');
    await instance.operations.sweep();
    expect(await stateOf(certificate)).toBe('CANCELLED');
  });
});

describe('containment', () => {
  test('QZ-6.4a: one call suspends people, merchants, agreements and data, and stops what runs', async () => {
    const agreement = await effectiveAgreement();
    await grantUnder(agreement);
    const job = value(await submit('sim'));
    await instance.operations.awaitJob(instance.actor('merchant-a'), job.id);
    const running = value(
      await instance.operations.submitJob(instance.actor('merchant-a'), { dataset: 'city', sql: 'SELECT 1 hang', target: 'sim' }),
    );
    await instance.operations.awaitJob(instance.actor('merchant-a'), running.id);
    const real = value(
      await instance.operations.submitJob(instance.actor('merchant-a'), { dataset: 'city', sql: 'SELECT 1 hang', target: 'real' }),
    );
    const incident = await open('operator-1', 'incident', { kind: 'leak', description: 'figures were seen outside' }, 'QZ');
    const targets = { persons: ['merchant-a'], merchants: ['merchant-a-co'], agreements: [agreement.id], datasets: ['city'] };
    await take('operator-1', incident, 'contain', targets, 'stop it');
    await instance.operations.awaitJob(instance.actor('operator-1'), real.id);
    expect(value(await instance.operations.showJob(instance.actor('operator-1'), real.id)).state).toBe('STOPPED');
    expect(await stateOf(agreement)).toBe('SUSPENDED');
    expect((await instance.ports.store.view.principals.get('merchant-a'))?.state).toBe('suspended');
    expect((await instance.ports.store.view.datasets.get('city'))?.currentVersion).toBeNull();
    const [onboarding] = await instance.ports.store.view.matters.list({ noun: 'onboarding' });
    expect(onboarding?.state).toBe('SUSPENDED');
    expect(codes(await submit('sim'))).toEqual(['job.no_grant']);
  });

  test('QZ-6.4a: what was released is not handed out any more, a token that was given included, until somebody says so', async () => {
    const [one, other] = [await released('SELECT 11'), await released('SELECT 12')];
    const merchant = instance.actor('merchant-a');
    const name = 'data.csv';
    const { token } = value(await instance.operations.issueDownloadToken(merchant, { id: one, name }));
    const waiting = await instance.requestFiled('SELECT 13');
    const incident = await open('operator-1', 'incident', { kind: 'leak', description: 'x' }, 'QZ');
    await take('operator-1', incident, 'contain', { products: [one] }, 'stop it');
    expect(codes(await instance.operations.releaseFile(merchant, { id: one, name, token }))).toEqual(['product.not_running']);
    expect(codes(await instance.operations.issueDownloadToken(merchant, { id: one, name }))).toEqual(['product.not_running']);
    const still = value(await instance.operations.issueDownloadToken(merchant, { id: other, name }));
    const second = await open('operator-1', 'incident', { kind: 'leak', description: 'y' }, 'QZ');
    await take('operator-1', second, 'contain', { merchants: ['merchant-a-co'] }, 'stop it');
    expect(codes(await instance.operations.releaseFile(merchant, { id: other, name, token: still.token }))).toEqual([
      'product.not_running',
    ]);
    // A merchant who never came through an admission is held all the same: no job, no release.
    expect(codes(await submit('sim'))).toEqual(['job.no_grant']);
    expect(codes(await instance.operations.release(instance.actor('operator-1'), waiting.id))).toEqual(['egress.contained']);
    value(await instance.operations.stopProduct(instance.actor('operator-1'), { id: one, isStopped: false, reason: 'it was none' }));
    value(await instance.operations.releaseFile(merchant, { id: one, name, token }));
    const missing = await attempt(
      'operator-1',
      await open('operator-1', 'incident', { kind: 'leak', description: 'z' }, 'QZ'),
      'contain',
      { products: ['rel_nothing'] },
      'x',
    );
    expect(codes(missing)).toEqual(['matter.field_invalid']);
  });

  async function released(sql: string): Promise<string> {
    const { id } = await instance.requestFiled(sql);
    return value(await instance.operations.release(instance.actor('operator-1'), id)).id;
  }

  test('a name that is not there stops the whole step, and nothing of it happened', async () => {
    const incident = await open('operator-1', 'incident', { kind: 'leak', description: 'x' }, 'QZ');
    const refused = await attempt('operator-1', incident, 'contain', { persons: ['merchant-a'], datasets: ['nowhere'] }, 'stop it');
    expect(codes(refused)).toEqual(['matter.field_invalid']);
    expect((await instance.ports.store.view.principals.get('merchant-a'))?.state).toBe('active');
    expect(await stateOf(incident)).toBe('DETECTED');
  });

  test('a drill stops nothing', async () => {
    const incident = await open('operator-1', 'incident', { kind: 'leak', description: 'x', drill: true }, 'QZ');
    await take('operator-1', incident, 'contain', { datasets: ['city'] }, 'drill');
    expect((await instance.ports.store.view.datasets.get('city'))?.currentVersion).not.toBeNull();
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
