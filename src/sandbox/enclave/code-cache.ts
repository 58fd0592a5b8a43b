import { spawn } from 'node:child_process';
import { mkdir, mkdtemp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Writable } from 'node:stream';
import { START_TIMEOUT_MS } from './limits.ts';
import { encodeFrame } from './messages.ts';
import { type SandboxPlan, sandboxCommand } from './sandbox-command.ts';
import { type Fence, removeFolders } from './start-worker.ts';
import { workerCode, workerProgram } from './worker-code.ts';

/** Workers started before the code is kept: a command that starts a few and ends shall not pay for it. */
const WORTH_IT_AFTER = 6;

/**
 * The worker's code as the runtime compiled it, for the workers that come after: starting one then costs half. One worker that is given
 * nothing, behind the same fence, writes the folder; all others see it read-only, so no worker can leave anything for another. It holds
 * code alone, belongs to this process, and goes with it. Only behind bubblewrap, where read-only is kept. Source: ADR 0041.
 */
export class CodeCache {
  readonly #fence: Fence;
  readonly #stop = new AbortController();
  #started = 0;
  #making: Promise<string | null> | null = null;
  #folder: string | null = null;

  constructor(fence: Fence) {
    this.#fence = fence;
  }

  /** The folder, once it is complete; counts the workers that ask, and has it made when it is worth it. */
  next(): string | null {
    this.#started += 1;
    if (this.#started === WORTH_IT_AFTER && this.#fence.isolation === 'bubblewrap' && this.#fence.workerScript === undefined) {
      this.#making = makeFolder(this.#fence, this.#stop.signal).catch(() => null);
      void this.#making.then((made) => {
        this.#folder = made;
      });
    }
    return this.#folder;
  }

  /** Stops making it, and removes it. No worker may start any more. */
  async close(): Promise<void> {
    this.#stop.abort();
    const made = await this.#making;
    if (made != null) await removeFolders([dirname(made)]);
  }
}

/** Null where the worker did not come as far as its orderly end. */
async function makeFolder(fence: Fence, signal: AbortSignal): Promise<string | null> {
  await mkdir(fence.tempRoot, { recursive: true });
  const tempFolder = await mkdtemp(join(fence.tempRoot, `enclave-${process.pid}-`));
  const folder = join(tempFolder, 'code');
  await mkdir(folder, { mode: 0o700 });
  const plan: SandboxPlan = {
    ...fence,
    program: workerProgram(),
    code: workerCode(),
    codeCache: { folder, isWritable: true },
    sealedFile: null,
    buildFolder: null,
    readable: [],
    writable: [],
    tempFolder,
    tempMiB: 0,
  };
  if (await ranToItsEnd(plan, signal)) return folder;
  await removeFolders([tempFolder]);
  return null;
}

/** A worker that is asked to close as its first request loads all its code and ends by itself; the runtime then writes what it compiled. */
function ranToItsEnd(plan: SandboxPlan, signal: AbortSignal): Promise<boolean> {
  const { argv, env } = sandboxCommand(plan);
  const [command, ...args] = argv;
  const child = spawn(command, args, {
    cwd: '/',
    env: { ...env },
    stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    signal,
    killSignal: 'SIGKILL',
    timeout: START_TIMEOUT_MS,
  });
  const toChild = child.stdio[3] as Writable;
  toChild.on('error', () => undefined);
  child.stdio[4]?.on('error', () => undefined);
  (child.stdio[4] as NodeJS.ReadableStream).resume();
  toChild.write(encodeFrame({ type: 'close', requestId: 1 }));
  return new Promise((resolve) => {
    child.on('error', () => resolve(false));
    child.on('exit', (code) => resolve(code === 0));
  });
}
