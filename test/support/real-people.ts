import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { demonstrationPrincipals } from '../../src/identity/demonstration-principals.ts';
import { type Instance, openInstance } from '../../src/instance.ts';
import type { Result } from '../../src/kernel/result.ts';
import type { EgressView, JobView, Operations } from '../../src/operations/operations.ts';
import type { Problem } from '../../src/problems/problem.ts';
import { CLOCK, RNG } from '../e2e/process.ts';

export function person(id: string): Actor {
  const found = demonstrationPrincipals().find((principal) => principal.id === id);
  if (found === undefined) throw new Error(`No such person: ${id}`);
  return found;
}

export function done<T>(result: Result<T, readonly Problem[]>): T {
  if (!result.ok) throw new Error(`Refused: ${JSON.stringify(result.error)}`);
  return result.value;
}

/** An instance with one dataset of real people loaded, simulated and granted to merchant-a. */
export interface RealPeople {
  readonly operations: Operations;
  /** Simulation first, then real data: the whole way up to the egress request. */
  submit(sql: string): Promise<{ readonly sim: JobView; readonly real: JobView }>;
  /** Two operators, a filing, the release; gives the released rows. */
  release(egress: string): Promise<{ readonly columns: readonly string[]; readonly rows: readonly (readonly string[])[] }>;
  /** Another version from the files there are and those given: its state, or the codes of its refusal. */
  load(declaration: unknown, files: Readonly<Record<string, string>>): Promise<string | readonly string[]>;
  requestOf(job: JobView): Promise<EgressView>;
  close(): Promise<void>;
}

export async function realPeople(
  declaration: Readonly<Record<string, unknown>>,
  files: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, string>> = {},
): Promise<RealPeople> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-people-'));
  const instance = await openInstance({ dataDir: dir, config: readConfig(settings), clock: CLOCK, rng: RNG, embedded: true });
  const { operations } = instance;
  const dataset = String(declaration.dataset);
  for (const [name, content] of Object.entries(files)) await writeFile(join(dir, name), content);
  const task = done(await operations.startLoad(person('source-1'), { declaration, baseFolder: dir }));
  const loaded = done(await operations.awaitLoad(person('source-1'), task.id));
  if (loaded.state !== 'done') throw new Error(`Not loaded: ${JSON.stringify(loaded.problems)}`);
  const tables = Object.fromEntries(Object.keys(declaration.tables as object).map((table) => [table, '*' as const]));
  done(
    await operations.createGrant(person('operator-1'), {
      merchant: 'merchant-a',
      dataset,
      scenario: 'research',
      tables,
      endsOn: '2099-12-31',
    }),
  );
  const set = done(await operations.simulate(person('operator-1'), { dataset, rows: 2000, seed: 'people' }));
  // The rules of a city show merchants what operators published.
  if (settings['SLUICE_CITY'] !== undefined) done(await operations.publishSimulation(person('operator-1'), set.id));
  return {
    operations,
    ...flow(operations, dataset),
    async load(next, changed) {
      for (const [name, content] of Object.entries(changed)) await writeFile(join(dir, name), content);
      const started = await operations.startLoad(person('source-1'), { declaration: next, baseFolder: dir });
      if (!started.ok) return started.error.map((item) => item.code);
      const ended = done(await operations.awaitLoad(person('source-1'), started.value.id));
      return ended.problems?.map((item) => item.code) ?? ended.state;
    },
    close: () => closeAll(instance, dir),
  };
}

async function closeAll(instance: Instance, dir: string): Promise<void> {
  await instance.close();
  await rm(dir, { recursive: true, force: true });
}

function flow(operations: Operations, dataset: string): Pick<RealPeople, 'submit' | 'release' | 'requestOf'> {
  const merchant = person('merchant-a');
  const run = async (sql: string, target: 'sim' | 'real'): Promise<JobView> => {
    const job = done(await operations.submitJob(merchant, { dataset, sql, target }));
    return done(await operations.awaitJob(merchant, job.id));
  };
  return {
    submit: async (sql) => ({ sim: await run(sql, 'sim'), real: await run(sql, 'real') }),
    requestOf: async (job) => done(await operations.showEgress(person('operator-1'), String(job.egressId))),
    release: async (id) => {
      done(await operations.approve(person('operator-1'), { id, reason: 'aggregates only' }));
      done(await operations.approve(person('operator-2'), { id, reason: 'aggregates only' }));
      done(await operations.file(person('supervisor-1'), { id, receipt: 'FILING-2026-0001' }));
      const released = done(await operations.release(person('operator-1'), id));
      const file = { id: released.id, name: 'data.csv' };
      const { token } = done(await operations.issueDownloadToken(merchant, file));
      const bytes = done(await operations.releaseFile(merchant, { ...file, token }));
      const [header = '', ...lines] = new TextDecoder()
        .decode(bytes)
        .replace(/^\uFEFF/, '')
        .trim()
        .split(/\r?\n/);
      return { columns: header.split(','), rows: lines.map((line) => line.split(',')) };
    },
  };
}
