import { chmod, mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { SessionLimits, SessionMounts } from './port.ts';
import { isRunning } from './process-tree.ts';
import { type SandboxPaths, type SandboxPlan, sandboxCommand, sandboxPaths } from './sandbox-command.ts';
import { workerCode, workerProgram } from './worker-code.ts';
import { WorkerProcess } from './worker-process.ts';

/** How workers are started here: found out once, when the enclave is created. */
export interface Fence {
  readonly isolation: SandboxPlan['isolation'];
  readonly nestedUserNamespaces: boolean;
  readonly toolFolders: readonly string[];
  /** Folder below which each worker gets one of its own. */
  readonly tempRoot: string;
  /** Another program in place of the worker; tests of the supervisor use it. */
  readonly workerScript?: string;
}

/** A running worker and the folders that go with it. */
export interface StartedWorker {
  readonly process: WorkerProcess;
  readonly paths: SandboxPaths;
  /** Folder, as the parent sees it, in which a new database is built. */
  readonly buildFolder: string | null;
  removeFolders(): Promise<void>;
}

/** Ends a worker that no session uses. */
export async function discardWorker(worker: StartedWorker): Promise<void> {
  worker.process.kill('cancelled');
  await worker.process.gone;
  await worker.removeFolders();
}

/** Starts a worker for these mounts, with its code as `codeCache` has it compiled. It has not opened anything yet. Throws if a folder cannot be made. */
export async function startWorker(
  fence: Fence,
  mounts: SessionMounts,
  limits: SessionLimits,
  codeCache: string | null = null,
): Promise<StartedWorker> {
  await mkdir(fence.tempRoot, { recursive: true });
  const tempFolder = await mkdtemp(join(fence.tempRoot, `enclave-${process.pid}-`));
  const folders = [tempFolder];
  try {
    await mkdir(join(tempFolder, 'spill'), { mode: 0o700 });
    const buildFolder = mounts.database.kind === 'create' ? await mkdtemp(join(dirname(mounts.database.path), '.building-')) : null;
    if (buildFolder !== null) folders.push(buildFolder);
    const plan: SandboxPlan = {
      isolation: fence.isolation,
      nestedUserNamespaces: fence.nestedUserNamespaces,
      toolFolders: fence.toolFolders,
      program: workerProgram(fence.workerScript),
      code: workerCode(fence.workerScript),
      codeCache: codeCache === null ? null : { folder: codeCache, isWritable: false },
      sealedFile: mounts.database.kind === 'sealed' ? mounts.database.path : null,
      buildFolder,
      readable: mounts.readable,
      writable: mounts.writable,
      tempFolder,
      tempMiB: limits.tempMiB,
    };
    const paths = sandboxPaths(plan);
    // One name for the database at every level: the engine calls it after its file.
    if (plan.sealedFile !== null && fence.isolation !== 'bubblewrap') await symlink(plan.sealedFile, paths.sealedFile);
    const { argv, env } = sandboxCommand(plan);
    return {
      process: new WorkerProcess(argv, env, limits.memoryMiB),
      paths,
      buildFolder,
      removeFolders: () => removeFolders(folders),
    };
  } catch (error) {
    await removeFolders(folders);
    throw error;
  }
}

/** Removes folders with all they hold; one that is not there is none to remove. */
export async function removeFolders(folders: readonly string[]): Promise<void> {
  for (const folder of folders) {
    await chmod(folder, 0o700).catch(() => undefined);
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Removes what workers of a parent that was killed have left below `tempRoot`. Folders of running parents stay. */
export async function removeAbandonedFolders(tempRoot: string): Promise<void> {
  const names = await readdir(tempRoot).catch(() => []);
  const abandoned = names.filter((name) => {
    const parent = /^enclave-(\d+)-/.exec(name)?.[1];
    return parent !== undefined && !isRunning(Number(parent));
  });
  await removeFolders(abandoned.map((name) => join(tempRoot, name)));
}
