import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { schemaDigest } from '../../../src/catalog/canonical-dataset.ts';
import { readDeclaration } from '../../../src/catalog/declaration.ts';
import { readConfig } from '../../../src/config.ts';
import { type Instance, openInstance } from '../../../src/instance.ts';
import type { SimulationView } from '../../../src/operations/operations.ts';
import { fileDigest } from '../../../src/sandbox/loader/file-digest.ts';
import { runSimulation } from '../../../src/sandbox/loader/simulate.ts';
import { planSimulation } from '../../../src/synthetic/plan-simulation.ts';
import { simulationDeclaration } from '../../../src/synthetic/simulation-declaration.ts';
import { CLOCK, RNG } from '../../e2e/process.ts';
import { done, person } from '../../support/real-people.ts';
import { SMALL_CITY_DECLARATION } from '../../support/small-city.ts';

const DATASET = 'small-city';
const RECIPE = { rows: 600, seed: 'twin' } as const;

let folder: string;
let instance: Instance;
let set: SimulationView;

/** The "real" data of this instance are the rows of a simulation: what jobs say on both must then be the same. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-sets-'));
  instance = await openInstance({ dataDir: join(folder, 'data'), config: readConfig({}), clock: CLOCK, rng: RNG, embedded: true });
  const { operations } = instance;
  const declared = done(readDeclaration(SMALL_CITY_DECLARATION)).dataset;
  const plan = done(planSimulation(declared, RECIPE));
  done(await runSimulation(plan, { enclave: instance.enclave }, join(folder, 'source')));
  const task = done(await operations.startLoad(person('source-1'), { declaration: plan.declaration, baseFolder: join(folder, 'source') }));
  expect(done(await operations.awaitLoad(person('source-1'), task.id)).state).toBe('done');
  const tables = { persons: '*' as const, visits: '*' as const };
  done(
    await operations.createGrant(person('operator-1'), {
      merchant: 'merchant-a',
      dataset: DATASET,
      scenario: 's',
      tables,
      endsOn: '2099-12-31',
    }),
  );
  set = done(await operations.simulate(person('operator-1'), { dataset: DATASET, ...RECIPE }));
}, 120_000);

afterAll(async () => {
  await instance.close();
  await rm(folder, { recursive: true, force: true });
});

async function bytesOf(input: { readonly table?: string; readonly format: 'csv' | 'parquet' | 'duckdb' }): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of done(await instance.operations.simulationFile(person('merchant-a'), { id: set.id, ...input })))
    parts.push(chunk);
  return Buffer.concat(parts);
}

describe('one set in every form', () => {
  test('CSV is what the manifest digests; Parquet and DuckDB hold the same rows in the declared types', async () => {
    const csv = await bytesOf({ table: 'visits', format: 'csv' });
    await writeFile(join(folder, 'visits.csv'), csv);
    expect(await fileDigest(join(folder, 'visits.csv'))).toBe(set.tables.find((item) => item.table === 'visits')?.digest);
    await writeFile(join(folder, 'visits.parquet'), await bytesOf({ table: 'visits', format: 'parquet' }));
    await writeFile(join(folder, 'city.duckdb'), await bytesOf({ format: 'duckdb' }));
    const database = await DuckDBInstance.create(join(folder, 'city.duckdb'), { access_mode: 'READ_ONLY' });
    const connection = await database.connect();
    const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowsJson();
    const parquet = `read_parquet('${join(folder, 'visits.parquet')}')`;
    expect(await rows(`SELECT count(*) FROM (FROM visits EXCEPT ALL FROM ${parquet})`)).toEqual([['0']]);
    expect(await rows(`SELECT count(*) FROM (FROM ${parquet} EXCEPT ALL FROM visits)`)).toEqual([['0']]);
    expect(await rows('SELECT label, dataset FROM sluice.simulation')).toEqual([['SIMULATED-L0', DATASET]]);
    const types = await rows(
      `SELECT column_name, data_type, is_nullable FROM duckdb_columns() WHERE table_name = 'persons' ORDER BY column_index`,
    );
    expect(types.slice(0, 2)).toEqual([
      ['person_id', 'INTEGER', false],
      ['region', 'VARCHAR', true],
    ]);
    expect(
      await rows(
        `SELECT count(*) FROM visits LEFT JOIN persons USING (person_id) WHERE persons.person_id IS NULL AND visits.person_id IS NOT NULL`,
      ),
    ).toEqual([['0']]);
    connection.closeSync();
    database.closeSync();
  });

  test('preview shows the first rows of the file', async () => {
    const shown = done(await instance.operations.previewSimulation(person('merchant-a'), { id: set.id, table: 'persons', rows: 3 }));
    const lines = (await bytesOf({ table: 'persons', format: 'csv' })).toString('utf8').split('\n');
    expect(shown.columns.map((item) => item.name).join(',')).toBe(lines[0]?.trim());
    expect(shown.rows.map((row) => row[0])).toEqual(lines.slice(1, 4).map((line) => line.split(',')[0]));
  });

  test('a set whose file was changed is not published', async () => {
    const other = done(await instance.operations.simulate(person('operator-1'), { dataset: DATASET, rows: 50, seed: 'other' }));
    const file = join(folder, 'data', 'simulation', DATASET, other.id, 'persons.csv');
    const before = await readFile(file);
    await writeFile(file, Buffer.concat([before, Buffer.from('1,x\n')]));
    const refused = await instance.operations.publishSimulation(person('operator-1'), other.id);
    expect(refused).toMatchObject({ ok: false, error: [{ code: 'simulation.differs', facts: { tables: ['persons'] } }] });
    await writeFile(file, before);
    expect(done(await instance.operations.publishSimulation(person('operator-1'), other.id)).state).toBe('PUBLISHED');
    done(await instance.operations.withdrawSimulation(person('operator-1'), { id: other.id, reason: 'only tried' }));
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  test('the declaration of a kit reads back as the same schema', () => {
    const { dataset } = done(readDeclaration(SMALL_CITY_DECLARATION));
    expect(schemaDigest(done(readDeclaration(simulationDeclaration(dataset))).dataset)).toBe(schemaDigest(dataset));
  });
});

const QUERIES: Readonly<Record<string, string>> = {
  releasable: 'SELECT clinic, count(*) AS n FROM visits GROUP BY clinic',
  'with an average': 'SELECT ill, count(*) AS n, avg(income) AS a FROM persons GROUP BY ill',
  'joined and filtered':
    'SELECT v.clinic, count(*) AS n FROM visits v JOIN persons p ON p.person_id = v.person_id WHERE p.points >= 50 GROUP BY v.clinic',
  'nothing releasable': 'SELECT points, born, count(*) AS n FROM persons GROUP BY points, born',
  'one row of one person': 'SELECT count(*) AS n FROM persons WHERE income >= 999999999',
  'a row as it is': 'SELECT person_id, income FROM persons',
  'no such column': 'SELECT nothing FROM persons',
  'no such table': 'SELECT count(*) FROM secrets',
  'not SQL': 'SELEKT 1',
  'two statements': 'SELECT count(*) FROM persons; SELECT count(*) FROM visits',
  'an extreme': 'SELECT max(income) AS m FROM persons',
  'a function that is not on the list': "SELECT count(*) FROM persons WHERE read_text('/etc/hostname') = ''",
};

/** Findings of withheld cells come in no order. */
const inOrder = (findings: readonly unknown[] = []): readonly string[] => findings.map((item) => JSON.stringify(item)).toSorted();

