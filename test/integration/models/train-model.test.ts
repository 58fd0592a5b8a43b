import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { admitCohort } from '../../../src/pipeline/model/cohort.ts';
import { type TrainedModel, trainModel } from '../../../src/pipeline/model/train-model.ts';
import type { TrainingProgress } from '../../../src/pipeline/model/training-progress.ts';
import { prepareModel } from '../../../src/sandbox/models/onnx/prepare-model.ts';
import { readTrainingSpec } from '../../../src/sandbox/models/spec/training-spec.ts';
import { RNG } from '../../e2e/process.ts';
import { type GateBench, gateBench } from '../../support/gate-bench.ts';
import { SMALL_CITY_DECLARATION, smallCity } from '../../support/small-city.ts';

let bench: GateBench;
beforeAll(async () => {
  bench = await gateBench(SMALL_CITY_DECLARATION, smallCity(1, 1_500).files);
}, 60_000);
afterAll(() => bench.close());

const COHORT = { sql: 'SELECT person_id, region, born, ill, points, income, debt, flat FROM persons', unit: 'person_id' };
const REGION = { name: 'area', expr: 'region', type: 'categorical', domain: ['north', 'east', 'south'] };
const INCOME = { name: 'earned', expr: 'income', type: 'numeric', bounds: [0, 200_000], bins: 16 };
const LABEL = { name: 'is_ill', expr: "CASE WHEN ill = 'yes' THEN 1 ELSE 0 END", type: 'binary', domain: [0, 1] };
const BASE = {
  kind: 'train',
  dataset: 'small-city',
  algorithm: 'logistic_regression',
  cohort: COHORT,
  features: [REGION, INCOME],
  label: LABEL,
};

type Outcome = { readonly model: TrainedModel } | { readonly code: string; readonly what: unknown };

async function learn(change: object): Promise<Outcome> {
  const spec = readTrainingSpec({ ...BASE, ...change });
  if (!spec.ok) return { code: 'model.specification', what: spec.error };
  const cohort = await admitCohort(spec.value, bench.context, { enclave: bench.enclave });
  if (!cohort.ok) return { code: cohort.error[0]?.code ?? '', what: cohort.error[0]?.facts };
  const seen: TrainingProgress[] = [];
  const onProgress = (now: TrainingProgress): void => void seen.push(now);
  const ports = { enclave: bench.enclave, pause: () => Promise.resolve(), onProgress, runsToday: 0, ledger: null, rng: RNG };
  const trained = await trainModel(spec.value, cohort.value, bench.context, ports);
  const percents = seen.map(({ percent }) => percent);
  // Never falls, and through every step where it comes to its end.
  expect(percents).toEqual([...new Set(percents)].sort((a, b) => a - b));
  if (trained.ok) expect([...new Set(seen.map(({ step }) => step))]).toEqual(['reading', 'learning', 'learning_again', 'checking']);
  return trained.ok ? { model: trained.value } : { code: trained.error[0]?.code ?? '', what: trained.error[0]?.facts };
}

function fileOf(outcome: Outcome, name: string): Uint8Array {
  if (!('model' in outcome)) throw new Error(`Refused: ${JSON.stringify(outcome)}`);
  const file = outcome.model.files.find((item) => item.name === name);
  if (file === undefined) throw new Error('No such file');
  return file.bytes;
}

