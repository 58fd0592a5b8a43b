import type { Kysely, Transaction } from 'kysely';
import type { Database } from './schema.ts';

type Work<T> = (tx: Transaction<Database>) => Promise<T>;

/** Small independent writes; each is on the disk when its promise resolves. */
export type WriteTogether = <T>(work: Work<T>) => Promise<T>;

/** Writes in one transaction at most: it holds the lock of all others. */
const MOST_TOGETHER = 100;

/**
 * Group commit: what is asked for while a transaction runs or waits for its turn goes to the disk together with the next one, in order of
 * arrival. A transaction costs one flush of the disk whatever it holds. Where one write of a transaction fails, nothing of it counts and
 * each is done again by itself, so that none fails for another. The writes see those before them. No audit events: those have
 * transactions of their own. Source: issue 6 ("200 concurrent merchants"); ADR 0038.
 */
export function writeTogether(writer: Kysely<Database>): WriteTogether {
  const waiting: { readonly run: (tx: Transaction<Database>) => Promise<() => void>; readonly alone: () => Promise<void> }[] = [];
  let isFlushing = false;

  const flush = async (): Promise<void> => {
    while (waiting.length > 0) {
      let group: typeof waiting = [];
      const settle = await writer
        .transaction()
        .execute(async (tx) => {
          group = waiting.splice(0, MOST_TOGETHER); // all that have come by the time it is our turn
          const done: (() => void)[] = [];
          for (const item of group) done.push(await item.run(tx));
          return done;
        })
        .catch(() => null);
      if (settle !== null) for (const resolve of settle) resolve();
      // The transaction may not have begun at all: whoever waits is told by a try of his own.
      else for (const item of group.length > 0 ? group : waiting.splice(0)) await item.alone();
    }
    isFlushing = false;
  };
  return <T>(work: Work<T>): Promise<T> =>
    new Promise<T>((resolve, reject) => {
      waiting.push({
        run: async (tx) => {
          const value = await work(tx);
          return () => resolve(value);
        },
        alone: () => writer.transaction().execute(work).then(resolve, reject),
      });
      if (isFlushing) return;
      isFlushing = true;
      void flush();
    });
}
