import { existsSync, readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';

/** Process ids of `root` and everything below it, parents first. Empty where there is no /proc. */
export async function processTree(root: number): Promise<readonly number[]> {
  const found = [root];
  for (const pid of found) found.push(...(await childrenOf(pid)));
  return found;
}

async function childrenOf(pid: number): Promise<readonly number[]> {
  try {
    const lists = await Promise.all(
      (await readdir(`/proc/${pid}/task`)).map((task) => readFile(`/proc/${pid}/task/${task}/children`, 'utf8').catch(() => '')),
    );
    return lists
      .join(' ')
      .split(/\s+/)
      .filter((text) => text !== '')
      .map(Number);
  } catch {
    return [];
  }
}

/** MiB of memory of its own (not files mapped for reading) that the process tree holds. */
export async function ownMemoryMiB(root: number): Promise<number> {
  let kibibytes = 0;
  for (const pid of await processTree(root)) {
    const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
    for (const name of ['RssAnon', 'RssShmem']) {
      kibibytes += Number(new RegExp(`^${name}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1] ?? 0);
    }
  }
  return kibibytes / 1024;
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
