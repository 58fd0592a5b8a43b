import { afterEach, beforeEach, expect } from 'vitest';
import type { Fields } from '../../../src/governance/field.ts';
import type { MatterView } from '../../../src/operations/matter-view.ts';
import { dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

/** The instance of the test that runs. */
export let instance: TestInstance;

/** Gives each test of the file an instance of its own. */
export function withInstance(): void {
  beforeEach(async () => {
    instance = await seededInstance();
  });
  afterEach(() => dispose(instance));
}

export const open = async (as: string, noun: string, fields: Fields, city = 'GZ'): Promise<MatterView> =>
  value(await instance.operations.openMatter(instance.actor(as), { noun, city, fields }));

export const attempt = async (as: string, matter: Pick<MatterView, 'noun' | 'id'>, step: string, fields: Fields = {}, reason?: string) => {
  const { revision } = (await instance.ports.store.view.matters.get(matter.id)) ?? { revision: 0 };
  return instance.operations.stepMatter(instance.actor(as), { noun: matter.noun, id: matter.id, step, fields, reason, revision });
};

export const take = async (as: string, matter: Pick<MatterView, 'noun' | 'id'>, step: string, fields: Fields = {}, reason?: string) =>
  value(await attempt(as, matter, step, fields, reason));

export const stateOf = async (matter: Pick<MatterView, 'id'>) => (await instance.ports.store.view.matters.get(matter.id))?.state;

export async function registered(): Promise<MatterView> {
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

export async function approvedApplication(): Promise<MatterView> {
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

export const CLAUSES = {
  duties: 'd',
  conditions: 'c',
  security: 's',
  fees: 'f',
  trade: 't',
  grounds: 'g',
  breach: 'b',
} as const;

export async function effectiveAgreement(): Promise<MatterView> {
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

export async function grantUnder(agreement: MatterView): Promise<void> {
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

export const submit = (target: 'sim' | 'real') =>
  instance.operations.submitJob(instance.actor('merchant-a'), { dataset: 'city', sql: 'SELECT 1', target });
