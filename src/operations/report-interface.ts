import type { Report } from '../governance/report/report.ts';
import type { Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';

/** Periodic reports. Source: requirements.md §9. */
export interface ReportOperations {
  /** Days in Asia/Shanghai, both within the period, a year and a day at most. Refuses another name or period with `report.period`, `report.name`. */
  makeReport(
    actor: Actor,
    input: { readonly name: string; readonly from: string; readonly to: string },
  ): Promise<Result<Report, readonly Problem[]>>;
}
