import { addDays, addMonths, isDate, weekday } from './shanghai-date.ts';
import type { CalendarYear } from './state-council-years.ts';

/** Which days are worked, of the years that are announced. */
export interface WorkingCalendar {
  /** Names the announced years, `CN-2023..2026`: kept with every deadline, so that it can be counted again. */
  readonly version: string;
  readonly years: ReadonlySet<number>;
  readonly restDays: ReadonlySet<string>;
  readonly makeUpDays: ReadonlySet<string>;
}

/** How long something may take. Rights (`right`) end on their day; time limits of other units that end on a rest day move on. */
export interface TimeLimit {
  readonly amount: number;
  readonly unit: 'workingDays' | 'calendarDays' | 'months' | 'years';
  readonly right?: boolean;
}

/** The last day of a time limit, Asia/Shanghai, until its end at 24:00. */
export interface Deadline {
  readonly dueOn: string;
  /** Counted, in part, over a year whose calendar is not announced yet: count again once it is. */
  readonly provisional: boolean;
  readonly calendar: string;
}

/**
 * A calendar over announced years. Throws where a year stands twice, a span is no span, or a make-up day is no day of
 * a weekend: the data would be wrong. Source: requirements.md §8.2, §8.3.
 */
export function workingCalendar(years: readonly CalendarYear[]): WorkingCalendar {
  const numbers = years.map((item) => item.year).toSorted((a, b) => a - b);
  if (numbers.length === 0 || new Set(numbers).size !== numbers.length) throw new RangeError('A calendar needs years, each once');
  const makeUpDays = years.flatMap((item) => item.makeUpDays.map((day) => `${item.year}-${day}`));
  if (makeUpDays.some((day) => ![0, 6].includes(weekday(day)))) throw new RangeError('A make-up day outside a weekend');
  const restDays = new Set(years.flatMap((item) => item.restDays.flatMap((span) => daysOf(item.year, span))));
  if (makeUpDays.some((day) => restDays.has(day))) throw new RangeError('A day that is both worked and free');
  const first = numbers[0];
  const last = numbers.at(-1);
  const gapless = last === (first ?? 0) + numbers.length - 1;
  return {
    version: `CN-${gapless ? `${first}..${last}` : numbers.join('+')}`,
    years: new Set(numbers),
    restDays,
    makeUpDays: new Set(makeUpDays),
  };
}

function daysOf(year: number, span: string): readonly string[] {
  const [from = '', to = from] = span.split('..').map((day) => `${year}-${day}`);
  if (!isDate(from) || !isDate(to) || to < from) throw new RangeError('A span of rest days that is none');
  const days = [from];
  for (let day = from; day !== to; day = days.at(-1) ?? to) days.push(addDays(day, 1));
  return days;
}

/** Whether the calendar of this date's year is announced. */
export function isAnnounced(calendar: WorkingCalendar, date: string): boolean {
  return calendar.years.has(Number(date.slice(0, 4)));
}

/** Whether this day is worked. In a year that is not announced: Monday to Friday, which only a provisional count may use. */
export function isWorkingDay(calendar: WorkingCalendar, date: string): boolean {
  if (calendar.makeUpDays.has(date)) return true;
  return !calendar.restDays.has(date) && ![0, 6].includes(weekday(date));
}

/**
 * The deadline of a limit that starts with something that happened on `trigger`. Working days: the trigger day is not
 * counted, make-up days are. Months and years end on the corresponding day. Calendar days, months and years that end on
 * a rest day move to the next working day, unless a right expires: that never moves.
 * Throws on what is no date and on an amount that is no whole number of at least zero.
 * Source: requirements.md §8.2 (rules 1–6).
 */
export function deadlineOf(calendar: WorkingCalendar, trigger: string, limit: TimeLimit): Deadline {
  if (!Number.isInteger(limit.amount) || limit.amount < 0) throw new RangeError('A limit is a whole number');
  const end = endOf(calendar, trigger, limit);
  const dueOn = limit.unit === 'workingDays' || limit.right === true ? end : nextWorkingDay(calendar, end);
  const counted = limit.unit === 'workingDays' ? daysAnnounced(calendar, trigger, dueOn) : isAnnounced(calendar, dueOn);
  return { dueOn, provisional: limit.right !== true && !counted, calendar: calendar.version };
}

function endOf(calendar: WorkingCalendar, trigger: string, limit: TimeLimit): string {
  switch (limit.unit) {
    case 'calendarDays':
      return addDays(trigger, limit.amount);
    case 'months':
      return addMonths(trigger, limit.amount);
    case 'years':
      return addMonths(trigger, 12 * limit.amount);
    case 'workingDays': {
      let day = trigger;
      for (let left = limit.amount; left > 0; ) {
        day = addDays(day, 1);
        if (isWorkingDay(calendar, day)) left -= 1;
      }
      return day;
    }
  }
}

function nextWorkingDay(calendar: WorkingCalendar, date: string): string {
  let day = date;
  while (!isWorkingDay(calendar, day)) day = addDays(day, 1);
  return day;
}

function daysAnnounced(calendar: WorkingCalendar, from: string, to: string): boolean {
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year += 1) if (!calendar.years.has(year)) return false;
  return true;
}
