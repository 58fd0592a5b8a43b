import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { createEnclave } from '../sandbox/enclave/create-enclave.ts';
import type { Enclave } from '../sandbox/enclave/port.ts';

/** Runs `work` with an enclave of its own and a folder, both gone with the work: for commands over files. Source: formats.md ("On files, without a server"). */
export async function withTemporaryEnclave<T>(config: Config, work: (enclave: Enclave, folder: string) => Promise<T>): Promise<T> {
  const tempRoot = await mkdtemp(join(tmpdir(), 'sluice-files-'));
  const { minimumIsolation } = config.enclave;
  const enclave = await createEnclave({
    isolation: minimumIsolation === 'bubblewrap' ? 'bubblewrap' : 'auto',
    allowProcessFallback: minimumIsolation === 'process',
    tempRoot,
    poolSize: 0,
  });
  try {
    return await work(enclave, tempRoot);
  } finally {
    await enclave.close();
    await rm(tempRoot, { recursive: true, force: true });
  }
}
