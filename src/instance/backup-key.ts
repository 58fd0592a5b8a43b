import { open, readFile, stat } from 'node:fs/promises';
import type { Rng } from '../kernel/rng.ts';

const KEY_BYTES = 32;
const TEXT = /^sluice-backup-key:([A-Za-z0-9+/]{43}=)\s*$/;

/** Makes a backup key in a new file of mode 0600. To be kept apart from the backups: who has both has the instance. */
export async function makeBackupKey(path: string, rng: Rng): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    await file.writeFile(`sluice-backup-key:${Buffer.from(rng.bytes(KEY_BYTES)).toString('base64')}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** The key in a file; null where it is none, or where other users may read it. Source: tracker issue 5 (encrypted backup). */
export async function readBackupKey(path: string): Promise<Uint8Array | null> {
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0) return null;
  const [, text] = TEXT.exec(await readFile(path, 'utf8')) ?? [];
  return text === undefined ? null : Buffer.from(text, 'base64');
}
