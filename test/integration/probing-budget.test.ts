import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Finding } from '../../src/pipeline.ts';
import { benchPipeline } from '../support/bench-pipeline.ts';
import { type GateBench, gateBench } from '../support/gate-bench.ts';
import { dispose, seededInstance, type TestInstance, value } from '../support/operations-instance.ts';
import { VICTIM_CITY_DECLARATION, victimCityFiles } from '../support/victim-city.ts';

let bench: GateBench;
let instance: TestInstance;

beforeAll(async () => {
  bench = await gateBench(VICTIM_CITY_DECLARATION, victimCityFiles());
}, 60_000);
afterAll(() => bench.close());

beforeEach(async () => {
  instance = await seededInstance({ pipeline: benchPipeline(bench, false) });
});
afterEach(() => dispose(instance));

async function budgetFindings(sql: string): Promise<readonly Finding[]> {
  const job = await instance.realJob(sql);
  const { egressId } = value(await instance.operations.showJob(instance.actor('operator-1'), job.id));
  const { findings = [] } = value(await instance.operations.showEgress(instance.actor('operator-1'), egressId ?? 'none'));
  return findings.filter((item) => item.rule === 'probing.budget');
}

/** Each leaves one person or nobody; each literal is another one. */
const SCAN: readonly ((literal: number) => string)[] = [
  (literal) => `SELECT count(*) FROM persons WHERE income >= ${literal}`,
  (literal) => `SELECT sum(income) FROM persons p WHERE p.income > ${literal} AND p.city = 'Ningbo'`,
  (literal) => `SELECT count(*) FILTER (WHERE NOT income < ${literal}) FROM persons`,
  (literal) => `SELECT count(*) FROM persons WHERE income + 1000 >= ${literal + 1000}`,
  (literal) => `SELECT city, count(*) FROM persons WHERE income * 2 >= ${2 * literal} GROUP BY city`,
  (literal) => `SELECT count(*) FROM persons p JOIN visits v ON p.person_id = v.person_id WHERE p.income >= ${literal}`,
];

test('a search for one person’s income in statements of every form is seen at the ninth literal', async () => {
  const seen: (readonly Finding[])[] = [];
  for (let step = 0; step < 9; step += 1) seen.push(await budgetFindings(SCAN[step % SCAN.length]?.(1_000_000 + step * 1000) ?? ''));
  expect(seen.slice(0, 8)).toEqual(Array.from({ length: 8 }, () => []));
  expect(seen[8]).toMatchObject([{ rule: 'probing.budget', severity: 'soft', column: 'persons.income' }]);
  expect(seen[8]?.[0]?.text).toMatch(/^9 different literals/);
}, 120_000);

test('what a statement computes per person has one budget, however the statement is built', async () => {
  const perPerson = (joins: string, literal: number) =>
    `SELECT count(*) FROM (SELECT v.person_id, sum(v.cost) AS c FROM visits v ${joins} GROUP BY v.person_id) WHERE c >= ${literal}`;
  const join = 'JOIN persons p ON p.person_id = v.person_id';
  const seen: (readonly Finding[])[] = [];
  for (let step = 0; step < 9; step += 1) seen.push(await budgetFindings(perPerson(step % 2 === 0 ? '' : join, 1_000_000 + step * 1000)));
  expect(seen.slice(0, 8).flat()).toEqual([]);
  expect(seen[8]).toMatchObject([{ rule: 'probing.budget', column: 'derived' }]);
}, 120_000);

test('nine literals in statements that come out whole are no search', async () => {
  for (let step = 0; step < 9; step += 1)
    expect(await budgetFindings(`SELECT count(*) FROM persons WHERE income >= ${5000 + step}`)).toEqual([]);
}, 120_000);
