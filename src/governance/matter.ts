import type { Actor } from '../identity/actor.ts';
import type { Fields } from './field.ts';

/** A time limit that runs or ran. Breach and end are instants, ISO 8601 UTC; `dueOn` a day in Asia/Shanghai. */
export interface MatterTimer {
  readonly name: string;
  readonly startedOn: string;
  readonly dueOn: string;
  readonly provisional: boolean;
  readonly calendar: string;
  readonly endedAt: string | null;
  readonly breachedAt: string | null;
}

/** One step as it was taken. Never changed, never removed. */
export interface MatterStep {
  readonly step: string;
  readonly from: string;
  readonly to: string;
  readonly actor: string;
  readonly organisation: string;
  readonly role: string;
  readonly at: string;
  readonly reason: string | null;
}

/** One proceeding of government: an application, an agreement, an appeal, … */
export interface Matter {
  readonly id: string;
  readonly noun: string;
  readonly state: string;
  /** Goes up with every change: its ETag. */
  readonly revision: number;
  /** Whose matter it is. */
  readonly organisation: string;
  readonly author: string;
  /** Rules it was opened under, `GZ@2024-08-01.1`, and their id. */
  readonly profile: string;
  readonly city: string;
  readonly fields: Fields;
  readonly timers: readonly MatterTimer[];
  readonly steps: readonly MatterStep[];
  readonly openedAt: string;
  readonly updatedAt: string;
}

/** Timers that neither ended nor were found late. */
export function runningTimers(matter: Matter): readonly MatterTimer[] {
  return matter.timers.filter((timer) => timer.endedAt === null && timer.breachedAt === null);
}

/** Whether a step of this name was taken since the matter last came from one of these states. */
export function stepsSince(matter: Matter, step: string, entry: string): readonly MatterStep[] {
  const start = matter.steps.findLastIndex((item) => item.to === entry && item.from !== entry);
  return matter.steps.slice(start + 1).filter((item) => item.step === step);
}

/** Whether the actor is of the organisation whose matter it is. */
export function isOwnMatter(actor: Pick<Actor, 'organisation'>, matter: Pick<Matter, 'organisation'>): boolean {
  return actor.organisation !== '' && actor.organisation === matter.organisation;
}
