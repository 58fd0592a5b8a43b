import type { AuditEvent } from '../audit/event.ts';
import { SCHEDULED_NAMES } from '../governance/report/report.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed, refuseAccess } from './guard.ts';
import type { ReportOperations, ReportScheduleView } from './report-interface.ts';
import { isReader } from './report-making.ts';
import type { ReportSchedule } from './report-store.ts';

const viewOf = ({ principal: _, ...view }: ReportSchedule): ReportScheduleView => view;

type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

/** Reports that the instance makes by itself, and what it made. Source: requirements.md §9; QZ-3.1.8c. */
export function scheduleOperations(ports: OperationsPorts): Omit<ReportOperations, 'makeReport'> {
  const { store } = ports;
  /** A department schedules the log of its own data and nothing else; of other data it is not told whether there are any. */
  const maySchedule = async (actor: Actor, dataset: string | undefined): Outcome<null> => {
    const scope = await allowed(ports, actor, 'report.schedule');
    if (!scope.ok) return scope;
    if (dataset === undefined && scope.value === 'own')
      return refuseAccess(ports, actor, 'report.schedule', [problem('access.forbidden', { action: 'report.schedule' })]);
    if (dataset === undefined) return ok(null);
    const record = await store.view.datasets.get(dataset);
    if (record !== null && (scope.value === 'all' || record.owner.organisation === actor.organisation)) return ok(null);
    const missing = [problem('access.not_found', { kind: 'dataset' })];
    return refuseAccess(ports, actor, 'report.schedule', missing, { kind: 'dataset', id: dataset });
  };
  const find = async (actor: Actor, id: string): Outcome<ReportSchedule> => {
    const scope = await allowed(ports, actor, 'report.schedule');
    if (!scope.ok) return scope;
    const record = await store.view.reports.schedule(id);
    if (record !== null && (scope.value === 'all' || record.organisation === actor.organisation)) return ok(record);
    return refuseAccess(ports, actor, 'report.schedule', [problem('access.not_found', { kind: 'report' })], { kind: 'report', id });
  };
  return {
    async scheduleReport(actor, { report, rhythm, dataset }) {
      const permitted = await maySchedule(actor, dataset);
      if (!permitted.ok) return permitted;
      const isKnown = (SCHEDULED_NAMES as readonly string[]).includes(report);
      if (!isKnown || (report === 'usage-log') !== (dataset !== undefined))
        return err([problem('report.schedule', { names: SCHEDULED_NAMES.join(', ') })]);
      const { id: principal, organisation } = actor;
      const id = newId('rps', ports.rng);
      const about = dataset === undefined ? {} : { dataset };
      const facts = { name: report, rhythm, ...about };
      const event: AuditEvent = { operation: 'report.schedule', actor, object: id, outcome: 'done', facts };
      return store.write(async (tx) => {
        const same = (await tx.reports.schedules()).some(
          (item) => item.state === 'active' && item.report === report && item.rhythm === rhythm && item.dataset === dataset,
        );
        if (same) return err([problem('access.state_conflict', { kind: 'report', state: 'active' })]);
        return ok(viewOf(await tx.reports.addSchedule({ id, report, rhythm, ...about, principal, organisation }, event)));
      });
    },
    async listReportSchedules(actor) {
      const scope = await allowed(ports, actor, 'report.schedule');
      if (!scope.ok) return scope;
      const all = await store.view.reports.schedules();
      return ok(all.filter((item) => scope.value === 'all' || item.organisation === actor.organisation).map(viewOf));
    },
    async endReportSchedule(actor, id) {
      const found = await find(actor, id);
      if (!found.ok) return found;
      const facts = { name: found.value.report };
      const event: AuditEvent = { operation: 'report.unschedule', actor, object: id, outcome: 'done', facts };
      return store.write(async (tx) =>
        (await tx.reports.endSchedule(id, event))
          ? ok({ ...viewOf(found.value), state: 'ended' })
          : err([problem('access.state_conflict', { kind: 'report', state: 'ended' })]),
      );
    },
    async listKeptReports(actor) {
      const scope = await allowed(ports, actor, 'report.kept');
      return scope.ok ? ok((await store.view.reports.kept()).filter((item) => isReader(actor, item))) : scope;
    },
    async fetchKeptReport(actor, id) {
      const scope = await allowed(ports, actor, 'report.kept');
      if (!scope.ok) return scope;
      const found = await store.view.reports.report(id);
      if (found === null || !isReader(actor, found.kept))
        return refuseAccess(ports, actor, 'report.kept', [problem('access.not_found', { kind: 'report' })], { kind: 'report', id });
      const { kept, content } = found;
      const facts = { name: kept.report, digest: kept.digest };
      await ports.audit.append({ operation: 'report.fetch', actor, object: id, outcome: 'done', facts });
      return ok({ ...kept, content });
    },
  };
}
