import { ruleNumber } from '../catalog/profiles/profile-catalogue.ts';
import type { ProfileKeyName } from '../catalog/profiles/profile-keys.ts';
import type { ResolvedProfile } from '../catalog/profiles/resolve-profile.ts';
import type { ActorRole } from '../identity/actor.ts';
import { addDays } from '../kernel/calendar/shanghai-date.ts';
import { type Deadline, deadlineOf, type TimeLimit, type WorkingCalendar } from '../kernel/calendar/working-calendar.ts';
import type { Fields } from './field.ts';

/**
 * How long something may take and who hears of it when it takes longer. The limit comes from the city's profile, from a
 * date in the matter's own fields, or is fixed. `passed` names the step that the clock takes then (an expiry); without
 * one, a limit that passes changes nothing but that it is reported: no limit approves or refuses.
 */
export interface TimerDefinition {
  readonly limit:
    | { readonly key: ProfileKeyName; readonly unit: TimeLimit['unit']; readonly otherwise: number; readonly right?: true }
    | { readonly field: string; readonly daysBefore?: number }
    | TimeLimit;
  /** Who has to act. */
  readonly owner: ActorRole;
  /** Who is told when he has not. */
  readonly escalatesTo: readonly ActorRole[];
  readonly passed?: string;
  readonly meets: readonly string[];
}

/** What a deadline is counted from. */
export interface TimerContext {
  readonly calendar: WorkingCalendar;
  readonly profile: ResolvedProfile;
  /** Day of the event that starts it, Asia/Shanghai. */
  readonly today: string;
}

/**
 * The deadline of a timer that starts today; null where it is set by a field that is empty. A date in a field is the last
 * day itself and never moves. Source: requirements.md §8.1, §8.2.
 */
export function startTimer(definition: TimerDefinition, fields: Fields, context: TimerContext): Deadline | null {
  const { limit } = definition;
  const { calendar, today } = context;
  if ('field' in limit) {
    const date = fields[limit.field];
    if (typeof date !== 'string') return null;
    return { dueOn: addDays(date, -(limit.daysBefore ?? 0)), provisional: false, calendar: calendar.version };
  }
  if ('key' in limit) {
    const amount = ruleNumber(context.profile, limit.key) ?? limit.otherwise;
    return deadlineOf(calendar, today, { amount, unit: limit.unit, ...(limit.right === undefined ? {} : { right: limit.right }) });
  }
  return deadlineOf(calendar, today, limit);
}
