import { existsSync } from 'node:fs';
import type { IsolationLevel, SessionLimits, SessionMounts } from './port.ts';
import { discardWorker, type Fence, startWorker } from './start-worker.ts';

/** Where the tools of the fence are looked for: not the parent's PATH. */
export const TOOL_FOLDERS: readonly string[] = ['/usr/bin', '/bin', '/usr/sbin', '/sbin'];

const PROBE_MOUNTS: SessionMounts = { database: { kind: 'memory' }, readable: [], writable: [] };
const PROBE_LIMITS: SessionLimits = { memoryMiB: 64, threads: 1, tempMiB: 1, timeoutMs: 10_000, maxRows: 1 };

/** Levels that worked in this process, by what was asked for: the machine does not change while it runs. */
const found = new Map<string, Pick<Fence, 'isolation' | 'nestedUserNamespaces'>>();

/**
 * The best level at which a worker really starts, or null. `process` needs to be asked for, or allowed as a fallback.
 * Source: gate.md §10.
 */
export async function findFence(options: {
  readonly isolation: 'auto' | IsolationLevel;
  readonly allowProcessFallback: boolean;
  readonly tempRoot: string;
  readonly toolFolders?: readonly string[];
  readonly workerScript?: string;
}): Promise<Fence | null> {
  const { tempRoot, workerScript, toolFolders = TOOL_FOLDERS } = options;
  const common = { tempRoot, toolFolders, ...(workerScript === undefined ? {} : { workerScript }) };
  const asked = JSON.stringify([options.isolation, options.allowProcessFallback, toolFolders]);
  const known = found.get(asked);
  if (known !== undefined) return { ...common, ...known };
  for (const isolation of levelsToTry(options.isolation, options.allowProcessFallback)) {
    for (const nestedUserNamespaces of isolation === 'bubblewrap' ? [false, true] : [true]) {
      const level = { isolation, nestedUserNamespaces };
      if (!(await works({ ...common, ...level }))) continue;
      found.set(asked, level);
      return { ...common, ...level };
    }
  }
  return null;
}

function levelsToTry(asked: 'auto' | IsolationLevel, allowProcess: boolean): readonly IsolationLevel[] {
  if (asked !== 'auto') return [asked];
  return allowProcess ? ['bubblewrap', 'namespaces', 'process'] : ['bubblewrap', 'namespaces'];
}

/** Memory is watched through /proc; a fenced worker whose memory cannot be seen does not count as fenced. */
async function works(fence: Fence): Promise<boolean> {
  if (fence.isolation !== 'process' && !existsSync(`/proc/self/task/${process.pid}/children`)) return false;
  const { workerScript: _, ...withoutScript } = fence; // what is probed is the fence, with the real worker
  const worker = await startWorker(withoutScript, PROBE_MOUNTS, PROBE_LIMITS);
  try {
    return (await worker.process.ready).ok;
  } finally {
    await discardWorker(worker);
  }
}
