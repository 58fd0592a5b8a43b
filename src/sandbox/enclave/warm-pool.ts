import type { FileIdentity } from './sealed-file.ts';
import { discardWorker, type StartedWorker } from './start-worker.ts';

/** A worker with the engine loaded and nothing opened. */
export interface WarmWorker {
  readonly worker: StartedWorker;
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

  has(key: string): boolean {
    return this.#idle.some((entry) => entry.key === key);
  }

  /** Settles when the workers for `key` have loaded the engine, or died. */
  async settled(key: string): Promise<void> {
    await Promise.all(this.#idle.filter((entry) => entry.key === key).map((entry) => entry.item.worker.process.ready));
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

  /** Adds a worker; the oldest goes when there are too many. */
  put(key: string, item: WarmWorker): void {
    this.#idle.push({ key, item });
    while (this.#idle.length > this.#capacity) {
      const oldest = this.#idle.shift();
      if (oldest !== undefined) void discardWorker(oldest.item.worker);
    }
  }

  async clear(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map((entry) => discardWorker(entry.item.worker)));
  }
}
