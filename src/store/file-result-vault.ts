import { createHash } from 'node:crypto';
import { err, ok } from '../kernel/result.ts';
import type { Rng } from '../kernel/rng.ts';
import type { KeyStore, ResultVault } from '../operations/ports.ts';
import { problem } from '../problems/problem.ts';
import { rewrapFolder, type SealedKind, sealedFolder } from './sealed-folder.ts';

const RESULT: SealedKind = { name: /^[a-z0-9_-]{1,80}$/, context: 'sluice-result/v1/' };

/** Sealed results as files `<job>.sealed`; one job's result cannot stand in for another's. Source: formats.md, "An instance on disk". */
export function openFileResultVault(folder: string, keys: KeyStore, rng: Rng): ResultVault {
  const files = sealedFolder(folder, RESULT, keys, rng);
  return {
    async seal(job, content) {
      await files.create(job, content);
      return { digest: createHash('sha256').update(content).digest('hex') };
    },
    async open(job) {
      const content = await files.open(job);
      if (content === 'missing') return err([problem('audit.sealed_result_missing', { job })]);
      return content === 'changed' ? err([problem('audit.sealed_result_changed', { job })]) : ok(content);
    },
    destroy: (job) => files.destroy(job),
    jobs: () => files.names(),
  };
}

/** Closes every result under the master key in use; gives how many were not. See `rewrapFolder`. */
export function rewrapResults(folder: string, keys: KeyStore): Promise<number> {
  return rewrapFolder(folder, RESULT, keys);
}
