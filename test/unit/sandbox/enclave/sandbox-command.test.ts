import { describe, expect, test } from 'vitest';
import { type SandboxPlan, sandboxCommand, sandboxPaths } from '../../../../src/sandbox/enclave/sandbox-command.ts';

const PLAN: SandboxPlan = {
  isolation: 'bubblewrap',
  nestedUserNamespaces: false,
  toolFolders: ['/usr/bin'],
  program: ['/usr/local/node', '/app/worker.ts'],
  code: ['/app'],
  compileCache: null,
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

  test('shows compiled code read-only, where there is any', () => {
    const cached = sandboxCommand({ ...PLAN, compileCache: '/cache/v24-x64-1a-0' }).argv;
    expect(valuesOf(cached, '--ro-bind-try', 2)).toContain('/cache/v24-x64-1a-0 /compiled/v24-x64-1a-1000');
    expect(valuesOf(cached, '--bind', 2)).toEqual(['/out /out']);
    expect(valuesOf(cached, '--setenv', 2)).toContain('NODE_COMPILE_CACHE /compiled');
    expect(argv).not.toContain('NODE_COMPILE_CACHE');
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
