import type { DuckDBExtractedStatements, DuckDBPreparedStatement } from '@duckdb/node-api';
import { type DuckDBConnection, DuckDBInstance, JsonDuckDBValueConverter } from '@duckdb/node-api';
import { MAX_ANSWER_BYTES } from './limits.ts';
import type { OpenMessage } from './messages.ts';
import type { Cell } from './port.ts';
import { keptRowsIn, readsOnlySealedTables, type SealedCatalog } from './sealed-statement.ts';

/** The answer would be larger than the session allows. */
export class TooLarge extends Error {}

/** No statement, or something else than one SELECT over the tables of a sealed database. */
export class NotAllowed extends Error {}

/** Rows of one statement, already as JSON text. */
export interface RowsText {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rowsJson: string;
}

export interface Engine {
  /** Runs `sql`; the rows are those of its last statement. A sealed database takes one SELECT over its tables. */
  query(sql: string, parameters: readonly (string | number | boolean | null)[]): Promise<RowsText>;
  /** The same while another statement runs; rows that the session keeps are not seen there. Null: one after another. */
  readonly queryBeside: Engine['query'] | null;
  progress(): number;
  interrupt(): void;
  /** Writes the database out and lets go of it. */
  close(): void;
}

/**
 * Opens the session's database and locks DuckDB's settings. They are not the wall (many doors stay open behind them):
 * that is the process and the closed allow-list of the gate. Source: gate.md §10, sql-gate.md §4.2.
 */
