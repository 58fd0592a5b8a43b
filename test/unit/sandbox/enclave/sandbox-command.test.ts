import { spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { type SandboxPlan, sandboxCommand, sandboxPaths } from '../../../../src/sandbox/enclave/sandbox-command.ts';

const PLAN: SandboxPlan = {
  isolation: 'bubblewrap',
  nestedUserNamespaces: false,
  toolFolders: ['/usr/bin'],
  program: ['/usr/local/node', '/app/worker.ts'],
  code: ['/app'],
  sealedFile: '/data/enclave/d/v1.duckdb',
  buildFolder: null,
  readable: ['/in/a.csv'],
  writable: ['/out'],
  tempFolder: '/tmp/enclave-1',
  tempMiB: 16,
};

/** What follows each occurrence of an option. */
function valuesOf(argv: readonly string[], option: string, count: number): readonly string[] {
  return argv.flatMap((word, index) => (word === option ? [argv.slice(index + 1, index + 1 + count).join(' ')] : []));
}

describe('bubblewrap', () => {
  const { argv, env } = sandboxCommand(PLAN);

  test('shares no namespace, clears the environment and dies with its parent', () => {
    for (const option of ['--unshare-all', '--unshare-user', '--disable-userns', '--clearenv', '--die-with-parent', '--new-session']) {
      expect(argv).toContain(option);
    }
    expect(valuesOf(argv, '--cap-drop', 1)).toEqual(['ALL']);
    expect(argv).not.toContain('--share-net');
  });

  test('shows exactly the program, its code, libraries and mounts', () => {
    expect(valuesOf(argv, '--ro-bind', 2)).toEqual([
      '/usr/local/node /usr/local/node',
      '/app /app',
      '/in/a.csv /in/a.csv',
      '/data/enclave/d/v1.duckdb /data/sealed.duckdb',
    ]);
    expect(valuesOf(argv, '--bind', 2)).toEqual(['/out /out']);
    expect(valuesOf(argv, '--ro-bind-try', 1)).toEqual(['/usr/lib', '/usr/lib64', '/lib', '/lib64']);
  });

  test('shows kept code read-only to all but the worker that makes it', () => {
    const shown = (isWritable: boolean) => sandboxCommand({ ...PLAN, codeCache: { folder: '/tmp/code', isWritable } }).argv;
    expect(valuesOf(shown(false), '--ro-bind', 2)).toContain('/tmp/code /code');
    expect(valuesOf(shown(false), '--bind', 2)).toEqual(['/out /out']);
    expect(valuesOf(shown(true), '--bind', 2)).toContain('/tmp/code /code');
    for (const isolation of ['namespaces', 'process'] as const) {
      const { argv: other, env: its } = sandboxCommand({ ...PLAN, isolation, codeCache: { folder: '/tmp/code', isWritable: false } });
      expect(JSON.stringify([other, its])).not.toContain('/tmp/code');
    }
  });

  test('a worker that writes the kept code ends by itself where its folder is gone before it began', () => {
    const gone = ['/usr/bin/env', 'sh', '-c', 'while :; do :; done'] as const;
    const { argv: looping } = sandboxCommand({
      ...PLAN,
      isolation: 'process',
      program: [...gone],
      codeCache: { folder: '/gone', isWritable: true },
    });
    expect(looping.join(' ')).toContain('ulimit -t 20');
    const [command, ...args] = looping.map((word) => word.replace('ulimit -t 20', 'ulimit -t 1'));
    expect(spawnSync(command ?? '', args, { timeout: 60_000 }).signal).toMatch(/SIGXCPU|SIGKILL/);
    expect(sandboxCommand(PLAN).argv.join(' ')).not.toContain('ulimit -t');
  });

  test('caps the size of the only folder it may fill', () => {
    expect(valuesOf(argv, '--size', 3)).toEqual([`${16 * 1024 * 1024} --tmpfs /spill`]);
    expect(valuesOf(argv, '--remount-ro', 1)).toEqual(['/dev', '/']);
  });

  test('passes nothing of the parent’s environment', () => {
    expect(Object.keys(env).sort()).toEqual(['LC_ALL', 'MALLOC_ARENA_MAX', 'PATH', 'TZ']);
  });
});

test('no level leaves core files', () => {
  for (const isolation of ['bubblewrap', 'namespaces', 'process'] as const) {
    expect(
      sandboxCommand({ ...PLAN, isolation })
        .argv.slice(0, 3)
        .join(' '),
    ).toContain('ulimit -c 0');
  }
});

test('without a folder of capped size there is no spilling', () => {
  expect(sandboxPaths({ ...PLAN, isolation: 'process' }).spillFolder).toBeNull();
  expect(sandboxPaths({ ...PLAN, tempMiB: 0 }).spillFolder).toBeNull();
  expect(sandboxPaths({ ...PLAN, isolation: 'namespaces' }).spillFolder).toBe('/tmp/enclave-1/spill');
});
