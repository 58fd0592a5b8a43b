import type { Clock } from '../kernel/clock.ts';
import type { Lease, LeaseStore } from './lease-store.ts';

/** How long a process that says nothing is believed to be at work. */
export const LEASE_MS = 30_000;
const EXTEND_MS = 10_000;

/** The leases of one process. */
export interface WorkLeases {
  /** Jobs that are this process's from now on. */
  claim(most: number, only: readonly string[] | null): Promise<readonly string[]>;
  /** Takes a load, which nobody else can know of yet. */
  hold(object: string): Promise<void>;
  drop(object: string): Promise<void>;
  /** Says nothing of it any more: it lapses, and somebody ends its work. */
  forget(object: string): void;
  /** Extends what is held, at most every ten seconds; gives what was lost to somebody else. */
  beat(): Promise<readonly string[]>;
  /** Leases of which nobody said anything for too long. */
  lapsed(): Promise<readonly Lease[]>;
  /** Takes a lapsed lease over, so that its work can be ended; false where somebody was faster, or the holder came back. */
  takeOver(lease: Lease): Promise<boolean>;
  /** Whether another process with these records open is believed to live. */
  othersLive(): Promise<boolean>;
  clear(): Promise<void>;
  close(): Promise<void>;
}

/** `holder` must be another for each process. Times are of `clock`: machines that share records need clocks that agree within seconds. */
export function workLeases(store: LeaseStore, clock: Clock, holder: string): WorkLeases {
  const held = new Set<string>();
  let beaten = 0;
  const now = (): string => clock.now().toISOString();
  const until = (): string => new Date(clock.now().getTime() + LEASE_MS).toISOString();
  return {
    async claim(most, only) {
      const claimed = await store.claim({ holder, now: now(), until: until(), most, only });
      for (const object of claimed) held.add(object);
      return claimed;
    },
    async hold(object) {
      await store.hold({ object, holder, until: until() });
      held.add(object);
    },
    async drop(object) {
      held.delete(object);
      await store.drop(holder, [object]);
    },
    forget: (object) => void held.delete(object),
    async beat() {
      const at = clock.now().getTime();
      if (held.size === 0 || at - beaten < EXTEND_MS) return [];
      const asked = [...held];
      const kept = new Set(await store.extend(holder, asked, until()));
      beaten = at;
      const lost = asked.filter((object) => !kept.has(object) && held.has(object));
      for (const object of lost) held.delete(object);
      return lost;
    },
    async lapsed() {
      const at = now();
      return (await store.list()).filter((lease) => lease.until <= at && !held.has(lease.object));
    },
    async takeOver(lease) {
      return store.seize(lease, { holder, until: until(), now: now() });
    },
    async othersLive() {
      const at = now();
      return (await store.list()).some((lease) => lease.holder !== holder && lease.until > at);
    },
    async clear() {
      held.clear();
      await store.clear();
    },
    async close() {
      const all = [...held];
      held.clear();
      await store.drop(holder, all);
    },
  };
}
