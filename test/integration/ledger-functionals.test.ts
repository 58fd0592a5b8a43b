import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { DisclosurePolicy } from '../../src/catalog/disclosure-policy.ts';
import { answer } from '../../src/pipeline.ts';
import { type GateBench, gateBench } from '../support/gate-bench.ts';
import { type MemoryLedger, memoryLedger } from '../support/memory-ledger.ts';
import { VICTIM_CITY_DECLARATION, victimCityFiles } from '../support/victim-city.ts';

let bench: GateBench;
let ledger: MemoryLedger;
beforeAll(async () => {
  bench = await gateBench(VICTIM_CITY_DECLARATION, victimCityFiles());
}, 60_000);
afterAll(() => bench.close());
beforeEach(() => {
  ledger = memoryLedger();
});

let jobs = 0;
/** Runs and releases; gives the released rows. */
async function released(sql: string): Promise<readonly (readonly unknown[])[]> {
  const { context, enclave } = bench;
  const policy: DisclosurePolicy = context.policy;
  const job = `job_${jobs++}`;
  const decided = await answer(
    sql,
    context,
    { enclave, onIntent: async () => {}, ledger: ledger.of(job, policy) },
    new AbortController().signal,
  );
  if (!decided.ok) throw new Error(decided.error.map((item) => item.code).join());
  ledger.release(job);
  return decided.value.table.rows;
}

const of = (figure: string, where = ''): string => `SELECT ${figure} AS f FROM persons ${where}`;

describe('functionals of one family over one row set, statement by statement', () => {
  test('three are released, the fourth is not; an earlier one is given again', async () => {
    const figures = ['median(income)', 'quantile_cont(income, 0.25)', 'quantile_cont(income, 0.75)', 'quantile_cont(income, 0.9)'];
    const rows = [];
    for (const figure of figures) rows.push(await released(of(figure)));
    expect(rows.map((own) => own.length)).toEqual([1, 1, 1, 0]);
    expect(await released(of('median(income)'))).toEqual(rows[0]);
    ledger = memoryLedger(); // it was the ledger: by itself the fourth may stand
    expect(await released(of('quantile_cont(income, 0.9)'))).toHaveLength(1);
  });

  test('sums count as one, whatever was asked first', async () => {
    expect(await released(of('sum(income)'))).toHaveLength(1);
    const rows = [];
    for (const figure of ['median(income)', 'quantile_cont(income, 0.25)', 'quantile_cont(income, 0.75)'])
      rows.push((await released(of(figure))).length);
    expect(rows).toEqual([1, 1, 0]);
  });

  test('rows that fewer than k people separate are the same row set; others have a cap of their own', async () => {
    const allButOne = "WHERE city IN ('Hangzhou', 'Ningbo', 'Wenzhou', 'Jiaxing')";
    for (const figure of ['median(income)', 'quantile_cont(income, 0.25)', 'quantile_cont(income, 0.75)'])
      expect(await released(of(figure))).toHaveLength(1);
    expect(await released(of('quantile_cont(income, 0.9)', allButOne))).toEqual([]);
    expect(await released(of('median(income)', "WHERE city = 'Hangzhou'"))).toHaveLength(1);
  });
});
