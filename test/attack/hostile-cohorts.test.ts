import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { admitCohort } from '../../src/pipeline/model/cohort.ts';
import { trainModel } from '../../src/pipeline/model/train-model.ts';
import { readTrainingSpec } from '../../src/sandbox/models/spec/training-spec.ts';
import { RNG } from '../e2e/process.ts';
import { type GateBench, gateBench } from '../support/gate-bench.ts';
import { SMALL_CITY_DECLARATION, smallCity } from '../support/small-city.ts';

let bench: GateBench;
beforeAll(async () => {
  bench = await gateBench(SMALL_CITY_DECLARATION, smallCity(1, 1_500).files);
}, 60_000);
afterAll(() => bench.close());

const ILL = "ill = 'yes'";
/** Person 3 alone has more. */
const ALONE = 'income > 2000000';
const label = (condition: string) => ({ name: 'y', expr: `CASE WHEN ${condition} THEN 1 ELSE 0 END`, type: 'binary', domain: [0, 1] });
const BASE = {
  kind: 'train',
  dataset: 'small-city',
  cohort: { sql: 'SELECT person_id, region, born, ill, points, income FROM persons', unit: 'person_id' },
  features: [
    { name: 'area', expr: 'region', type: 'categorical', domain: ['north', 'east', 'south'] },
    { name: 'earned', expr: 'income', type: 'numeric', bounds: [0, 200_000], bins: 8 },
  ],
  label: label(ILL),
};

/** What would leave, if it may: the model as text; or why it was not learnt. */
async function learn(change: object): Promise<string> {
  const spec = readTrainingSpec({ ...BASE, ...change });
  if (!spec.ok) return JSON.stringify(spec.error);
  const cohort = await admitCohort(spec.value, bench.context, { enclave: bench.enclave });
  if (!cohort.ok) return JSON.stringify(cohort.error);
  const ports = {
    enclave: bench.enclave,
    pause: () => Promise.resolve(),
    onProgress: () => undefined,
    runsToday: 0,
    ledger: null,
    rng: RNG,
  };
  const trained = await trainModel(spec.value, cohort.value, bench.context, ports);
  if (!trained.ok) return JSON.stringify(trained.error);
  const file = trained.value.files.find(({ name }) => name === 'model.json');
  return new TextDecoder().decode(file?.bytes);
}

/** The same cohort, and an expression that says something else of one person: no count of units tells the two apart. Source: models-and-audit.md M26; issue "Models". */
describe('two models that one person would tell apart', () => {
  const other = (expr: string) => ({ features: [BASE.features[0], { ...BASE.features[1], expr }] });

  test.each(['naive_bayes', 'decision_tree_classifier', 'scorecard'])(
    '%s: they are the same',
    async (algorithm) => {
      const asked = { algorithm, split: { holdout: 0.1, seed: 2 } };
      const plain = await learn(asked);
      expect(plain).toContain('sluice-model-1');
      // What many tell apart is learnt, so that it is not for want of looking that the others are the same.
      expect(await learn({ ...asked, label: label(`${ILL} AND income < 20000`) })).not.toBe(plain);
      for (const change of [{ label: label(`${ILL} AND NOT (${ALONE})`) }, other(`CASE WHEN ${ALONE} THEN 0 ELSE income END`)])
        expect(await learn({ ...asked, ...change })).toBe(plain);
    },
    120_000,
  );
});
