import { join } from 'node:path';
import type { IsolationLevel } from './port.ts';

/** A program to run fenced in, and all it may see. Paths are absolute and exist. */
export interface SandboxPlan {
  readonly isolation: IsolationLevel;
  /** Bubblewrap before 0.8 cannot forbid user namespaces inside. */
  readonly nestedUserNamespaces: boolean;
  /** Where `bwrap`, `unshare`, `setpriv` and `mount` are looked for. Not the parent's PATH: that is the environment's to choose. */
  readonly toolFolders: readonly string[];
  /** Program and arguments; the program is made visible by itself. */
  readonly program: readonly [string, ...string[]];
  /** Code the program needs, read-only, each at its own path. */
  readonly code: readonly string[];
  /** The worker's code as the runtime compiled it; only the worker that makes it may write there. Only bubblewrap shows it. */
  readonly codeCache?: { readonly folder: string; readonly isWritable: boolean } | null;
  /** The sealed database, if the session has one. */
  readonly sealedFile: string | null;
  /** A private folder in which a new database is built, if the session builds one. */
  readonly buildFolder: string | null;
  readonly readable: readonly string[];
  readonly writable: readonly string[];
  /** Folder of this session alone, for what an isolation level needs outside the sandbox. */
  readonly tempFolder: string;
  /** Size of the folder for spilling; 0: none. */
  readonly tempMiB: number;
}

/** Where the program finds its things. */
export interface SandboxPaths {
  readonly sealedFile: string;
  readonly buildFolder: string;
  /** null: no folder whose size is capped, hence no spilling. */
  readonly spillFolder: string | null;
}

const ENVIRONMENT: Readonly<Record<string, string>> = { TZ: 'UTC', LC_ALL: 'C.UTF-8', MALLOC_ARENA_MAX: '2' };

/** Where dynamic loaders look for the libraries of the runtime. No programs, no configuration. */
const LIBRARY_FOLDERS = ['/usr/lib', '/usr/lib64', '/lib', '/lib64'];

/** A core file of a worker would hold rows. */
const WITHOUT_CORE_FILES = 'ulimit -c 0';

/**
 * The runtime makes its folder for compiled code before any of ours runs, and tries for ever where that folder was removed meanwhile:
 * a worker whose parent was killed while it started would never notice. Writing it takes about one second of processor time.
 */
const SHORT_LIVED = 'ulimit -t 20';

export function sandboxPaths(plan: SandboxPlan): SandboxPaths {
  if (plan.isolation === 'bubblewrap') {
    return { sealedFile: '/data/sealed.duckdb', buildFolder: '/build', spillFolder: plan.tempMiB > 0 ? '/spill' : null };
  }
  return {
    sealedFile: join(plan.tempFolder, 'sealed.duckdb'),
    buildFolder: plan.buildFolder ?? plan.tempFolder,
    spillFolder: plan.isolation === 'namespaces' && plan.tempMiB > 0 ? join(plan.tempFolder, 'spill') : null,
  };
}

/** The command line that runs the program at the plan's level, and the environment to run it in. Source: gate.md §10. */
export function sandboxCommand(plan: SandboxPlan): {
  readonly argv: readonly [string, ...string[]];
  readonly env: Readonly<Record<string, string>>;
} {
  const inner = plan.isolation === 'bubblewrap' ? bubblewrap(plan) : plan.isolation === 'namespaces' ? namespaces(plan) : plan.program;
  const limits = plan.codeCache?.isWritable === true ? `${WITHOUT_CORE_FILES} && ${SHORT_LIVED}` : WITHOUT_CORE_FILES;
  // PATH only for the tools that build the fence; bubblewrap clears it again.
  return { argv: ['/bin/sh', '-c', `${limits} && exec "$@"`, 'sh', ...inner], env: { ...ENVIRONMENT, PATH: plan.toolFolders.join(':') } };
}

function bubblewrap(plan: SandboxPlan): readonly string[] {
  const [binary] = plan.program;
  const readOnly = (path: string): string[] => ['--ro-bind', path, path];
  return [
    'bwrap',
    ...(plan.nestedUserNamespaces ? [] : ['--disable-userns']),
    ...['--unshare-all', '--unshare-user', '--uid', '1000', '--gid', '1000', '--hostname', 'enclave'],
    ...['--die-with-parent', '--new-session', '--clearenv', '--cap-drop', 'ALL'],
    ...Object.entries(ENVIRONMENT).flatMap(([name, value]) => ['--setenv', name, value]),
    ...['--dev', '/dev', '--remount-ro', '/dev'],
    ...(plan.tempMiB > 0 ? ['--size', String(plan.tempMiB * 1024 * 1024), '--tmpfs', '/spill'] : []),
    ...LIBRARY_FOLDERS.flatMap((path) => ['--ro-bind-try', path, path]),
    ...[binary, ...plan.code, ...plan.readable].flatMap(readOnly),
    ...codeCacheOf(plan),
    ...plan.writable.flatMap((path) => ['--bind', path, path]),
    ...(plan.sealedFile === null ? [] : ['--ro-bind', plan.sealedFile, '/data/sealed.duckdb']),
    ...(plan.buildFolder === null ? [] : ['--bind', plan.buildFolder, '/build']),
    ...['--remount-ro', '/', '--chdir', '/', '--'],
    ...plan.program,
  ];
}

function codeCacheOf({ codeCache }: SandboxPlan): readonly string[] {
  if (codeCache == null) return [];
  return ['--setenv', 'NODE_COMPILE_CACHE', '/code', codeCache.isWritable ? '--bind' : '--ro-bind', codeCache.folder, '/code'];
}

/**
 * Without bubblewrap the file system stays visible; network, processes and memory segments of others do not. The shell
 * stays as the first process: that one cannot kill itself, and the worker has to when its parent is gone.
 */
function namespaces(plan: SandboxPlan): readonly string[] {
  const spill = join(plan.tempFolder, 'spill');
  const mount = plan.tempMiB > 0 ? `mount -t tmpfs -o size=${plan.tempMiB}m,mode=0700,nosuid,nodev,noexec tmpfs "$0" || exit 1; ` : '';
  return [
    ...['unshare', '--user', '--map-root-user', '--net', '--pid', '--fork', '--kill-child=SIGKILL', '--mount', '--ipc', '--uts', '--'],
    ...['/bin/sh', '-c', `${mount}"$@"; exit $?`, spill],
    ...['setpriv', '--no-new-privs', '--inh-caps=-all', '--bounding-set=-all', '--'],
    ...plan.program,
  ];
}
