import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { DataProfile, Dataset, DatasetVersion } from '../../catalog/dataset.ts';
import { readDeclaration } from '../../catalog/declaration.ts';
import { quoteText } from '../../catalog/identifier.ts';
import type { Clock } from '../../kernel/clock.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { Enclave, EnclaveSession, SessionLimits } from '../enclave/port.ts';
import { findDangling, findDuplicateKeys, findRowProblems, linksOf } from './find-problems.ts';
import { diskProblem, findInputs } from './input-files.ts';
import { type LoadProgress, watchProgress } from './load-progress.ts';
import { measureProfile } from './measure-profile.ts';
import { readTable } from './read-table.ts';
import { numberUnits, type SealKeys, sealTable, unitTypes } from './seal-tables.ts';
import { LoadStopped, loadFailure, type StagedSession, stagedSession } from './staged-session.ts';
import { closeStaging, openStaging, publishFile } from './staging-folder.ts';
import { findFilterProblems } from './standing-filter.ts';
import { stagedTable, type TablePlan } from './table-plan.ts';

export interface LoadInput extends SealKeys {
  /** The declaration as parsed JSON, unchecked. */
  readonly declaration: unknown;
  /** Folder that the files of the declaration are relative to. */
  readonly baseFolder: string;
  /** `DIR/enclave` or `DIR/simulation`. */
  readonly targetFolder: string;
  /** `DIR/tmp`, on the same file system as the target. */
  readonly stagingFolder: string;
  /** Name of the file without its ending: `v1`. */
  readonly version: string;
  readonly origin: DatasetVersion['origin'];
  readonly limits: SessionLimits;
}

export interface LoadPorts {
  readonly enclave: Enclave;
  readonly clock: Clock;
  readonly progress: (progress: LoadProgress) => void;
  /** Bytes that this process may still write at a path. */
  readonly freeBytes: (path: string) => Promise<number>;
  readonly signal?: AbortSignal;
}

/** What the loader gives a worker unless told otherwise: 10 M rows × 8 columns load within 2 GiB. */
export const LOADER_LIMITS: SessionLimits = { memoryMiB: 1280, threads: 2, tempMiB: 8192, timeoutMs: 4 * 3_600_000, maxRows: 10_000 };

/**
 * Loads the files of a declaration into one sealed DuckDB file and measures it. Refused whole, with every problem named
 * by file, row and column, never by value; then nothing remains and earlier versions are untouched. All rows stay in one
 * worker process of the enclave; this process plans statements and reads row numbers and figures. Does not write the
 * catalog: the caller records the version, which is in force only then.
 * Throws on faults (a folder that cannot be written). Source: gate.md §2; formats.md, "An instance on disk".
 */
export async function loadDataset(input: LoadInput, ports: LoadPorts): Promise<Result<DatasetVersion, readonly Problem[]>> {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(input.version)) throw new Error('A version must be a plain name');
  const declaration = readDeclaration(input.declaration);
  if (!declaration.ok) return declaration;
  const { dataset } = declaration.value;
  const target = join(input.targetFolder, dataset.name, `${input.version}.duckdb`);
  if (await exists(target)) return err([problem('load.version_exists', { version: input.version })]);
  const inputs = await findInputs(declaration.value, input.baseFolder);
  if (inputs.problems.length > 0) return err(inputs.problems);
  await mkdir(input.stagingFolder, { recursive: true, mode: 0o700 });
  const tooFull = diskProblem(inputs.plans, await ports.freeBytes(input.stagingFolder));
  if (tooFull !== null) return err([tooFull]);
  const folder = await openStaging(input.stagingFolder);
  try {
    const built = await buildSealed(dataset, inputs.plans, folder, input, ports);
    if (!built.ok) return built;
    const published = await publishFile(built.value.file, target);
    if (published === null) return err([problem('load.version_exists', { version: input.version })]);
    const { digest, bytes } = published;
    return ok({
      dataset: dataset.name,
      version: input.version,
      digest,
      bytes,
      state: 'queryable',
      loadedAt: ports.clock.now().toISOString(),
      origin: input.origin,
      profile: built.value.profile,
    });
  } finally {
    await closeStaging(folder);
  }
}

interface Built {
  readonly file: string;
  readonly profile: DataProfile;
}