describe('models over a cohort of the gate', () => {
  test('the same specification gives the same bytes, and another seed others', async () => {
    const spec = { algorithm: 'decision_tree_classifier', split: { holdout: 0.3, seed: 3 } };
    const digest = (outcome: Outcome) => createHash('sha256').update(fileOf(outcome, 'model.onnx')).digest('hex');
    const [one, two] = [await learn(spec), await learn(spec)];
    expect(digest(one)).toBe(digest(two));
    expect(digest(await learn({ ...spec, algorithm: 'naive_bayes' }))).not.toBe(
      digest(await learn({ ...spec, algorithm: 'naive_bayes', split: { holdout: 0.3, seed: 4 } })),
    );
  }, 120_000);

  test.each(['logistic_regression', 'gbdt_classifier'])(
    '%s: its ONNX file says what its SQL says',
    async (algorithm) => {
      const outcome = await learn({ algorithm, params: algorithm === 'gbdt_classifier' ? { n_trees: 5 } : {} });
      const prepared = prepareModel(fileOf(outcome, 'model.onnx'));
      if (!prepared.ok) throw new Error(prepared.error.fault);
      const rows: readonly (readonly [string, number])[] = [
        ['north', 30_000],
        ['east', 90_000],
        ['elsewhere', 1_000_000],
        ['south', -5],
      ];
      const inputs = new Map([
        ['area', { numbers: new Float64Array(0), texts: rows.map(([text]) => text) }],
        ['earned', { numbers: Float64Array.from(rows, ([, value]) => value), texts: [] }],
      ]);
      const scores = [...(prepared.value.score(inputs, rows.length).get('score')?.numbers ?? [])];
      const sql = new TextDecoder().decode(fileOf(outcome, 'model.sql'));
      const opened = await bench.enclave.open(
        { database: { kind: 'memory' }, readable: [], writable: [] },
        { memoryMiB: 256, threads: 1, tempMiB: 16, timeoutMs: 20_000, maxRows: 10 },
      );
      if (!opened.ok) throw new Error(opened.error);
      const values = rows.map(([text, value]) => `('${text}', ${value})`).join(', ');
      const asked = await opened.value.query(`WITH features(area, earned) AS (VALUES ${values}) ${sql}`);
      await opened.value.close();
      if (!asked.ok) throw new Error(asked.error);
      for (const [at, score] of scores.entries()) expect(score).toBeCloseTo(Number(asked.value.rows[at]?.[0]), 4);
    },
    120_000,
  );

  test('no leaf rests on fewer than k units, whatever the specification asks for', async () => {
    const outcome = await learn({ algorithm: 'decision_tree_classifier', params: { max_depth: 8, min_leaf: 1 } });
    if (!('model' in outcome)) throw new Error(JSON.stringify(outcome));
    const found = outcome.model.report.findings.find((item) => item.rule === 'M06');
    expect(found?.verdict).toBe('pass');
    expect(found?.value).toBeGreaterThanOrEqual(10);
    expect(outcome.model.report.findings.map((item) => item.rule)).toEqual(
      expect.arrayContaining(['M04', 'M05', 'M07', 'M17', 'M19', 'M20', 'M22', 'M27', 'M28', 'M33', 'M34']),
    );
  }, 120_000);

  test('a level that one person has gets no weight', async () => {
    const outcome = await learn({
      algorithm: 'linear_regression',
      label: { name: 'y', expr: 'points', type: 'numeric', bounds: [0, 100] },
      features: [INCOME, { name: 'rare', expr: 'CASE WHEN income > 2000000 THEN 1 ELSE 0 END', type: 'categorical', domain: [0, 1] }],
    });
    if (!('model' in outcome)) throw new Error(JSON.stringify(outcome));
    const json = JSON.parse(new TextDecoder().decode(fileOf(outcome, 'model.json'))) as {
      readonly design: readonly { readonly feature: number }[];
    };
    expect(json.design.map((column) => column.feature)).toEqual([0]);
  }, 120_000);

  test.each([
    [
      'several rows for a unit',
      {
        cohort: {
          sql: 'SELECT person_id, amount, cost FROM visits',
          unit: 'person_id',
        },
        label: { expr: 'amount', type: 'numeric', bounds: [0, 10] },
        algorithm: 'linear_regression',
        features: [{ name: 'spent', expr: 'cost', type: 'numeric', bounds: [0, 1000] }],
      },
      'model.cohort',
    ],
    ['a direct identifier', { cohort: { sql: 'SELECT visit_id FROM visits', unit: 'person_id' } }, 'sql.'],
    ['a unit that is none of the rows', { cohort: { ...COHORT, unit: 'firm' } }, 'model.cohort'],
    ['a second expression in disguise', { features: [REGION, { ...INCOME, expr: 'income), avg(debt' }] }, 'model.cohort'],
    [
      'a cohort of a few',
      {
        cohort: {
          sql: 'SELECT person_id, region, ill, income FROM persons WHERE points >= 3 AND flat = 1 AND debt > 900',
          unit: 'person_id',
        },
      },
      'model.not_learnt',
    ],
  ])(
    'refuses %s',
    async (_, change, code) => {
      const outcome = await learn(change);
      expect(outcome).toMatchObject({ code: expect.stringContaining(code) as unknown });
    },
    60_000,
  );
});
