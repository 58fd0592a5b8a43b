import type { WorkLeases } from './work-leases.ts';

export type RunWaiting = (id: string, signal: AbortSignal) => Promise<void>;

/**
 * Jobs that this process runs: a fixed number at a time, in order of arrival. The line itself stands in the records, where
 * every process of the instance takes from it; this holds nothing that outlives the process.
 */
export interface JobQueue {
  /** Says that a job waits. `run`: only this process can run it (somebody here waits for its answer). */
  add(id: string, run?: (signal: AbortSignal) => Promise<void>): void;
  /** From now on also takes jobs that other processes put in line. */
  takeAll(): void;
  /** Aborts a job that runs here or takes it out of the line. One that runs elsewhere ends by its state. */
  cancel(id: string): void;
  /** Resolves when the job neither waits nor runs any more, wherever it does; at once for an unknown id. */
  settled(id: string): Promise<void>;
  /** Once a second: says that this process lives, stops what was stopped elsewhere, looks for work. */
  tick(): Promise<void>;
  /** Aborts everything, takes nothing more, resolves when the last has left. */
  close(): Promise<void>;
}

interface QueueParts {
  readonly atOnce: number;
  /** Whether this process runs what is put in line at all; what only it can run, it always does. */
  readonly runsJobs: boolean;
  readonly leases: WorkLeases;
  readonly run: RunWaiting;
  /** Whether the job waits or runs, by the records. */
  readonly isActive: (id: string) => Promise<boolean>;
  /** Gets what a job throws; the queue goes on. */
  readonly onFault: (fault: unknown) => void;
}

interface Entry {
  readonly isOwn: boolean;
  readonly run: (signal: AbortSignal) => Promise<void>;
  readonly abort: AbortController;
  readonly left: PromiseWithResolvers<void>;
}

const LOOK_AGAIN_MS = 200;

/** Source: ADR 0024. */
export function createJobQueue({ atOnce, runsJobs, leases, run, isActive, onFault }: QueueParts): JobQueue {
  const waiting = new Map<string, Entry>();
  const running = new Map<string, Entry>();
  let takesAll = false;
  let closed = false;
  let pumping: Promise<void> = Promise.resolve();
  let isPumpDue = false;

  const entryOf = (id: string, own?: Entry['run']): Entry => ({
    isOwn: own !== undefined,
    run: own ?? ((signal) => run(id, signal)),
    abort: new AbortController(),
    left: Promise.withResolvers<void>(),
  });
  const start = (id: string): void => {
    const entry = waiting.get(id) ?? entryOf(id);
    waiting.delete(id);
    running.set(id, entry);
    void entry
      .run(entry.abort.signal)
      .then(() => leases.drop(id))
      .catch((fault: unknown) => {
        // What became of the job is not known here: its lease lapses, and whoever sees that ends it.
        leases.forget(id);
        onFault(fault);
      })
      .finally(() => {
        running.delete(id);
        entry.left.resolve();
        pump();
      });
  };
  const take = async (): Promise<void> => {
    const free = atOnce - running.size;
    if (closed || free < 1) return;
    const here = [...waiting].filter(([, entry]) => runsJobs || entry.isOwn).map(([id]) => id);
    const mine = await leases.claim(free, here);
    for (const id of mine) start(id);
    const more = takesAll ? await leases.claim(free - mine.length, null) : [];
    for (const id of more) start(id);
    // What was put in line here and taken elsewhere is waited for by its state.
    for (const [id, entry] of waiting) {
      if (running.size >= atOnce || (await isActive(id))) continue;
      waiting.delete(id);
      entry.left.resolve();
    }
  };
  /** However many ask before it begins, one look at the line is enough. */
  const pump = (): void => {
    if (isPumpDue) return;
    isPumpDue = true;
    const look = (): Promise<void> => {
      isPumpDue = false;
      return take();
    };
    pumping = pumping.then(look).catch(onFault);
  };
  const cancel = (id: string): void => {
    running.get(id)?.abort.abort();
    const entry = waiting.get(id);
    waiting.delete(id);
    entry?.left.resolve();
  };

  return {
    add(id, own) {
      if (closed) return;
      waiting.set(id, entryOf(id, own));
      pump();
    },
    takeAll() {
      takesAll = runsJobs;
      pump();
    },
    cancel,
    async settled(id) {
      await (running.get(id) ?? waiting.get(id))?.left.promise;
      while (!closed && (await isActive(id))) await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    },
    async tick() {
      for (const id of await leases.beat()) cancel(id);
      for (const id of running.keys()) if (!(await isActive(id))) cancel(id);
      pump();
      await pumping;
    },
    async close() {
      closed = true;
      await pumping;
      for (const id of [...running.keys(), ...waiting.keys()]) cancel(id);
      await Promise.all([...running.values()].map((entry) => entry.left.promise));
    },
  };
}
