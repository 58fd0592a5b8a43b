import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readDeclaration } from '../../../src/catalog/declaration.ts';
import { readConfig } from '../../../src/config.ts';
import { type Instance, openInstance } from '../../../src/instance.ts';
import { ok } from '../../../src/kernel/result.ts';
import type { ReleaseView } from '../../../src/operations/operations.ts';
import { withFileTables } from '../../../src/sandbox/loader/file-tables.ts';
import { fitTables } from '../../../src/sandbox/loader/fit-tables.ts';
import type { Artefact } from '../../../src/synthetic/fit/artefact.ts';
import { readArtefact } from '../../../src/synthetic/fit/artefact.ts';
import type { Noise } from '../../../src/synthetic/privacy/noise.ts';
import { CLOCK, RNG } from '../../e2e/process.ts';
import { loadingBench, TEST_LIMITS } from '../../support/loading.ts';
import { done, person } from '../../support/real-people.ts';
import { SMALL_CITY_DECLARATION, smallCity } from '../../support/small-city.ts';

const DATASET = 'small-city';
const { files } = smallCity(11, 1500);
const declared = done(readDeclaration(SMALL_CITY_DECLARATION)).dataset;

/** No noise at all: what is counted can then be compared to the last row. For tests alone. */
const SILENT: Noise = { measure: () => 0.5, select: (scores) => scores.indexOf(Math.max(...scores)) };

test.each([
  ['person', 0.3],
  ['firm', 0.3],
])(
  'a sealed version counts what its files count, unit %s',
  async (unit, epsilon) => {
    const bench = await loadingBench();
    try {
      const request = { epsilon, delta: 1e-9, unit } as const;
      const version = done(await bench.load(SMALL_CITY_DECLARATION, files));
      const mounts = {
        database: { kind: 'sealed', path: bench.sealedPath(DATASET, 'v1'), digest: version.digest },
        readable: [],
        writable: [],
      } as const;
      const opened = await bench.enclave.open(mounts, { ...TEST_LIMITS, maxRows: 100_000 });
      if (!opened.ok) throw new Error(opened.error);
      const session = opened.value;
      const sealed = await fitTables(session, declared, { ...request, sealed: true }, SILENT);
      await session.close();
      const tables = declared.tables.map((table) => ({
        name: table.name,
        path: join(bench.folder, 'inbox', `${table.name}.csv`),
        shown: table.name,
        columns: table.columns.map((column) => ({ name: column.name, header: column.name })),
      }));
      const plain = await withFileTables(bench.enclave, tables, async (own) => ok(await fitTables(own, declared, request, SILENT)));
      expect(sealed).toEqual(done(plain));
      if (unit === 'person') expect(done(sealed).tables.map((item) => item.table)).toEqual(['persons', 'visits']);
    } finally {
      await bench.close();
    }
  },
  120_000,
);

describe('a fitted model in an instance', () => {
  let folder: string;
  let instance: Instance;
  let release: ReleaseView;
  let artefact: Artefact;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sluice-fitted-'));
    const config = readConfig({ SLUICE_FIT_RHO_MILLIONTHS: '20000' });
    instance = await openInstance({ dataDir: join(folder, 'data'), config, clock: CLOCK, rng: RNG, embedded: true });
    const { operations } = instance;
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
    const task = done(await operations.startLoad(person('source-1'), { declaration: SMALL_CITY_DECLARATION, baseFolder: folder }));
    done(await operations.awaitLoad(person('source-1'), task.id));
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
    const job = done(await operations.fitModel(person('merchant-a'), { dataset: DATASET, epsilon: 1, delta: 1e-9 }));
    const ended = done(await operations.awaitJob(person('operator-1'), job.id));
    expect(ended).toMatchObject({ state: 'EGRESS_REQUESTED' });
    const id = String(ended.egressId);
    for (const operator of ['operator-1', 'operator-2']) done(await operations.approve(person(operator), { id, reason: 'noisy counts' }));
    done(await operations.file(person('supervisor-1'), { id, receipt: 'FILING-2026-0001' }));
    release = done(await operations.release(person('operator-1'), id));
    const file = { id: release.id, name: 'model.json' };
    const { token } = done(await operations.issueDownloadToken(person('merchant-a'), file));
    const text = Buffer.from(done(await operations.releaseFile(person('merchant-a'), { ...file, token }))).toString('utf8');
    artefact = done(readArtefact(text));
  }, 120_000);

  afterAll(async () => {
    await instance.close();
    await rm(folder, { recursive: true, force: true });
  });

  test('is signed by the release key and says what it cost', async () => {
    expect(artefact.privacy).toMatchObject({ epsilon: 1, delta: 1e-9, unit: 'person' });
    const budget = done(await instance.operations.showFitBudget(person('merchant-a'), DATASET));
    expect(budget.spent).toBeGreaterThanOrEqual(artefact.privacy.rho);
    expect(budget.spent - artefact.privacy.rho).toBeLessThan(2e-9);
    const second = await instance.operations.fitModel(person('merchant-a'), { dataset: DATASET, epsilon: 1, delta: 1e-9 });
    expect(second).toMatchObject({ ok: false, error: [{ code: 'synth.budget_spent' }] });
  });

  test('gives as many sets as one likes, which check, publish, and take jobs', async () => {
    const { operations } = instance;
    const make = (by: string, rows: number, seed: string) =>
      operations.simulate(person(by), { dataset: DATASET, rows, seed, model: release.id });
    const one = done(await make('operator-1', 800, 'a'));
    const again = done(await make('merchant-a', 800, 'a'));
    const other = done(await make('merchant-a', 300, 'b'));
    expect(one).toMatchObject({ label: 'SIMULATED-L1', model: release.id, state: 'GENERATED' });
    expect(again.tables).toEqual(one.tables);
    expect(other.tables.map((item) => item.digest)).not.toEqual(one.tables.map((item) => item.digest));
    expect(done(await operations.publishSimulation(person('operator-1'), one.id)).state).toBe('PUBLISHED');
    const sql = 'SELECT ill, count(*) AS n FROM persons GROUP BY ill';
    const job = done(await operations.submitJob(person('merchant-a'), { dataset: DATASET, sql, target: 'sim' }));
    expect(done(await operations.awaitJob(person('merchant-a'), job.id)).state).toBe('SIM_PASSED');
    expect(done(await operations.showFitBudget(person('merchant-a'), DATASET)).spent).toBeLessThan(0.0151);
  }, 120_000);

  test('is nobody else’s, and gives nothing once it was recalled', async () => {
    const { operations } = instance;
    const make = (by: string) => operations.simulate(person(by), { dataset: DATASET, rows: 100, seed: 'a', model: release.id });
    expect(await make('merchant-b')).toMatchObject({ ok: false, error: [{ code: 'access.not_found' }] });
    done(await operations.recall(person('operator-1'), { id: release.egress, reason: 'wrong budget' }));
    expect(await make('merchant-a')).toMatchObject({ ok: false, error: [{ code: 'egress.recalled' }] });
  });
});
