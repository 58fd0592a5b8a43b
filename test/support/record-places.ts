import pg from 'pg';
import { isPostgresInstalled, type PrivatePostgres, startPostgres } from './private-postgres.ts';

type Settings = Record<string, string>;

/** Where instances of a test keep their records: every data folder has its own. */
export interface RecordPlaces {
  readonly name: 'SQLite' | 'PostgreSQL';
  start(): Promise<void>;
  /** Settings of the instance in a folder (any name that tells it from others). */
  of(folder: string): Promise<Settings>;
  remove(): Promise<void>;
}

/** In the folder itself. */
export function recordsOnSqlite(): RecordPlaces {
  return { name: 'SQLite', start: () => Promise.resolve(), of: () => Promise.resolve({}), remove: () => Promise.resolve() };
}

/** A database each on a server of its own; null where there is none on this machine, which test/integration/postgres says. */
export function recordsOnPostgres(): RecordPlaces | null {
  if (!isPostgresInstalled()) return null;
  let server: PrivatePostgres | null = null;
  const known = new Map<string, Promise<Settings>>();
  const make = async (url: string, name: string): Promise<Settings> => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query(`CREATE DATABASE ${name}`);
    } finally {
      await client.end();
    }
    return { SLUICE_DATABASE_URL: url.replace('/postgres?', `/${name}?`) };
  };
  return {
    name: 'PostgreSQL',
    async start() {
      server = await startPostgres();
    },
    of(folder) {
      if (server === null) throw new Error('The server has not been started');
      const made = known.get(folder) ?? make(server.url, `place_${known.size}`);
      known.set(folder, made);
      return made;
    },
    remove: async () => server?.remove(),
  };
}
