import { CompiledQuery, type Driver, type Kysely, PostgresDialect, type PostgresDialectConfig, PostgresDriver, sql } from 'kysely';
import pg from 'pg';
import { StoreUnavailable } from '../operations/store-unavailable.ts';
import type { Database } from './schema.ts';

/** Longest time a write waits for those of other processes. */
const LOCK_TIMEOUT_MS = 30_000;
/** A process that stopped in the middle of a transaction loses it, so that the others go on. */
const IDLE_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 5_000;
const READERS = 6;
const WRITERS = 2;

/**
 * Settings that durability rests on, set for every session, whatever the address says. What only the server can set is looked at by
 * `requireDurable`.
 */
const SESSION = `set synchronous_commit = on; set time zone 'UTC'; set client_encoding = 'UTF8'; set standard_conforming_strings = on;
  set lock_timeout = ${LOCK_TIMEOUT_MS}; set idle_in_transaction_session_timeout = ${IDLE_TIMEOUT_MS}`;
const READ_ONLY = 'set default_transaction_read_only = on';

const INT8 = 20;
const NUMERIC = 1700;

/**
 * Connections to our own records on PostgreSQL; none is made before the first statement. Whole numbers come as numbers, as from SQLite;
 * one that a number cannot hold exactly is a fault.
 */
export function openPostgresPool(url: string, access: 'write' | 'read'): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    application_name: `sluice-${access}`,
    max: access === 'read' ? READERS : WRITERS,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    allowExitOnIdle: true,
    types: { getTypeParser: parserOf as typeof pg.types.getTypeParser },
  });
  // A connection that breaks while nobody uses it leaves the pool; who asks next gets another one, or the fault.
  pool.on('error', () => undefined);
  // One that breaks between two statements of a transaction would otherwise end the process: its next statement tells.
  pool.on('connect', (client) => client.on('error', () => undefined));
  return pool;
}

function parserOf(oid: number, format?: 'text' | 'binary'): (text: string) => unknown {
  if (oid === INT8 || oid === NUMERIC) return exactNumber;
  return pg.types.getTypeParser(oid, format as 'text');
}

function exactNumber(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value)) throw new RangeError('A number of the store is not a whole number that can be held exactly');
  return value;
}

/** Throws where the server does not keep what it acknowledges through a crash. `full_page_writes` off can tear pages. */
export async function requireDurable(db: Kysely<Database>): Promise<void> {
  const { rows } = await sql<{ readonly name: string; readonly setting: string }>`select name, setting from pg_settings
    where name in ('fsync', 'full_page_writes', 'synchronous_commit', 'server_encoding')`.execute(db);
  const setting = new Map(rows.map((row) => [row.name, row.setting]));
  const isDurable = ['fsync', 'full_page_writes', 'synchronous_commit'].every((name) => setting.get(name) === 'on');
  if (!isDurable)
    throw new Error('PostgreSQL does not keep what it acknowledges: fsync, full_page_writes and synchronous_commit must be on');
  if (setting.get('server_encoding') !== 'UTF8') throw new Error('The PostgreSQL database must have the encoding UTF8');
}

/**
 * Kysely's dialect for our own records on PostgreSQL. A transaction takes one lock of the whole database before its first statement, so
 * that writes of all processes stand in line exactly as with SQLite's `begin immediate`: numbers of the log, reservations of the ledger,
 * budgets and votes are decided over what was committed before. Isolation is read committed, because a snapshot taken together with
 * the lock would be older than the lock. The lock ends with the transaction, whatever becomes of the process.
 * Source: ADR 0024; PostgreSQL 15, §13.2.1 and §13.3.5.
 */
export class SerialPostgresDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(pool: pg.Pool, access: 'write' | 'read') {
    const settings = access === 'write' ? SESSION : `${SESSION}; ${READ_ONLY}`;
    const config: PostgresDialectConfig = {
      pool,
      onCreateConnection: async (connection) => {
        await connection.executeQuery(CompiledQuery.raw(settings));
      },
    };
    super(config);
    this.#config = config;
  }

  override createDriver(): Driver {
    return new SerialDriver(this.#config);
  }
}

/** `pg_advisory_xact_lock` has keys of two parts: ours, and the schema, so that two instances in one database do not wait for each other. */
const TAKE_LOCK = `select pg_advisory_xact_lock(1936487795, hashtext(current_schema()))`;

type Connection = Parameters<PostgresDriver['rollbackTransaction']>[0];

class SerialDriver extends PostgresDriver {
  readonly #translating = new WeakSet<Connection>();

  override async acquireConnection(): Promise<Connection> {
    const connection = (await super.acquireConnection().catch(translated)) as Connection;
    if (this.#translating.has(connection)) return connection;
    const execute = connection.executeQuery.bind(connection);
    connection.executeQuery = <R>(query: CompiledQuery) => execute<R>(query).catch(translated);
    this.#translating.add(connection);
    return connection;
  }

  override async beginTransaction(connection: Connection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin isolation level read committed'));
    try {
      await connection.executeQuery(CompiledQuery.raw(TAKE_LOCK));
    } catch (error) {
      // Kysely rolls back only what has begun.
      await this.rollbackTransaction(connection).catch(() => undefined);
      throw error;
    }
  }
}

/** Codes of the server that say it is not there for us now, and of the network. Source: PostgreSQL 15, Appendix A. */
const AWAY =
  /^(08...|53...|57P0[1-5]|58...|25006|25P03|55P03|ECONN.*|E(NOENT|PIPE|HOSTUNREACH|NETUNREACH|TIMEDOUT|AI_AGAIN|NOTFOUND|ACCES))$/;
const AWAY_TEXT = /^(Connection terminated|timeout e|Client has encountered a connection error|Client was closed)/;

function translated(error: unknown): never {
  if (error instanceof Error && isAway(error)) throw new StoreUnavailable({ cause: error });
  throw error;
}

function isAway(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  if (AWAY.test(code) || AWAY_TEXT.test(error.message)) return true;
  return error instanceof AggregateError && error.errors.some((each) => each instanceof Error && isAway(each));
}
