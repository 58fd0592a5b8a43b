import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { createEnclave } from '../sandbox/enclave/create-enclave.ts';
import type { Enclave } from '../sandbox/enclave/port.ts';

/**
 * Runs `work` with an enclave of its own and a private folder, for commands that need no instance; both end with it.
 * Source: formats.md (`synth` over files, `kit`).
 */
export async function withOwnEnclave<T>(config: Config, work: (enclave: Enclave, folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-own-'));
  const { minimumIsolation } = config.enclave;
  const enclave = await createEnclave({
    isolation: minimumIsolation === 'bubblewrap' ? 'bubblewrap' : 'auto',
    allowProcessFallback: minimumIsolation === 'process',
    tempRoot: folder,
    poolSize: 0,
  });
  try {
    return await work(enclave, folder);
  } finally {
    await enclave.close();
    await rm(folder, { recursive: true, force: true });
  }
}
