import type { WorkerProcess } from './worker-process.ts';

/** Of the kind that admission asks, so that what reads, binds, streams and answers is compiled; over tables that nobody has. */
const TEXT = `SELECT a.k AS k, count(*) AS n, sum(b.v) FILTER (WHERE b.d >= DATE '2000-01-01') AS s FROM a JOIN b ON a.k = b.k
  WHERE b.v > 1 AND a.t IN ('x', 'y') GROUP BY a.k HAVING count(*) > 1 ORDER BY n DESC LIMIT 5`;

/** Taken back at the end: neither tables nor settings stay. */
const STEPS: readonly { readonly sql: string; readonly parameters: readonly string[] }[] = [
  { sql: 'BEGIN', parameters: [] },
  { sql: 'CREATE TABLE a (k INTEGER, t VARCHAR)', parameters: [] },
  { sql: 'CREATE TABLE b (k INTEGER, v DECIMAL(12, 2), d DATE)', parameters: [] },
  { sql: 'SELECT json_serialize_sql($1::VARCHAR)::VARCHAR, json_serialize_plan($1::VARCHAR)::VARCHAR', parameters: [TEXT] },
  { sql: 'ROLLBACK', parameters: [] },
];

/**
 * Lets a worker whose empty database is open do once what the first statement of a session would wait for. Everything asked is constant:
 * nothing of a dataset, a merchant or a statement. Not for sealed databases, which take one SELECT at a time.
 *
 * @returns whether every step was done; a worker of which one was not may be within a transaction, and is no good.
 * Source: gate.md §10; own design: ADR 0048.
 */
export async function rehearse(worker: WorkerProcess): Promise<boolean> {
  const answers = await Promise.all(STEPS.map((step) => worker.callAhead({ type: 'query', ...step }, 'rows')));
  return answers.every((answer) => answer.ok);
}
