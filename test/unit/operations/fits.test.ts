import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance();
});
afterEach(() => dispose(instance));

const who = (id: string) => instance.actor(id);
const SPEC = { dataset: 'city', epsilon: 1, delta: 1e-9 } as const;

async function fitted(change: Readonly<Record<string, unknown>> = {}, by = 'merchant-a') {
  const job = value(await instance.operations.fitModel(who(by), { ...SPEC, ...change }));
  return value(await instance.operations.awaitJob(who(by), job.id));
}
const spent = async () => value(await instance.operations.showFitBudget(who('merchant-b'), 'city')).spent;
const operationsOf = async (trace: string) => {
  const entries = value(await instance.operations.auditEntries(who('auditor-1'), { after: 0, limit: 1000 }));
  return entries.filter((entry) => entry.object.id === trace).map((entry) => entry.operation);
};

describe('a fit in the product', () => {
  test('is a job that ends in an egress request of its own kind; reviewers see error bars, nobody the model before its release', async () => {
    const job = await fitted();
    expect(job).toMatchObject({ state: 'EGRESS_REQUESTED', target: 'real' });
    const id = String(job.egressId);
    const request = value(await instance.operations.showEgress(who('operator-1'), id));
    expect(request).toMatchObject({ state: 'REVIEW', productKind: 'model_algorithm', preview: { rows: [['district']] } });
    expect(JSON.stringify(value(await instance.operations.showEgress(who('merchant-a'), id)))).not.toContain('noisy');
    value(await instance.operations.approve(who('operator-1'), { id, reason: 'noise only' }));
    value(await instance.operations.approve(who('operator-2'), { id, reason: 'noise only' }));
    value(await instance.operations.file(who('supervisor-1'), { id, receipt: 'FILING-2026-0001' }));
    const release = value(await instance.operations.release(who('operator-1'), id));
    expect(release.files.map((file) => file.name)).toContain('model.json');
    const file = { id: release.id, name: 'model.json' };
    const { token } = value(await instance.operations.issueDownloadToken(who('merchant-a'), file));
    const model = value(await instance.operations.releaseFile(who('merchant-a'), { ...file, token }));
    expect(Buffer.from(model).toString()).toBe('{"noisy":1}');
  });

  test('spends its budget before it reads anything, in the log with the intent, and is refused when it is gone', async () => {
    const first = await fitted({ epsilon: 3 });
    expect(await spent()).toBeCloseTo(0.03, 9);
    expect(await operationsOf(first.id)).toEqual(['job.submit', 'job.queue', 'job.intent', 'fit.spend', 'job.outcome', 'job.outcome']);
    expect(codes(await instance.operations.fitModel(who('merchant-b'), { ...SPEC, epsilon: 2 }))).toEqual(['synth.budget_spent']);
    await fitted({ epsilon: 1 }, 'merchant-b');
    expect(await spent()).toBeCloseTo(0.04, 9);
    expect(codes(await instance.operations.fitModel(who('merchant-a'), { ...SPEC, epsilon: 0.0001 }))).toEqual(['synth.budget_spent']);
  });

  test('two at once cannot both take the last of it', async () => {
    const ends = await Promise.all([fitted({ epsilon: 3 }), fitted({ epsilon: 3 }, 'merchant-b')].map((item) => item.catch(() => null)));
    const states = ends.map((job) => job?.state ?? 'REFUSED');
    expect(states.filter((state) => state === 'EGRESS_REQUESTED')).toHaveLength(1);
    expect(await spent()).toBeCloseTo(0.03, 9);
  });

  test.each([['fault'], ['small']])('what fails (%s) has spent all the same, and says no more than any job', async (target) => {
    const job = await fitted({ target });
    expect(job).toMatchObject({ state: 'REAL_FAILED', problems: [{ code: 'job.not_released' }] });
    expect(await spent()).toBeCloseTo(0.01, 9);
    expect(JSON.stringify(job)).not.toContain('CANARY');
  });

  test('a budget outlives versions and restarts', async () => {
    await fitted({ epsilon: 4 });
    const task = value(await instance.operations.startLoad(who('source-1'), { declaration: {}, baseFolder: '.' }));
    await instance.operations.awaitLoad(who('source-1'), task.id);
    instance = await instance.reopen();
    expect(await spent()).toBeCloseTo(0.04, 9);
    expect(codes(await instance.operations.fitModel(who('merchant-a'), SPEC))).toEqual(['synth.budget_spent']);
  });

  test('needs a grant of whole tables and sensible parameters', async () => {
    for (const by of ['operator-1', 'auditor-1', 'supervisor-1', 'source-1'])
      expect(codes(await instance.operations.fitModel(who(by), SPEC)), by).toEqual(['access.forbidden']);
    expect(codes(await instance.operations.fitModel(who('merchant-a'), { ...SPEC, epsilon: 30 }))).toEqual(['synth.privacy']);
    const grant = { merchant: 'merchant-a', dataset: 'city', scenario: 's', tables: { residents: ['district'] }, endsOn: '2026-12-31' };
    instance.clock.set('2026-03-03T00:00:00.000Z');
    value(await instance.operations.createGrant(who('operator-1'), grant));
    expect(codes(await instance.operations.fitModel(who('merchant-a'), SPEC))).toEqual(['synth.grant_partial']);
    expect(await spent()).toBe(0);
  });
});
