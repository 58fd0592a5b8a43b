import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DatasetVersion } from '../../src/catalog/dataset.ts';
import { answer } from '../../src/pipeline.ts';
import { type GateBench, gateBench } from '../support/gate-bench.ts';
import { VICTIM_CITY_DECLARATION, victimCityFiles } from '../support/victim-city.ts';

/**
 * Where a version has many units, a sample of them is asked first. Here the profile says that there are 20,000, so that
 * the units numbered below 400 of the 501 are the sample: what is decided must be what all units together decide.
 */
const SAID_UNITS = 20_000;

const QUESTIONS = [
  'SELECT city, count(*) AS n, sum(income) AS s FROM persons GROUP BY city',
  'SELECT gender, avg(income) AS a FROM persons GROUP BY gender',
  'SELECT sum(income) AS s, count(DISTINCT person_id) AS u FROM persons',
  'SELECT hospital, count(*) AS n, count(DISTINCT person_id) AS u, sum(cost) AS s FROM visits GROUP BY hospital',
  'SELECT count(*) AS n, count(DISTINCT person_id) AS u FROM visits',
  'SELECT p.city, count(*) AS n, count(DISTINCT p.person_id) AS u, avg(v.cost) AS a FROM persons p JOIN visits v USING (person_id) GROUP BY p.city',
  "SELECT city, count(*) AS n, sum(income) AS s FROM persons WHERE income >= 8000 AND birth_date < DATE '1990-01-01' GROUP BY city",
  "SELECT count(*) AS n, sum(income) AS s FROM persons WHERE NOT (birth_date = DATE '1961-02-03' AND gender = 'F')",
  "SELECT gender, count(*) AS n FROM persons WHERE city IN ('Lishui', 'Ningbo') OR income > 40000 GROUP BY gender",
  "SELECT hospital, count(DISTINCT person_id) AS u FROM visits WHERE cost >= 50 AND visited_at >= DATE '2024-03-01' GROUP BY hospital",
  'SELECT city, sum(income) AS s FROM persons WHERE income < 3000 GROUP BY city',
  "SELECT city, count(CASE WHEN gender = 'F' THEN 1 END) AS f, count(CASE WHEN income > 9000 THEN 1 END) AS r FROM persons GROUP BY city",
  "SELECT c, count(*) AS n FROM (SELECT p.person_id AS p, count(v.cost) AS c FROM persons p LEFT JOIN visits v ON p.person_id = v.person_id AND v.hospital <> 'H1' GROUP BY p.person_id) GROUP BY c",
  'SELECT count(*) AS n FROM persons JOIN (SELECT person_id AS p, sum(cost) AS q FROM visits GROUP BY person_id) AS v ON person_id = p WHERE q >= 100',
];

let bench: GateBench;
let manyUnits: DatasetVersion;
beforeAll(async () => {
  bench = await gateBench(VICTIM_CITY_DECLARATION, victimCityFiles());
  const { version } = bench.context;
  const units = version.profile.units.map((profile) => ({ ...profile, units: SAID_UNITS }));
  manyUnits = { ...version, profile: { ...version.profile, units } };
}, 120_000);
afterAll(() => bench.close());

test.each(QUESTIONS)('a sample first, or all at once, decides the same: %s', async (sql) => {
  const whole = await bench.ask(sql);
  const sampled = await answer(sql, { ...bench.context, version: manyUnits }, { enclave: bench.enclave });
  if (!whole.ok || !sampled.ok) throw new Error(`Refused: ${JSON.stringify([whole, sampled])}`);
  expect(sampled.value.table).toEqual(whole.value.table);
  expect(sampled.value.findings).toEqual(whole.value.findings);
});
