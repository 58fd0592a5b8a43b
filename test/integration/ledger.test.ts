import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { JobView } from '../../src/operations/operations.ts';
import { benchPipeline } from '../support/bench-pipeline.ts';
import { type GateBench, gateBench } from '../support/gate-bench.ts';
import { codes, dispose, seededInstance, type TestInstance, value } from '../support/operations-instance.ts';
import { VICTIM_CITY_DECLARATION, victimCityFiles } from '../support/victim-city.ts';

let bench: GateBench;
let instance: TestInstance;

beforeAll(async () => {
  bench = await gateBench(VICTIM_CITY_DECLARATION, victimCityFiles());
}, 60_000);
afterAll(() => bench.close());

beforeEach(async () => {
  instance = await seededInstance({ pipeline: benchPipeline(bench, true) });
});
afterEach(() => dispose(instance));

const TOTAL = 'SELECT sum(income) AS s FROM persons';
/** All but the people of one town: one person. */
const ALL_BUT_ONE = "SELECT sum(income) AS s FROM persons WHERE city IN ('Hangzhou', 'Ningbo', 'Wenzhou', 'Jiaxing')";

/** What operators see of a job's result. */
async function rowsOf(job: JobView): Promise<readonly unknown[]> {
  const { egressId } = value(await instance.operations.showJob(instance.actor('operator-1'), job.id));
  const request = value(await instance.operations.showEgress(instance.actor('operator-1'), egressId ?? 'none'));
  return request.preview?.rows ?? [];
}

async function release(job: JobView): Promise<void> {
  const { egressId = 'none' } = value(await instance.operations.showJob(instance.actor('operator-1'), job.id));
  const reason = 'checked';
  value(await instance.operations.approve(instance.actor('operator-1'), { id: egressId, reason }));
  value(await instance.operations.approve(instance.actor('operator-2'), { id: egressId, reason }));
  value(await instance.operations.file(instance.actor('supervisor-1'), { id: egressId, receipt: 'GZ-2026-00042' }));
  value(await instance.operations.release(instance.actor('operator-1'), egressId));
}

describe('what one merchant got binds what another gets', () => {
  test('a figure near a released one is answered by it, byte for byte', async () => {
    const first = await instance.realJob(TOTAL, 'merchant-a');
    const rows = await rowsOf(first);
    await release(first);
    const second = await instance.realJob(ALL_BUT_ONE, 'merchant-b');
    expect(await rowsOf(second)).toEqual(rows);
  });

  test('the log tells new sums, what the units bear, and the released cells that a query stood beside', async () => {
    const women = "SELECT sum(income) AS s FROM persons WHERE gender = 'F'";
    await release(await instance.realJob(women, 'merchant-a'));
    await instance.realJob(women, 'merchant-b');
    // All women but one live in these.
    await instance.realJob("SELECT sum(income) AS s FROM persons WHERE city IN ('Ningbo', 'Jiaxing')", 'merchant-b');
    const entries = value(await instance.operations.auditEntries(instance.actor('auditor-1'), { after: 0, limit: 200 }));
    const told = entries.filter(({ operation }) => operation === 'ledger.reserve').map(({ facts }) => facts);
    expect(told).toMatchObject([
      { figures: 1, beside: [] },
      { figures: 0, beside: [] },
      { figures: 0, beside: ['entry-1'] },
    ]);
  });

  test('near one that waits for its decision it is withheld, and free once that is rejected', async () => {
    const first = await instance.realJob(TOTAL, 'merchant-a');
    const [row] = await rowsOf(first);
    expect(row).toEqual([14_169_749]);
    const blocked = await instance.realJob(ALL_BUT_ONE, 'merchant-b');
    expect(await rowsOf(blocked)).toEqual([]);
    const { egressId = 'none' } = value(await instance.operations.showJob(instance.actor('operator-1'), first.id));
    value(await instance.operations.reject(instance.actor('operator-1'), { id: egressId, reason: 'no' }));
    const again = await instance.realJob(ALL_BUT_ONE, 'merchant-b');
    expect(await rowsOf(again)).toHaveLength(1);
  });

  test('of two that race only one is answered', async () => {
    const jobs = await Promise.all([instance.realJob(TOTAL, 'merchant-a'), instance.realJob(ALL_BUT_ONE, 'merchant-b')]);
    const rows = await Promise.all(jobs.map((job) => rowsOf(job)));
    expect(rows.filter((own) => own.length > 0)).toHaveLength(1);
  });

  test('it survives the process', async () => {
    const first = await instance.realJob(TOTAL, 'merchant-a');
    const rows = await rowsOf(first);
    instance = await instance.reopen({ pipeline: benchPipeline(bench, true) });
    expect(await rowsOf(await instance.realJob(ALL_BUT_ONE, 'merchant-b'))).toEqual([]);
    await release(first);
    instance = await instance.reopen({ pipeline: benchPipeline(bench, true) });
    expect(await rowsOf(await instance.realJob(ALL_BUT_ONE, 'merchant-b'))).toEqual(rows);
  });

  test('a reservation of more than seven days is free for others, and its result may not leave any more', async () => {
    const first = await instance.realJob(TOTAL, 'merchant-a');
    instance.clock.set('2026-03-10T02:00:00.000Z');
    expect(await rowsOf(await instance.realJob(ALL_BUT_ONE, 'merchant-b'))).toHaveLength(1);
    const { egressId = 'none' } = value(await instance.operations.showJob(instance.actor('operator-1'), first.id));
    for (const operator of ['operator-1', 'operator-2'])
      value(await instance.operations.approve(instance.actor(operator), { id: egressId, reason: 'late' }));
    value(await instance.operations.file(instance.actor('supervisor-1'), { id: egressId, receipt: 'GZ-2026-00043' }));
    expect(codes(await instance.operations.release(instance.actor('operator-1'), egressId))).toEqual(['egress.reservation_expired']);
  });

  test('medians and their like over the same people are released one after the other, up to the cap', async () => {
    const figures = ['median(income)', 'quantile_cont(income, 0.25)', 'quantile_cont(income, 0.75)'];
    for (const figure of figures) await release(await instance.realJob(`SELECT ${figure} AS f FROM persons`, 'merchant-a'));
    expect(await rowsOf(await instance.realJob('SELECT quantile_cont(income, 0.9) AS f FROM persons', 'merchant-b'))).toEqual([]);
  });

  test('merchants are told nothing of it', async () => {
    const first = await instance.realJob(TOTAL, 'merchant-a');
    await release(first);
    const second = await instance.realJob(ALL_BUT_ONE, 'merchant-b');
    const shown = JSON.stringify(value(await instance.operations.showJob(instance.actor('merchant-b'), second.id)));
    expect(shown).not.toMatch(/ledger|entry|neighbour|earlier/i);
    const { egressId = 'none' } = value(await instance.operations.showJob(instance.actor('operator-1'), second.id));
    const { findings = [] } = value(await instance.operations.showEgress(instance.actor('operator-1'), egressId));
    expect(findings.map((item) => item.rule)).toContain('ledger.answered');
  });
});
