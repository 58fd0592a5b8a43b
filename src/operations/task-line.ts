/** Background work one after another. */
export interface TaskLine {
  add(id: string, work: () => Promise<void>): void;
  /** Resolves when that work has ended; at once for an unknown id. */
  settled(id: string): Promise<void>;
  settledAll(): Promise<void>;
}

/** A line of tasks; what one throws goes to `onFault`, and the next starts. */
export function createTaskLine(onFault: (fault: unknown) => void): TaskLine {
  const ends = new Map<string, Promise<void>>();
  let last: Promise<void> = Promise.resolve();
  return {
    add(id, work) {
      last = last
        .then(work)
        .catch(onFault)
        .finally(() => ends.delete(id));
      ends.set(id, last);
    },
    settled: (id) => ends.get(id) ?? Promise.resolve(),
    settledAll: () => last,
  };
}
