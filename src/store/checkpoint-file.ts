import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { ChainHead } from '../audit/chain.ts';
import { type Checkpoint, checkpointOf, printCheckpoint, readCheckpoint, signedBytes } from '../audit/checkpoint.ts';
import type { Clock } from '../kernel/clock.ts';
import type { KeyStore } from '../operations/ports.ts';
import { replaceFile } from './durable-file.ts';

/** The checkpoint beside the store. Writing is to be done under the store's write lock only. */
export interface CheckpointFile {
  read(): Promise<Checkpoint | 'checkpoint-missing' | 'checkpoint-invalid'>;
  /** Signs and writes; on disk when it returns. */
  write(head: ChainHead): Promise<void>;
}

export async function openCheckpointFile(path: string, keys: KeyStore, clock: Clock): Promise<CheckpointFile> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const publicKey = await keys.publicKey('audit');
  // The signature of a text that was checked before need not be checked again.
  let known: { readonly text: string; readonly checkpoint: Checkpoint } | null = null;

  return {
    async read() {
      const text = await readText(path);
      if (text === null) return 'checkpoint-missing';
      if (known?.text === text) return known.checkpoint;
      const result = readCheckpoint(text, publicKey);
      if (!result.ok) return result.error;
      known = { text, checkpoint: result.value };
      return result.value;
    },
    async write(head) {
      const checkpoint = checkpointOf(head, publicKey, clock.now());
      const text = printCheckpoint(checkpoint, await keys.sign('audit', signedBytes(checkpoint)));
      await replaceFile(path, text, 0o600);
      known = { text, checkpoint };
    },
  };
}

async function readText(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
