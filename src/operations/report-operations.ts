import { REPORT_NAMES, type ReportName } from '../governance/report/report.ts';
import { isDate } from '../kernel/calendar/shanghai-date.ts';
import { err, ok } from '../kernel/result.ts';
import { problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed } from './guard.ts';
import type { ReportOperations } from './report-interface.ts';
import { reportOf } from './report-making.ts';
import { scheduleOperations } from './report-schedules.ts';

const MOST_DAYS = 367;
const DAY_MS = 86_400_000;

const isName = (text: string): text is ReportName => (REPORT_NAMES as readonly string[]).includes(text);

function isPeriod(from: string, to: string): boolean {
  return isDate(from) && isDate(to) && from <= to && (Date.parse(to) - Date.parse(from)) / DAY_MS < MOST_DAYS;
}

/** Reports over what the records say now. Who may read one reads all of it: they are for those who supervise. */
export function reportOperations(ports: OperationsPorts): ReportOperations {
  return {
    ...scheduleOperations(ports),
    async makeReport(actor, { name, from, to }) {
      const permitted = await allowed(ports, actor, 'report.read');
      if (!permitted.ok) return permitted;
      if (!isName(name)) return err([problem('report.name', { names: REPORT_NAMES.join(', ') })]);
      if (!isPeriod(from, to)) return err([problem('report.period', {})]);
      const report = await reportOf(ports, { name, from, to });
      await ports.audit.append({ operation: 'report.make', actor, object: 'instance', outcome: 'done', facts: { name, from, to } });
      return ok(report);
    },
  };
}
