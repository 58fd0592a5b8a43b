import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DECLARED_HEAD } from '../../support/declared-head.ts';
import { csv } from '../../support/gate-bench.ts';
import { done, person, type RealPeople, realPeople } from '../../support/real-people.ts';

const declaration = {
  dataset: 'noisy',
  ...DECLARED_HEAD,
  title: { zh: '加噪', en: 'noisy' },
  mode: {
    kind: 'dp',
    noise: 'gaussian',
    unit: 'person',
    rhoPerQuery: 0.05,
    rhoPerGrant: 0.6,
    rhoOfDataset: 0.6,
    cellsPerUnit: 1,
    rowsPerCell: 1,
  },
  tables: {
    people: {
      file: 'people.csv',
      visibility: 'protected',
      primaryKey: ['id'],
      foreignKeys: [],
      units: { person: ['id'] },
      columns: {
        id: { type: 'INTEGER', label: 'personal', role: 'unitId' },
        sex: { type: 'VARCHAR', label: 'personal', role: 'dimension', domain: ['f', 'm'], publicDomain: true },
        age: { type: 'INTEGER', label: 'personal', role: 'measure', bounds: [0, 100] },
        pay: { type: 'INTEGER', label: 'personal', role: 'measure', bounds: [0, 10_000] },
      },
    },
  },
};
const SPEC = {
  kind: 'train',
  dataset: 'noisy',
  algorithm: 'ridge_regression',
  cohort: { sql: 'SELECT id, sex, age, pay FROM people', unit: 'id' },
  features: [
    { name: 'sex', type: 'categorical', domain: ['f', 'm'] },
    { name: 'age', type: 'numeric', bounds: [0, 100] },
  ],
  label: { name: 'earned', expr: 'pay', type: 'numeric', bounds: [0, 10_000] },
  privacy: { mode: 'dp', epsilon: 2, delta: 1e-6 },
};
const MERCHANT = person('merchant-a');

describe('models under differential privacy', () => {
  let people: RealPeople;
  beforeAll(async () => {
    const rows = Array.from({ length: 3_000 }, (_, id) => [
      id,
      id % 2 === 0 ? 'f' : 'm',
      (id * 7) % 90,
      1_000 + 60 * ((id * 7) % 90) + ((id * 37) % 500),
    ]);
    people = await realPeople(declaration, { 'people.csv': csv(['id', 'sex', 'age', 'pay'], rows) });
  }, 120_000);
  afterAll(() => people.close());

  async function run(specification: object, target: 'sim' | 'real') {
    const { operations } = people;
    const job = await operations.trainModel(MERCHANT, { specification, target });
    return job.ok ? done(await operations.awaitJob(MERCHANT, job.value.id)) : { state: job.error[0]?.code ?? '', problems: job.error };
  }

  test('spends the budget of the data set before it learns, and is refused when it is gone', async () => {
    expect(await run(SPEC, 'sim')).toMatchObject({ state: 'SIM_PASSED', verdict: 'releasable' });
    const states: string[] = [];
    for (let at = 0; at < 8 && states.at(-1) !== 'mode.budget_spent'; at += 1) {
      const job = await run(SPEC, 'real');
      states.push(job.state === 'REAL_FAILED' ? (job.problems ?? []).map((item) => item.code).join() : job.state);
    }
    expect(states.slice(0, -1).every((state) => state === 'EGRESS_REQUESTED')).toBe(true);
    expect(states.length).toBeGreaterThan(2);
    expect(states.at(-1)).toBe('mode.budget_spent');
    const entries = done(await people.operations.auditEntries(person('auditor-1'), { after: 0, limit: 500 }));
    const spent = entries.filter((entry) => entry.operation === 'privacy.spend').map((entry) => Number(entry.facts['rho']));
    expect(spent.length).toBe(states.length - 1);
    for (const rho of spent) expect(rho).toBeGreaterThan(declaration.mode.rhoPerQuery);
    expect(spent.reduce((sum, rho) => sum + rho, 0)).toBeLessThanOrEqual(declaration.mode.rhoOfDataset);
  }, 180_000);

  test('exact models of such data are refused, and a unit that the noise is not for', async () => {
    const { privacy: _privacy, ...exact } = SPEC;
    expect((await run(exact, 'sim')).state).toBe('model.mode');
    const counted = {
      ...SPEC,
      algorithm: 'poisson_regression',
      label: { name: 'earned', expr: 'pay', type: 'count', bounds: [0, 10_000] },
    };
    expect((await run(counted, 'sim')).state).toBe('model.specification');
  }, 60_000);
});
