import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, DatasetVersion } from '../../src/catalog/dataset.ts';
import { DEFAULT_POLICY } from '../../src/catalog/disclosure-policy.ts';
import { STRICTEST_EGRESS_PROFILE } from '../../src/egress/kind-policy.ts';
import { demonstrationPrincipals } from '../../src/identity/demonstration-principals.ts';
import { rulesOfCity } from '../../src/instance/city-rules.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import { err, ok, type Result } from '../../src/kernel/result.ts';
import { DEFAULT_MASKING_RULES } from '../../src/masking/masking-rules.ts';
import type { Actor } from '../../src/operations/actor.ts';
import { createOperations, type RunningOperations } from '../../src/operations/create-operations.ts';
import type { LoaderPort, OperationsPorts, PipelinePort, SimulatorPort } from '../../src/operations/data-ports.ts';
import type { EgressView, JobView } from '../../src/operations/operations.ts';
import type { Admitted, Decided } from '../../src/pipeline.ts';
import { type Problem, problem } from '../../src/problems/problem.ts';
import { openFileKeyStore } from '../../src/store/file-key-store.ts';
import { openFileModelVault } from '../../src/store/file-model-vault.ts';
import { openFilePackageFolder } from '../../src/store/file-package-folder.ts';
import { openFileResultVault } from '../../src/store/file-result-vault.ts';
import { openStore } from '../../src/store/store.ts';
import { storeIdentity } from '../../src/store/store-identity.ts';
import { recordPlace, removeRecords } from './kept-records.ts';
import { roomyFolder } from './roomy-folder.ts';
import { SAME_RNG } from './same-rng.ts';

const sha = (text: string): string => createHash('sha256').update(text).digest('hex');

export const CITY: Dataset = {
  name: 'city',
  title: { zh: '城市', en: 'City' },
  provider: 'source-department',
  grade: 'general',
  shareType: 'conditional',
  openness: 'conditional',
  updateFrequency: 'monthly',
  tables: [
    {
      name: 'residents',
      visibility: 'protected',
      primaryKey: ['id'],
      foreignKeys: [],
      units: { person: { hops: [], column: 'id' } },
      standingFilters: [],
      rows: 1234,
      columns: [
        {
          name: 'id',
          type: 'VARCHAR',
          label: 'personal',
          role: 'unitId',
          nullable: false,
          publicDomain: false,
          factFamily: 'residents.id',
        },
        {
          name: 'district',
          type: 'VARCHAR',
          label: 'none',
          role: 'dimension',
          nullable: false,
          publicDomain: true,
          factFamily: 'residents.district',
        },
      ],
    },
  ],
};

export function versionOf(version: string, origin: 'real' | 'simulation'): DatasetVersion {
  const profile = { tables: [], units: [] };
  return {
    dataset: 'city',
    version,
    digest: sha(version),
    bytes: 1,
    state: 'queryable',
    loadedAt: '2026-01-01T00:00:00.000Z',
    origin,
    profile,
  };
}

function admittedOf(sql: string): Admitted {
  const columns = ['residents.district'];
  const lineage = ['district', 'n'].map((column) => ({ column, sources: [{ column: 'residents.district', how: 'figure' as const }] }));
  return { canonicalSql: sql, artefactHash: sha(sql), tables: ['residents'], columns, lineage, roundings: [] };
}

/** A clock that stands still until it is set, from 2026-03-02 on. */
export interface SetClock extends Clock {
  set(iso: string): void;
}

function setClock(): SetClock {
  let at = new Date('2026-03-02T01:00:00.000Z');
  return {
    now: () => at,
    set: (iso) => {
      at = new Date(iso);
    },
  };
}

/**
 * A pipeline that does what the SQL text says: `… refuse …` is not admitted, `… hang …` runs until it is aborted,
 * `… fail …` and `… fault …` go wrong on real data, `… small …` is withheld; everything else is releasable, `… AS units …` in one row.
 * The gate itself is tested elsewhere: here it is the states around it.
 */
