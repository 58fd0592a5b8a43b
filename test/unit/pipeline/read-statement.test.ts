import { expect, test } from 'vitest';
import { err, ok, type Result } from '../../../src/kernel/result.ts';
import { readStatement } from '../../../src/pipeline/read-statement.ts';
import type { Enclave, EnclaveFailure, EnclaveSession, QueryRows } from '../../../src/sandbox/enclave/port.ts';

const DATASET = { name: 'd', tables: [] } as unknown as Parameters<typeof readStatement>[1];
const READ: Result<QueryRows, EnclaveFailure> = ok({ columns: [], rows: [['{}', '{}']] });

/** An enclave whose sessions answer in turn. */
function enclaveOf(answers: readonly Result<QueryRows, EnclaveFailure>[]): {
  readonly enclave: Enclave;
  readonly counts: { opened: number; closed: number };
} {
  const counts = { opened: 0, closed: 0 };
  const open = async (): Promise<Result<EnclaveSession, EnclaveFailure>> => {
    const answer = answers[counts.opened++] ?? err('other');
    return ok({ query: async () => answer, close: async () => void counts.closed++ } as unknown as EnclaveSession);
  };
  return { enclave: { open } as unknown as Enclave, counts };
}

async function codes(answers: readonly Result<QueryRows, EnclaveFailure>[]): Promise<readonly string[]> {
  const { enclave, counts } = enclaveOf(answers);
  const read = await readStatement('SELECT 1', DATASET, enclave);
  await new Promise(setImmediate); // sessions end behind the answer
  expect(counts.closed).toBe(counts.opened);
  return read.ok ? [] : read.error.map((problem) => problem.code);
}

test.each(['timeout', 'worker_lost', 'cancelled', 'protocol'] as const)(
  'a worker that ends by %s is no mistake of the text',
  async (failure) => {
    expect(await codes([err(failure), READ])).toEqual([]);
    expect(await codes([err(failure), err(failure), READ])).toEqual(['enclave.busy']);
  },
);

test.each(['syntax', 'binder', 'out_of_memory', 'other'] as const)('%s is one, and is not asked twice', async (failure) => {
  expect(await codes([err(failure), READ])).toEqual(['sql.syntax']);
});
