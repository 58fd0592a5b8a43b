import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditEvent } from '../../src/audit/event.ts';
import { SYSTEM_ACTOR } from '../../src/audit/event.ts';
import type { Clock } from '../../src/kernel/clock.ts';
import type { Rng } from '../../src/kernel/rng.ts';
import type { KeyStore } from '../../src/operations/ports.ts';
import { openFileKeyStore } from '../../src/store/file-key-store.ts';
import { type OpenedStore, openStore } from '../../src/store/store.ts';
import { recordPlace, removeRecords } from './kept-records.ts';
import { roomyFolder } from './roomy-folder.ts';
import { SAME_RNG } from './same-rng.ts';

export const systemRng: Rng = SAME_RNG;
export const systemClock: Clock = { now: () => new Date() };

export interface TemporaryStore extends OpenedStore {
  readonly folder: string;
  readonly path: string;
  readonly checkpointPath: string;
  readonly keys: KeyStore;
  /** Closes the store and removes the folder. */
  remove(): Promise<void>;
}

export function storePaths(folder: string): { readonly path: string; readonly checkpointPath: string; readonly keysFolder: string } {
  return { path: join(folder, 'store.sqlite'), checkpointPath: join(folder, 'audit', 'checkpoint'), keysFolder: join(folder, 'keys') };
}

/** Opens the store of an instance folder as a server or CLI process would. */
export async function openStoreIn(folder: string): Promise<OpenedStore & { readonly keys: KeyStore }> {
  const { checkpointPath, keysFolder } = storePaths(folder);
  const keys = await openFileKeyStore(keysFolder, systemRng);
  return { ...(await openStore({ ...(await recordPlace(folder)), checkpointPath, keys, clock: systemClock })), keys };
}

/** A real store in a new folder of its own. */
export async function temporaryStore(): Promise<TemporaryStore> {
  const folder = await mkdtemp(join(roomyFolder(), 'sluice-store-'));
  const opened = await openStoreIn(folder);
  return {
    ...opened,
    folder,
    ...storePaths(folder),
    async remove() {
      await opened.store.close();
      await removeRecords(folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** An event that changes no record. */
export function someEvent(object: string): AuditEvent {
  return { operation: 'audit.read', actor: SYSTEM_ACTOR, object, outcome: 'done', facts: { after: 0, limit: 10 } };
}