export function scriptedPipeline(isReal: (version: DatasetVersion) => boolean = (version) => version.origin === 'real'): PipelinePort {
  const admit = async (sql: string): Promise<Result<Admitted, readonly Problem[]>> =>
    sql.includes('refuse') ? err([problem('request.malformed', {})]) : ok(admittedOf(sql));
  return {
    translate: async (sql, dialect) => ok({ sql, dialect, differences: [] }),
    admit,
    verifyKeys: async () => ok(new Map()),
    async answer(sql, context, { onIntent }, signal): Promise<Result<Decided, readonly Problem[]>> {
      await onIntent();
      const real = isReal(context.version);
      if (real && sql.includes('hang')) {
        await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
        return err([]);
      }
      if (real && sql.includes('fault')) throw new Error('Could not convert string CANARY');
      if (real && sql.includes('fail')) return err([problem('request.malformed', {})]);
      const withheld = sql.includes('small');
      return ok({
        admitted: admittedOf(sql),
        verdict: withheld ? 'withheld' : 'releasable',
        table: {
          columns: [
            { name: 'district', type: 'VARCHAR' },
            { name: 'n', type: 'BIGINT' },
          ],
          rows: withheld
            ? []
            : sql.includes('AS units')
              ? [['越秀', '120']]
              : [
                  ['越秀', '120'],
                  ['=天河', '42'],
                ],
        },
        withheldRows: withheld ? 1 : 0,
        withheldCells: withheld ? 1 : 2,
        publicLabelsWithheld: sql.includes('public') ? 7 : null,
        findings: [{ rule: 'units', severity: 'soft', text: 'one cell' }],
        probes: [],
        gates: [],
        isolation: 'process',
        datasetVersion: context.version.version,
      });
    },
  };
}

const loader: LoaderPort = {
  read: (declaration) => (declaration === 'bad' ? err([problem('request.malformed', {})]) : ok(CITY)),
  load: async ({ version, baseFolder, onProgress }) => {
    onProgress({ step: 'read', percent: 10 });
    if (baseFolder === 'bad-files') return err([problem('load.version_exists', { version })]);
    if (baseFolder === 'fault') throw new Error('disk');
    return ok(versionOf(version, 'real'));
  },
  sealedPath: (dataset, version) => `${dataset}/${version}.duckdb`,
  erase: async () => {},
  sweep: async () => {},
};

const simulator: SimulatorPort = {
  simulate: async ({ id, rows }) => ok({ version: versionOf(id, 'simulation'), tables: [{ table: 'residents', rows, digest: sha(id) }] }),
  sealedPath: (dataset, id) => `${dataset}/${id}.duckdb`,
  wishes: async () => ({}),
  differing: async ({ seed, tables }) => ok(seed === 'tampered' ? tables.map((item) => item.table) : []),
  preview: async () => ok({ columns: [{ name: 'district', type: 'VARCHAR' }], rows: [['越秀']] }),
  remove: async () => {},
  file: async () =>
    ok(
      (async function* () {
        yield new TextEncoder().encode('id,district\r\n');
      })(),
    ),
  sweep: async () => {},
};

export interface TestInstance {
  readonly folder: string;
  readonly ports: OperationsPorts;
  readonly operations: RunningOperations;
  readonly clock: SetClock;
  readonly faults: unknown[];
  actor(id: string): Actor;
  /** Simulates, then submits to real data, and waits: gives the merchant's view of the real job. */
  realJob(sql: string, merchant?: string): Promise<JobView>;
  /** The egress request of a real job that may go out. */
  requestInReview(sql?: string): Promise<EgressView>;
  /** The same, approved by both operators and filed. */
  requestFiled(sql?: string): Promise<EgressView>;
  /** Same folder with the usual ports, as a new process would open it. Does not recover. */
  reopen(change?: PortChange): Promise<TestInstance>;
  close(): Promise<void>;
}

export function value<T>(result: Result<T, readonly Problem[]>): T {
  if (!result.ok) throw new Error(`Refused: ${result.error.map((item) => item.code).join(', ')}`);
  return result.value;
}

export function codes(result: Result<unknown, readonly Problem[]>): readonly string[] {
  return result.ok ? [] : result.error.map((item) => item.code);
}

/** Ports to put in place of the usual ones; a function gets the usual ones to build on. */
export type PortChange = Partial<OperationsPorts> | ((usual: OperationsPorts) => Partial<OperationsPorts>);

