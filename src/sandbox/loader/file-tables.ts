import { quoteName, quoteText } from '../../catalog/identifier.ts';
import { err, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { Enclave, EnclaveFailure, EnclaveSession, QueryRows, SessionLimits } from '../enclave/port.ts';

/** A file beside a schema, and the columns wanted of it. */
export interface FileTable {
  /** Name of the table in the session: an identifier of our own. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  /** What the file is called in messages: its own name, never a path. */
  readonly shown: string;
  /** Between fields of CSV. Default: comma. */
  readonly delimiter?: ',' | ';' | '\t';
  readonly columns: readonly { readonly name: string; readonly header: string }[];
}

export const FILE_LIMITS: SessionLimits = { memoryMiB: 2048, threads: 2, tempMiB: 4096, timeoutMs: 1_800_000, maxRows: 200_000 };

/** Thrown when a session fails in the middle; caught where the session was opened. */
export class SessionFailed extends Error {
  readonly kind: EnclaveFailure;
  constructor(kind: EnclaveFailure) {
    super('The session failed');
    this.kind = kind;
  }
}

/**
 * Opens a session that sees these files and nothing else, reads each into a table of text columns (an empty field is NULL),
 * and runs `work` over it. CSV is UTF-8 with commas and a header; files ending in `.parquet` are Parquet. The session ends with
 * `work`. Source: formats.md (`synth` over files).
 */
export async function withFileTables<T>(
  enclave: Enclave,
  files: readonly FileTable[],
  work: (session: EnclaveSession) => Promise<Result<T, readonly Problem[]>>,
): Promise<Result<T, readonly Problem[]>> {
  const readable = [...new Set(files.map((file) => file.path))];
  const opened = await enclave.open({ database: { kind: 'memory' }, readable, writable: [] }, FILE_LIMITS);
  if (!opened.ok) {
    return err(
      opened.error === 'file'
        ? files.map((file) => problem('synth.file_unreadable', { file: file.shown }))
        : [problem('synth.failed', { kind: opened.error })],
    );
  }
  try {
    const problems: Problem[] = [];
    for (const file of files) problems.push(...(await readFile(opened.value, file)));
    return problems.length > 0 ? err(problems) : await work(opened.value);
  } catch (error) {
    if (error instanceof SessionFailed) return err([problem('synth.failed', { kind: error.kind })]);
    throw error;
  } finally {
    await opened.value.close();
  }
}

/** Rows of a statement; throws `SessionFailed` where the engine gives none. */
export async function rowsOf(session: EnclaveSession, sql: string): Promise<QueryRows['rows']> {
  const answer = await session.query(sql);
  if (!answer.ok) throw new SessionFailed(answer.error);
  return answer.value.rows;
}

async function readFile(session: EnclaveSession, file: FileTable): Promise<readonly Problem[]> {
  const path = quoteText(file.path);
  const from = file.path.endsWith('.parquet')
    ? `read_parquet(${path})`
    : `read_csv(${path}, header = true, all_varchar = true, delim = ${quoteText(file.delimiter ?? ',')}, quote = '"', escape = '"', nullstr = '', sample_size = 1000)`;
  const described = await session.query(`SELECT column_name FROM (DESCRIBE SELECT * FROM ${from})`);
  if (!described.ok) return [problem('synth.file_unreadable', { file: file.shown })];
  const present = new Set(described.value.rows.map((row) => String(row[0])));
  const missing = file.columns.filter((column) => !present.has(column.header)).map((column) => column.header);
  if (missing.length > 0) return [problem('synth.columns_missing', { file: file.shown, missing })];
  const columns = file.columns.map((column) => `${quoteName(column.header)}::VARCHAR AS ${quoteName(column.name)}`);
  const made = await session.query(`CREATE TABLE ${quoteName(file.name)} AS SELECT ${columns.join(', ')} FROM ${from}`);
  return made.ok ? [] : [problem('synth.file_unreadable', { file: file.shown })];
}

const CHUNK_ROWS = 100_000;

/** A numeric expression for every row of a table, in its order; NULL becomes NaN. */
export async function numberColumn(session: EnclaveSession, expression: string, from: string, rows: number): Promise<Float64Array> {
  const result = new Float64Array(rows);
  await eachChunk(session, expression, from, rows, (value, at) => {
    result[at] = value === null ? Number.NaN : Number(value);
  });
  return result;
}

/** A text expression for every row of a table, in its order. */
export async function textColumn(
  session: EnclaveSession,
  expression: string,
  from: string,
  rows: number,
): Promise<readonly (string | null)[]> {
  const result: (string | null)[] = new Array<string | null>(rows).fill(null);
  await eachChunk(session, expression, from, rows, (value, at) => {
    result[at] = value === null ? null : String(value);
  });
  return result;
}

/** One list per chunk of rows: far less to carry than a row each. */
async function eachChunk(
  session: EnclaveSession,
  expression: string,
  from: string,
  rows: number,
  put: (value: unknown, at: number) => void,
): Promise<void> {
  for (let start = 0; start < rows; start += CHUNK_ROWS) {
    const chunk = `SELECT rowid AS __o, ${expression} AS __v FROM ${from} WHERE rowid >= ${start} AND rowid < ${start + CHUNK_ROWS}`;
    const [row] = await rowsOf(session, `SELECT list(__v ORDER BY __o) FROM (${chunk})`);
    const values = row?.[0];
    if (Array.isArray(values)) for (const [index, value] of values.entries()) put(value, start + index);
  }
}

/** How many rows a table has. */
export async function rowCount(session: EnclaveSession, from: string): Promise<number> {
  const [row] = await rowsOf(session, `SELECT count(*) FROM ${from}`);
  return Number(row?.[0] ?? 0);
}
