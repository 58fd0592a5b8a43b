import type { Dataset } from '../catalog/dataset.ts';
import { readSealedSchema } from '../catalog/sealed-layout.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Enclave, SessionLimits } from '../sandbox/enclave/port.ts';

/** The engine's two readings of a text: its syntax tree, and the plan bound against the empty clone. */
export interface Reading {
  readonly tree: string;
  readonly plan: string;
}

/** Admission touches no data and needs little. */
export const ADMISSION_LIMITS: SessionLimits = { memoryMiB: 256, threads: 1, tempMiB: 16, timeoutMs: 20_000, maxRows: 10 };

export const ADMISSION_MOUNTS = { database: { kind: 'memory' }, readable: [], writable: [] } as const;

/**
 * Lets the engine read a text in a process that holds only an empty clone of the schema. The text is a parameter and is
 * never executed. Source: gate.md §3.
 */
export async function readStatement(sql: string, dataset: Dataset, enclave: Enclave): Promise<Result<Reading, readonly Problem[]>> {
  const opened = await enclave.open(ADMISSION_MOUNTS, ADMISSION_LIMITS);
  if (!opened.ok)
    return err([opened.error === 'isolation_unavailable' ? problem('enclave.isolation_unavailable', {}) : problem('enclave.busy', {})]);
  const session = opened.value;
  try {
    for (const statement of readSealedSchema(dataset)) {
      const made = await session.query(statement);
      if (!made.ok) throw new Error(`The empty clone could not be made: ${made.error}`);
    }
    const read = await session.query('SELECT json_serialize_sql($1::VARCHAR)::VARCHAR, json_serialize_plan($1::VARCHAR)::VARCHAR', [sql]);
    const row = read.ok ? read.value.rows[0] : undefined;
    const [tree, plan] = row ?? [];
    if (typeof tree !== 'string' || typeof plan !== 'string') return err([problem('sql.syntax', { line: 1, column: 1 })]);
    return ok({ tree, plan });
  } finally {
    await session.close();
  }
}