describe('jobs say on simulation data what they say on real data', () => {
  test.each(Object.entries(QUERIES))('%s', async (_name, sql) => {
    const { operations } = instance;
    const run = async (target: 'sim' | 'real') => {
      const job = done(await operations.submitJob(person('merchant-a'), { dataset: DATASET, sql, target }));
      return done(await operations.awaitJob(person('operator-1'), job.id));
    };
    const [sim, real] = [await run('sim'), await run('real')];
    expect(real.admitted).toEqual(sim.admitted);
    if (sim.state === 'REFUSED') {
      expect(real.state).toBe('REFUSED');
      expect(real.problems).toEqual(sim.problems);
      return;
    }
    expect(sim.state).toBe('SIM_PASSED');
    expect(real.verdict).toBe(sim.verdict);
    const request = done(await operations.showEgress(person('operator-1'), String(real.egressId)));
    expect(request.preview).toEqual(sim.simulation?.table);
    const ofReal = request.findings?.filter((item) => item.rule !== 'probing.budget');
    expect(inOrder(ofReal)).toEqual(inOrder(sim.simulation?.findings));
    if (request.state === 'REVIEW') done(await operations.withdraw(person('merchant-a'), { id: request.id, reason: 'compared' }));
  });

  test('and without limits: six in a row, none of them an egress request', async () => {
    const before = done(await instance.operations.listEgress(person('operator-1'), {})).length;
    for (let index = 0; index < 6; index++) {
      const sql = `SELECT clinic, count(*) AS n FROM visits WHERE amount >= ${index * 10} GROUP BY clinic`;
      const job = done(await instance.operations.submitJob(person('merchant-a'), { dataset: DATASET, sql, target: 'sim' }));
      expect(done(await instance.operations.awaitJob(person('merchant-a'), job.id)).state).toBe('SIM_PASSED');
    }
    expect(done(await instance.operations.listEgress(person('operator-1'), {}))).toHaveLength(before);
  });
});
