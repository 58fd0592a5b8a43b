import { addDays, addMonths } from '../../kernel/calendar/shanghai-date.ts';

/** How often a report is made. Source: requirements.md §9 (monthly, quarterly, annual). */
export const REPORT_RHYTHMS = ['month', 'quarter', 'year'] as const;
export type ReportRhythm = (typeof REPORT_RHYTHMS)[number];

const MONTHS: Readonly<Record<ReportRhythm, number>> = { month: 1, quarter: 3, year: 12 };

/** Days in Asia/Shanghai, both within it. */
export interface ReportPeriod {
  readonly from: string;
  readonly to: string;
}

/**
 * The calendar periods that are over, oldest first: from the one that `since` lies in to the last one that ended before `today`, the newest
 * `most` of them. A clock that jumps changes which are over, never where one begins: each can be told from every other by its first day.
 */
export function periodsOver(rhythm: ReportRhythm, since: string, today: string, most: number): readonly ReportPeriod[] {
  const months = MONTHS[rhythm];
  const month = Number(since.slice(5, 7)) - 1;
  let from = `${since.slice(0, 4)}-${String(month - (month % months) + 1).padStart(2, '0')}-01`;
  const over: ReportPeriod[] = [];
  for (let next = addMonths(from, months); next <= today; next = addMonths(from, months)) {
    over.push({ from, to: addDays(next, -1) });
    from = next;
  }
  return over.slice(-most);
}
