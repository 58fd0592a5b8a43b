import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/**
 * Where records of a test go that no worker opens: memory where there is plenty, else the usual folder. The machine is never switched off in
 * these tests, so how long a disk takes to confirm a write has no part in them.
 */
export function roomyFolder(): string {
  try {
    const { bavail, bsize } = statfsSync('/dev/shm');
    return bavail * bsize > 4 * 1024 ** 3 ? '/dev/shm' : tmpdir();
  } catch {
    return tmpdir();
  }
}
