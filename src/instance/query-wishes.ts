import type { Enclave, SessionLimits } from '../sandbox/enclave/port.ts';
import { type ColumnWish, readQueryWishes } from '../synthetic/query-wishes.ts';

const PARSE_LIMITS: SessionLimits = { memoryMiB: 128, threads: 1, tempMiB: 16, timeoutMs: 20_000, maxRows: 10 };

/**
 * What a query asks of columns, read from the tree that the engine makes of it in a worker without data; nothing where it does not
 * parse. Source: synthetic-and-masking.md §1.4, §3 (queryAware).
 */
export async function queryWishes(enclave: Enclave, sql: string): Promise<ReadonlyMap<string, ColumnWish>> {
  const opened = await enclave.open({ database: { kind: 'memory' }, readable: [], writable: [] }, PARSE_LIMITS);
  if (!opened.ok) return new Map();
  try {
    const tree = await opened.value.query('SELECT json_serialize_sql($1::VARCHAR)', [sql]);
    return tree.ok ? readQueryWishes(String(tree.value.rows[0]?.[0])) : new Map();
  } finally {
    await opened.value.close();
  }
}
