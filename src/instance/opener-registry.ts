import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Registration {
  /** Whether no other living process has the instance open. */
  readonly alone: boolean;
  leave(): Promise<void>;
}

/**
 * Notes in `folder` that this process has the instance open, and tells whether it is the only one: only then may what
 * stands as running in the records be taken for dead. Two that open at the same moment both see the other, so neither
 * is alone: recovery then waits for the next start. Sees processes of this machine only.
 */
export async function registerOpener(folder: string): Promise<Registration> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const own = `${process.pid}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2)}`;
  await writeFile(join(folder, own), await startOf(process.pid), { mode: 0o600 });
  let alone = true;
  for (const name of await readdir(folder)) {
    if (name === own) continue;
    if (await isLiving(folder, name)) alone = false;
    else await rm(join(folder, name), { force: true });
  }
  return { alone, leave: () => rm(join(folder, own), { force: true }) };
}

async function isLiving(folder: string, name: string): Promise<boolean> {
  const pid = Number(/^(\d+)-/.exec(name)?.[1]);
  if (!Number.isSafeInteger(pid)) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const noted = await readFile(join(folder, name), 'utf8').catch(() => '');
  const now = await startOf(pid);
  return noted === '' || now === '' || noted === now;
}

/** Start of a process in clock ticks since boot, where the system tells it; process numbers are used again. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
