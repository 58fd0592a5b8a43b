import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Rng } from '../kernel/rng.ts';
import { replaceFile } from './durable-file.ts';
import { MASTER_FILE, RELEASE_FILE } from './file-key-store.ts';
import { withNewMaster, withNewSigner } from './key-files.ts';

const KEY_BYTES = 32;

/**
 * Puts a new master key in use. What was closed under earlier ones still opens; keys that are derived for datasets stay, since sealed
 * data and ledgers were made with them. Whoever has the folder open must read it again. Source: NIST SP 800-57-1 r5 §5.3.
 */
export async function turnMasterKey(folder: string, rng: Rng): Promise<void> {
  const path = join(folder, MASTER_FILE);
  await replaceFile(path, withNewMaster(await readFile(path), rng.bytes(KEY_BYTES)), 0o600);
}

/** Puts a new key in use that signs releases; what was signed before is checked with the public halves that stay. */
export async function turnReleaseKey(folder: string): Promise<void> {
  const path = join(folder, RELEASE_FILE);
  await replaceFile(path, withNewSigner(await readFile(path, 'utf8'), RELEASE_FILE), 0o600);
}
