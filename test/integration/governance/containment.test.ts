import { describe, expect, test } from 'vitest';
import { codes, value } from '../../support/operations-instance.ts';
import { attempt, effectiveAgreement, grantUnder, instance, open, stateOf, submit, take, withInstance } from './guangzhou-proceedings.ts';

withInstance();

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
