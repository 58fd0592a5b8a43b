/** Jobs waiting or running in this process. Order of arrival, a fixed number at a time; holds nothing that outlives the process. */
export interface JobQueue {
  /** Puts a job in line; `run` is called when its turn comes, and never if it was cancelled before. */
  add(id: string, run: (signal: AbortSignal) => Promise<void>): void;
  /** Aborts a running job's signal or takes a waiting one out of the line. Nothing happens for an unknown id. */
  cancel(id: string): void;
  /** Resolves when the job has left the queue; at once for an unknown id. */
  settled(id: string): Promise<void>;
  /** Aborts everything, takes nothing more, resolves when the last has left. */
  close(): Promise<void>;
}

interface Entry {
  readonly id: string;
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly abort: AbortController;
  readonly left: PromiseWithResolvers<void>;
}

/** A queue that runs `atOnce` jobs at a time. `onFault` gets what a job throws; the queue goes on. */
export function createJobQueue(atOnce: number, onFault: (fault: unknown) => void): JobQueue {
  const waiting: Entry[] = [];
  const known = new Map<string, Entry>();
  let running = 0;
  let closed = false;

  const leave = (entry: Entry): void => {
    known.delete(entry.id);
    entry.left.resolve();
  };

  const next = (): void => {
    if (running >= atOnce) return;
    const entry = waiting.shift();
    if (entry === undefined) return;
    running += 1;
    void entry
      .run(entry.abort.signal)
      .catch(onFault)
      .finally(() => {
        running -= 1;
        leave(entry);
        next();
      });
    next();
  };

  const cancel = (id: string): void => {
    const entry = known.get(id);
    if (entry === undefined) return;
    entry.abort.abort();
    const at = waiting.indexOf(entry);
    if (at < 0) return;
    waiting.splice(at, 1);
    leave(entry);
  };

  return {
    add(id, run) {
      if (closed) return;
      const entry: Entry = { id, run, abort: new AbortController(), left: Promise.withResolvers<void>() };
      known.set(id, entry);
      waiting.push(entry);
      next();
    },
    cancel,
    settled: (id) => known.get(id)?.left.promise ?? Promise.resolve(),
    async close() {
      closed = true;
      const all = [...known.values()];
      for (const entry of all) cancel(entry.id);
      await Promise.all(all.map((entry) => entry.left.promise));
    },
  };
}
