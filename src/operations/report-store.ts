import type { AuditEvent } from '../audit/event.ts';
import type { ReportRhythm } from '../governance/report/period.ts';
import type { Report } from '../governance/report/report.ts';

/** A report that is made by itself once for each period. Source: requirements.md §9. */
export interface ReportSchedule {
  readonly id: string;
  /** A name of `REPORT_NAMES`, or `usage-log`. */
  readonly report: string;
  readonly rhythm: ReportRhythm;
  /** Of a usage log: the dataset that it is about. */
  readonly dataset?: string;
  /** Who asked for it. */
  readonly principal: string;
  readonly organisation: string;
  readonly state: 'active' | 'ended';
  readonly createdAt: string;
}

/** A report that was made and is kept, without its content. `organisation`: the department that a usage log is for. */
export interface KeptReport {
  readonly id: string;
  readonly schedule: string;
  readonly report: string;
  readonly from: string;
  readonly to: string;
  readonly dataset?: string;
  readonly organisation?: string;
  readonly madeAt: string;
  /** SHA-256, hex, of the signed text. */
  readonly digest: string;
  /** Ed25519 over the signed text by the release key, Base64. */
  readonly signature: string;
}

export interface ReportReads {
  /** Newest first, ended ones too. */
  schedules(): Promise<readonly ReportSchedule[]>;
  schedule(id: string): Promise<ReportSchedule | null>;
  /** Newest first. */
  kept(): Promise<readonly KeptReport[]>;
  /** With its content, opened. */
  report(id: string): Promise<{ readonly kept: KeptReport; readonly content: Report } | null>;
  isKept(schedule: string, from: string): Promise<boolean>;
}

export interface ReportWrites extends ReportReads {
  addSchedule(schedule: Omit<ReportSchedule, 'createdAt' | 'state'>, event: AuditEvent): Promise<ReportSchedule>;
  /** False where it had ended. */
  endSchedule(id: string, event: AuditEvent): Promise<boolean>;
  /** False where the period of that schedule was made before: nothing is written then. */
  keep(report: Omit<KeptReport, 'madeAt'>, content: Report, event: AuditEvent): Promise<boolean>;
}
