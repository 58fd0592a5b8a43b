import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance();
});
afterEach(() => dispose(instance));

const merchant = () => instance.actor('merchant-a');
const submit = (sql: string, target: 'sim' | 'real', by = 'merchant-a') =>
  instance.operations.submitJob(instance.actor(by), { dataset: 'city', sql, target });

async function untilState(id: string, state: string): Promise<void> {
  for (let tries = 0; tries < 500; tries += 1) {
    if (value(await instance.operations.showJob(merchant(), id)).state === state) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error(`Never ${state}`);
}

describe('jobs', () => {
  test('on simulation data the merchant sees everything, also the verdict', async () => {
    const job = value(await submit('SELECT small', 'sim'));
    expect(job.state).toBe('SIM_QUEUED');
    const done = value(await instance.operations.awaitJob(merchant(), job.id));
    expect(done).toMatchObject({
      state: 'SIM_PASSED',
      verdict: 'withheld',
      simulation: { withheldRows: 1, findings: [{ rule: 'units' }] },
    });
  });

  test('what is not admitted is refused with its problems, and never queued', async () => {
    const job = value(await submit('refuse me', 'sim'));
    expect(job.state).toBe('REFUSED');
    expect(job.problems?.map((item) => item.code)).toEqual(['request.malformed']);
  });

  test('real data only for the same artefact, passed by the same merchant', async () => {
    const before = value(await submit('SELECT 1', 'real'));
    expect([before.state, before.problems?.[0]?.code]).toEqual(['REFUSED', 'job.not_simulated']);
    await instance.realJob('SELECT 1', 'merchant-b');
    expect(value(await submit('SELECT 1', 'real')).problems?.[0]?.code).toBe('job.not_simulated');
    expect((await instance.realJob('SELECT 1')).state).toBe('EGRESS_REQUESTED');
    expect(value(await submit('SELECT 2', 'real')).problems?.[0]?.code).toBe('job.not_simulated');
  });

  test('a run on simulation data that failed does not count', async () => {
    const changed = { ...instance.ports.pipeline, answer: async () => ({ ok: false as const, error: [] }) };
    instance = await instance.reopen({ pipeline: changed });
    const failed = value(await instance.operations.awaitJob(merchant(), value(await submit('SELECT 3', 'sim')).id));
    expect([failed.state, failed.problems?.[0]?.code]).toEqual(['SIM_FAILED', 'job.simulation_failed']);
    expect(value(await submit('SELECT 3', 'real')).state).toBe('REFUSED');
  });

  test('no grant, an ended grant, no dataset: refused before anything else', async () => {
    instance.clock.set('2026-12-31T15:59:59.000Z'); // still the 31st in Shanghai
    expect(value(await submit('SELECT 1', 'sim')).state).toBe('SIM_QUEUED');
    instance.clock.set('2026-12-31T16:00:00.000Z'); // the first of January there
    expect(codes(await submit('SELECT 1', 'sim'))).toEqual(['job.no_grant']);
    expect(codes(await instance.operations.submitJob(merchant(), { dataset: 'none', sql: 'SELECT 1', target: 'sim' }))).toEqual([
      'access.not_found',
    ]);
    expect(codes(await submit('SELECT 1', 'sim', 'operator-1'))).toEqual(['access.forbidden']);
  });

  test('a withheld job, a failed one and a faulty one look the same to the merchant; operators see which', async () => {
    const views = [];
    const inside = [];
    for (const sql of ['SELECT small', 'SELECT fail', 'SELECT fault']) {
      const job = await instance.realJob(sql);
      const { id: _id, createdAt: _created, updatedAt: _updated, admitted: _admitted, ...rest } = job;
      views.push(rest);
      inside.push(value(await instance.operations.showJob(instance.actor('operator-1'), job.id)).state);
    }
    expect(views[0]).toMatchObject({ state: 'REAL_FAILED', problems: [{ code: 'job.not_released', facts: {} }] });
    expect(views[1]).toEqual(views[0]);
    expect(views[2]).toEqual(views[0]);
    expect(inside).toEqual(['DONE', 'REAL_FAILED', 'REAL_FAILED']);
    expect(value(await instance.operations.listJobs(merchant(), { state: 'DONE' }))).toEqual([]);
    expect(value(await instance.operations.listJobs(merchant(), { state: 'REAL_FAILED' }))).toHaveLength(3);
    expect(value(await instance.operations.listEgress(merchant(), {}))).toEqual([]);
    const blocked = value(await instance.operations.listEgress(instance.actor('operator-1'), { state: 'BLOCKED' }));
    expect(blocked).toHaveLength(1);
    const probes = [blocked[0]?.id ?? '', 'egr_none'];
    const answers = await Promise.all(probes.map((id) => instance.operations.showEgress(merchant(), id)));
    expect(answers[0]).toEqual(answers[1]);
  });

  test("another merchant's job answers exactly as one that does not exist", async () => {
    const job = await instance.realJob('SELECT 1');
    const other = instance.actor('merchant-b');
    const { operations } = instance;
    for (const id of [job.id, 'job_none']) {
      expect(await operations.showJob(other, id)).toEqual({ ok: false, error: [{ code: 'access.not_found', facts: { kind: 'job' } }] });
      expect(await operations.awaitJob(other, id)).toEqual(await operations.showJob(other, 'job_other'));
      expect(await operations.cancelJob(other, id)).toEqual(await operations.showJob(other, 'job_other'));
    }
    const egress = [job.egressId ?? '', 'egr_none'];
    const [mine, none] = await Promise.all(egress.map((id) => operations.withdraw(other, { id, reason: 'x' })));
    expect(mine).toEqual(none);
    expect(codes(mine ?? { ok: false, error: [] })).toEqual(['access.not_found']);
    expect(value(await operations.listJobs(other, {}))).toEqual([]);
  });

  test('a running job and a waiting one can be cancelled; the next one runs', async () => {
    for (const sql of ['SELECT hang', 'SELECT wait', 'SELECT go'])
      await instance.operations.awaitJob(merchant(), value(await submit(sql, 'sim')).id);
    const hanging = value(await submit('SELECT hang', 'real'));
    const waiting = value(await submit('SELECT wait', 'real'));
    const last = value(await submit('SELECT go', 'real'));
    await untilState(hanging.id, 'REAL_RUNNING');
    expect(value(await instance.operations.showJob(merchant(), waiting.id)).state).toBe('REAL_QUEUED');
    expect(value(await instance.operations.cancelJob(merchant(), waiting.id)).state).toBe('STOPPED');
    expect(value(await instance.operations.cancelJob(instance.actor('operator-1'), hanging.id)).state).toBe('STOPPED');
    expect(value(await instance.operations.awaitJob(merchant(), last.id)).state).toBe('EGRESS_REQUESTED');
    expect(value(await instance.operations.awaitJob(merchant(), hanging.id)).state).toBe('STOPPED');
    expect(codes(await instance.operations.cancelJob(merchant(), last.id))).toEqual(['job.not_cancellable']);
    expect(await instance.ports.vault.jobs()).toEqual([last.id]);
  });

  test('the intent is on disk before the pipeline goes on, the outcome after', async () => {
    const seen: string[][] = [];
    const scripted = instance.ports.pipeline;
    const spy = {
      ...scripted,
      answer: async (...given: Parameters<typeof scripted.answer>) => {
        const [sql, context, { onIntent, ledger }, signal] = given;
        const result = await scripted.answer(
          sql,
          context,
          {
            ledger,
            onIntent: async () => {
              await onIntent();
              seen.push((await instance.ports.audit.entries({ after: 0, limit: 1000 })).map((entry) => entry.operation));
            },
          },
          signal,
        );
        return result;
      },
    };
    instance = await instance.reopen({ pipeline: spy });
    await instance.realJob('SELECT 7');
    expect(seen).toHaveLength(2);
    expect(seen[1]?.filter((item) => item === 'job.intent')).toHaveLength(2);
    expect(seen[1]?.filter((item) => item === 'job.outcome')).toHaveLength(1); // of the simulation run only
    expect((await instance.ports.audit.verify()).verified).toBe(true);
  });

  test('a pipeline that answers without an intent gives nothing', async () => {
    await instance.operations.awaitJob(merchant(), value(await submit('SELECT 8', 'sim')).id);
    const scripted = instance.ports.pipeline;
    const silent = {
      ...scripted,
      answer: (...given: Parameters<typeof scripted.answer>) =>
        scripted.answer(given[0], given[1], { ...given[2], onIntent: async () => {} }, given[3]),
    };
    instance = await instance.reopen({ pipeline: silent });
    const job = value(await instance.operations.awaitJob(merchant(), value(await submit('SELECT 8', 'real')).id));
    expect(job.state).toBe('REAL_FAILED');
    expect(instance.faults).toHaveLength(1);
    expect(await instance.ports.vault.jobs()).toEqual([]);
  });

  test('a version withdrawn while the job waits or runs gives nothing', async () => {
    const scripted = instance.ports.pipeline;
    const withdrawing = {
      ...scripted,
      answer: async (...given: Parameters<typeof scripted.answer>) => {
        const result = await scripted.answer(...given);
        if (given[1].version.origin === 'real') {
          value(
            await instance.operations.withdrawVersion(instance.actor('operator-1'), {
              dataset: 'city',
              version: 'v1',
              reason: 'bad',
              erase: false,
            }),
          );
        }
        return result;
      },
    };
    instance = await instance.reopen({ pipeline: withdrawing });
    const job = await instance.realJob('SELECT 9');
    expect([job.state, job.problems?.[0]?.code]).toEqual(['REAL_FAILED', 'job.no_version']);
    expect(await instance.ports.vault.jobs()).toEqual([]);
    expect(value(await submit('SELECT 9', 'real')).problems?.[0]?.code).toBe('job.no_version');
  });

  test('without simulation data the answer says how to make some', async () => {
    const { store } = instance.ports;
    const bare = { ...store, view: { ...store.view, simulations: { ...store.view.simulations, list: async () => [] } } };
    const { createOperations } = await import('../../../src/operations/create-operations.ts');
    const operations = createOperations({ ...instance.ports, store: bare });
    const job = value(await operations.submitJob(merchant(), { dataset: 'city', sql: 'SELECT 1', target: 'sim' }));
    expect([job.state, job.problems?.[0]?.code]).toEqual(['REFUSED', 'job.no_simulation']);
  });

  test('refusals of access are on record', async () => {
    await instance.operations.showJob(instance.actor('merchant-b'), 'job_none');
    await instance.operations.listGrants(instance.actor('source-1'), {});
    const entries = (await instance.ports.audit.entries({ after: 0, limit: 1000 })).filter((entry) => entry.operation === 'auth.refused');
    expect(entries.map((entry) => [entry.actor, entry.facts['problem']])).toEqual([
      ['merchant-b', 'access.not_found'],
      ['source-1', 'access.forbidden'],
    ]);
  });
});
