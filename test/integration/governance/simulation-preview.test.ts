import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Fields } from '../../../src/governance/field.ts';
import { cityRules } from '../../../src/instance/city-rules.ts';
import type { MatterView } from '../../../src/operations/matter-view.ts';
import { codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

let instance: TestInstance;
let set = '';
beforeEach(async () => {
  instance = await seededInstance({ simulationAccess: 'supervised' });
  const { operations, actor, clock } = instance;
  set = value(await operations.simulate(actor('operator-1'), { dataset: 'city', rows: 5, seed: 'x' })).id;
  value(await operations.publishSimulation(actor('operator-1'), set));
  // The grants of the seed are over: what is looked at now is looked at before an application.
  clock.set('2027-03-01T02:00:00.000Z');
});
afterEach(() => dispose(instance));

const look = async (as = 'merchant-a') =>
  codes(await instance.operations.previewSimulation(instance.actor(as), { id: set, table: 'residents', rows: 5 }));
const open = async (as: string, noun: string, fields: Fields): Promise<MatterView> =>
  value(await instance.operations.openMatter(instance.actor(as), { noun, city: 'GZ', fields }));
const attempt = async (as: string, { noun, id }: Pick<MatterView, 'noun' | 'id'>, step: string, fields: Fields = {}, reason?: string) => {
  const { revision } = (await instance.ports.store.view.matters.get(id)) ?? { revision: 0 };
  return instance.operations.stepMatter(instance.actor(as), { noun, id, step, fields, reason, revision });
};
const take = async (...step: Parameters<typeof attempt>) => value(await attempt(...step));

async function registered(): Promise<void> {
  const onboarding = await open('merchant-a', 'onboarding', { legalName: 'A公司', creditCode: '91440101MA00000000' });
  const able = {
    credit: 'good',
    technical: 'able',
    security: 'safe',
    serviceKinds: ['develop'],
    responsiblePerson: 'p-1',
    realNameRef: 'r1',
  };
  await take('merchant-a', onboarding, 'submit', able);
  await take('operator-1', onboarding, 'accept', { rulesetVersion: 'v1' });
  await take('operator-1', onboarding, 'register', { creditPassed: true, technicalPassed: true, securityPassed: true });
}

test('GZ-16b: looking before an application needs what the supervisor gave through the operator, until its day, and gives no more', async () => {
  expect(await look()).toEqual(['simulation.needs_preview']);
  const asked = await open('merchant-a', 'simulation-preview', { datasets: ['city'], purpose: 'to see whether it serves' });
  expect(codes(await attempt('operator-1', asked, 'forward'))).not.toEqual([]);
  await registered();
  expect(codes(await attempt('supervisor-1', asked, 'grant', { until: '2027-07-01' }))).not.toEqual([]);
  await take('operator-1', asked, 'forward');
  expect(codes(await attempt('operator-1', asked, 'grant', { until: '2027-07-01' }))).not.toEqual([]);
  expect(await look()).toEqual(['simulation.needs_preview']);
  await take('supervisor-1', asked, 'grant', { until: '2027-07-01' });
  expect(await look()).toEqual([]);
  expect(await look('merchant-b')).toEqual(['simulation.needs_preview']);
  const { operations, actor, clock } = instance;
  const merchant = actor('merchant-a');
  expect(codes(await operations.simulationFile(merchant, { id: set, table: 'residents', format: 'csv' }))).toEqual([
    'simulation.needs_grant',
  ]);
  expect(codes(await operations.simulationKit(merchant, set))).toEqual(['simulation.needs_grant']);
  clock.set('2027-07-02T02:00:00.000Z');
  expect(await look()).toEqual(['simulation.needs_preview']);
});

test('for another dataset, or refused, it shows nothing', async () => {
  await registered();
  const other = await open('merchant-a', 'simulation-preview', { datasets: ['another'], purpose: 'p' });
  await take('operator-1', other, 'forward');
  await take('supervisor-1', other, 'grant', { until: '2027-07-01' });
  const refused = await open('merchant-a', 'simulation-preview', { datasets: ['city'], purpose: 'p' });
  await take('operator-1', refused, 'refuse', {}, 'no purpose');
  expect(await look()).toEqual(['simulation.needs_preview']);
});

test.each([
  ['GZ', 'open', 'supervised'],
  ['GZ', 'agreed', 'agreed'],
  ['NB', 'open', 'agreed'],
  ['QY', 'open', 'agreed'],
  ['QZ', 'granted', 'agreed'],
  ['CQ', 'open', 'agreed'],
  [null, 'open', 'open'],
] as const)('the rules of %s with the setting "%s" give "%s"', (city, simulationAccess, expected) => {
  expect(cityRules({ city, k: 10, simulationAccess }).simulationAccess).toBe(expected);
});
