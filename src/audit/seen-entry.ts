import type { AuditEntry } from './entry.ts';

/** What signals are found in. */
export type Seen = Pick<AuditEntry, 'seq' | 'at' | 'actor' | 'operation' | 'object' | 'facts' | 'outcome'>;

const HOUR_MS = 3_600_000;

/** A fact that is a text; empty where there is none. Source: issue "audit log" (signals). */
export function factText(entry: Seen, name: string): string {
  const value = entry.facts[name];
  return typeof value === 'string' ? value : '';
}

/** Hours from one entry to another. Source: issue "audit log" (signals). */
export function hoursBetween(earlier: Seen, later: Seen): number {
  return (Date.parse(later.at) - Date.parse(earlier.at)) / HOUR_MS;
}

/**
 * Every stretch of entries, given in order, that ends with one of them and holds all before it within so many hours; told of what comes in
 * and what goes out. Source: issue "audit log" (signals over a day).
 */
export function slideOver(
  members: readonly Seen[],
  windowHours: number,
  {
    enter,
    leave,
    look,
  }: { readonly enter: (entry: Seen) => void; readonly leave: (entry: Seen) => void; readonly look: (from: number, to: number) => void },
): void {
  let start = 0;
  for (const [end, entry] of members.entries()) {
    enter(entry);
    for (let first = members[start]; first !== undefined && hoursBetween(first, entry) > windowHours; first = members[start]) {
      leave(first);
      start += 1;
    }
    look(start, end + 1);
  }
}

/** How many of each there are; those that are gone do not count. Source: issue "audit log" (signals). */
export class Tally {
  readonly #counts = new Map<string, number>();

  add(name: string, by: 1 | -1): void {
    const now = (this.#counts.get(name) ?? 0) + by;
    if (now === 0) this.#counts.delete(name);
    else this.#counts.set(name, now);
  }

  get size(): number {
    return this.#counts.size;
  }

  names(): readonly string[] {
    return [...this.#counts.keys()];
  }
}
