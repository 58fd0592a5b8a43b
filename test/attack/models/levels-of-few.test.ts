import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { admitCohort } from '../../../src/pipeline/model/cohort.ts';
import { isFreeCohort } from '../../../src/pipeline/model/free-cohort.ts';
import { trainModel } from '../../../src/pipeline/model/train-model.ts';
import { countQuery } from '../../../src/sandbox/models/spec/cohort-query.ts';
import { readTrainingSpec, type TrainingSpec } from '../../../src/sandbox/models/spec/training-spec.ts';
import { RNG } from '../../e2e/process.ts';
import { type GateBench, gateBench } from '../../support/gate-bench.ts';
import { memoryLedger } from '../../support/memory-ledger.ts';
import { SMALL_CITY_DECLARATION, smallCity } from '../../support/small-city.ts';

/** Fewer than k. */
const FEW = new Set([3, 4, 6, 8]);
const COHORT = { sql: 'SELECT person_id, region, income, ill, debt FROM persons', unit: 'person_id' };
const AREA = { name: 'area', expr: 'region', type: 'categorical', domain: ['north', 'east', 'south', 'isle'] };
const EARNED = { name: 'earned', expr: 'income', type: 'numeric', bounds: [0, 200_000], bins: 8 };
const ILL = { name: 'is_ill', expr: "CASE WHEN ill = 'yes' THEN 1 ELSE 0 END", type: 'binary', domain: [0, 1] };
const AMOUNT = { name: 'y', expr: 'income', type: 'numeric', bounds: [0, 200_000] };
const ALGORITHMS: [string, object | undefined, object?][] = [
  ['naive_bayes', ILL],
  ['scorecard', ILL],
  ['logistic_regression', ILL],
  ['linear_regression', AMOUNT],
  ['kmeans', undefined, { k: 4 }],
  ['decision_tree_classifier', ILL],
  ['decision_tree_regressor', AMOUNT],
  ['random_forest_classifier', ILL, { n_trees: 5 }],
  ['gbdt_classifier', ILL, { n_trees: 5 }],
];

function specOf(algorithm: string, label: object | undefined, params: object = {}, change: object = {}): TrainingSpec {
  const features = label === AMOUNT ? [AREA, { ...EARNED, name: 'owed', expr: 'debt', bounds: [-400, 600] }] : [AREA, EARNED];
  const base = { kind: 'train', dataset: 'small-city', algorithm, cohort: COHORT, features, params, split: { holdout: 0.1, seed: 5 } };
  const spec = readTrainingSpec({ ...base, ...(label === undefined ? {} : { label }), ...change });
  if (!spec.ok) throw new Error(JSON.stringify(spec.error));
  return spec.value;
}

async function learn(spec: TrainingSpec, bench: GateBench, ledger: Parameters<typeof trainModel>[3]['ledger'] = null) {
  const cohort = await admitCohort(spec, bench.context, { enclave: bench.enclave });
  if (!cohort.ok) throw new Error(JSON.stringify(cohort.error));
  const ports = { enclave: bench.enclave, pause: () => Promise.resolve(), onProgress: () => undefined, runsToday: 0, ledger, rng: RNG };
  return trainModel(spec, cohort.value, bench.context, ports);
}

/** A city whose few live in one place; nobody else lives nowhere in particular. */
const cityOf = (region: string) =>
  gateBench(
    SMALL_CITY_DECLARATION,
    smallCity(11, 1_500, (row) => ({ ...row, region: FEW.has(Number(row['person_id'])) ? region : (row['region'] ?? 'north') })).files,
  );

describe('a level that fewer than k units have', () => {
  const cities: GateBench[] = [];
  beforeAll(async () => {
    for (const region of ['isle', 'elsewhere']) cities.push(await cityOf(region));
  }, 60_000);
  afterAll(async () => {
    for (const city of cities) await city.close();
  });

  test.each(ALGORITHMS)(
    '%s: is as if it had not been declared, in every file',
    async (algorithm, label, params) => {
      const files: unknown[] = [];
      for (const region of ['isle', 'elsewhere']) {
        const bench = await cityOf(region);
        const learnt = await learn(specOf(algorithm, label, params), bench);
        await bench.close();
        if (!learnt.ok) throw new Error(JSON.stringify(learnt.error));
        files.push(learnt.value.files.map(({ name, bytes }) => [name, Buffer.from(bytes).toString('latin1')]));
      }
      expect(files[0]).toEqual(files[1]);
    },
    60_000,
  );

  test('is no intercept where it is the first one: all that have no column of their own are at least k', async () => {
    const [city] = cities;
    if (city === undefined) throw new Error('No city');
    const first = { ...AREA, domain: ['isle', 'north', 'east', 'south'] };
    const learnt = await learn(specOf('linear_regression', AMOUNT, {}, { features: [first] }), city);
    if (!learnt.ok) throw new Error(JSON.stringify(learnt.error));
    const json = new TextDecoder().decode(learnt.value.files.find(({ name }) => name === 'model.json')?.bytes);
    const { design } = JSON.parse(json) as { readonly design: readonly { readonly level: number }[] };
    expect(design.map(({ level }) => level)).toEqual([1, 2]);
  }, 60_000);
});

/** Nobody but the few earns between 90,000 and 125,000. */
const gapCity = () =>
  gateBench(
    SMALL_CITY_DECLARATION,
    smallCity(11, 1_500, (row) => {
      const income = Number(row['income'] ?? 0);
      return { ...row, income: FEW.has(Number(row['person_id'])) ? 110_000 : income > 90_000 && income <= 125_000 ? 80_000 : income };
    }).files,
  );
const upTo = (income: number) => ({ cohort: { ...COHORT, sql: `${COHORT.sql} WHERE income <= ${income}` } });

describe('cohorts that fewer than k units are between', () => {
  let bench: GateBench;
  beforeAll(async () => {
    bench = await gapCity();
  }, 60_000);
  afterAll(() => bench.close());

  test.each(ALGORITHMS)(
    '%s: is not learnt from the second, nor after a query that counts it: near_another',
    async (algorithm, label, params) => {
      const bench = await gapCity();
      const [first, second] = [100_000, 120_000].map((income) => specOf(algorithm, label, params, upTo(income)));
      if (first === undefined || second === undefined) throw new Error('No specifications');
      const ledger = memoryLedger();
      const { policy } = bench.context;
      expect((await learn(first, bench, ledger.of('first', policy))).ok).toBe(true);
      ledger.release('first');
      const apart = await learn(second, bench, ledger.of('second', policy));
      expect(apart.ok ? null : apart.error[0]?.facts).toEqual({ fault: 'near_another' });
      // The count of the cohort alone sees it, too: beside a query, before anything is learnt.
      const beside = memoryLedger();
      await bench.ask('SELECT count(*) AS n FROM persons WHERE income <= 120000', policy, undefined, beside.of('query', policy));
      beside.release('query');
      for (const [spec, isFree] of [
        [first, false],
        [second, true],
      ] as const) {
        const counted = await bench.ask(countQuery(spec), policy, undefined, beside.of('model', policy));
        expect(counted.ok && isFreeCohort(counted.value)).toBe(isFree);
        beside.drop('model');
      }
      await bench.close();
    },
    60_000,
  );
});
