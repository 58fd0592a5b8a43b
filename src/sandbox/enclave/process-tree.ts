import { existsSync, readdirSync, readFileSync } from 'node:fs';

/**
 * Process ids of `root` and everything below it, parents first. Only `root` where there is no /proc. Reads at once: these are a few
 * dozen tiny files in memory, and handing each to a thread and back cost a server with some workers half a core (ADR 0041).
 */
export function processTree(root: number): readonly number[] {
  const found = [root];
  for (const pid of found) found.push(...childrenOf(pid));
  return found;
}

/** Every thread has children of its own: what a worker's second thread started counts too. */
function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
      .flatMap((task) => textOf(`/proc/${pid}/task/${task}/children`).split(' '))
      .filter((text) => text !== '')
      .map(Number);
  } catch {
    return [];
  }
}

/** Nothing for what has ended meanwhile. */
function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** MiB of memory of its own (not files mapped for reading) that the process tree holds. */
export function ownMemoryMiB(root: number): number {
  let kibibytes = 0;
  for (const pid of processTree(root)) {
    const status = textOf(`/proc/${pid}/status`);
    for (const own of OWN_MEMORY) kibibytes += Number(own.exec(status)?.[1] ?? 0);
  }
  return kibibytes / 1024;
}

const OWN_MEMORY = [/^RssAnon:\s+(\d+) kB$/m, /^RssShmem:\s+(\d+) kB$/m];

/** Whether a process still does anything; one that only waits to be reaped does not. */
export function isRunning(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return !existsSync('/proc/self') && answersSignals(pid);
  }
}

/** Where there is no /proc. */
function answersSignals(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
