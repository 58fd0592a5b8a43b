import { closeSync, openSync } from 'node:fs';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { CompiledQuery, type DatabaseConnection, type Driver, type SqliteDatabase, SqliteDialect, SqliteDriver } from 'kysely';

/** Longest time a write waits for those of other processes. */
const LOCK_TIMEOUT_MS = 30_000;
const LOCK_PAUSE_MS = 2;
/** Short, because `node:sqlite` waits with the whole process; the patience is in `beginTransaction`. */
const BUSY_TIMEOUT_MS = 50;
const OPEN_BUSY_TIMEOUT_MS = 10_000;
const SQLITE_BUSY = 5;

/** A connection to the SQLite file at `path`, which is made with mode 0600 where there is none. Checks that the settings that durability rests on are in force. */
export function openSqlite(path: string, access: 'write' | 'read'): DatabaseSync {
  closeSync(openSync(path, 'a', 0o600));
  const database = new DatabaseSync(path, { timeout: OPEN_BUSY_TIMEOUT_MS, enableForeignKeyConstraints: true });
  database.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA secure_delete = ON;');
  if (access === 'read') database.exec('PRAGMA query_only = ON');
  const mode = database.prepare('PRAGMA journal_mode').get()?.journal_mode;
  const synchronous = database.prepare('PRAGMA synchronous').get()?.synchronous;
  if (mode !== 'wal' || synchronous !== 2) throw new Error('SQLite does not grant write-ahead log with full synchronisation');
  database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
  return database;
}

/** Kysely's dialect over `node:sqlite`. Transactions take the write lock at once, and wait for it without blocking the process. */
export class NodeSqliteDialect extends SqliteDialect {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    super({ database: shim(database) });
    this.#database = database;
  }

  override createDriver(): Driver {
    return new ImmediateDriver(this.#database);
  }
}

class ImmediateDriver extends SqliteDriver {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    super({ database: shim(database) });
    this.#database = database;
  }

  /** On a full disk SQLite has rolled back by itself; a second rollback would fail and hide why. */
  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.isTransaction) await super.rollbackTransaction(connection);
  }

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const deadline = performance.now() + LOCK_TIMEOUT_MS;
    for (;;) {
      try {
        await connection.executeQuery(CompiledQuery.raw('begin immediate'));
        return;
      } catch (error) {
        if (!isBusy(error) || performance.now() > deadline) throw error;
        await sleep(LOCK_PAUSE_MS);
      }
    }
  }
}

/** Statements that are kept for the next time; preparing one costs more than running it. */
const MOST_KEPT = 200;
const SCHEMA_CHANGE = /^\s*(?:create|alter|drop)\b/i;

/** The part of better-sqlite3's interface that Kysely asks for. */
function shim(database: DatabaseSync): SqliteDatabase {
  const kept = new Map<string, StatementSync>();
  const prepared = (sql: string): StatementSync => {
    const before = kept.get(sql);
    if (before !== undefined) return before;
    if (kept.size >= MOST_KEPT || SCHEMA_CHANGE.test(sql)) kept.clear();
    const statement = database.prepare(sql);
    if (!SCHEMA_CHANGE.test(sql)) kept.set(sql, statement);
    return statement;
  };
  return {
    close: () => database.close(),
    prepare: (sql) => {
      const statement = prepared(sql);
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...(parameters as SQLInputValue[])),
        run: (parameters) => statement.run(...(parameters as SQLInputValue[])),
        iterate: (parameters) => statement.iterate(...(parameters as SQLInputValue[])),
      };
    },
  };
}

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && typeof error.errcode === 'number' && (error.errcode & 0xff) === SQLITE_BUSY;
}