/** An instance in a folder: real store, keys, vault and packages; pipeline, loader and simulator scripted. Not seeded. */
export async function openInstance(folder: string, change: PortChange = {}): Promise<TestInstance> {
  const clock = setClock();
  const rng = SAME_RNG;
  const keys = await openFileKeyStore(join(folder, 'keys'), rng);
  const place = { ...(await recordPlace(folder)), checkpointPath: join(folder, 'checkpoint') };
  const { store, audit, moveModels } = await openStore({ ...place, keys, clock });
  const models = openFileModelVault(join(folder, 'artefacts'), keys, rng);
  await moveModels(models);
  const faults: unknown[] = [];
  const usual: OperationsPorts = {
    store,
    audit,
    keys,
    vault: openFileResultVault(join(folder, 'results'), keys, rng),
    models,
    packages: openFilePackageFolder(join(folder, 'releases'), join(folder, 'tmp')),
    loader,
    simulator,
    pipeline: scriptedPipeline(),
    clock,
    rng,
    policy: DEFAULT_POLICY,
    egressProfile: STRICTEST_EGRESS_PROFILE,
    rulesOfCity,
    maskingRules: DEFAULT_MASKING_RULES,
    simulationAccess: 'open',
    hourPriceFen: 360,
    webhookAddress: (url) => (url.startsWith('https://') ? null : 'scheme'),
    fitRhoPerDataset: 0.04,
    masker: { make: async () => err([]) },
    trainer: {
      countSql: () => 'SELECT count(*) AS units FROM persons',
      admit: async () => err([]),
      train: async () => err([]),
      progressOf: () => null,
    },
    fitter: {
      cost: (_dataset, { epsilon }) => (epsilon > 20 ? err([problem('synth.privacy', { what: 'epsilon' })]) : ok(epsilon / 100)),
      fit: async ({ spec }) => {
        if (spec.target === 'fault') throw new Error('Could not convert string CANARY');
        if (spec.target === 'small') return err([problem('synth.too_small', { table: 'residents', least: 1000 })]);
        return ok({
          artefact: '{"noisy":1}',
          table: { columns: [{ name: 'marginal', type: 'VARCHAR' }], rows: [['district']] },
          isolation: 'process',
        });
      },
    },
    fidelity: {
      measure: async ({ target }) => {
        if (target === 'fault') throw new Error('Could not convert string CANARY');
        const table = { columns: [{ name: 'table', type: 'VARCHAR' }], rows: [['residents']] };
        return ok({ json: '{"quality":0.9}', page: '<!doctype html>', table, isolation: 'process' });
      },
    },
    isolation: 'process',
    jobsAtOnce: 1,
    runsJobs: true,
    onFault: (fault) => faults.push(fault),
  };
  const ports: OperationsPorts = { ...usual, ...(typeof change === 'function' ? change(usual) : change) };
  const operations = createOperations(ports);
  const actor = (id: string): Actor => {
    const found = demonstrationPrincipals().find((item) => item.id === id);
    if (found === undefined) throw new Error(`No such principal: ${id}`);
    return found;
  };
  const instance: TestInstance = {
    folder,
    ports,
    operations,
    clock,
    faults,
    actor,
    async realJob(sql, merchant = 'merchant-a') {
      for (const target of ['sim', 'real'] as const) {
        const job = value(await operations.submitJob(actor(merchant), { dataset: 'city', sql, target }));
        if (target === 'real') return value(await operations.awaitJob(actor(merchant), job.id));
        await operations.awaitJob(actor(merchant), job.id);
      }
      throw new Error('Unreachable');
    },
    async requestInReview(sql = 'SELECT 1') {
      const job = await instance.realJob(sql);
      return value(await operations.showEgress(actor('merchant-a'), job.egressId ?? 'none'));
    },
    async requestFiled(sql) {
      const { id } = await instance.requestInReview(sql);
      value(await operations.approve(actor('operator-1'), { id, reason: 'fine' }));
      value(await operations.approve(actor('operator-2'), { id, reason: 'fine too' }));
      return value(await operations.file(actor('supervisor-1'), { id, receipt: '粤数备〔2026〕12号' }));
    },
    async reopen(next = {}) {
      await operations.close();
      await store.close();
      return openInstance(folder, next);
    },
    async close() {
      await operations.close();
      await store.close();
    },
  };
  return instance;
}

/** A new instance with the dataset loaded, a simulation, and grants for both merchants. */
export async function seededInstance(change: PortChange = {}): Promise<TestInstance> {
  const folder = await mkdtemp(join(roomyFolder(), 'sluice-operations-'));
  const instance = await openInstance(folder, change);
  const { operations, actor, ports } = instance;
  const identity = storeIdentity(ports.store, ports.keys, ports.rng, ports.clock);
  for (const principal of demonstrationPrincipals()) value(await identity.register(null, principal));
  const load = value(await operations.startLoad(actor('source-1'), { declaration: {}, baseFolder: '.' }));
  await operations.awaitLoad(actor('source-1'), load.id);
  value(await operations.simulate(actor('merchant-a'), { dataset: 'city', rows: 10, seed: 's' }));
  for (const merchant of ['merchant-a', 'merchant-b']) {
    const grant = { merchant, dataset: 'city', scenario: 'study', tables: { residents: '*' as const }, endsOn: '2026-12-31' };
    value(await operations.createGrant(actor('operator-1'), grant));
  }
  return instance;
}

export async function dispose(instance: TestInstance): Promise<void> {
  await instance.close();
  await removeRecords(instance.folder);
  await rm(instance.folder, { recursive: true, force: true });
}
