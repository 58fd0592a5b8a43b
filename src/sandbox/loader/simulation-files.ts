import { mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Dataset, Table } from '../../catalog/dataset.ts';
import { quoteName, quoteText } from '../../catalog/identifier.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { simulationFile } from '../../synthetic/simulation-declaration.ts';
import type { Enclave, EnclaveFailure, EnclaveSession, QueryRows, SessionLimits, SessionMounts } from '../enclave/port.ts';

const LIMITS: SessionLimits = { memoryMiB: 1024, threads: 2, tempMiB: 4096, timeoutMs: 1_800_000, maxRows: 1000 };

/** Where the CSV files of a set are, and where new files are made before they stand beside them. Same file system. */
export interface SetFolder {
  readonly enclave: Enclave;
  readonly folder: string;
  readonly staging: string;
}

/**
 * The first rows of one table as text, in the order of the file. `rows` at least 1; NULL stays NULL. Refuses with
 * `simulation.failed` where the file cannot be read. Source: requirement GZ-16b (view).
 */
export async function previewRows(set: SetFolder, table: Table, rows: number): Promise<Result<QueryRows, readonly Problem[]>> {
  const path = join(set.folder, simulationFile(table.name));
  const columns = table.columns.map((column) => `${quoteName(column.name)}::VARCHAR AS ${quoteName(column.name)}`);
  const mounts = { database: { kind: 'memory' }, readable: [path], writable: [] } as const;
  const read = await inSession(set.enclave, mounts, (session) =>
    session.query(`SELECT ${columns.join(', ')} FROM ${csvRows(path, table)} LIMIT ${Math.floor(rows)}`),
  );
  if (!read.ok) return read;
  const types = table.columns.map((column) => ({ name: column.name, type: column.type }));
  return ok({ columns: types, rows: read.value.rows });
}

/** One table as Parquet, made when first asked for; gives its path. Source: issue "Simulation data" (CSV, Parquet, DuckDB file). */
export function parquetFile(set: SetFolder, table: Table, label: string): Promise<Result<string, readonly Problem[]>> {
  return made(set, `${table.name}.parquet`, (target, staging) => {
    const path = join(set.folder, simulationFile(table.name));
    const mounts = { database: { kind: 'memory' }, readable: [path], writable: [staging] } as const;
    const copy = `COPY (SELECT * FROM ${csvRows(path, table)}) TO ${quoteText(target)} (FORMAT parquet, KV_METADATA {label: ${quoteText(label)}})`;
    return inSession(set.enclave, mounts, (session) => session.query(copy));
  });
}

/**
 * The whole set as one DuckDB file with the declared tables, types and NOT NULL, and `sluice.simulation`, which says what it is.
 * Made when first asked for; gives its path. Without keys or indices. Source: synthetic-and-masking.md §3.2 (DDL of simulation).
 */
export function databaseFile(set: SetFolder, dataset: Dataset, label: string): Promise<Result<string, readonly Problem[]>> {
  return made(set, `${dataset.name}.duckdb`, (target) => {
    const readable = dataset.tables.map((table) => join(set.folder, simulationFile(table.name)));
    const mounts = { database: { kind: 'create', path: target }, readable, writable: [] } as const;
    return inSession(set.enclave, mounts, async (session) => {
      const statements = [
        ...dataset.tables.flatMap((table, index) => tableStatements(table, readable[index] ?? '')),
        'CREATE SCHEMA sluice',
        `CREATE TABLE sluice.simulation AS SELECT ${quoteText(label)} AS label, ${quoteText(dataset.name)} AS dataset`,
      ];
      let last: Result<QueryRows, EnclaveFailure> = err('other');
      for (const statement of statements) {
        last = await session.query(statement);
        if (!last.ok) return last;
      }
      return last;
    });
  });
}

function tableStatements(table: Table, path: string): readonly string[] {
  const columns = table.columns.map((column) => `${quoteName(column.name)} ${column.type}${column.nullable ? '' : ' NOT NULL'}`);
  const name = quoteName(table.name);
  return [`CREATE TABLE ${name} (${columns.join(', ')})`, `INSERT INTO ${name} SELECT * FROM ${csvRows(path, table)}`];
}

/** Rows of a file of ours in their declared types; an empty field is NULL, a quoted one is the empty text. */
function csvRows(path: string, table: Table): string {
  const columns = table.columns.map((column) => `${quoteText(column.name)}: ${quoteText(column.type)}`);
  const form = `auto_detect = false, header = true, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false`;
  return `read_csv(${quoteText(path)}, ${form}, columns = {${columns.join(', ')}})`;
}

async function made(
  { folder, staging }: SetFolder,
  name: string,
  build: (target: string, staging: string) => Promise<Result<unknown, readonly Problem[]>>,
): Promise<Result<string, readonly Problem[]>> {
  const path = join(folder, name);
  if (await exists(path)) return ok(path);
  const aside = await mkdtemp(join(staging, 'simulation-'));
  try {
    const built = await build(join(aside, name), aside);
    if (!built.ok) return built;
    // Whoever else made it meanwhile made the same.
    await rename(join(aside, name), path);
    return ok(path);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}

async function inSession(
  enclave: Enclave,
  mounts: SessionMounts,
  work: (session: EnclaveSession) => Promise<Result<QueryRows, EnclaveFailure>>,
): Promise<Result<QueryRows, readonly Problem[]>> {
  const opened = await enclave.open(mounts, LIMITS);
  if (!opened.ok) return err([problem('simulation.failed', { kind: opened.error })]);
  try {
    const answer = await work(opened.value);
    return answer.ok ? answer : err([problem('simulation.failed', { kind: answer.error })]);
  } finally {
    await opened.value.close();
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
