import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { admitCohort } from '../../../src/pipeline/model/cohort.ts';
import { type TrainedModel, trainModel } from '../../../src/pipeline/model/train-model.ts';
import { readTrainingSpec } from '../../../src/sandbox/models/spec/training-spec.ts';
import { RNG } from '../../e2e/process.ts';
import { type GateBench, gateBench } from '../../support/gate-bench.ts';
import { type MemoryLedger, memoryLedger } from '../../support/memory-ledger.ts';
import { SMALL_CITY_DECLARATION, smallCity } from '../../support/small-city.ts';

/** Fewer than k, so many that some of them train: whoever tells two models apart by them has them. */
const FEW = new Set([3, 4, 6, 8]);

/** Nobody but the few earns between 90,000 and 125,000, is ill 'maybe', or lives on the isle. */
function city() {
  return smallCity(11, 1_500, (row) => {
    const income = Number(row['income'] ?? 0);
    if (FEW.has(Number(row['person_id']))) return { ...row, income: 110_000, region: 'isle', ill: 'maybe' };
    const calm = { ...row, ill: row['ill'] === 'maybe' ? 'no' : (row['ill'] ?? null) };
    return income > 90_000 && income <= 125_000 ? { ...calm, income: 80_000 } : calm;
  });
}

let bench: GateBench;
beforeAll(async () => {
  bench = await gateBench(SMALL_CITY_DECLARATION, city().files);
}, 60_000);
afterAll(() => bench.close());

const SPLIT = { holdout: 0.1, seed: 7 };
const BASE = {
  kind: 'train',
  dataset: 'small-city',
  cohort: { sql: 'SELECT person_id, region, income, ill, debt FROM persons', unit: 'person_id' },
  split: SPLIT,
};
const ILL = { name: 'is_ill', expr: "CASE WHEN ill = 'yes' THEN 1 ELSE 0 END", type: 'binary', domain: [0, 1] };
const AREA = { name: 'area', expr: 'region', type: 'categorical', domain: ['north', 'east', 'south'] };
const EARNED = { name: 'earned', expr: 'income', type: 'numeric', bounds: [0, 200_000], bins: 4 };
const OWED = { name: 'owed', expr: 'debt', type: 'numeric', bounds: [-400, 600], bins: 4 };
const TREE = { ...BASE, algorithm: 'decision_tree_classifier', label: ILL, params: { max_depth: 2, min_leaf: 20 } };
const LINEAR = {
  ...BASE,
  algorithm: 'linear_regression',
  features: [AREA],
  label: { name: 'y', expr: 'income', type: 'numeric', bounds: [0, 200_000] },
};
const LOGISTIC = { ...BASE, algorithm: 'logistic_regression', features: [EARNED, AREA], label: ILL };
const MEAN = { ...BASE, algorithm: 'linear_regression', features: [AREA, OWED], label: { ...LINEAR.label } };
const bounded = (item: object, bounds: readonly number[]) => ({ ...item, bounds });
const rich = (from: number) => ({
  name: 'rich',
  expr: `CASE WHEN income > ${from} THEN 1 ELSE 0 END`,
  type: 'categorical',
  domain: [0, 1],
});

async function attempt(specification: object, ledger: MemoryLedger | null, job: string, on = bench): Promise<TrainedModel | string> {
  const spec = readTrainingSpec(specification);
  if (!spec.ok) throw new Error(JSON.stringify(spec.error));
  const cohort = await admitCohort(spec.value, on.context, { enclave: on.enclave });
  if (!cohort.ok) throw new Error(JSON.stringify(cohort.error));
  const ports = { enclave: on.enclave, pause: () => Promise.resolve(), onProgress: () => undefined, runsToday: 0, rng: RNG };
  const trained = await trainModel(spec.value, cohort.value, on.context, { ...ports, ledger: ledger?.of(job, on.context.policy) ?? null });
  if (trained.ok) ledger?.release(job);
  else ledger?.drop(job);
  return trained.ok ? trained.value : JSON.stringify(trained.error[0]?.facts);
}

const REFUSED = '{"fault":"near_another"}';