/** Builds the sealed file in the staging folder, in one session. */
async function buildSealed(
  dataset: Dataset,
  plans: readonly TablePlan[],
  folder: string,
  input: LoadInput,
  ports: LoadPorts,
): Promise<Result<Built, readonly Problem[]>> {
  const file = join(folder, 'sealed.duckdb');
  const work = join(folder, 'work');
  await mkdir(work, { mode: 0o700 });
  const mounts = { database: { kind: 'create', path: file }, readable: plans.map((plan) => plan.path), writable: [work] } as const;
  const opened = await ports.enclave.open(mounts, input.limits, ports.signal);
  if (!opened.ok) return err([problem('load.failed', { failure: loadFailure(opened.error) })]);
  const session = opened.value;
  try {
    const profile = await runPlan(session, dataset, plans, work, input, ports);
    if (!profile.ok) return profile;
    await session.close();
    // The session gives the file its name when the engine let go of it; without it the worker died at the last moment.
    return (await exists(file)) ? ok({ file, profile: profile.value }) : err([problem('load.failed', { failure: 'lost' })]);
  } catch (error) {
    if (error instanceof LoadStopped) return err([problem('load.failed', { failure: error.failure })]);
    throw error;
  } finally {
    await session.close();
  }
}

async function runPlan(
  session: EnclaveSession,
  dataset: Dataset,
  plans: readonly TablePlan[],
  work: string,
  keys: SealKeys,
  ports: LoadPorts,
): Promise<Result<DataProfile, readonly Problem[]>> {
  const staged = stagedSession(session);
  const types = unitTypes(dataset);
  const progress = watchProgress(session, ports.progress, 2 * plans.length + types.length + 3);
  try {
    await staged.run(`ATTACH ${quoteText(join(work, 'staging.duckdb'))} AS staging`);
    const filters = await findFilterProblems(staged, dataset.tables);
    const problems = [...filters, ...(await stageTables(staged, dataset, plans, work, progress.step))];
    if (problems.length > 0) return err(problems);
    for (const unitType of types) {
      progress.step('number-units');
      await numberUnits(staged, dataset, plans, unitType, keys);
    }
    await sealTables(staged, dataset, plans, keys, progress.step);
    progress.step('measure');
    const profile = await measureProfile(staged, dataset.tables);
    progress.step('write');
    await staged.run('DETACH staging');
    await staged.run('CHECKPOINT');
    return ok(profile);
  } finally {
    progress.stop();
  }
}

type Step = (step: LoadProgress['step'], table?: string) => void;

/** Reads and checks every table; gives all problems of all tables. */
async function stageTables(
  session: StagedSession,
  dataset: Dataset,
  plans: readonly TablePlan[],
  work: string,
  step: Step,
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  const readable: TablePlan[] = [];
  const flawed = new Set<string>();
  for (const plan of plans) {
    step('read', plan.table.name);
    const unreadable = await readTable(session, plan, work);
    const found =
      unreadable.length > 0 ? unreadable : [...(await findRowProblems(session, plan)), ...(await findDuplicateKeys(session, plan))];
    if (found.length > 0) flawed.add(plan.table.name);
    if (unreadable.length === 0) readable.push(plan);
    problems.push(...found);
  }
  step('check-links');
  for (const link of linksOf(dataset, plans)) {
    // A table with problems of its own may lack rows or keys: looking keys up in it would blame rows that are sound.
    if (readable.includes(link.from) && !flawed.has(link.to.table.name)) problems.push(...(await findDangling(session, link)));
  }
  return problems;
}

async function sealTables(
  session: StagedSession,
  dataset: Dataset,
  plans: readonly TablePlan[],
  keys: SealKeys,
  step: Step,
): Promise<void> {
  // Tables that units of others lead through stay staged until those are sealed.
  const neededLater = (name: string, from: number): boolean =>
    plans.slice(from).some((plan) => Object.values(plan.table.units).some((path) => path.hops.some((hop) => hop.table === name)));
  for (const [index, plan] of plans.entries()) {
    step('seal', plan.table.name);
    await sealTable(session, dataset, plan, plans, keys);
    for (const done of plans.slice(0, index + 1)) {
      if (!neededLater(done.table.name, index + 1)) await session.run(`DROP TABLE IF EXISTS ${stagedTable(done.number)}`);
    }
    await session.run('CHECKPOINT staging');
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
