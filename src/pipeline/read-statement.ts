import type { Dataset } from '../catalog/dataset.ts';
import { readSealedSchema } from '../catalog/sealed-layout.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Enclave, EnclaveFailure, EnclaveSession, SessionLimits } from '../sandbox/enclave/port.ts';

/** The engine's two readings of a text: its syntax tree, and the plan bound against the empty clone. */
export interface Reading {
  readonly tree: string;
  readonly plan: string;
}

/** Admission touches no data and needs little. */
export const ADMISSION_LIMITS: SessionLimits = { memoryMiB: 256, threads: 1, tempMiB: 16, timeoutMs: 20_000, maxRows: 10 };

export const ADMISSION_MOUNTS = { database: { kind: 'memory' }, readable: [], writable: [] } as const;

/** Ends of a worker that say nothing of the text: a machine with other work, a process that the system ended. */
const NOT_THE_TEXT: ReadonlySet<EnclaveFailure> = new Set(['timeout', 'worker_lost', 'cancelled', 'protocol']);
const ATTEMPTS = 2;

/**
 * Lets the engine read a text in a process that holds only an empty clone of the schema. The text is a parameter and is
 * never executed. A worker that is lost on the way is tried once more; then the enclave is busy, and the text not at
 * fault. Source: gate.md §3.
 */
export async function readStatement(sql: string, dataset: Dataset, enclave: Enclave): Promise<Result<Reading, readonly Problem[]>> {
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    const opened = await enclave.open(ADMISSION_MOUNTS, ADMISSION_LIMITS);
    if (!opened.ok)
      return err([opened.error === 'isolation_unavailable' ? problem('enclave.isolation_unavailable', {}) : problem('enclave.busy', {})]);
    const read = await readIn(opened.value, sql, dataset);
    if (read.ok || saysOfText(read.error)) return read.ok ? read : err([problem('sql.syntax', { line: 1, column: 1 })]);
  }
  return err([problem('enclave.busy', {})]);
}

/**
 * Asks everything at once, since the worker takes it in order. The worker is ended after its answers are on their way: finding all it
 * started takes this process some milliseconds, and nobody has to wait until it is gone. The enclave ends it at the latest.
 */
async function readIn(session: EnclaveSession, sql: string, dataset: Dataset): Promise<Result<Reading, EnclaveFailure>> {
  try {
    const [cloned, read] = await Promise.all([cloneSchema(session, readSealedSchema(dataset)), readText(session, sql)]);
    return cloned.ok ? read : cloned;
  } finally {
    setImmediate(() => void session.close().catch(() => undefined));
  }
}

/** Makes the empty clone, in one exchange. Gives the failure of a lost worker; throws where the statements themselves are at fault. */
export async function cloneSchema(session: EnclaveSession, statements: readonly string[]): Promise<Result<null, EnclaveFailure>> {
  if (statements.length === 0) return ok(null);
  const made = await session.query(statements.join(';\n'));
  if (made.ok) return ok(null);
  if (!saysOfText(made.error)) return err(made.error);
  throw new Error(`The empty clone could not be made: ${made.error}`);
}

/** Both readings of a text in a session with a clone; `other` where the engine gave none. Executes nothing. */
export async function readText(session: EnclaveSession, sql: string): Promise<Result<Reading, EnclaveFailure>> {
  const read = await session.query('SELECT json_serialize_sql($1::VARCHAR)::VARCHAR, json_serialize_plan($1::VARCHAR)::VARCHAR', [sql]);
  if (!read.ok) return read;
  const [tree, plan] = read.value.rows[0] ?? [];
  return typeof tree === 'string' && typeof plan === 'string' ? ok({ tree, plan }) : err('other');
}

/** Whether a failure says something of the text, and not of the machine or the worker. */
export function saysOfText(failure: EnclaveFailure): boolean {
  return !NOT_THE_TEXT.has(failure);
}
