import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Enclave, EnclaveSession, SessionLimits, SessionMounts } from '../../../src/sandbox/enclave/port.ts';
import { fileDigest } from '../../../src/sandbox/enclave/sealed-file.ts';

export const LIMITS: SessionLimits = { memoryMiB: 256, threads: 1, tempMiB: 32, timeoutMs: 30_000, maxRows: 1000 };
export const IN_MEMORY: SessionMounts = { database: { kind: 'memory' }, readable: [], writable: [] };

export const hasBubblewrap = runs('bwrap', ['--unshare-all', '--ro-bind', '/', '/', 'true']);
export const hasNamespaces = runs('unshare', ['--user', '--map-root-user', '--net', '--pid', '--fork', '--mount', 'true']);

function runs(command: string, args: readonly string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** A folder of the test's own with `tmp` for the enclave in it. */
export function makeFolder(): { readonly root: string; readonly tempRoot: string; remove(): void } {
  const root = mkdtempSync(join(tmpdir(), 'sluice-enclave-test-'));
  const tempRoot = join(root, 'tmp');
  mkdirSync(tempRoot);
  return { root, tempRoot, remove: () => rmSync(root, { recursive: true, force: true }) };
}

export async function openSession(enclave: Enclave, mounts: SessionMounts, limits: SessionLimits = LIMITS): Promise<EnclaveSession> {
  const opened = await enclave.open(mounts, limits);
  if (!opened.ok) throw new Error(`No session: ${opened.error}`);
  return opened.value;
}

/** Builds a sealed file with these statements, as the loader does, and gives what opens it. */
export async function sealFile(enclave: Enclave, path: string, statements: readonly string[]): Promise<SessionMounts> {
  const session = await openSession(enclave, { database: { kind: 'create', path }, readable: [], writable: [] });
  for (const statement of statements) {
    const answer = await session.query(statement);
    if (!answer.ok) throw new Error(`Statement failed: ${answer.error}`);
  }
  await session.close();
  chmodSync(path, 0o400);
  return { database: { kind: 'sealed', path, digest: await fileDigest(path) }, readable: [], writable: [] };
}

/** Process ids below this test's process whose command line ends in the script of a worker. */
export function workersBelow(pid: number, script = 'worker.ts'): readonly number[] {
  const found: number[] = [];
  const open = [pid];
  for (const parent of open) {
    for (const child of childrenOf(parent)) {
      open.push(child);
      const commandLine = commandLineOf(child);
      if (commandLine[0]?.endsWith('node') === true && commandLine.at(-1)?.endsWith(script) === true) found.push(child);
    }
  }
  return found;
}

function childrenOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).flatMap((task) =>
      readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
        .split(' ')
        .filter((text) => text !== '')
        .map(Number),
    );
  } catch {
    return [];
  }
}

function commandLineOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      .split('\0')
      .filter((text) => text !== '');
  } catch {
    return [];
  }
}