export async function openEngine(message: OpenMessage): Promise<Engine> {
  const { database, settings } = message;
  const instance = await DuckDBInstance.create(database.kind === 'memory' ? ':memory:' : database.path, {
    ...(database.kind === 'sealed' ? { access_mode: 'READ_ONLY' } : {}),
    threads: String(settings.threads),
    memory_limit: `${settings.memoryMiB}MiB`,
    temp_directory: settings.spill?.directory ?? '',
    ...(settings.spill === null ? {} : { max_temp_directory_size: `${settings.spill.maxMiB}MiB` }),
    allow_community_extensions: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  const sealed = database.kind === 'sealed' ? await sealedCatalog(connection) : null;
  const judge = sealed === null ? null : await readJudge(connection);
  // Before the settings are locked: those of a connection are its own.
  const beside = sealed === null ? null : await instance.connect();
  const judgeBeside = beside === null ? null : await readJudge(beside);
  for (const statement of SESSION_SETTINGS) await beside?.run(statement);
  for (const statement of lockingStatements(message)) await connection.run(statement);
  return {
    query: async (sql, parameters) => {
      const statements = await connection.extractStatements(sql);
      const kept = sealed === null || judge === null ? undefined : await judge(sql, statements.count, sealed);
      const rows = await runStatements(statements, parameters, settings.maxRows);
      if (kept !== undefined) sealed?.kept.add(kept);
      return rows;
    },
    queryBeside:
      beside === null || judgeBeside === null || sealed === null
        ? null
        : async (sql, parameters) => {
            if (keptRowsIn(sql) !== undefined) throw new NotAllowed();
            const statements = await beside.extractStatements(sql);
            await judgeBeside(sql, statements.count, { ...sealed, kept: NOTHING_KEPT });
            return runStatements(statements, parameters, settings.maxRows);
          },
    progress: () => percentage(connection),
    interrupt: () => {
      connection.interrupt();
      beside?.interrupt();
    },
    close: () => {
      connection.closeSync();
      beside?.closeSync();
      instance.closeSync();
    },
  };
}

interface SessionCatalog extends SealedCatalog {
  /** Names of rows that the session keeps or kept. */
  readonly kept: Set<string>;
}

async function sealedCatalog(connection: DuckDBConnection): Promise<SessionCatalog> {
  const names = async (sql: string): Promise<ReadonlySet<string>> =>
    new Set((await connection.runAndReadAll(sql)).getRowsJson().map((row) => String(row[0]).toLowerCase()));
  return {
    tables: await names(`SELECT table_name FROM duckdb_tables() WHERE database_name = 'sealed' AND schema_name = 'main'`),
    systemViews: await names('SELECT view_name FROM duckdb_views() WHERE internal'),
    kept: new Set(),
  };
}

const NOTHING_KEPT: ReadonlySet<string> = new Set();

/** Gives the name of rows that are to be kept, if any; throws NotAllowed. */
type ReadJudge = (sql: string, statements: number, catalog: SealedCatalog) => Promise<string | undefined>;

/** The question for the parse tree is prepared once: to plan it anew costs more than the tree. */
async function readJudge(connection: DuckDBConnection): Promise<ReadJudge> {
  const serialise = await connection.prepare('SELECT json_serialize_sql($1::VARCHAR)');
  return async (sql, statements, catalog) => {
    const kept = keptRowsIn(sql);
    if (kept !== undefined && catalog.tables.has(kept.name)) throw new NotAllowed();
    if (statements !== 1) throw new NotAllowed();
    if (kept?.select === null) return undefined;
    serialise.bindVarchar(1, kept?.select ?? sql);
    const chunk = await (await serialise.run()).fetchChunk();
    if (!readsOnlySealedTables(String(chunk?.getColumnValues(0)[0]), catalog)) throw new NotAllowed();
    return kept?.name;
  };
}

const SESSION_SETTINGS: readonly string[] = [`SET TimeZone = 'UTC'`, 'SET perfect_ht_threshold = 20'];

/** The allow-lists of paths bite only once external access is off, and everything holds only once it is locked. */
function lockingStatements(message: OpenMessage): readonly string[] {
  const { settings } = message;
  const paths = [...message.allowedPaths, ...message.allowedDirectories];
  const list = (items: readonly string[]): string => `[${items.map((path) => `'${path.replaceAll("'", "''")}'`).join(', ')}]`;
  return [
    ...SESSION_SETTINGS,
    ...(message.database.kind === 'sealed' ? [] : ['SET enable_progress_bar = true', 'SET enable_progress_bar_print = false']),
    // Disabling file systems also stops spilling, so only where there is none.
    ...(message.database.kind === 'memory' && settings.spill === null && paths.length === 0
      ? [`SET disabled_filesystems = 'LocalFileSystem'`]
      : []),
    ...(message.allowedPaths.length === 0 ? [] : [`SET allowed_paths = ${list(message.allowedPaths)}`]),
    ...(message.allowedDirectories.length === 0 ? [] : [`SET allowed_directories = ${list(message.allowedDirectories)}`]),
    'SET enable_external_access = false',
    'SET lock_configuration = true',
  ];
}

async function runStatements(
  statements: DuckDBExtractedStatements,
  parameters: readonly (string | number | boolean | null)[],
  maxRows: number,
): Promise<RowsText> {
  for (let index = 0; index < statements.count; index += 1) {
    const statement = await statements.prepare(index);
    try {
      if (index === statements.count - 1) return await runLast(statement, parameters, maxRows);
      await statement.run();
    } finally {
      statement.destroySync(); // holds its plan and buffers until the collector comes, which small rows never call
    }
  }
  throw new NotAllowed();
}

async function runLast(
  statement: DuckDBPreparedStatement,
  parameters: readonly (string | number | boolean | null)[],
  maxRows: number,
): Promise<RowsText> {
  parameters.forEach((value, index) => {
    bind(statement, index + 1, value);
  });
  return readRows(statement, maxRows);
}

function bind(statement: DuckDBPreparedStatement, index: number, value: string | number | boolean | null): void {
  if (value === null) statement.bindNull(index);
  else if (typeof value === 'string') statement.bindVarchar(index, value);
  else if (typeof value === 'boolean') statement.bindBoolean(index, value);
  else if (!Number.isSafeInteger(value) || Object.is(value, -0)) statement.bindDouble(index, value);
  else if (Math.abs(value) < 2 ** 31) statement.bindInteger(index, value);
  else statement.bindBigInt(index, BigInt(value));
}

/** Streams the rows into JSON text, so that an answer that is too large is noticed before it is held. */
async function readRows(statement: DuckDBPreparedStatement, maxRows: number): Promise<RowsText> {
  const result = await statement.stream();
  const columns = result.columnNames().map((name, index) => ({ name, type: String(result.columnType(index)) }));
  const parts: string[] = [];
  let rows = 0;
  let bytes = 0;
  for (let chunk = await result.fetchChunk(); chunk !== null && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
    rows += chunk.rowCount;
    if (rows > maxRows) throw new TooLarge();
    const text = chunk
      .convertRows(JsonDuckDBValueConverter)
      .map((row) => JSON.stringify(row.map(toCell)))
      .join(',');
    bytes += Buffer.byteLength(text) + 1;
    if (bytes > MAX_ANSWER_BYTES) throw new TooLarge();
    parts.push(text);
  }
  return { columns, rowsJson: `[${parts.join(',')}]` };
}

/** Structs and maps have no form of their own among cells: they become JSON text. */
function toCell(value: unknown): Cell {
  if (Array.isArray(value)) return value.map(toCell);
  if (typeof value === 'object' && value !== null) return JSON.stringify(value);
  return (value ?? null) as Cell;
}

/** DuckDB gives −1 before a statement runs, and at times a little above 100. */
function percentage(connection: DuckDBConnection): number {
  const value = connection.progress.percentage;
  return Number.isFinite(value) && value >= 0 ? Math.min(100, value) : -1;
}
