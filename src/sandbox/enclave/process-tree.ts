import { closeSync, existsSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';

/*
 * All of this reads /proc at once: the kernel answers from memory in microseconds, and every worker is looked at several
 * times a second. The same through promises took a fifth of a core for ten idle workers. Source: ADR 0045.
 */

/** Process ids of `root` and everything below it, parents first. Only `root` where there is no /proc. */
export function processTree(root: number): readonly number[] {
  const found = [root];
  for (const pid of found) found.push(...childrenOf(pid));
  return found;
}

/** Children of every thread: a process may be started by any of them. */
function childrenOf(pid: number): readonly number[] {
  let tasks: readonly string[];
  try {
    tasks = readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
  return tasks.flatMap((task) => {
    const text = textOf(`/proc/${pid}/task/${task}/children`).trim();
    return text === '' ? [] : text.split(/\s+/).map(Number);
  });
}

/** MiB of memory of its own (not files mapped for reading) that the process tree holds. */
export function ownMemoryMiB(root: number): number {
  let kibibytes = 0;
  for (const pid of processTree(root)) {
    const status = textOf(`/proc/${pid}/status`);
    for (const form of OWN_MEMORY) kibibytes += Number(form.exec(status)?.[1] ?? 0);
  }
  return kibibytes / 1024;
}

const OWN_MEMORY: readonly RegExp[] = [/^RssAnon:\s+(\d+) kB$/m, /^RssShmem:\s+(\d+) kB$/m];
const room = Buffer.allocUnsafe(64 * 1024);

/** What a file of /proc says; nothing if the process is gone. Longer than the room: a list of children of thousands, read whole. */
function textOf(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = readSync(file, room, 0, room.length, null);
      return bytes < room.length ? room.toString('latin1', 0, bytes) : readFileSync(path, 'latin1');
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}

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
