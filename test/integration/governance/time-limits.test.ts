import { describe, expect, test } from 'vitest';
import type { MatterView } from '../../../src/operations/matter-view.ts';
import { codes, value } from '../../support/operations-instance.ts';
import { attempt, instance, open, registered, stateOf, submit, take, withInstance } from './guangzhou-proceedings.ts';

withInstance();

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
