import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { type Instance, openInstance } from '../../../src/instance.ts';
import type { JobView } from '../../../src/operations/operations.ts';
import { CLOCK, RNG } from '../../e2e/process.ts';
import { boxOnnx, linearOnnx } from '../../support/onnx-files.ts';
import { done, person } from '../../support/real-people.ts';
import { SMALL_CITY_DECLARATION, smallCity } from '../../support/small-city.ts';

const DATASET = 'small-city';
const MERCHANT = person('merchant-a');

/**
 * Person 7 came eight hundred times, paid the same each time, more than others mostly do, and took a thousand of what others take four of at most;
 * so did forty others, once each.
 */
const often = [
  ...Array.from({ length: 800 }, (_, at) => `${90_000 + at},7,3,a,1999.5,1000`),
  ...Array.from({ length: 40 }, (_, at) => `${91_000 + at},${100 + at},${20 + at},a,100,1000`),
].join('\n');

describe('scores of a merchant model', () => {
  let folder: string;
  let instance: Instance;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-score-'));
    instance = await openInstance({ dataDir: join(folder, 'data'), config: readConfig({}), clock: CLOCK, rng: RNG, embedded: true });
    const { operations } = instance;
    for (const [name, content] of Object.entries(smallCity(11, 1_500).files))
      await writeFile(join(folder, name), name === 'visits.csv' ? `${content.trimEnd()}\n${often}\n` : content);
    const task = done(await operations.startLoad(person('source-1'), { declaration: SMALL_CITY_DECLARATION, baseFolder: folder }));
    done(await operations.awaitLoad(person('source-1'), task.id));
    const tables = {
      persons: ['person_id', 'region', 'income', 'ill', 'points'],
      visits: ['visit_id', 'person_id', 'cost', 'amount', 'clinic'],
    };
    const grant = { merchant: 'merchant-a', dataset: DATASET, scenario: 's', tables, endsOn: '2099-12-31' };
    done(await operations.createGrant(person('operator-1'), grant));
    done(await operations.simulate(MERCHANT, { dataset: DATASET, rows: 6_000, seed: '1' }));
  }, 120_000);

  afterAll(async () => {
    await instance.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function score(model: Buffer, sql: string, target: 'sim' | 'real' = 'sim', format: 'onnx' | 'wasm' = 'onnx'): Promise<JobView> {
    const { operations } = instance;
    const asked = { dataset: DATASET, sql, target, model: { format, base64: model.toString('base64') } };
    return done(await operations.awaitJob(MERCHANT, done(await operations.scoreModel(MERCHANT, asked)).id));
  }

  /** What operators are shown of the figures that ask to leave. */
  async function releasedFigures(job: JobView): Promise<unknown> {
    if (job.egressId === undefined) return null;
    return done(await instance.operations.showEgress(person('operator-1'), job.egressId)).preview?.rows ?? null;
  }

  const plain = async (sql: string): Promise<JobView> => {
    const { operations } = instance;
    return done(
      await operations.awaitJob(MERCHANT, done(await operations.submitJob(MERCHANT, { dataset: DATASET, sql, target: 'sim' })).id),
    );
  };
  const cells = (job: JobView): readonly (readonly unknown[])[] => {
    expect(job.problems ?? []).toEqual([]);
    return job.simulation?.table.rows ?? [];
  };

  test('a linear model gives what the same arithmetic gives, in the states of a query', async () => {
    const model = linearOnnx(['income', 'points'], [0.001, 2], 5);
    const job = await score(model, 'SELECT count(*) AS n, avg(score(income, points)) AS risk FROM persons');
    expect(job).toMatchObject({ state: 'SIM_PASSED' });
    const [[n, risk] = []] = cells(job);
    const [[same, income, points] = []] = cells(await plain('SELECT count(*) AS n, avg(income) AS i, avg(points) AS p FROM persons'));
    expect(n).toBe(same);
    // Trimmed bounds and means of classes: near, never the same digits.
    expect(Math.abs(Number(risk) / (0.001 * Number(income) + 2 * Number(points) + 5) - 1)).toBeLessThan(0.1);
    expect(job.admitted?.columns).toEqual(expect.arrayContaining(['persons.income', 'persons.points']));
    expect(JSON.stringify(job.admitted)).not.toContain('0.001');
  }, 60_000);

  test('code gives scores as a model does, and code that reaches out is refused', async () => {
    // (module (func (export "score") (param f64 f64) (result f64) local.get 0 local.get 1 f64.add))
    const code = Buffer.from('0061736d0100000001070160027c7c017c03020100070901' + '0573636f726500000a09010700200020' + '01a00b', 'hex');
    const sql = 'SELECT count(*) AS n, avg(score(points, points)) AS twice FROM persons';
    const job = await score(code, sql, 'sim', 'wasm');
    expect(job).toMatchObject({ state: 'SIM_PASSED' });
    expect(cells(job)).toEqual(cells(await score(linearOnnx(['a', 'b'], [1, 1]), sql)));
    expect(cells(job)[0]?.[1]).not.toBeNull();
    const refused = await score(
      Buffer.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]),
      'SELECT avg(score(points)) AS a FROM persons',
      'sim',
      'wasm',
    );
    expect(refused.problems?.map((item) => item.code)).toEqual(['model.code_refused']);
  }, 120_000);

  test('inputs that are called like columns need no values; real data need the same model on simulation first', async () => {
    const model = linearOnnx(['income', 'points'], [0.001, 2], 5);
    const sql = 'SELECT count(*) AS n, avg(score) AS risk FROM persons';
    const early = await score(model, sql, 'real');
    expect(early.problems?.map((item) => item.code)).toEqual(['job.not_simulated']);
    expect((await score(model, sql)).state).toBe('SIM_PASSED');
    const asked = await score(model, sql, 'real');
    expect(asked.state).toBe('EGRESS_REQUESTED');
    done(
      await instance.operations.withdraw(MERCHANT, { id: String(asked.egressId), reason: 'its number of people would hold others back' }),
    );
    const other = await score(linearOnnx(['income', 'points'], [0.001, 3], 5), sql, 'real');
    expect(other.problems?.map((item) => item.code)).toEqual(['job.not_simulated']);
  }, 120_000);

  test('a model that knows one person by heart cannot tell it from others', async () => {
    // On real data person 3 alone has an income beyond three millions, and a leaf of the model to itself.
    const sql = 'SELECT sum(score(income)) AS hits, max(score(income)) AS most FROM persons';
    const spy = boxOnnx(1, [[0, 2_900_000, 9e9]], 1_000, 5);
    expect((await score(spy, sql)).state).toBe('SIM_PASSED');
    expect(await releasedFigures(await score(spy, sql, 'real'))).toEqual([[5 * 1_500, 5]]);
  }, 120_000);

  test('a model that gives everybody another score gives classes of at least k units one each', async () => {
    const sql = 'SELECT count(DISTINCT score(income)) AS levels, count(*) AS n FROM persons';
    const names = linearOnnx(['income'], [1_000]);
    const job = await score(names, sql);
    const [[levels, n] = []] = job.simulation?.table.rows ?? [];
    expect(job.problems ?? []).toEqual([]);
    expect(Number(levels)).toBeGreaterThan(1);
    expect(Number(levels)).toBeLessThanOrEqual(Number(n) / 10);
  }, 60_000);

  test('who has most of the rows of a class does not decide what it is told by', async () => {
    const sql = 'SELECT count(*) AS n, max(score(cost)) AS most FROM visits';
    const identity = linearOnnx(['cost'], [1]);
    expect((await score(identity, sql)).state).toBe('SIM_PASSED');
    const figures = (await releasedFigures(await score(identity, sql, 'real'))) as readonly (readonly number[])[];
    const most = Number(figures[0]?.[1]);
    // Among as many rows of others at least: far below what person 7 pays.
    expect(most).toBeGreaterThan(400);
    expect(most).toBeLessThan(1_900);
  }, 120_000);

  test('who makes the mean of a class what it is does not show in it: the middle is told', async () => {
    // Without the number of visits, which the job before has reserved.
    const sql = 'SELECT max(score(amount)) AS most FROM visits';
    const identity = linearOnnx(['amount'], [1]);
    expect((await score(identity, sql)).state).toBe('SIM_PASSED');
    const figures = (await releasedFigures(await score(identity, sql, 'real'))) as readonly (readonly number[])[];
    // No side of any split is shared, so there is one class. Its mean, some 270, is the number of times that person 7 came.
    expect(figures).toEqual([[0]]);
  }, 120_000);

  test.each([
    ['SELECT avg(score(income)) AS a FROM persons', 'model.score_call'],
    ['SELECT avg(income) AS a FROM persons', 'model.score_call'],
    ['SELECT avg(score(income, debt)) AS a FROM persons', 'sql.column_unknown'],
    ['SELECT score(income, points) AS a FROM persons', ''],
    ['SELECT avg(score(income, person_id)) AS a FROM persons', ''],
    ['SELECT avg(score(income, points)) - avg(score(points, income)) AS a FROM persons', 'model.score_call'],
  ])(
    'refuses %s',
    async (sql, code) => {
      const job = await score(linearOnnx(['income', 'points'], [0.001, 2], 5), sql);
      expect(job.state).toBe('REFUSED');
      if (code !== '') expect(job.problems?.map((item) => item.code)).toContain(code);
    },
    30_000,
  );

  test('inputs that are called like no column are not looked for in the query: what the model takes is said', async () => {
    const job = await score(linearOnnx(['earned', 'points'], [0.001, 2], 5), 'SELECT avg(score) AS a FROM persons');
    expect(job.problems).toMatchObject([
      { code: 'model.score_call', facts: { what: 'inputs_are_no_columns', takes: ['number', 'number'] } },
    ]);
  }, 30_000);

  test('a file that is no model is refused', async () => {
    const job = await score(Buffer.from('no model'), 'SELECT avg(score(income)) AS a FROM persons');
    expect(job.problems?.map((item) => item.code)).toEqual(['model.file_refused']);
  }, 30_000);
});
