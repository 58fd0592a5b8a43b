import type { ReportRhythm } from '../governance/report/period.ts';
import type { Report } from '../governance/report/report.ts';
import type { Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { KeptReport, ReportSchedule } from './report-store.ts';

export type ReportScheduleView = Omit<ReportSchedule, 'principal'>;

/**
 * A report that was kept. The signature is Ed25519 by the release key over `sluice-report/v1`, a line feed, and `report` as canonical
 * JSON (keys in order, no spaces); `digest` is the SHA-256 of the same text.
 */
export interface KeptReportView extends KeptReport {
  readonly content: Report;
}

/** Periodic reports. Source: requirements.md §9. */
export interface ReportOperations {
  /** Days in Asia/Shanghai, both within the period, a year and a day at most. Refuses another name or period with `report.period`, `report.name`. */
  makeReport(
    actor: Actor,
    input: { readonly name: string; readonly from: string; readonly to: string },
  ): Promise<Result<Report, readonly Problem[]>>;
  /**
   * Has a report made after each month, quarter or year that is over, from the running one on. A `usage-log` is about one dataset, and
   * for its department alone; without a schedule of its own each dataset has one for every month in which it was used.
   */
  scheduleReport(
    actor: Actor,
    input: { readonly report: string; readonly rhythm: ReportRhythm; readonly dataset?: string | undefined },
  ): Promise<Result<ReportScheduleView, readonly Problem[]>>;
  listReportSchedules(actor: Actor): Promise<Result<readonly ReportScheduleView[], readonly Problem[]>>;
  endReportSchedule(actor: Actor, id: string): Promise<Result<ReportScheduleView, readonly Problem[]>>;
  /** Newest first; a source department sees the logs of its own data. */
  listKeptReports(actor: Actor): Promise<Result<readonly KeptReport[], readonly Problem[]>>;
  fetchKeptReport(actor: Actor, id: string): Promise<Result<KeptReportView, readonly Problem[]>>;
}
