import type { FileIdentity } from './sealed-file.ts';
import { discardWorker, type StartedWorker } from './start-worker.ts';

/** A worker that nobody has used. */
export interface WarmWorker {
  readonly worker: StartedWorker;
  /** Whether its database was opened and rehearsed ahead; false: the engine is loaded and nothing opened. */
  readonly isOpened: Promise<boolean>;
  /** The sealed file as it was when the worker was started: the worker sees that file, not what took its place since. */
  readonly identity: FileIdentity | null;
}

/** Idle workers by what they may touch. A worker is taken once and never comes back. */
export class WarmPool {
  readonly #idle: { readonly key: string; readonly item: WarmWorker }[] = [];
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Whether a living worker for `key` waits. */
  has(key: string): boolean {
    return this.#idle.some((entry) => entry.key === key && entry.item.worker.process.failure === null);
  }

  /** Settles when the workers for `key` are as ready as they get, or died. */
  async settled(key: string): Promise<void> {
    await Promise.all(this.#idle.filter((entry) => entry.key === key).flatMap(({ item }) => [item.worker.process.ready, item.isOpened]));
  }

  /** A living worker for `key`, or null. */
  take(key: string): WarmWorker | null {
    for (;;) {
      const index = this.#idle.findIndex((entry) => entry.key === key);
      const entry = index === -1 ? undefined : this.#idle.splice(index, 1)[0];
      if (entry === undefined) return null;
      if (entry.item.worker.process.failure === null) return entry.item;
      void discardWorker(entry.item.worker);
    }
  }

  /** Adds a worker. When there are too many the oldest that is tied to one file goes, so that every job finds one for admission. */
  put(key: string, item: WarmWorker): void {
    while (this.#idle.length >= this.#capacity) {
      const tied = this.#idle.findIndex((entry) => entry.item.identity !== null);
      const [least] = this.#idle.splice(Math.max(0, tied), 1);
      if (least !== undefined) void discardWorker(least.item.worker);
    }
    this.#idle.push({ key, item });
  }

  async clear(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((entry) => discardWorker(entry.item.worker)));
  }
}
