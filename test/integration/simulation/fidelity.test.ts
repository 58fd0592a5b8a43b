import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';
import { type Instance, openInstance } from '../../../src/instance.ts';
import type { SimulationView } from '../../../src/operations/operations.ts';
import { CLOCK, RNG } from '../../e2e/process.ts';
import { done, person } from '../../support/real-people.ts';
import { SMALL_CITY_DECLARATION, smallCity } from '../../support/small-city.ts';

const DATASET = 'small-city';

let folder: string;
let instance: Instance;
let set: SimulationView;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-fidelity-'));
  instance = await openInstance({ dataDir: join(folder, 'data'), config: readConfig({}), clock: CLOCK, rng: RNG, embedded: true });
  const { operations } = instance;
  for (const [name, content] of Object.entries(smallCity(11, 1500).files)) await writeFile(join(folder, name), content);
  const task = done(await operations.startLoad(person('source-1'), { declaration: SMALL_CITY_DECLARATION, baseFolder: folder }));
  done(await operations.awaitLoad(person('source-1'), task.id));
  const tables = { persons: '*' as const, visits: '*' as const };
  const grant = { merchant: 'merchant-a', dataset: DATASET, scenario: 's', tables, endsOn: '2099-12-31' };
  done(await operations.createGrant(person('operator-1'), grant));
  set = done(await operations.simulate(person('operator-1'), { dataset: DATASET, rows: 2000, seed: 'f' }));
}, 120_000);
afterAll(async () => {
  await instance.close();
  await rm(folder, { recursive: true, force: true });
});

const compare = async (who = 'merchant-a', target?: string) => {
  const asked = await instance.operations.measureFidelity(person(who), { simulation: set.id, ...(target === undefined ? {} : { target }) });
  return asked.ok ? instance.operations.awaitJob(person('operator-1'), asked.value.id) : asked;
};

function numbersIn(value: unknown): readonly number[] {
  if (typeof value === 'number') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : [];
}

describe('a comparison of a set with real data', () => {
  test('ends in a request; what is released are shares at two decimals, as JSON and as a page', async () => {
    const { operations } = instance;
    const job = done(await compare());
    expect(job).toMatchObject({ state: 'EGRESS_REQUESTED', productKind: 'report' });
    const id = String(job.egressId);
    const request = done(await operations.showEgress(person('operator-1'), id));
    expect(request).toMatchObject({ state: 'REVIEW', productKind: 'report' });
    expect(request.preview?.rows.map(([table]) => table)).toEqual(['persons', 'visits']);
    for (const operator of ['operator-1', 'operator-2']) done(await operations.approve(person(operator), { id, reason: 'coarse shares' }));
    done(await operations.file(person('supervisor-1'), { id, receipt: 'FILING-2026-0001' }));
    const release = done(await operations.release(person('operator-1'), id));
    const read = async (name: string): Promise<string> => {
      const { token } = done(await operations.issueDownloadToken(person('merchant-a'), { id: release.id, name }));
      return Buffer.from(done(await operations.releaseFile(person('merchant-a'), { id: release.id, name, token }))).toString('utf8');
    };
    const report = JSON.parse(await read('fidelity.json')) as Record<string, unknown>;
    expect(report).toMatchObject({ format: 'sluice-fidelity-1', dataset: DATASET, simulation: set.id, label: 'SIMULATED-L0', decimals: 2 });
    expect(JSON.stringify(report)).not.toMatch(/realRows|syntheticRows/);
    expect(numbersIn(report).filter((value) => Math.abs(value * 100 - Math.round(value * 100)) > 1e-9)).toEqual([]);
    const tables = report['tables'] as readonly { readonly table: string; readonly columns: readonly { readonly column: string }[] }[];
    expect(tables.map(({ table }) => table)).toEqual(['persons', 'visits']);
    expect(report['links']).toEqual([expect.objectContaining({ child: 'visits', parent: 'persons' })]);
    const page = await read('fidelity.html');
    expect(page).toContain('how far to trust the simulation');
    expect(page).not.toMatch(/<script|https?:/);
    // No key of a person, and no region: they have no declared list, so nothing may name them.
    const [, ...people] = (smallCity(11, 1500).files['persons.csv'] ?? '').trim().split(/\r?\n/);
    const named = new Set(people.flatMap((line) => line.split(',').slice(0, 2)).filter((value) => value.length > 3));
    const told = `${JSON.stringify(report)} ${page}`;
    expect([...named].filter((value) => told.includes(`"${value}"`) || told.includes(`>${value}<`))).toEqual([]);
  }, 120_000);

  test('stands in the log like a job: asked for, intended, outcome, end', async () => {
    const entries = done(await instance.operations.auditEntries(person('auditor-1'), { after: 0, limit: 1000 }));
    const kinds = entries
      .filter(({ trace, operation }) => trace?.startsWith('job_') === true && operation.startsWith('job.'))
      .map((e) => e.operation);
    expect(kinds).toEqual(['job.submit', 'job.queue', 'job.intent', 'job.outcome', 'job.outcome', 'job.done']);
  });

  test('is for those with a grant on whole tables, of sets in use, with a label of few values', async () => {
    const codes = async (who: string, target?: string) => {
      const found = await compare(who, target);
      return found.ok ? [] : found.error.map(({ code }) => code);
    };
    expect(await codes('operator-1')).toEqual(['access.forbidden']);
    expect(await codes('merchant-b')).toEqual(['job.no_grant']);
    expect(await codes('merchant-a', 'no_such_column')).toEqual(['synth.target']);
    const missing = await instance.operations.measureFidelity(person('merchant-a'), { simulation: 'sim_none' });
    expect(missing).toMatchObject({ ok: false, error: [{ code: 'access.not_found' }] });
  });

  test('can be made five times of one version, by everybody together', async () => {
    for (let made = 1; made < 5; made += 1) expect(done(await compare()).state).toBe('EGRESS_REQUESTED');
    const sixth = await compare();
    expect(sixth).toMatchObject({ ok: false, error: [{ code: 'simulation.reports_spent' }] });
  }, 240_000);
});
