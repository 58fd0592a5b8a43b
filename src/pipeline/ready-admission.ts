import type { Enclave } from '../sandbox/enclave/port.ts';
import { loadedWitness } from './ask-witness.ts';
import { ADMISSION_LIMITS, ADMISSION_MOUNTS } from './read-statement.ts';

/**
 * Does what the first admission of a process would wait for: a worker in the pool, the witness's grammar. For processes that serve; needs
 * no dataset, and reads no text of a merchant. Source: issue 3 ("Speed"); ADR 0048.
 */
export async function readyAdmission(enclave: Enclave): Promise<void> {
  await Promise.all([enclave.warm(ADMISSION_MOUNTS, ADMISSION_LIMITS), loadedWitness()]);
}