/** One model after the other over the same rows, or over rows that differ by few. */
const APART: readonly (readonly [string, object, object])[] = [
  [
    'an edge of a bin',
    { ...TREE, features: [AREA, bounded(EARNED, [0, 200_000]), OWED] },
    { ...TREE, features: [AREA, bounded(EARNED, [0, 240_000]), OWED] },
  ],
  ['the upper bound of a number', LOGISTIC, { ...LOGISTIC, features: [bounded(EARNED, [0, 400_000]), AREA] }],
  ['a CASE over many', { ...TREE, features: [AREA, rich(100_000)] }, { ...TREE, features: [AREA, rich(120_000)] }],
  [
    'a CASE over a few',
    { ...TREE, features: [AREA, EARNED] },
    { ...TREE, features: [{ ...EARNED, expr: 'CASE WHEN income > 2000000 THEN 0 ELSE income END' }] },
  ],
  [
    'a label over many',
    { ...TREE, features: [AREA], label: { ...ILL, expr: rich(100_000).expr } },
    { ...TREE, features: [AREA], label: { ...ILL, expr: rich(120_000).expr } },
  ],
  [
    'classes of the label',
    { ...TREE, features: [AREA], label: { ...ILL, expr: 'ill', type: 'categorical', domain: ['yes', 'no'] } },
    { ...TREE, features: [AREA], label: { ...ILL, expr: 'ill', type: 'categorical', domain: ['no', 'yes'] } },
  ],
  [
    'a condition of the cohort',
    { ...TREE, features: [AREA] },
    {
      ...TREE,
      features: [AREA],
      cohort: { ...BASE.cohort, sql: `${BASE.cohort.sql} WHERE income < 100000 OR income > 120000 OR income IS NULL` },
    },
  ],
];

describe('a model beside an earlier one', () => {
  test.each(APART)(
    'that differ by %s, which fewer than k units are between: near_another',
    async (_, first, second) => {
      const ledger = memoryLedger();
      expect(await attempt(first, ledger, 'first')).toHaveProperty('report');
      expect(await attempt(second, ledger, 'second')).toBe(REFUSED);
      // By itself it may be learnt: what refuses it is the one before.
      expect(await attempt(second, memoryLedger(), 'alone')).toHaveProperty('report');
    },
    120_000,
  );

  test.each([
    ['other parameters', { ...TREE, features: [AREA, EARNED], params: { max_depth: 1, min_leaf: 20 } }],
    ['one feature more', { ...TREE, features: [AREA, EARNED, OWED] }],
    ['another algorithm', { ...BASE, algorithm: 'naive_bayes', label: ILL, features: [AREA, EARNED], params: {} }],
    ['another split', { ...MEAN, split: { holdout: 0.3, seed: 9 } }],
  ])(
    'with %s is learnt',
    async (_, second) => {
      const ledger = memoryLedger();
      expect(await attempt({ ...TREE, features: [AREA, EARNED] }, ledger, 'first')).toHaveProperty('report');
      expect(await attempt(second, ledger, 'second')).toHaveProperty('report');
    },
    120_000,
  );
});

/** The coefficients of a model. */
function coefficientsOf(model: TrainedModel | string): readonly number[] {
  if (typeof model === 'string') throw new Error(model);
  const file = model.files.find(({ name }) => name === 'model.json');
  const { coefficients } = JSON.parse(new TextDecoder().decode(file?.bytes)) as { readonly coefficients: readonly (readonly number[])[] };
  return coefficients.flat();
}

describe('a bound that fewer than k units are beyond', () => {
  test('says nothing of them, however wide it is', async () => {
    const [narrow, wide] = [
      await attempt(LINEAR, null, 'a'),
      await attempt({ ...LINEAR, label: bounded(LINEAR.label, [0, 4_000_000]) }, null, 'b'),
    ];
    // Twelve bits of the wider range; the richest alone moved the mean by more than 2,000.
    for (const [at, value] of coefficientsOf(wide).entries()) expect(Math.abs(value - (coefficientsOf(narrow)[at] ?? 0))).toBeLessThan(250);
  }, 60_000);

  test('and a model is the same, byte for byte, whatever they have beyond it', async () => {
    const wide = { ...MEAN, label: bounded(LINEAR.label, [0, 10_000_000]), features: [AREA, bounded(OWED, [-1e6, 1e6])] };
    const bytes = async (income: number, debt: number) => {
      const richest = smallCity(11, 1_500, (row) => (FEW.has(Number(row['person_id'])) ? { ...row, income, debt, region: 'north' } : row));
      const other = await gateBench(SMALL_CITY_DECLARATION, richest.files);
      const model = await attempt(wide, null, 'c', other);
      await other.close();
      if (typeof model === 'string') throw new Error(model);
      return model.files.filter(({ name }) => name !== 'model-card.json').map((file) => Buffer.from(file.bytes).toString('base64'));
    };
    expect(await bytes(9_000_000, 900_000)).toEqual(await bytes(400_000, 5_000));
  }, 60_000);

  test('rows without a label are left out, and do not stand at its upper bound', async () => {
    const [mean = 0] = coefficientsOf(await attempt(LINEAR, null, 'd'));
    expect(mean).toBeLessThan(60_000);
  }, 60_000);

  test('few without a label change nothing that can be seen', async () => {
    const label = { ...ILL, expr: 'ill', type: 'categorical' };
    const [some, all] = [
      ['yes', 'no'],
      ['yes', 'no', 'never'],
    ].map((domain) => ({ ...TREE, features: [AREA, EARNED], label: { ...label, domain } }));
    for (const spec of [some, all]) expect(await attempt(spec ?? {}, null, 'e')).toHaveProperty('report');
  }, 60_000);
});
