import { type ChildProcess, execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { roomyFolder } from './roomy-folder.ts';

const run = promisify(execFile);

/** Where Debian keeps the programs of the server, beside the usual path. */
const PLACES = [
  ...(process.env['PATH'] ?? '').split(delimiter),
  ...[18, 17, 16, 15, 14].map((major) => `/usr/lib/postgresql/${major}/bin`),
];

function program(name: string): string | null {
  return PLACES.map((place) => join(place, name)).find((path) => spawnSync(path, ['--version']).status === 0) ?? null;
}

/** A server of its own on a socket in a folder of its own; nothing listens on the network. */
export interface PrivatePostgres {
  readonly url: string;
  /** `fast` ends sessions; `immediate` is as if the machine had gone. */
  stop(mode: 'fast' | 'immediate'): Promise<void>;
  start(): Promise<void>;
  remove(): Promise<void>;
}

/** Whether the server's programs are on this machine. */
export function isPostgresInstalled(): boolean {
  return program('initdb') !== null && program('postgres') !== null && owner() !== null;
}

/** PostgreSQL refuses to run as root: then it runs as its own user, or nobody. `undefined`: as whoever runs the tests. */
type Owner = { readonly uid: number; readonly gid: number };

function owner(): Owner | undefined | null {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => Number.parseInt(spawnSync('id', [flag, name], { encoding: 'utf8' }).stdout, 10));
    if (uid !== undefined && gid !== undefined && uid > 0 && gid > 0) return { uid, gid };
  }
  return null;
}

/** Starts one; durability is on, as the product asks for it. `settings` go to the server. */
export async function startPostgres(settings: readonly string[] = []): Promise<PrivatePostgres> {
  const as: Partial<Owner> = owner() ?? {};
  const [initdb, postgres] = [program('initdb'), program('postgres')];
  if (initdb === null || postgres === null) throw new Error('PostgreSQL is not installed');
  const folder = await mkdtemp(join(roomyFolder(), 'sluice-pg-'));
  if (as.uid !== undefined && as.gid !== undefined) await chown(folder, as.uid, as.gid);
  const data = join(folder, 'data');
  await run(initdb, ['-D', data, '-U', 'sluice', '--auth=trust', '--no-locale', '-E', 'UTF8', '--no-sync'], { ...as, cwd: folder });
  await writeFile(join(data, 'postgresql.auto.conf'), "listen_addresses = ''\nmax_connections = 300\nshared_buffers = 32MB\n");
  const url = `postgresql:///postgres?host=${encodeURIComponent(folder)}&user=sluice`;
  let server: ChildProcess | null = null;
  const start = async (): Promise<void> => {
    const options = ['-D', data, '-k', folder, ...settings.flatMap((setting) => ['-c', setting])];
    server = spawn(postgres, options, { ...as, cwd: folder, stdio: 'ignore' });
    for (let attempt = 0; attempt < 200; attempt += 1) {
      if (await answers(url)) return;
      await sleep(50);
    }
    throw new Error('PostgreSQL did not start');
  };
  const stop = async (mode: 'fast' | 'immediate'): Promise<void> => {
    if (server === null || server.exitCode !== null || server.signalCode !== null) return;
    const closed = once(server, 'close');
    server.kill(mode === 'fast' ? 'SIGINT' : 'SIGQUIT');
    await closed;
  };
  await start();
  return {
    url,
    start,
    stop,
    async remove() {
      await stop('immediate');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}
