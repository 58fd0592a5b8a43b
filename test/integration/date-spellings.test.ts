import { afterAll, beforeAll, expect, test } from 'vitest';
import { type JobContext, prepareQuery } from '../../src/pipeline.ts';
import type { Enclave } from '../../src/sandbox/enclave/port.ts';
import { admissionContext } from '../support/admission-context.ts';
import { analystDeclaration } from '../support/analyst-city.ts';
import { type LoadingBench, loadingBench } from '../support/loading.ts';
import { sharedEnclave } from '../support/shared-enclave.ts';

let bench: LoadingBench;
let enclave: Enclave;
let context: JobContext;

beforeAll(async () => {
  bench = await loadingBench();
  enclave = sharedEnclave(bench.enclave);
  context = admissionContext(analystDeclaration());
});

afterAll(() => bench.close());

/** What is asked of the rows besides their figures: whether all have the same year or day, where a condition pins the date. */
async function toldUnder(condition: string): Promise<readonly string[]> {
  const prepared = await prepareQuery(`SELECT sum(wage) AS s FROM employment WHERE ${condition}`, context, { enclave });
  if (!prepared.ok) throw new Error(JSON.stringify(prepared.error.problems));
  const [stage] = prepared.value.rewritten.stages;
  if (stage?.kind !== 'gate') throw new Error('There is no gate');
  return (stage.gate.probes ?? []).map((probe) => `${probe.family} ${probe.isDate}`).toSorted();
}

test('a condition that pins no date asks less', async () => {
  expect((await toldUnder("occupation = '教师'")).length).toBeLessThan(
    (await toldUnder("hired_on >= '2024-01-01' AND hired_on < '2024-02-01'")).length,
  );
});

test.each([
  "strftime(hired_on, '%Y%m') = '202401'",
  "strftime(hired_on, '%Y年%m月') = '2024年01月'",
  "date_trunc('month', hired_on) = DATE '2024-01-01'",
  'year(hired_on) * 100 + month(hired_on) = 202401',
  "strftime(hired_on, '%Y/%m') >= '2024/01' AND left(CAST(hired_on AS VARCHAR), 7) < '2024-02'",
  "CAST(hired_on AS DATE) BETWEEN DATE '2024-01-01' AND DATE '2024-01-31'",
])('%s pins a month as two days do', async (condition) => {
  expect(await toldUnder(condition)).toEqual(await toldUnder("hired_on >= '2024-01-01' AND hired_on < '2024-02-01'"));
});
