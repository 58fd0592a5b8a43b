import { open } from 'node:fs/promises';
import { extname } from 'node:path';
import { quoteName, quoteText } from '../../catalog/identifier.ts';
import { err, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import type { Enclave, EnclaveSession } from '../enclave/port.ts';
import { mostFields } from './csv-shape.ts';
import { FILE_LIMITS, rowsOf, SessionFailed } from './file-tables.ts';
import { hasJsonShape } from './json-shape.ts';

/** A file to read as a table, whatever its columns. */
export interface TextFile {
  /** Absolute. */
  readonly path: string;
  /** What the file is called in messages: its own name, never a path. */
  readonly shown: string;
}

/** A table of texts inside a worker, read in pieces. */
export interface TextTable {
  readonly names: readonly string[];
  readonly rows: number;
  /** What the file says beside its rows: keys and values of Parquet metadata. */
  readonly metadata: readonly string[];
  /** Cells by column of rows `from` to `to`, counted from 0, the last not included. */
  read(from: number, to: number): Promise<readonly (readonly (string | null)[])[]>;
}

const JSON_NAME = /\.(json|jsonl|ndjson)$/i;
/** Nothing is a comment, and no line is passed over: what the engine would leave out might be what is looked for. */
const CSV = `header = true, all_varchar = true, quote = '"', escape = '"', comment = '', nullstr = ''`;
const PADDED = 'null_padding = true, strict_mode = false, parallel = false';
const DELIMITERS = { tsv: "E'\\t'", csv: `','` };

/**
 * Opens files as tables of texts in one worker that sees nothing else: CSV (UTF-8, UTF-16 with its mark, or GB 18030 where it is no UTF-8; tabs in `.tsv`; short rows are
 * padded, and a file with a row longer than its table is refused), JSON (rows or lines of objects, complete and at most 64 deep) and Parquet, by the ending of the name. Inner values become their text. The worker ends with
 * `work`; `folder` holds what must be decoded and is the caller's. Source: formats.md ("On files, without a server").
 */
export async function withTextTables<T>(
  enclave: Enclave,
  files: readonly TextFile[],
  folder: string,
  work: (tables: readonly TextTable[]) => Promise<Result<T, readonly Problem[]>>,
): Promise<Result<T, readonly Problem[]>> {
  const readable = [...new Set(files.map((file) => file.path))];
  const opened = await enclave.open({ database: { kind: 'memory' }, readable, writable: [folder] }, FILE_LIMITS);
  if (!opened.ok) return err(opened.error === 'file' ? files.map(unreadable) : [problem('files.failed', { kind: opened.error })]);
  try {
    const tables: TextTable[] = [];
    for (const [index, file] of files.entries()) {
      const table = await openTable(opened.value, file, index, folder);
      if (table === null) return err([unreadable(file)]);
      tables.push(table);
    }
    return await work(tables);
  } catch (error) {
    if (error instanceof SessionFailed) return err([problem('files.failed', { kind: error.kind })]);
    throw error;
  } finally {
    await opened.value.close();
  }
}

function unreadable({ shown }: TextFile): Problem {
  return problem('files.unreadable', { file: shown });
}

async function openTable(session: EnclaveSession, file: TextFile, index: number, folder: string): Promise<TextTable | null> {
  const name = `f${index}`;
  const source = await stage(session, file, name, folder);
  if (source === null) return null;
  const described = await rowsOf(session, `SELECT column_name FROM (DESCRIBE ${name})`);
  const names = described.map((row) => String(row[0]));
  const [count] = await rowsOf(session, `SELECT count(*) FROM ${name}`);
  const metadata = file.path.endsWith('.parquet') ? await parquetMetadata(session, file.path) : [];
  const columns = names.map((column) => `list(${quoteName(column)}::VARCHAR ORDER BY rowid)`).join(', ');
  return {
    names,
    rows: Number(count?.[0] ?? 0),
    metadata,
    async read(from, to) {
      const [row] = await rowsOf(session, `SELECT ${columns} FROM ${name} WHERE rowid >= ${from} AND rowid < ${to}`);
      return names.map((_, at) => {
        const cells = row?.[at];
        return Array.isArray(cells) ? cells.map((cell: unknown) => (cell === null ? null : String(cell))) : [];
      });
    },
  };
}

/** Reads the file into a table of the session, in the first way that succeeds; null where none does. */
async function stage(session: EnclaveSession, { path }: TextFile, name: string, folder: string): Promise<string | null> {
  const wide = await wideEncoding(path);
  if (wide === null && JSON_NAME.test(path) && !(await hasJsonShape(path))) return null;
  if (wide === null)
    for (const source of sourcesOf(path)) if (await makes(session, name, source)) return wholeOrNone(session, name, source, path);
  if (/\.parquet$/i.test(path) || (wide === null && JSON_NAME.test(path))) return null;
  const decoded = `${folder}/${name}${extname(path) || '.csv'}`;
  const transcoded = await session.transcode(path, decoded, wide ?? 'gb18030');
  if (!transcoded.ok || transcoded.value.badLine !== null) return null;
  if (JSON_NAME.test(decoded) && !(await hasJsonShape(decoded))) return null;
  for (const source of sourcesOf(decoded)) if (await makes(session, name, source)) return wholeOrNone(session, name, source, decoded);
  return null;
}

/** Where short rows were padded, long ones may have been cut: a file with a row that is longer than the table is not read at all. */
async function wholeOrNone(session: EnclaveSession, name: string, source: string, path: string): Promise<string | null> {
  if (!source.includes(PADDED)) return source;
  const [count] = await rowsOf(session, `SELECT count(*) FROM (DESCRIBE ${name})`);
  const most = await mostFields(path, /\.(tsv|tab)$/i.test(path) ? '\t' : ',');
  return most !== null && most <= Number(count?.[0] ?? 0) ? source : null;
}

/** UTF-16 says so in its first two bytes. Source: RFC 2781, section 3.2. */
async function wideEncoding(path: string): Promise<'utf-16le' | 'utf-16be' | null> {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    if (bytesRead < 2) return null;
    const mark = buffer.readUInt16BE();
    return mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : null;
  } finally {
    await file.close();
  }
}

function sourcesOf(path: string): readonly string[] {
  const text = quoteText(path);
  if (/\.parquet$/i.test(path)) return [`read_parquet(${text})`];
  if (JSON_NAME.test(path)) return [`read_json(${text}, sample_size = -1, dateformat = '%Y-%m-%d', maximum_object_size = 67108864)`];
  const options = `${CSV}, delim = ${/\.(tsv|tab)$/i.test(path) ? DELIMITERS.tsv : DELIMITERS.csv}`;
  return [`read_csv(${text}, ${options}, skip = 0)`, `read_csv(${text}, ${options}, ${PADDED})`];
}

async function makes(session: EnclaveSession, name: string, source: string): Promise<boolean> {
  return (await session.query(`CREATE OR REPLACE TABLE ${name} AS SELECT * FROM ${source}`)).ok;
}

async function parquetMetadata(session: EnclaveSession, path: string): Promise<readonly string[]> {
  const rows = await rowsOf(session, `SELECT key::VARCHAR, value::VARCHAR FROM parquet_kv_metadata(${quoteText(path)})`);
  return rows.flat().flatMap((cell) => (typeof cell === 'string' ? [cell] : []));
}
